"""What a server shows whose certificate was refused: fetched apart, to be looked at by a person.

Python's ``ssl`` tells nothing of the other side after a failed verification. So this shakes hands once more without
verifying anything, sends nothing inside, and leaves. The whole chain is read from the handshake's own records, which
are clear up to TLS 1.2 (RFC 5246 section 7.4.2); of a server that speaks TLS 1.3 only, its own certificate is all
there is.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.sax.saxutils import quoteattr

from whimbrel.model.certificate import Certificate
from whimbrel.xmpp.certificate import host_for_tls, parse_chain
from whimbrel.xmpp.resolver import Target
from whimbrel.xmpp.stanzas import CLIENT, STREAM, TLS

log = logging.getLogger(__name__)

_ADDRESS_DELAY = 0.25  # seconds, as the dialer's
_MOST_BYTES = 256 * 1024  # of what the server says
_HANDSHAKE = 22  # the type of a record
_CERTIFICATE = 11  # the type of a handshake message


async def fetch_chain(target: Target, domain: str, seconds: float) -> tuple[Certificate, ...]:
    """What a server shows for a domain, its own certificate first; empty where that could not be had in time."""
    try:
        async with asyncio.timeout(seconds):
            own, chain = await _look(target, domain, None)
            if not chain:
                try:
                    _, chain = await _look(target, domain, ssl.TLSVersion.TLSv1_2)
                except (OSError, EOFError) as error:
                    log.debug("%s speaks no TLS 1.2: %s", target.host, error)
            shown = chain if chain[:1] == [own] else [own]
            return await asyncio.to_thread(parse_chain, shown)
    except (OSError, EOFError, UnicodeError, ValueError) as error:
        log.debug("the certificate of %s could not be fetched: %r", target.host, error)
        return ()


async def _look(target: Target, domain: str, newest: ssl.TLSVersion | None) -> tuple[bytes, list[bytes]]:
    """The server's own certificate, and the chain where it came in the clear."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if newest is not None:
        context.maximum_version = newest
    if target.direct:
        context.set_alpn_protocols(["xmpp-client"])
    async with _connected(target) as (reader, writer):
        if not target.direct:
            await _ask_for_tls(reader, writer, domain)
        return await _shake_hands(reader, writer, context, host_for_tls(domain))


@asynccontextmanager
async def _connected(target: Target) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(target.host, target.port, happy_eyeballs_delay=_ADDRESS_DELAY)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _ask_for_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, domain: str) -> None:
    """STARTTLS up to the server's ``<proceed/>`` (RFC 6120 section 5.4.2); what is beside the point is not read."""
    to = quoteattr(domain)
    header = f"<?xml version='1.0'?><stream:stream to={to} version='1.0' xmlns='{CLIENT}' xmlns:stream='{STREAM}'>"
    for said, awaited in ((header, b"starttls"), (f"<starttls xmlns='{TLS}'/>", b"<proceed")):
        writer.write(said.encode())
        heard = b""
        while awaited not in heard:
            if not (data := await reader.read(4096)) or len(heard) > _MOST_BYTES:
                raise EOFError("no TLS")
            heard += data


async def _shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext, name: str
) -> tuple[bytes, list[bytes]]:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=name)
    heard = b""
    while True:
        try:
            session.do_handshake()
            break
        except ssl.SSLWantReadError:
            writer.write(outgoing.read())
        if not (data := await reader.read(65536)) or len(heard) > _MOST_BYTES:
            raise EOFError("the handshake did not end")
        heard += data
        incoming.write(data)
    own = session.getpeercert(binary_form=True)
    if own is None:
        raise EOFError("no certificate")
    return own, _certificates(heard) if session.version() == "TLSv1.2" else []


def _certificates(records: bytes) -> list[bytes]:
    """The certificates in a server's clear records (RFC 5246 sections 6.2.1, 7.4 and 7.4.2)."""
    messages = b""
    while len(records) >= 5 and records[0] == _HANDSHAKE:
        end = 5 + int.from_bytes(records[3:5], "big")
        messages += records[5:end]
        records = records[end:]
    while len(messages) >= 4:
        kind, end = messages[0], 4 + int.from_bytes(messages[1:4], "big")
        if kind == _CERTIFICATE:
            return _split(messages[7:end])
        messages = messages[end:]
    return []


def _split(certificates: bytes) -> list[bytes]:
    found = []
    while len(certificates) >= 3:
        end = 3 + int.from_bytes(certificates[:3], "big")
        found.append(certificates[3:end])
        certificates = certificates[end:]
    return found
