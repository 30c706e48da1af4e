"""Reads what a person typed or pasted as an address, provider or port, before anything is sent."""

from __future__ import annotations

from urllib.parse import unquote

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID

_LONGEST_ADDRESS = 3071  # characters: three parts of at most 1023 bytes and two separators (RFC 7622 section 3.1)
_HIGHEST_PORT = 65535


def read_address(text: str) -> JID:
    """An account's address, from an address or an ``xmpp:`` URI (RFC 5122); it may carry a resource.

    Raises:
        KnownError: ADDRESS_EMPTY, TOO_LONG or ADDRESS_INVALID.
    """
    jid = _read_jid(text)
    if not jid.local:
        raise KnownError(ErrorKind.ADDRESS_INVALID, "there is nothing before @", subject=text.strip())
    return jid


def read_provider(text: str) -> JID:
    """A provider, from its domain, an address there or an invitation; what is before ``@`` is kept, no resource is.

    Raises:
        KnownError: ADDRESS_EMPTY, TOO_LONG or ADDRESS_INVALID.
    """
    return _read_jid(text).bare


def read_port(text: str) -> int:
    """A TCP port from 1 to 65535; nothing typed is 0, the usual one.

    Raises:
        KnownError: PORT_INVALID.
    """
    stripped = text.strip()
    if not stripped:
        return 0
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= 5 and 0 < int(stripped) <= _HIGHEST_PORT):
        raise KnownError(ErrorKind.PORT_INVALID, subject=stripped[:20])
    return int(stripped)


def read_host(text: str) -> str:
    """A host name or IP address, as typed in *Advanced*; nothing typed is "" (found by SRV).

    Raises:
        KnownError: TOO_LONG or ADDRESS_INVALID.
    """
    stripped = text.strip()
    if not stripped:
        return ""
    is_bare_ipv6 = stripped.count(":") > 1 and not stripped.startswith("[")
    jid = _read_jid(f"[{stripped}]" if is_bare_ipv6 else stripped)
    if jid.local or jid.resource:
        raise KnownError(ErrorKind.ADDRESS_INVALID, "a host has no @ and no /", subject=stripped)
    return jid.domain.strip("[]")


def read_resource(text: str) -> str:
    """A resource, normalised; nothing typed is "".

    Raises:
        KnownError: TOO_LONG or ADDRESS_INVALID.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST_ADDRESS:
        raise KnownError(ErrorKind.TOO_LONG)
    try:
        return JID("", "example.org").with_resource(stripped).resource
    except InvalidJID as error:
        raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject=stripped) from error


def _read_jid(text: str) -> JID:
    stripped = _without_uri(text.strip())
    if not stripped:
        raise KnownError(ErrorKind.ADDRESS_EMPTY)
    if len(stripped) > _LONGEST_ADDRESS:
        raise KnownError(ErrorKind.TOO_LONG, f"{len(stripped)} characters")
    try:
        return JID.parse(stripped)
    except InvalidJID as error:
        raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject=stripped) from error


def _without_uri(text: str) -> str:
    """The address inside an ``xmpp:`` URI (RFC 5122 section 2), or the text itself."""
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() != "xmpp":
        return text
    if rest.startswith("//"):  # //account-to-use/address
        authority, _slash, path = rest[2:].partition("/")
        rest = path or authority
    return unquote(rest.partition("#")[0].partition("?")[0]).strip()
