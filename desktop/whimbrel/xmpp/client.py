"""The slixmpp client, hardened: TLS before anything, chosen mechanisms, no reactions but ours."""

from __future__ import annotations

import asyncio
import logging
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.stanza import Iq, Message, Presence
from slixmpp.util.stringprep_profiles import StringPrepError
from slixmpp.xmlstream.tostring import tostring

from whimbrel.model.account import ConnectionState, is_weaker
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.certificate import check_trusted, host_for_tls, tls_error
from whimbrel.xmpp.errors import sasl_error, stanza_error, stream_error
from whimbrel.xmpp.sasl import Offer, Scram
from whimbrel.xmpp.stanzas import CLIENT, IQ, LIMITS, MESSAGE, PRESENCE, SASL, STREAM, TLS
from whimbrel.xmpp.transport import Phase, StreamTransport

T = TypeVar("T")

log = logging.getLogger(__name__)
wire_log = logging.getLogger("slixmpp.xmlstream.xmlstream")  # what --log-xml writes, redacted

_USUAL_LIMIT = 256 * 1024 - 1  # bytes of a stanza; what servers take that do not say (XEP-0478)
_MOST_TOGETHER = 32  # messages that share a commit: less than 10 ms of work
_STANZAS = frozenset({MESSAGE, PRESENCE, IQ})
_IN_SESSION = frozenset({Phase.AUTHENTICATED, Phase.CLOSING})  # what comes after our farewell is not lost either
_FEATURES = f"{{{STREAM}}}features"
_ERROR = f"{{{STREAM}}}error"
_PROCEED = f"{{{TLS}}}proceed"
_STARTTLS = f"{{{TLS}}}starttls"
_TLS_FAILURE = f"{{{TLS}}}failure"
_SUCCESS = f"{{{SASL}}}success"
_FAILURE = f"{{{SASL}}}failure"
_CHALLENGE = f"{{{SASL}}}challenge"

_HEARD = {
    Phase.CLEAR: frozenset({_FEATURES, _PROCEED, _TLS_FAILURE, _ERROR}),
    Phase.UPGRADING: frozenset[str](),
    Phase.SECURED: frozenset({_FEATURES, _CHALLENGE, _SUCCESS, _FAILURE, _ERROR}),
}


_DONE_WITH = frozenset({_CHALLENGE, _SUCCESS, _FAILURE, _PROCEED, _TLS_FAILURE})  # once authenticated


class Client(StreamTransport):
    """One stream to one server: decides what is listened to when, and takes slixmpp through the negotiation.

    Args:
        registering: stop before authentication; ``offered`` then tells what is offered and answers are heard.
        mechanism: the strongest that the server has ever offered; "" where that is not known.
    """

    def __init__(
        self,
        jid: JID,
        password: str,
        context: ssl.SSLContext,
        *,
        registering: bool = False,
        mechanism: str = "",
    ) -> None:
        super().__init__(jid, password, context)
        self.mechanism = mechanism
        self.trusted = ""  # the fingerprint of the only certificate that is accepted; "": the context checks it
        self._offer = Offer(frozenset())
        loop = asyncio.get_running_loop()
        self._registering = registering
        self._acknowledgements = self.plugin["xep_0198"]
        self.stream_features: frozenset[str] = frozenset()
        self.longest_stanza = _USUAL_LIMIT
        self.on_stanza: Callable[[ET.Element], object] | None = None
        self.on_messages: Callable[[Sequence[ET.Element]], object] | None = None
        self.on_stage: Callable[[ConnectionState], None] | None = None
        self._messages: list[ET.Element] = []  # those that came one after another, to be stored together
        self.on_sent_acknowledged: Callable[[list[str]], None] | None = None
        self._acknowledged: list[str] = []  # messages of ours that the element in hand confirms
        self.offered: asyncio.Future[ET.Element] = loop.create_future()  # what is offered inside TLS
        self.authenticated_at: asyncio.Future[None] = loop.create_future()
        self.add_event_handler("stream_negotiated", self._on_negotiated)
        self.add_event_handler("stanza_acked", self._on_acked)

    # what the server says

    def _hear(self, element: ET.Element) -> None:
        if element.tag == MESSAGE and self._phase in _IN_SESSION and self.on_messages is not None:
            self._log_received(element)
            self._messages.append(element)
            if len(self._messages) >= _MOST_TOGETHER:
                self._settle()
            return
        self._settle()
        if not self._is_heard(element):
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
        elif element.tag == _CHALLENGE:
            self._start(self._on_challenge(element))
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
        acknowledged, self._acknowledged = self._acknowledged, []
        if acknowledged and self.on_sent_acknowledged is not None:
            self.on_sent_acknowledged(acknowledged)

    def _is_heard(self, element: ET.Element) -> bool:
        """Whether an element may come in this phase."""
        heard = _HEARD.get(self._phase)
        if heard is not None:
            answer = self._registering and self._phase is Phase.SECURED and element.tag == IQ
            return answer or element.tag in heard
        return element.tag not in _DONE_WITH and not (element.tag == _FEATURES and self.negotiated.done())

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
            return
        try:
            check_trusted(secure.get_extra_info("ssl_object"), self.trusted, self._jid.domain, self.stage.value)
        except KnownError as error:
            secure.abort()
            self.end(error)
        else:
            self.connection_made(secure)

    def _on_features(self, element: ET.Element) -> None:
        self.stream_features = frozenset(child.tag for child in element)
        limit = element.findtext(f"{{{LIMITS}}}limits/{{{LIMITS}}}max-bytes") or ""
        self.longest_stanza = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 10 else _USUAL_LIMIT
        if self._phase is not Phase.SECURED:
            self._enter(ConnectionState.BINDING)
        elif self._registering:
            if not self.offered.done():
                self.offered.set_result(element)
            return
        else:
            self._offer = Offer.parse(element)
            if not self._is_good_enough(self._offer):
                return
            self._enter(ConnectionState.AUTHENTICATING)
        self._start(self._negotiate(element))

    def _is_good_enough(self, offer: Offer) -> bool:
        """Choose the strongest mechanism; where it is weaker than what was offered before, nothing is sent."""
        if offer.strongest and not is_weaker(offer.strongest, self.mechanism):
            self.mechanism = offer.strongest
            self.plugin["feature_mechanisms"].use_mechs = {offer.strongest}
            return True
        kind = ErrorKind.WEAKER_MECHANISM if offer.strongest else ErrorKind.NO_SAFE_MECHANISM
        before = f"; before: {self.mechanism}" if self.mechanism else ""
        self.fail(kind, f"offered: {', '.join(sorted(offer.mechanisms))[:200]}{before}")
        return False

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

    async def _on_challenge(self, element: ET.Element) -> None:
        """Answer, once the key was derived in a thread: that takes from 3 ms to half a second, as the server wants."""
        mechanism = self.plugin["feature_mechanisms"].mech
        if isinstance(mechanism, Scram):
            if mechanism.contradicts(element.text or "", self._offer):
                self.send_raw(f"<abort xmlns='{SASL}'/>")
                self.fail(ErrorKind.OFFER_ALTERED, f"seen: {', '.join(sorted(self._offer.mechanisms))[:200]}")
                return
            await asyncio.to_thread(mechanism.prepare, element.text or "")
        if not self.ended.done():
            self._hand_over(element)

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
        self._handle(self.on_stanza, element, 1)

    def _settle(self) -> None:
        """Hand over the messages that have come, together: they share one commit. Then count them as handled."""
        if self._messages:
            messages, self._messages = self._messages, []
            self._handle(self.on_messages, messages, len(messages))

    def _handle(self, handler: Callable[[T], object] | None, what: T, count: int) -> None:
        if handler is not None:
            try:
                handler(what)
            except Exception:
                log.exception("handling a stanza failed")  # and what follows still arrives
        if self._acknowledgements.enabled_in and not self.ended.done():
            self._acknowledgements.handled = (self._acknowledgements.handled + count) % 2**32

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
        """Send a stanza; message, presence and iq are counted for acknowledgement.

        Raises:
            KnownError: TOO_LARGE for a message that the server does not take: it would end the stream, each time anew.
        """
        if self._phase is not Phase.AUTHENTICATED:
            self.send_raw(tostring(element, xmlns=CLIENT, stream=self, top_level=True))
            return
        if element.tag == MESSAGE:
            size = len(tostring(element, xmlns=CLIENT, stream=self, top_level=True).encode())
            if size > self.longest_stanza:
                raise KnownError(ErrorKind.TOO_LARGE, f"{size} of {self.longest_stanza} bytes")
        kind: Any = {MESSAGE: Message, PRESENCE: Presence, IQ: Iq}[element.tag]
        self.send(kind(self, xml=element))

    def ask_for_acknowledgement(self) -> None:
        """Ask the server how many of our stanzas it has handled, after those already sent."""
        if self._acknowledgements.enabled_out:
            self.send("<r xmlns='urn:xmpp:sm:3'/>")

    async def close(self, seconds: float) -> None:
        """Close the stream properly, after saying what was handled: the server would take the rest for lost."""
        if self._acknowledgements.enabled_in and not self.ended.done():
            self._acknowledgements.send_ack()  # type: ignore[no-untyped-call]  # slixmpp's
        await super().close(seconds)

    @property
    def acknowledges(self) -> bool:
        """Whether the server acknowledges stanzas in this session."""
        return bool(self._acknowledgements.enabled_out and self._acknowledgements.enabled_in)

    def _on_acked(self, stanza: Any) -> None:
        if stanza.xml.tag == MESSAGE:
            self._acknowledged.append(stanza.xml.get("id", ""))

    # small parts

    def _enter(self, stage: ConnectionState) -> None:
        self.stage = stage
        if self.on_stage is not None:
            self.on_stage(stage)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _log_received(self, element: ET.Element) -> None:
        if wire_log.isEnabledFor(logging.DEBUG):
            wire_log.debug("RECV: %s", tostring(element, xmlns=CLIENT, stream=self, top_level=True))


def _bind_error(error: KnownError, stage: str) -> KnownError:
    kind = ErrorKind.RESOURCE_CONFLICT if error.detail.startswith("conflict") else error.kind
    return KnownError(kind, error.detail, stage=stage)
