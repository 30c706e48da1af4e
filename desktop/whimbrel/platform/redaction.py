"""What must not be read in a log, and what must not be read in what leaves the computer.

The log of the program is without passwords, what signs in, and what people write; of addresses it keeps the provider
(Gajim, Dino and Psi keep all of them; a domain is what is needed to understand a failing connection). A log of the
stream, which somebody asked for, keeps addresses, too: without them nobody can follow it. What is to be shared has
neither addresses nor names of computers, folders and persons: :class:`Veil`.
"""

from __future__ import annotations

import contextlib
import getpass
import re
import socket
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_GONE = "[…]"
_TEXT = r">[^<>]+(?=<|\Z)"
_ELEMENTS = (
    "password|auth|authenticate|response|challenge|success|initial-response|additional-data|token|hash|body|html"
    "|payload|subject|content|username|email|secret"
)
_SECRETS = "password|passwd|passphrase|secret|token|preauth"


@cache
def _element() -> re.Pattern[str]:
    return re.compile(
        rf"<((?:[\w.-]+:)?(?:{_ELEMENTS}))(\s[^<>]*)?(?<!/)>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
    )


@cache
def _registration() -> re.Pattern[str]:
    return re.compile(
        r"(<((?:[\w.-]+:)?query)\b[^<>]*jabber:iq:register[^<>]*(?<!/)>)(.*?)(</\2\s*>|\Z)", re.DOTALL | re.IGNORECASE
    )


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)\b(\w*(?:{_SECRETS})|body)\b(['\"]?\s*[=:]\s*)"
        r"(b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|[^\s,;&)}\]]+)"
    )


def redact(text: str) -> str:
    """The text without passwords, SASL exchanges, registration fields and bodies."""
    if "<" in text:
        text = _registration().sub(lambda m: m[1] + re.sub(_TEXT, f">{_GONE}", ">" + m[3])[1:] + m[4], text)
        text = _element().sub(lambda m: f"<{m[1]}{m[2] or ''}>{_GONE}</{m[1]}>", text)
    return _pair().sub(rf"\1\2{_GONE}", text)


_LOCAL = re.compile(r"[^\s<>\"'@/&:,;=()\[\]{}|]+@((?:[\w-]+\.)*[\w-]+|\[[0-9A-Fa-f:.]+\])(/[^\s<>\"']+)?")


def without_locals(text: str) -> str:
    """The text with the provider alone of each address."""
    return _LOCAL.sub(r"…@\1", text) if "@" in text else text


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
        known = {*names, *_own_names()}
        words = sorted({re.escape(name) for name in known if len(name) > 2}, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE) if words else None

    def over(self, text: str) -> str:
        """The text, to be shared."""
        text = redact(text)
        text = _QUOTED.sub("'[…]'", text)
        text = _LINK.sub(lambda m: m[0] if _SPECIFIED.fullmatch(m[0]) else f"{m[1]}://[…]", text)
        text = _XMPP.sub("xmpp:[…]", text)
        text = _LOCAL.sub("[address]", text)
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
