"""A server on loopback that follows a script: silent, broken or hostile, as the test says."""

from __future__ import annotations

import asyncio
import base64
import codecs
import contextlib
import hashlib
import hmac
import re
import ssl
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import TracebackType

from tests.helpers.certificates import Certificate

STREAM = (
    "<?xml version='1.0'?><stream:stream from='{domain}' id='x1' version='1.0' xml:lang='en' "
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
SUCCESS = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
SM = "<sm xmlns='urn:xmpp:sm:3'/>"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
CARBONS = "urn:xmpp:carbons:2"
NOT_HERE = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

_ASKS_OR_PRESENCE = re.compile('<presence|<iq ([^>]*)><[^>]*? xmlns="([^"]*)"')
_ATTRIBUTE = re.compile('(\\w+)="([^"]*)"')


def features(*parts: str) -> str:
    """What the server offers."""
    return f"<stream:features>{''.join(parts)}</stream:features>"


def mechanisms(*names: str) -> str:
    """An offer of SASL mechanisms."""
    items = "".join(f"<mechanism>{name}</mechanism>" for name in names)
    return f"<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{items}</mechanisms>"


def disco_info(offered: Sequence[str]) -> str:
    """What an address says that it can (XEP-0030)."""
    items = "".join(f"<feature var='{feature}'/>" for feature in offered)
    return f"<query xmlns='{DISCO_INFO}'>{items}</query>"


class Peer:
    """One connection, from the server's side. ``received`` is all that the client sent, decrypted."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, certificate: Certificate | None, domain: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._certificate = certificate
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._unread = ""
        self.domain = domain
        self.received = ""

    async def expect(self, pattern: str | re.Pattern[str]) -> re.Match[str]:
        """Read until the client has sent what matches; what came before it is skipped."""
        while (match := re.search(pattern, self._unread)) is None:
            data = await self._reader.read(65536)
            if not data:
                raise ConnectionError(f"the client went away before {pattern}")
            text = self._decoder.decode(data)
            self._unread += text
            self.received += text
        self._unread = self._unread[match.end() :]
        return match

    async def send(self, *parts: str | bytes) -> None:
        """Send in one piece."""
        if self._writer.is_closing():
            raise ConnectionError("closed already")
        self._writer.write(b"".join(part if isinstance(part, bytes) else part.encode() for part in parts))
        await self._writer.drain()

    async def start_tls(self) -> None:
        """The server's half of the handshake."""
        assert self._certificate is not None
        await self._writer.start_tls(server_context(self._certificate))

    async def forever(self) -> None:
        """Keep silent until the client goes away."""
        with contextlib.suppress(ConnectionError):
            while data := await self._reader.read(65536):
                self.received += data.decode("utf-8", "replace")

    async def elements(self) -> AsyncIterator[ET.Element]:
        """What the client sends from here on, one after another, until it closes its stream or goes away."""
        parser = ET.XMLPullParser(("start", "end"))
        parser.feed("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
        depth, data = 0, self._unread
        self._unread = ""
        while True:
            parser.feed(data)
            for event, element in parser.read_events():
                assert isinstance(element, ET.Element)
                depth += 1 if event == "start" else -1
                if depth == 0:
                    return
                if depth == 1 and event == "end":
                    yield element
            chunk = await self._reader.read(65536)
            if not chunk:
                return
            data = self._decoder.decode(chunk)
            self.received += data

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    # the usual steps

    async def open(self, *offer: str) -> None:
        """Answer the client's stream with ours and an offer."""
        await self.expect("<stream:stream[^>]*>")
        await self.send(STREAM.format(domain=self.domain), features(*offer))

    async def secure(self) -> None:
        """STARTTLS, as it should be."""
        await self.open(STARTTLS)
        await self.expect("<starttls[^>]*>")
        await self.send(PROCEED)
        await self.start_tls()

    async def authenticate(self) -> str:
        """Take PLAIN; returns the password that the client sent."""
        await self.open(mechanisms("PLAIN"))
        match = await self.expect("<auth[^>]*>([^<]*)</auth>")
        await self.send(SUCCESS)
        return base64.b64decode(match[1]).split(b"\0")[2].decode()

    async def authenticate_scram(
        self, password: str, *offer: str, mechanism: str = "SCRAM-SHA-256", told: str = "", beside: str = ""
    ) -> None:
        """Take SCRAM and prove to know the password (RFC 5802 section 3).

        Args:
            offer: the mechanisms offered; none: only ``mechanism``, which must be chosen.
            told: attributes at the end of the server's first message.
            beside: another feature offered with the mechanisms.
        """
        await self.open(mechanisms(*(offer or (mechanism,))), beside)
        match = await self.expect(f'<auth[^>]* mechanism="{mechanism}"[^>]*>([^<]*)</auth>')
        hash_name = mechanism.removeprefix("SCRAM-").replace("-", "").lower()
        bare = base64.b64decode(match[1]).decode().split(",", 2)[2]
        first = f"r={bare.rpartition('r=')[2]}server,s=c2FsdHNhbHQ=,i=4096{told}"
        challenge = base64.b64encode(first.encode()).decode()
        await self.send(f"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{challenge}</challenge>")
        match = await self.expect("<response[^>]*>([^<]*)</response>")
        final = base64.b64decode(match[1]).decode().rpartition(",p=")[0]
        salted = hashlib.pbkdf2_hmac(hash_name, password.encode(), b"saltsalt", 4096)
        key = hmac.digest(salted, b"Server Key", hash_name)
        signature = base64.b64encode(hmac.digest(key, f"{bare},{first},{final}".encode(), hash_name))
        proof = base64.b64encode(b"v=" + signature).decode()
        await self.send(f"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{proof}</success>")

    async def bind(self, jid: str, *offer: str) -> None:
        """Bind the client to an address."""
        await self.open(BIND, *offer)
        match = await self.expect('<iq [^>]*id="([^"]*)"[^>]*><bind.*?</iq>')
        payload = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{jid}</jid></bind>"
        await self.send(f"<iq type='result' id='{match[1]}'>{payload}</iq>")

    async def give_roster(self, items: str = "", account: Sequence[str] = (), server: Sequence[str] = ()) -> None:
        """Answer what a new session asks, in the order in which it asks, until its initial presence.

        Args:
            account: what our account says that it can (XEP-0030). ``server``: what the server says.
        """
        while not (match := await self.expect(_ASKS_OR_PRESENCE))[0].startswith("<presence"):
            attributes = dict(_ATTRIBUTE.findall(match[1]))
            to = attributes.get("to")
            answers = {
                "jabber:iq:roster": f"<query xmlns='jabber:iq:roster'>{items}</query>",
                DISCO_INFO: disco_info(server if to == self.domain else account),
                **dict.fromkeys({CARBONS} & {*server, *account}, ""),
            }
            kind = "result" if match[2] in answers else "error"
            from_ = f" from='{to}'" if to else ""
            await self.send(
                f"<iq type='{kind}' id='{attributes['id']}'{from_}>{answers.get(match[2], NOT_HERE)}</iq>",
            )

    async def sign_in(self, jid: str, items: str = "", *offer: str) -> None:
        """All the steps up to presence. ``offer``: beside binding; acknowledgements are granted where offered."""
        await self.secure()
        await self.authenticate()
        await self.bind(jid, *offer)
        if SM in offer:
            await self.expect("<enable ")
            await self.send("<enabled xmlns='urn:xmpp:sm:3'/>")
        await self.give_roster(items)


Script = Callable[[Peer], Awaitable[None]]


class HostileServer:
    """Listens on loopback and plays ``script`` to each who connects, then closes.

    Args:
        certificate: for TLS. ``direct``: TLS from the first byte.
    """

    def __init__(
        self,
        script: Script,
        *,
        certificate: Certificate | None = None,
        direct: bool = False,
        domain: str = "example.test",
    ) -> None:
        self._script = script
        self._certificate = certificate
        self._direct = direct
        self._domain = domain
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.host = "127.0.0.1"
        self.port = 0
        self.peers: list[Peer] = []
        self.faults: list[BaseException] = []

    async def __aenter__(self) -> HostileServer:
        context = server_context(self._certificate) if self._direct and self._certificate else None
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        peer = Peer(reader, writer, self._certificate, self._domain)
        self.peers.append(peer)
        try:
            await self._script(peer)
        except (OSError, asyncio.CancelledError):
            pass  # the client went away, as it should in most scripts
        except AssertionError as error:
            self.faults.append(error)
        finally:
            with contextlib.suppress(asyncio.CancelledError):
                await peer.close()


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """A server's TLS context that shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context
