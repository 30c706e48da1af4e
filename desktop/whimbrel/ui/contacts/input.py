"""Reads what a person typed about a contact, before anything is done with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.input import read_provider
from whimbrel.ui.collation import collator

LONGEST_NAME = 255  # characters, of contacts and groups: what every server and client bears
LONGEST_MESSAGE = 1000  # characters

_COMMAS = ",，"  # a Chinese keyboard types the second
_GROUP = re.compile(rf'\s*(?:"((?:[^"]|"")*)"\s*|([^{_COMMAS}]*))(?:[{_COMMAS}]|\Z)')


class HasResourceError(Exception):
    """The address names one of the contact's devices."""


def read_contact_address(text: str) -> JID:
    """A contact's bare address, from an address or an ``xmpp:`` URI (whose resource is left out).

    A domain alone may be a gateway; a single word is somebody's name without their provider.

    Raises:
        KnownError: ADDRESS_EMPTY, TOO_LONG or ADDRESS_INVALID.
        HasResourceError: something follows a slash.
    """
    jid = read_provider(text)
    if not jid.local and "." not in jid.domain:
        raise KnownError(ErrorKind.ADDRESS_INVALID, "there is no @", subject=text.strip())
    if "/" in text and not text.strip().lower().startswith("xmpp:"):
        raise HasResourceError
    return jid


def read_text(text: str, longest: int = LONGEST_NAME) -> str:
    """One line without control characters, which XML cannot carry. Raises KnownError(TOO_LONG)."""
    clean = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    clean = " ".join(clean.split())
    if len(clean) > longest:
        raise KnownError(ErrorKind.TOO_LONG, f"{len(clean)} characters, {longest} at most")
    return clean


def read_groups(text: str) -> frozenset[str]:
    """The groups in a comma-separated list; a name with a comma stands in quotes. Raises KnownError(TOO_LONG)."""
    quoted_or_plain = (found.groups() for found in _GROUP.finditer(text))
    names = (read_text(plain if quoted is None else quoted.replace('""', '"')) for quoted, plain in quoted_or_plain)
    return frozenset(name for name in names if name)


def write_groups(groups: Iterable[str]) -> str:
    """Groups as ``read_groups`` reads them, sorted."""
    return ", ".join(_quoted(name) for name in sorted(groups, key=collator().sortKey))


def part_last_group(text: str) -> tuple[str, str]:
    """The list before its last comma, and the group after it, which may still be typed."""
    comma = max(text.rfind(char) for char in _COMMAS)
    return text[: max(comma, 0)].strip(), text[comma + 1 :].strip()


def _quoted(name: str) -> str:
    needs_quotes = any(char in name for char in f'{_COMMAS}"')
    return '"' + name.replace('"', '""') + '"' if needs_quotes else name


def resource_words() -> str:
    """What to do about an address with a resource."""
    return QCoreApplication.translate("Contacts", "Leave out the slash and what follows: it names only one device.")
