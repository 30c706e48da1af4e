"""From a domain to a stream inside verified TLS: find the server, connect, secure."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from functools import partial

from whimbrel.model.account import ConnectionSettings, ConnectionState
from whimbrel.model.errors import CertificateError, ErrorKind, KnownError
from whimbrel.xmpp.certificate import CERTIFICATE_KINDS, check_trusted, host_for_tls, tls_context, tls_error
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.errors import network_error
from whimbrel.xmpp.peer_chain import fetch_chain
from whimbrel.xmpp.resolver import DnsLookup, Lookup, Target, find_elsewhere, find_targets

log = logging.getLogger(__name__)

OnStage = Callable[[ConnectionState], None]
MakeClient = Callable[[ssl.SSLContext], Client]

_LOOK_SECONDS = 8.0  # that it may take to fetch what a refused server shows
_ADDRESS_DELAY = 0.25  # seconds before the next address of a host is tried beside the first (RFC 8305)

_MOST_TELLING = (
    ErrorKind.CERTIFICATE_CHANGED,
    ErrorKind.CERTIFICATE_HOST,
    ErrorKind.CERTIFICATE_EXPIRED,
    ErrorKind.CERTIFICATE_SELF_SIGNED,
    ErrorKind.CERTIFICATE_UNKNOWN_AUTHORITY,
    ErrorKind.CERTIFICATE_INVALID,
    ErrorKind.TLS_NOT_OFFERED,
    ErrorKind.TLS_FAILED,
    ErrorKind.NOT_XMPP,
    ErrorKind.NO_ANSWER,
    ErrorKind.CONNECTION_REFUSED,
)


class Dialer:
    """Opens streams to one domain.

    Args:
        domain: the address's domain; the certificate must be for it, whatever host is connected to.
        deadline: seconds for each stage.
        on_stage: told when a stage begins.
        trusted: the fingerprint of the only certificate that is accepted, from any of the domain's servers; "" where
            certificates are checked.
    """

    def __init__(
        self,
        domain: str,
        settings: ConnectionSettings,
        *,
        deadline: float,
        on_stage: OnStage,
        lookup: Lookup | None = None,
        trusted: str = "",
    ) -> None:
        self._domain = domain
        self._settings = settings
        self._deadline = deadline
        self._on_stage = on_stage
        self._lookup = lookup or DnsLookup()
        self._trusted = trusted
        self._contexts: dict[bool, ssl.SSLContext] = {}  # by whether for direct TLS

    async def dial(self, make_client: MakeClient, first: str = "") -> Client:
        """A client whose stream is inside verified TLS.

        Args:
            first: host, perhaps with a port, that the server wants to be tried before the usual ones.

        Raises:
            KnownError: the most telling reason for which none of the domain's servers could be reached.
        """
        errors: list[tuple[KnownError, Target]] = []
        distrusted: set[tuple[str, int]] = set()
        for find in (partial(self._find_elsewhere, first), self._find):
            for target in await find():
                if (target.host, target.port) in distrusted:
                    continue
                try:
                    return await self._reach(target, make_client)
                except KnownError as error:
                    if error.kind in CERTIFICATE_KINDS:
                        distrusted.add((target.host, target.port))
                    errors.append((error, target))
        reason, where = min(errors, key=lambda pair: _rank(pair[0]))
        if reason.kind in CERTIFICATE_KINDS:
            raise CertificateError(reason, await fetch_chain(where, self._domain, min(self._deadline, _LOOK_SECONDS)))
        raise reason

    async def _find_elsewhere(self, first: str) -> list[Target]:
        try:
            async with asyncio.timeout(self._deadline):
                return await find_elsewhere(first, self._settings.security, self._lookup) if first else []
        except (KnownError, TimeoutError) as error:
            log.debug("%s cannot be found: %s", first, error)
            return []

    async def _find(self) -> list[Target]:
        stage = ConnectionState.RESOLVING
        self._on_stage(stage)
        try:
            async with asyncio.timeout(self._deadline):
                return await find_targets(self._domain, self._settings, self._lookup)
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=self._domain, stage=stage.value) from error

    async def _reach(self, target: Target, make_client: MakeClient) -> Client:
        context = self._contexts.get(target.direct)
        if context is None:
            context = await asyncio.to_thread(tls_context, direct=target.direct, trusted=self._trusted)
            self._contexts[target.direct] = context
        transport = await self._connect(target)
        client = make_client(context)
        client.on_stage = self._on_stage
        client.trusted = self._trusted
        try:
            await self._secure(target, transport, client, context)
        except BaseException:
            self._contexts.clear()  # the machine may come to trust another authority
            client.fail(ErrorKind.CONNECTION_LOST, "given up")
            transport.abort()
            raise
        return client

    async def _connect(self, target: Target) -> asyncio.Transport:
        stage = ConnectionState.CONNECTING
        self._on_stage(stage)
        try:
            async with asyncio.timeout(self._deadline):
                transport, _ = await asyncio.get_running_loop().create_connection(
                    asyncio.Protocol,
                    target.host,
                    target.port,
                    happy_eyeballs_delay=_ADDRESS_DELAY,
                )
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=target.host, stage=stage.value) from error
        except (OSError, UnicodeError) as error:
            known = error if isinstance(error, OSError) else OSError(str(error))
            raise network_error(known, target.host, stage.value) from error
        assert isinstance(transport, asyncio.Transport)
        return transport

    async def _secure(
        self, target: Target, transport: asyncio.Transport, client: Client, context: ssl.SSLContext
    ) -> None:
        stage = ConnectionState.SECURING
        self._on_stage(stage)
        client.stage = stage
        try:
            async with asyncio.timeout(self._deadline):
                if target.direct:
                    await self._handshake(transport, client, context, stage)
                else:
                    transport.set_protocol(client)
                    client.connection_made(transport)
                await client.until(client.secured)
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=target.host, stage=stage.value) from error

    async def _handshake(
        self, transport: asyncio.Transport, client: Client, context: ssl.SSLContext, stage: ConnectionState
    ) -> None:
        """Direct TLS (XEP-0368)."""
        name = host_for_tls(self._domain)
        try:
            secure = await asyncio.get_running_loop().start_tls(transport, client, context, server_hostname=name)
        except TimeoutError:
            raise
        except OSError as error:
            raise tls_error(error, self._domain, stage.value) from error
        if secure is None:
            raise KnownError(ErrorKind.TLS_FAILED, "the connection ended during the handshake", subject=self._domain)
        check_trusted(secure.get_extra_info("ssl_object"), self._trusted, self._domain, stage.value)
        client.connection_made(secure)


def _rank(error: KnownError) -> int:
    if error.kind is ErrorKind.HOST_UNKNOWN and error.stage == ConnectionState.SECURING.value:
        return len(CERTIFICATE_KINDS)  # said by the server itself, of the domain
    return _MOST_TELLING.index(error.kind) if error.kind in _MOST_TELLING else len(_MOST_TELLING)
