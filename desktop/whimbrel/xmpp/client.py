"""The slixmpp client, hardened: TLS before anything, chosen mechanisms, our own reader, no reactions but ours."""

from __future__ import annotations

import asyncio
import enum
import logging
import ssl
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.stanza import Iq, Message, Presence
from slixmpp.util.stringprep_profiles import StringPrepError
from slixmpp.xmlstream.tostring import tostring

from whimbrel.model.account import ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.certificate import host_for_tls, tls_error
from whimbrel.xmpp.errors import sasl_error, stanza_error, stream_error
from whimbrel.xmpp.reader import StreamReader, Violation
from whimbrel.xmpp.stanzas import CLIENT, IQ, MESSAGE, PRESENCE, SASL, STREAM, STREAM_ERROR, TLS

log = logging.getLogger(__name__)
wire_log = logging.getLogger("slixmpp.xmlstream.xmlstream")  # what --log-xml writes, redacted

MECHANISMS = frozenset({"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"})
"""PLAIN is used only where neither of the others is offered, and like them only inside verified TLS."""

_TURN_SECONDS = 0.012  # the longest that one turn of the event loop handles stanzas

_STANZAS = frozenset({MESSAGE, PRESENCE, IQ})
_FEATURES = f"{{{STREAM}}}features"
_ERROR = f"{{{STREAM}}}error"
_PROCEED = f"{{{TLS}}}proceed"
_STARTTLS = f"{{{TLS}}}starttls"
_TLS_FAILURE = f"{{{TLS}}}failure"
_SUCCESS = f"{{{SASL}}}success"
_FAILURE = f"{{{SASL}}}failure"
_CHALLENGE = f"{{{SASL}}}challenge"


class Phase(enum.Enum):
    """How far the stream is; decides what is listened to."""

    CLEAR = enum.auto()  # no TLS yet: only its offer
    UPGRADING = enum.auto()  # the server agreed to TLS: nothing in clear text counts any more
    SECURED = enum.auto()  # only the offer of mechanisms, and authentication
    AUTHENTICATED = enum.auto()  # binding; stanzas count from here
    CLOSING = enum.auto()


_HEARD = {
    Phase.CLEAR: frozenset({_FEATURES, _PROCEED, _TLS_FAILURE, _ERROR}),
    Phase.UPGRADING: frozenset[str](),
    Phase.SECURED: frozenset({_FEATURES, _CHALLENGE, _SUCCESS, _FAILURE, _ERROR}),
}


class Client(ClientXMPP):
    """One stream to one server; never reconnects: whoever owns it makes another.

    Args:
        jid: the account's address, with the resource to bind.
        password: for SASL; never logged.
        registering: stop before authentication; ``features`` then tells what is offered and stanzas are heard.
    """

    def __init__(self, jid: JID, password: str, context: ssl.SSLContext, *, registering: bool = False) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(str(jid), password, ssl_context=context, loop=loop)
        self._jid = jid
        self._context = context
        self._registering = registering
        self._reader = StreamReader()
        self._draining = False
        self._phase = Phase.CLEAR
        self._tasks: set[asyncio.Task[None]] = set()
        self.stream_features: frozenset[str] = frozenset()
        self.last_heard = time.monotonic()
        self.on_stanza: Callable[[ET.Element], object] | None = None
        self.on_stage: Callable[[ConnectionState], None] | None = None
        self.on_sent_acknowledged: Callable[[str], None] | None = None
        self.stage = ConnectionState.CONNECTING
        self.ended: asyncio.Future[KnownError] = loop.create_future()
        self.secured: asyncio.Future[None] = loop.create_future()
        self.offered: asyncio.Future[ET.Element] = loop.create_future()  # what is offered inside TLS
        self.authenticated_at: asyncio.Future[None] = loop.create_future()
        self.negotiated: asyncio.Future[None] = loop.create_future()
        self._harden()

    def _harden(self) -> None:
        """Take away what slixmpp would do by itself."""
        self.enable_plaintext = False
        self.enable_starttls = False  # we do that part: see _on_clear
        self.roster.auto_authorize = False  # without effect: presence never reaches it
        self.roster.auto_subscribe = False
        mechanisms = self.plugin["feature_mechanisms"]
        mechanisms.use_mechs = set(MECHANISMS)
        mechanisms.unencrypted_plain = False
        self.register_plugin("xep_0198", {"allow_resume": False})
        self._acknowledgements = self.plugin["xep_0198"]
        for handler in ("IM", "IMError", "Presence", "Stream Error", "Roster Update", "Stream Features"):
            self.remove_handler(handler)
        self.del_event_handler("session_start", self._start_keepalive)
        self.del_event_handler("session_start", self._handle_session_start)
        self.add_event_handler("stream_negotiated", self._on_negotiated)
        self.add_event_handler("stanza_acked", self._on_acked)
        self.init_plugins()  # type: ignore[no-untyped-call]  # slixmpp's

    # the transport

    def connection_made(self, transport: asyncio.BaseTransport, send_event: bool = True) -> None:
        """Begin a stream on a transport, which is either clear (STARTTLS follows) or inside TLS already."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.socket = transport.get_extra_info("ssl_object") or transport.get_extra_info("socket")
        self.last_heard = time.monotonic()
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

    def init_parser(self) -> None:
        """Begin to read a new stream; what was read of the old one and not handled is forgotten (RFC 6120 5.4.3.3)."""
        self._reader = StreamReader()

    def data_received(self, data: bytes | str) -> None:
        """Read what came; a long burst is handled over several turns of the event loop."""
        self.last_heard = time.monotonic()
        if self._phase is Phase.UPGRADING or self.ended.done():
            return
        try:
            self._reader.feed(data if isinstance(data, bytes) else data.encode())
        except (Violation, ValueError) as error:
            self._on_violation(error)
            return
        if not self._draining:
            self._drain()

    def _drain(self) -> None:
        self._draining = False
        until = time.monotonic() + _TURN_SECONDS
        while self.transport is not None and not self.ended.done():
            try:
                reader = self._reader
                stanza = reader.next_stanza()
            except (Violation, ValueError) as error:
                self._on_violation(error)
                return
            if stanza is not None:
                self._hear(stanza)
            elif reader.closed:
                self._on_closed()
                return
            else:
                break
            if time.monotonic() >= until:
                self._draining = True
                self.transport.pause_reading()
                self.loop.call_soon(self._drain)
                return
        if self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

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
        if self.transport is not None:
            self.transport.close()

    async def close(self, seconds: float) -> None:
        """Close the stream properly: our footer, then the server's, at most ``seconds``; then the connection."""
        self._phase = Phase.CLOSING
        if self.transport is not None and not self.ended.done():
            if self.negotiated.done():
                self.send(self.stream_footer)  # after what is still queued
            else:
                self.send_raw(self.stream_footer)
            await asyncio.wait({self.ended}, timeout=seconds)
        self.fail(ErrorKind.CONNECTION_LOST, "closed by us")
        if self.transport is not None:
            self.transport.abort()

    async def until(self, done: asyncio.Future[Any]) -> None:
        """Wait for a step; raises the KnownError for which the stream ended before it."""
        await asyncio.wait({done, self.ended}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise self.ended.result()

    # what the server says

    def _hear(self, element: ET.Element) -> None:
        heard = _HEARD.get(self._phase)
        if heard is not None and element.tag not in heard and not (self._registering and self._hears_answer(element)):
            log.debug("ignored in phase %s: %s", self._phase.name, element.tag)
            return
        if element.tag == _ERROR:
            self._log_received(element)
            self.end(stream_error(element, self.stage.value))
        elif self._phase is Phase.CLEAR:
            self._log_received(element)
            self._on_clear(element)
        elif element.tag == _FEATURES:
            self._log_received(element)
            self._on_features(element)
        elif element.tag == _FAILURE:
            self._log_received(element)
            self.end(sasl_error(element, str(self._jid.bare), self.stage.value))
        elif element.tag == _SUCCESS:
            self._on_success(element)
        elif element.tag in _STANZAS and (self._phase is not Phase.AUTHENTICATED or self.on_stanza is not None):
            self._on_stanza(element)
        else:
            self._hand_over(element)

    def _hand_over(self, element: ET.Element) -> None:
        """Let slixmpp handle what is no stanza of a session; what it raises is the server's doing (a broken <a/>)."""
        try:
            self._spawn_event(element)
        except Exception as error:  # noqa: BLE001 - a server's nonsense can raise anything there
            self._on_fault(error)

    def _hears_answer(self, element: ET.Element) -> bool:
        return self._phase is Phase.SECURED and element.tag == IQ

    def _on_clear(self, element: ET.Element) -> None:
        if element.tag == _FEATURES and element.find(_STARTTLS) is not None:
            self._enter(ConnectionState.SECURING)
            self.send_raw(f"<starttls xmlns='{TLS}'/>")
        elif element.tag == _PROCEED:
            self._phase = Phase.UPGRADING
            self._start(self._upgrade())
        else:
            self.fail(ErrorKind.TLS_NOT_OFFERED, f"instead: {element.tag}")

    async def _upgrade(self) -> None:
        """The handshake of STARTTLS (RFC 6120 section 5.4.3)."""
        transport = self.transport
        if transport is None:
            return
        try:
            secure = await self.loop.start_tls(
                transport, self, self._context, server_hostname=host_for_tls(self._jid.domain)
            )
        except OSError as error:
            self.end(tls_error(error, self._jid.domain, self.stage.value))
            return
        if secure is None:
            self.fail(ErrorKind.CONNECTION_LOST, "the connection ended during the handshake")
        else:
            self.connection_made(secure)

    def _on_features(self, element: ET.Element) -> None:
        self.stream_features = frozenset(child.tag for child in element)
        if self._phase is not Phase.SECURED:
            self._enter(ConnectionState.BINDING)
        elif self._registering:
            if not self.offered.done():
                self.offered.set_result(element)
            return
        else:
            offered = {(item.text or "").strip() for item in element.iterfind(f"{{{SASL}}}mechanisms/*")}
            if not offered & MECHANISMS:
                self.fail(ErrorKind.NO_SAFE_MECHANISM, f"offered: {', '.join(sorted(offered))[:200]}")
                return
            self._enter(ConnectionState.AUTHENTICATING)
        self._start(self._negotiate(element))

    async def _negotiate(self, element: ET.Element) -> None:
        """Take slixmpp through what is offered; whatever it raises ends the stream."""
        try:
            await self._handle_stream_features(self._build_stanza(element))
        except StringPrepError:
            self.fail(ErrorKind.PASSWORD_WRONG, "the password has characters that no password can have")
        except IqError as error:
            self.end(_bind_error(stanza_error(error.iq.xml), self.stage.value))
        except IqTimeout:
            self.fail(ErrorKind.NO_ANSWER)
        except Exception as error:
            log.exception("negotiating the stream failed")
            self.fail(ErrorKind.STREAM_ERROR, type(error).__name__)

    def _on_success(self, element: ET.Element) -> None:
        if not self._is_encrypted():
            self.fail(ErrorKind.TLS_NOT_OFFERED, "authenticated outside TLS")
            return
        self._phase = Phase.AUTHENTICATED  # before slixmpp begins the new stream, so that what follows is heard
        self._hand_over(element)
        if not self.authenticated:
            self.fail(ErrorKind.AUTHENTICATION_FAILED, "the server could not prove that it knows the password")
        elif not self.authenticated_at.done():
            self.authenticated_at.set_result(None)

    def _on_negotiated(self, _event: object) -> None:
        if self._phase is not Phase.AUTHENTICATED or not self.bound or self.negotiated.done():
            return
        if not self._is_encrypted():
            self.fail(ErrorKind.TLS_NOT_OFFERED, "a session outside TLS")
            return
        self.negotiated.set_result(None)

    def _on_stanza(self, element: ET.Element) -> None:
        """Hand a stanza to its handler, then count it as handled (XEP-0198 section 4)."""
        self._log_received(element)
        if self.on_stanza is not None:
            self.on_stanza(element)
        if self._acknowledgements.enabled_in and not self.ended.done():
            self._acknowledgements.handled = (self._acknowledgements.handled + 1) % 2**32

    def hear_elsewhere(self, element: ET.Element) -> None:
        """Give an answer that is not ours to slixmpp's own handlers; they do not count it."""
        counted = self._acknowledgements.handled
        self._spawn_event(element)
        self._acknowledgements.handled = counted

    def _build_stanza(self, xml: ET.Element, default_ns: str | None = None) -> Any:
        """As slixmpp does, but a handler's exception sends no error stanza to anybody."""
        stanza = super()._build_stanza(xml, default_ns)
        setattr(stanza, "exception", self._on_fault)  # noqa: B010 - a method of this one stanza
        return stanza

    def exception(self, exception: Exception) -> None:
        """What slixmpp's own handlers raise is not silent."""
        self._on_fault(exception)

    def _on_fault(self, exception: Exception) -> None:
        """Before the session it is the server's nonsense, and ends the stream; afterwards it is a bug, and loud."""
        if self.negotiated.done() and not self.ended.done():
            log.error("a handler of slixmpp failed", exc_info=exception)
            return
        log.debug("the server's negotiation made no sense", exc_info=exception)
        failed = self.stage is ConnectionState.AUTHENTICATING
        kind = ErrorKind.AUTHENTICATION_FAILED if failed else ErrorKind.STREAM_ERROR
        self.fail(kind, f"{type(exception).__name__}: {exception}")

    # what we say

    def send_element(self, element: ET.Element) -> None:
        """Send a stanza; message, presence and iq are counted for acknowledgement."""
        if self._phase is not Phase.AUTHENTICATED:
            self.send_raw(tostring(element, xmlns=CLIENT, stream=self, top_level=True))
            return
        kind: Any = {MESSAGE: Message, PRESENCE: Presence, IQ: Iq}[element.tag]
        self.send(kind(self, xml=element))

    def ask_for_acknowledgement(self) -> None:
        """Ask the server how many of our stanzas it has handled, after those already sent."""
        if self._acknowledgements.enabled_out:
            self.send("<r xmlns='urn:xmpp:sm:3'/>")

    @property
    def acknowledges(self) -> bool:
        """Whether the server acknowledges stanzas in this session."""
        return bool(self._acknowledgements.enabled_out and self._acknowledgements.enabled_in)

    def _on_acked(self, stanza: Any) -> None:
        if stanza.xml.tag == MESSAGE and self.on_sent_acknowledged is not None:
            self.on_sent_acknowledged(stanza.xml.get("id", ""))

    # small parts

    def _enter(self, stage: ConnectionState) -> None:
        self.stage = stage
        if self.on_stage is not None:
            self.on_stage(stage)

    def _start(self, coroutine: Any) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _log_received(self, element: ET.Element) -> None:
        if wire_log.isEnabledFor(logging.DEBUG):
            wire_log.debug("RECV: %s", tostring(element, xmlns=CLIENT, stream=self, top_level=True))


def _bind_error(error: KnownError, stage: str) -> KnownError:
    kind = ErrorKind.RESOURCE_CONFLICT if error.detail.startswith("conflict") else error.kind
    return KnownError(kind, error.detail, stage=stage)
