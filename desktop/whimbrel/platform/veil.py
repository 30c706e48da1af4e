"""Takes away from a text what tells who somebody is: what is to be shared goes through it."""

from __future__ import annotations

import contextlib
import getpass
import re
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from whimbrel.platform.redaction import ADDRESS, redact

_LINK = re.compile(r"\b([a-z][a-z0-9+.-]{1,20})://[^\s<>\"']+", re.IGNORECASE)
_XMPP = re.compile(r"\bxmpp:[^\s<>\"']+", re.IGNORECASE)
_SPECIFIED = re.compile(r"https?://(jabber\.org|etherx\.jabber\.org|www\.w3\.org|xmpp\.org)/[\w./#-]*")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\.){2,}'|\"(?:[^\"\\\n]|\\.){2,}\"|“[^”\n]+”")
_DOTTED = re.compile(r"(?<![\w.])[^\W_][\w-]*(?:\.[\w-]+)+(?![\w])")
_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_IPV6 = re.compile(r"(?<![\w:])(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]+:){5,})[0-9A-Fa-f:]{3,}(?:%\w+)?(?:\d+(?:\.\d+){3})?")
_PATH = re.compile(r"(?<![\w./])(?:~|/[\w.@+~-]+|[A-Za-z]:\\)[\w.@+~/\\-]*[/\\][^\s<>\"':;,]*")
_FILES = frozenset({"history.db", "settings.ini", "session.json", "whimbrel.log", "crash.log", "settings.ini.new"})
_ROOMS = frozenset({"app", "cli", "core", "features", "model", "platform", "storage", "ui", "xmpp", "log"})
_BUSES = ("org.freedesktop.", "im.whimbrel.", "org.gnome.", "org.kde.")


class Veil:
    """Takes away from a text what tells who somebody is, whom they talk to and where.

    Args:
        names: words that are known to do that: parts of addresses, names of contacts and groups.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        known = {name.casefold() for name in (*names, *_own_names())}
        plain = {name for name in known if "." not in name and "@" not in name}  # hosts and addresses are found anyway
        self._words = {word for name in plain if name.isascii() for word in _WORD.findall(name) if len(word) > 2}
        self._parts = sorted((name for name in plain if not name.isascii() and len(name) > 1), key=len, reverse=True)

    def over(self, text: str) -> str:
        """The text, to be shared."""
        text = redact(text)
        text = _QUOTED.sub("'[…]'", text)
        text = _LINK.sub(lambda m: m[0] if _SPECIFIED.fullmatch(m[0]) else f"{m[1]}://[…]", text)
        text = _XMPP.sub("xmpp:[…]", text)
        text = ADDRESS.sub("[address]", text)
        text = _PATH.sub("[path]", text)
        text = _IPV6.sub("[number]", text)
        text = _DOTTED.sub(_veil_dotted, text)
        text = _WORD.sub(lambda m: "[name]" if m[0].casefold() in self._words else m[0], text)
        return self._without_parts(text)

    def _without_parts(self, text: str) -> str:
        """Names in scripts that may have no spaces between words."""
        folded = text.casefold()
        for part in self._parts:
            if part in folded:
                text = re.sub(re.escape(part), "[name]", text, flags=re.IGNORECASE)
        return text


def _veil_dotted(match: re.Match[str]) -> str:
    """Names of computers and of providers look as modules, files and versions do."""
    word = match[0]
    if _NUMBERS.fullmatch(word):
        return "[number]"
    return word if _is_technical(word, word.split(".")) else "[host]"


def _is_technical(word: str, labels: list[str]) -> bool:
    """Whether it names what the program is made of; a domain can end or begin as a file's or a module's name does."""
    if word in _FILES or word.startswith(_BUSES) or all(label[:1].isdigit() for label in labels):
        return True
    if len(labels) == 2 and labels[1] == "py":
        return True
    if labels[0] == "whimbrel":
        return labels[1] in _ROOMS
    module = sys.modules.get(labels[0])
    return labels[0] in ("qt", "PySide6") or (module is not None and hasattr(module, labels[1]))


def _own_names() -> set[str]:
    """The names of the person and the computer here."""
    names = {socket.gethostname(), socket.gethostname().partition(".")[0], Path.home().name}
    with contextlib.suppress(OSError, KeyError):
        names.add(getpass.getuser())
    return names - {"root", "localhost", ""}
