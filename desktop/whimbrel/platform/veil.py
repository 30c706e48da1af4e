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
        known = sorted({*names, *_own_names()}, key=len, reverse=True)
        latin = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in known if name.isascii() and len(name) > 2]
        others = [re.escape(name) for name in known if not name.isascii() and len(name) > 1]  # perhaps without spaces
        self._names = re.compile("|".join([*others, *latin]), re.IGNORECASE) if known else None

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
        return self._names.sub("[name]", text) if self._names is not None else text


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
