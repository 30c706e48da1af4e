"""The slixmpp client's lower half: the transport, our own reader, the end; and what slixmpp must not do by itself."""

from __future__ import annotations

import asyncio
import enum
import logging
import ssl
import time
import xml.etree.ElementTree as ET
from typing import Any

from slixmpp import ClientXMPP

from whimbrel.model.account import MECHANISMS, ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp import sasl
from whimbrel.xmpp.handler import NoTap, Tap
from whimbrel.xmpp.reader import StreamReader, Violation
from whimbrel.xmpp.stanzas import STREAM_ERROR

log = logging.getLogger(__name__)

_PIECE_BYTES = 8192  # what is parsed at a time
_TURN_SECONDS = 0.012  # the longest that one turn of the event loop handles stanzas

_REPLACED_HANDLERS = (
    "IM",
    "IMError",
    "Presence",
    "Stream Error",
    "Roster Update",
    "Stream Features",
    "STARTTLS Proceed",
)

sasl.install()


class Phase(enum.Enum):
    """How far the stream is; decides what is listened to."""

    CLEAR = enum.auto()  # no TLS yet: only its offer
    UPGRADING = enum.auto()  # the server agreed to TLS: nothing in clear text counts any more
    SECURED = enum.auto()  # only the offer of mechanisms, and authentication
    AUTHENTICATED = enum.auto()  # binding; stanzas count from here
    CLOSING = enum.auto()


class StreamTransport(ClientXMPP):
    """Reads and writes one stream; what it reads goes to ``_hear``. Never reconnects.

    Args:
        jid: the account's address, with the resource to bind.
        password: for SASL; never logged.
    """

    def __init__(self, jid: JID, password: str, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(str(jid), password, ssl_context=context, loop=loop)
        self._jid = jid
        self._context = context
        self._reader = StreamReader()
        self._unread = bytearray()
        self._draining = False
        self._phase = Phase.CLEAR
        self._tasks: set[asyncio.Task[None]] = set()
        self.stage = ConnectionState.CONNECTING
        self.ended: asyncio.Future[KnownError] = loop.create_future()
        self.secured: asyncio.Future[None] = loop.create_future()
        self.bytes_heard = 0
        self.tap: Tap = NoTap()
        self._harden()

    def _harden(self) -> None:
        """Take away what slixmpp would do by itself."""
        self.enable_plaintext = False
        self.enable_starttls = False  # the client does that part
        self.roster.auto_authorize = False  # without effect: presence never reaches it
        self.roster.auto_subscribe = False
        mechanisms = self.plugin["feature_mechanisms"]
        mechanisms.use_mechs = set(MECHANISMS)
        mechanisms.unencrypted_plain = False
        for handler in _REPLACED_HANDLERS:
            self.remove_handler(handler)
        self.del_event_handler("session_start", self._start_keepalive)
        self.del_event_handler("session_start", self._handle_session_start)
        self.init_plugins()  # type: ignore[no-untyped-call]  # slixmpp's

    def _hear(self, element: ET.Element) -> None:
        """A child of the stream came."""
        raise NotImplementedError

    def _hear_held(self) -> bool:
        """Hear the next of what was kept for now; False where there is none."""
        raise NotImplementedError

    def _settle(self, *, last: bool = False) -> None:
        """No more is at hand, for now (``last``: for good): what was heard is to be done with."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport, send_event: bool = True) -> None:
        """Begin a stream on a transport, which is either clear (STARTTLS follows) or inside TLS already."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.socket = transport.get_extra_info("ssl_object") or transport.get_extra_info("socket")
        if self._is_encrypted():
            self._phase = Phase.SECURED
            if not self.secured.done():
                self.secured.set_result(None)
        self._run_out_filters = self._run_out_filters or asyncio.ensure_future(self.run_filters())
        self.init_parser()
        self.send_raw(self.stream_header)

    def _is_encrypted(self) -> bool:
        transport = self.transport
        return transport is not None and transport.get_extra_info("ssl_object") is not None

    def send_raw(self, data: str | bytes) -> None:
        """All that is said goes through here, slixmpp's part of it too."""
        super().send_raw(data)
        if self.tap.is_open:
            self.tap.tell(data if isinstance(data, str) else data.decode(errors="replace"), is_ours=True)

    def init_parser(self) -> None:
        """Begin to read a new stream; what was read of the old one and not handled is forgotten (RFC 6120 5.4.3.3)."""
        self._reader = StreamReader()
        self._unread.clear()

    def data_received(self, data: bytes | str) -> None:
        """Read what came; a long burst is handled over several turns of the event loop."""
        self.bytes_heard += len(data)
        if self._phase is Phase.UPGRADING or self.ended.done():
            return
        self._unread += data if isinstance(data, bytes) else data.encode()
        if not self._draining:
            self._drain()

    def hear_on(self) -> None:
        """Hear what was kept, beginning with the next turn of the event loop."""
        if not self._draining and self.transport is not None:
            self._draining = True
            self.loop.call_soon(self._drain)

    def _drain(self) -> None:
        """Hear what can be heard in a turn. All that is heard in it is done with when it ends."""
        self._draining = False
        until = time.monotonic() + _TURN_SECONDS
        while self.transport is not None and not self.ended.done():
            if not self._hear_held():
                try:
                    stanza = self._next_stanza()
                except (Violation, ValueError) as error:
                    self._settle(last=True)
                    self._on_violation(error)
                    return
                if stanza is not None:
                    self._hear(stanza)
                elif self._reader.closed:
                    self._settle(last=True)
                    self._on_closed()
                    return
                else:
                    break
            if time.monotonic() >= until:
                self._draining = True
                if not self.transport.is_closing():  # asyncio has taken one apart that is
                    self.transport.pause_reading()
                self.loop.call_soon(self._drain)
                break
        self._settle()
        if not self._draining and self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    def _next_stanza(self) -> ET.Element | None:
        """The next complete stanza of what has come; None where there is none. Raises Violation."""
        while True:
            reader = self._reader
            stanza = reader.next_stanza()
            if stanza is not None or reader.closed or not self._unread:
                return stanza
            piece = bytes(self._unread[:_PIECE_BYTES])
            del self._unread[:_PIECE_BYTES]
            reader.feed(piece)

    def _on_violation(self, error: Exception) -> None:
        opened = self._reader.opened
        condition = error.condition if isinstance(error, Violation) else "restricted-xml"
        if opened and self.transport is not None:
            self.send_raw(f"<stream:error><{condition} xmlns='{STREAM_ERROR}'/></stream:error></stream:stream>")
        self.fail(ErrorKind.STREAM_ERROR if opened else ErrorKind.NOT_XMPP, str(error))

    def _on_closed(self) -> None:
        if self._phase is not Phase.CLOSING and self.transport is not None:
            self.send_raw(self.stream_footer)
        self.fail(ErrorKind.CONNECTION_LOST, "the server closed the stream")

    def connection_lost(self, exception: BaseException | None) -> None:
        """The transport is gone."""
        if self._phase is not Phase.UPGRADING:
            self.fail(ErrorKind.CONNECTION_LOST, str(exception) if exception else "the server closed the connection")
        super().connection_lost(exception)

    def eof_received(self) -> None:
        """The server will send no more; the transport closes by itself."""

    # the end

    def fail(self, kind: ErrorKind, detail: str = "", subject: str = "") -> None:
        """End the stream for a reason; the first reason counts."""
        self.end(KnownError(kind, detail, subject=subject or self._jid.domain, stage=self.stage.value))

    def end(self, error: KnownError) -> None:
        """End the stream for a reason; the first reason counts."""
        if not self.ended.done():
            log.debug("stream of %s ended: %s", self._jid.bare, error)
            self.ended.set_result(error)
        for task in self._tasks:
            task.cancel()
        if self._run_out_filters is not None:
            self._run_out_filters.cancel()
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()

    def abort(self) -> None:
        """Take the connection down at once. slixmpp would close it once more before, after which asyncio cannot."""
        self.cancel_connection_attempt()
        if self.transport is not None:
            self.transport.abort()

    async def close(self, seconds: float) -> None:
        """Close the stream properly: our footer, then the server's, at most ``seconds``; then the connection."""
        self._phase = Phase.CLOSING
        if self.transport is not None and not self.ended.done():
            self.send_raw(self.stream_footer)
            await asyncio.wait({self.ended}, timeout=seconds)
        self.fail(ErrorKind.CONNECTION_LOST, "closed by us")
        self.abort()

    async def until(self, done: asyncio.Future[Any]) -> None:
        """Wait for a step; raises the KnownError for which the stream ended before it."""
        await asyncio.wait({done, self.ended}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise self.ended.result()
