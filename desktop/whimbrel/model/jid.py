"""Addresses of the network (RFC 6122, RFC 7622): parsing, normalising, comparing."""

from __future__ import annotations

import ipaddress
import stringprep
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from encodings import idna
from functools import lru_cache

_MAX_PART_BYTES = 1023
_NODE_FORBIDDEN = frozenset(" '\"&/:<>@")
_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")  # RFC 3490 section 3.1
_ASCII_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")

_PROHIBITED: tuple[Callable[[str], bool], ...] = (
    stringprep.in_table_c12,
    stringprep.in_table_c21,
    stringprep.in_table_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class InvalidJID(ValueError):
    """Raised for text that is not an address."""


@dataclass(frozen=True, slots=True, order=True)
class JID:
    """An address, already normalised: ``local@domain/resource``; local and resource may be empty.

    Build one with :meth:`parse`; two addresses that mean the same thing compare equal.
    """

    local: str
    domain: str
    resource: str = ""

    @staticmethod
    def parse(text: str) -> JID:
        """Parse and normalise an address (RFC 7622 section 3.1).

        Raises:
            InvalidJID: where the text is not an address.
        """
        return _parse(text)

    @property
    def bare(self) -> JID:
        """This address without its resource."""
        return JID(self.local, self.domain) if self.resource else self

    def with_resource(self, resource: str) -> JID:
        """This address with another resource, which is normalised; raises InvalidJID."""
        return JID(self.local, self.domain, _prepare_resource(resource) if resource else "")

    def __str__(self) -> str:
        text = f"{self.local}@{self.domain}" if self.local else self.domain
        return f"{text}/{self.resource}" if self.resource else text


@lru_cache(maxsize=8192)
def _parse(text: str) -> JID:
    rest, slash, resource = text.partition("/")
    local, at, domain = rest.rpartition("@")
    if slash and not resource:
        raise InvalidJID("the resource is empty")
    if at and not local:
        raise InvalidJID("the part before @ is empty")
    if "@" in local:
        raise InvalidJID("there are two @")
    return JID(
        _prepare_local(local) if local else "",
        _prepare_domain(domain),
        _prepare_resource(resource) if resource else "",
    )


def _prepare_local(text: str) -> str:
    if text.isascii():
        prepared = text.lower()
        if any(c <= " " or c == "\x7f" for c in prepared):
            raise InvalidJID("a space or control character before @")
    else:
        mapped = "".join(stringprep.map_table_b2(c) for c in text if not stringprep.in_table_b1(c))
        prepared = _check(unicodedata.normalize("NFKC", mapped))
        if any(stringprep.in_table_c11(c) for c in prepared):
            raise InvalidJID("a space before @")
    if _NODE_FORBIDDEN.intersection(prepared):
        raise InvalidJID("a character that is not allowed before @")
    return _measured(prepared)


def _prepare_resource(text: str) -> str:
    if text.isascii():
        if any(c < " " or c == "\x7f" for c in text):
            raise InvalidJID("a control character in the resource")
        return _measured(text)
    mapped = "".join(c for c in text if not stringprep.in_table_b1(c))
    return _measured(_check(unicodedata.normalize("NFKC", mapped)))


def _prepare_domain(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        try:
            return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]"
        except ValueError as error:
            raise InvalidJID("not an IPv6 address") from error
    text = text.translate(_FULL_STOPS).removesuffix(".")
    if not text:
        raise InvalidJID("the provider's name is empty")
    labels = []
    for label in text.split("."):
        if not label:
            raise InvalidJID("an empty label in the provider's name")
        try:
            ascii_label = idna.ToASCII(label).decode("ascii").lower()
            labels.append(idna.ToUnicode(ascii_label).lower())
        except UnicodeError as error:
            raise InvalidJID("the provider's name is not a host name") from error
        if not _ASCII_HOST.issuperset(ascii_label) or ascii_label[0] == "-" or ascii_label[-1] == "-":
            raise InvalidJID("the provider's name has a character that is not allowed")
    return _measured(".".join(labels))


def _check(text: str) -> str:
    """Refuse what both string profiles forbid (RFC 3454 sections 5, 6 and 7)."""
    for char in text:
        if any(table(char) for table in _PROHIBITED) or stringprep.in_table_a1(char):
            raise InvalidJID("a character that is not allowed")
    if any(stringprep.in_table_d1(c) for c in text) and (
        any(stringprep.in_table_d2(c) for c in text)
        or not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1]))
    ):
        raise InvalidJID("left-to-right and right-to-left characters mixed")
    return text


def _measured(text: str) -> str:
    if not text:
        raise InvalidJID("a part is empty")
    if len(text.encode("utf-8", "surrogatepass")) > _MAX_PART_BYTES:
        raise InvalidJID("a part is longer than 1023 bytes")
    return text
