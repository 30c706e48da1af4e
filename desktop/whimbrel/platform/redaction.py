"""What must not be read in a log, and what must not be read in what leaves the computer.

The log of the program is without passwords, what signs in, and what people write; of addresses it keeps the provider
(a domain is what is needed to understand a failing connection). A log of the
stream, which somebody asked for, keeps addresses, too: without them nobody can follow it. What is to be shared has
neither addresses nor names of computers, folders and persons (``veil.py``).
"""

from __future__ import annotations

import re
from functools import cache

_GONE = "[…]"
_TEXT = r">[^<>]+(?=<|\Z)"
_SIGNS_IN = "password|auth|authenticate|response|challenge|success|initial-response|additional-data|token|secret|header"
_ELEMENTS = f"{_SIGNS_IN}|hash|body|html|payload|subject|content|username|email|status|vcard|data|name|desc|url"
_SECRETS = "password|passwd|passphrase|secret|token|preauth|filename"
_FETCHED = re.compile(r"(https://[^\s/<>\"'?#]+)[/?#][^\s<>\"']*", re.IGNORECASE)
"""Whoever knows the address of a file has the file; namespaces are nearly all of http."""


@cache
def _element(names: str) -> re.Pattern[str]:
    return re.compile(rf"<((?:[\w.-]+:)?(?:{names}))(\s[^<>]*)?(?<!/)>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)


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
    """The text without passwords, SASL exchanges, registration fields, what people write, and where their files are."""
    text = _pair().sub(rf"\1\2{_GONE}", _without_elements(text, _ELEMENTS))
    return _FETCHED.sub(rf"\1/{_GONE}", text) if "://" in text else text


def without_secrets(xml: str) -> str:
    """XML without what signs in; what people write stays: for the eyes of who is signed in."""
    return _without_elements(xml, _SIGNS_IN)


def _without_elements(text: str, names: str) -> str:
    if "<" not in text:
        return text
    text = _registration().sub(lambda m: m[1] + re.sub(_TEXT, f">{_GONE}", ">" + m[3])[1:] + m[4], text)
    return _element(names).sub(lambda m: f"<{m[1]}{m[2] or ''}>{_GONE}</{m[1]}>", text)


_LOCAL = r"[^\s<>\"'@/&:,;=()\[\]{}|]"
# It begins where a word does, or right behind another address: tried anywhere, a long word would take a time that grows
# with the square of its length.
_BEGIN = rf"(?:(?<!{_LOCAL}){_LOCAL}+|(?<=[\w\]])(?![\w.-]){_LOCAL}{{1,1023}})"
ADDRESS = re.compile(rf"{_BEGIN}@((?:[\w-]+\.)*[\w-]+|\[[0-9A-Fa-f:.]+\])(/[^\s<>\"']+)?")


def without_locals(text: str) -> str:
    """The text with the provider alone of each address."""
    return ADDRESS.sub(r"…@\1", text) if "@" in text else text
