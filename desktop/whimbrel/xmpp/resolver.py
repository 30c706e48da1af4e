"""Where an address's server is: SRV records of both kinds, merged (RFC 6120 section 3.2, XEP-0368)."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import aiodns
import pycares

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.xmpp.certificate import host_for_tls

STARTTLS_PORT = 5222
DIRECT_TLS_PORT = 5223

_LOOKUP_SECONDS = 5.0
_LOCATION = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<host>[^\s:\[\]/@]{1,253}))(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """One way to reach a server. ``direct``: TLS from the first byte."""

    host: str
    port: int
    direct: bool


@dataclass(frozen=True, slots=True)
class Srv:
    """One SRV record (RFC 2782)."""

    priority: int
    weight: int
    port: int
    host: str


class Lookup(Protocol):
    """Finds SRV records."""

    async def srv(self, name: str) -> Sequence[Srv]:
        """The records of a name; empty where there are none or the question got no answer."""


class DnsLookup:
    """SRV records from the system's name servers."""

    async def srv(self, name: str) -> Sequence[Srv]:
        """The records of a name; empty where there are none or the question got no answer."""
        try:
            async with aiodns.DNSResolver(timeout=_LOOKUP_SECONDS, tries=1) as resolver:
                answer = await resolver.query_dns(name, "SRV")
        except (
            aiodns.error.DNSError,
            pycares.AresError,
        ):  # the latter: the system lets nobody ask (no resolv.conf, say)
            return ()
        records = [record.data for record in answer.answer if isinstance(record.data, pycares.SRVRecordData)]
        return [Srv(data.priority, data.weight, data.port, data.target.rstrip(".")) for data in records]


async def find_targets(domain: str, settings: ConnectionSettings, lookup: Lookup) -> list[Target]:
    """The ways to reach a domain's server, in the order in which to try them.

    Raises:
        KnownError: HOST_UNKNOWN where the domain says that it offers no such service.
    """
    if settings.host or settings.port:
        return _given(settings.host or host_for_tls(domain), settings.port, settings.security)
    name = host_for_tls(domain)
    found: list[tuple[Srv, bool]] = []
    refused = False
    for service, direct in (("_xmpps-client", True), ("_xmpp-client", False)):
        if settings.security is (Security.STARTTLS if direct else Security.DIRECT_TLS):
            continue
        records = await lookup.srv(f"{service}._tcp.{name}")
        offered = [record for record in records if record.host]
        refused = refused or (bool(records) and not offered)
        found += [(record, direct) for record in offered]
    if found:
        return _ordered(found)
    if refused:
        raise KnownError(ErrorKind.HOST_UNKNOWN, "its DNS says that it offers no such service", subject=domain)
    if settings.security is Security.DIRECT_TLS:
        return [Target(name, DIRECT_TLS_PORT, True)]
    return [Target(name, STARTTLS_PORT, False)]


def parse_location(text: str) -> tuple[str, int] | None:
    """Host and port (0: none given) of ``host``, ``host:port``, ``[address]`` or ``[address]:port``; None for nonsense.

    That is how a server names another one (RFC 6120 section 4.9.3.19).
    """
    match = _LOCATION.fullmatch(text.strip())
    if match is None:
        return None
    port = int(match["port"] or 0)
    return (match["six"] or match["host"], port) if port < 65536 else None


async def find_elsewhere(location: str, security: Security, lookup: Lookup) -> list[Target]:
    """The ways to reach where a server sends us; none where that makes no sense.

    Raises:
        KnownError: as :func:`find_targets`.
    """
    parsed = parse_location(location)
    if parsed is None:
        return []
    host, port = parsed
    return await find_targets(host, ConnectionSettings(host if port else "", port, security), lookup)


def _given(host: str, port: int, security: Security) -> list[Target]:
    """The targets of a named host. A STARTTLS port refuses a direct handshake at once, but not the other way."""
    direct = Target(host, port or DIRECT_TLS_PORT, True)
    starttls = Target(host, port or STARTTLS_PORT, False)
    if security is Security.DIRECT_TLS:
        return [direct]
    if security is Security.STARTTLS:
        return [starttls]
    return [direct, starttls] if port else [starttls, direct]


def _ordered(found: list[tuple[Srv, bool]]) -> list[Target]:
    """By priority, direct TLS first, then by weight as RFC 2782 has it (a weighted draw)."""

    def draw(weight: int) -> float:
        return -(random.random() ** (1 / weight)) if weight else 1.0

    keyed = sorted(
        (record.priority, not direct, draw(record.weight), index) for index, (record, direct) in enumerate(found)
    )
    ordered = [found[index] for *_, index in keyed]
    return [Target(record.host, record.port, direct) for record, direct in ordered]
