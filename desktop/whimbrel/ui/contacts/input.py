"""Reads what a person typed about a contact, before anything is done with it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.input import read_provider

LONGEST_NAME = 255  # characters, of contacts and groups: what every server and client bears
LONGEST_MESSAGE = 1000  # characters


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
    rows = csv.reader([text.replace("\0", "").replace("\n", " ").replace("\r", " ")], skipinitialspace=True)
    names = (read_text(name) for row in rows for name in row)
    return frozenset(name for name in names if name)


def write_groups(groups: Iterable[str]) -> str:
    """Groups as ``read_groups`` reads them, sorted."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(sorted(groups, key=str.casefold))
    return ", ".join(_split_written(out.getvalue()))


def _split_written(line: str) -> list[str]:
    """Part a written line at the commas that are outside quotes."""
    parts, quoted = [""], False
    for char in line:
        quoted ^= char == '"'
        if char == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def resource_words() -> str:
    """What to do about an address with a resource."""
    return QCoreApplication.translate("Contacts", "Leave out the slash and what follows: it names only one device.")
