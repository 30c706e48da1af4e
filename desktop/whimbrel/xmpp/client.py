"""The slixmpp client, hardened: TLS before anything, chosen mechanisms, no reactions but ours."""

from __future__ import annotations

import asyncio
import logging
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable, Coroutine
from typing import Any

from slixmpp.util.stringprep_profiles import StringPrepError
from slixmpp.xmlstream.tostring import tostring

from whimbrel.model.account import ConnectionState, is_weaker
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.certificate import check_trusted, host_for_tls, tls_error
from whimbrel.xmpp.errors import redirection, sasl_error, stream_error
from whimbrel.xmpp.inbound import Inbound
from whimbrel.xmpp.management import ASK, REQUEST, Management
from whimbrel.xmpp.sasl import Offer, Scram
from whimbrel.xmpp.stanzas import (
    CLIENT,
    IQ,
    LIMITS,
    MANAGEMENT,
    MESSAGE,
    PRESENCE,
    SASL,
    STREAM,
    STREAM_ERROR,
    TLS,
)
from whimbrel.xmpp.transport import Phase, StreamTransport

log = logging.getLogger(__name__)
wire_log = logging.getLogger("slixmpp.xmlstream.xmlstream")  # what --log-xml writes, redacted

_USUAL_LIMIT = 256 * 1024 - 1  # bytes of a stanza; what servers take that do not say (XEP-0478)
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
        self.stream_features: frozenset[str] = frozenset()
        self.longest_stanza = _USUAL_LIMIT
        self.redirection = ""  # where the server sends us (see-other-host), once the stream ended with that
        self.inbound = Inbound()
        self.on_features: Callable[[ET.Element], None] | None = None  # of an authenticated stream
        self.on_element: Callable[[ET.Element], None] | None = None  # of an authenticated stream; no stanza
        self.on_stanza: Callable[[ET.Element], object] | None = None  # an iq, where registering
        self.on_stage: Callable[[ConnectionState], None] | None = None
        self.offered: asyncio.Future[ET.Element] = loop.create_future()  # what is offered inside TLS
        self.authenticated_at: asyncio.Future[None] = loop.create_future()

    # what the server says

    def _hear(self, element: ET.Element) -> None:
        if self._phase in _IN_SESSION and element.tag in _STANZAS:
            self._log_received(element)
            self.inbound.hear(element)
            return
        if element.tag == REQUEST and self._phase in _IN_SESSION:
            self._log_received(element)
            self.inbound.asked = True  # answered when all that came with it is done with
            return
        if not self.inbound.settle():
            return
        if not self._is_heard(element):
            log.debug("ignored in phase %s: %s", self._phase.name, element.tag)
        elif element.tag == _CHALLENGE:
            self._start(self._on_challenge(element))
        elif element.tag == _SUCCESS:
            self._on_success(element)
        else:
            self._log_received(element)
            self._on_element(element)

    def _on_element(self, element: ET.Element) -> None:
        if element.tag == _ERROR:
            if self._phase is not Phase.CLEAR:
                self.redirection = redirection(element)
            self.end(stream_error(element, self.stage.value))
        elif self._phase is Phase.CLEAR:
            self._on_clear(element)
        elif element.tag == _FEATURES:
            self._on_features(element)
        elif element.tag == _FAILURE:
            self.end(sasl_error(element, str(self._jid.bare), self.stage.value))
        elif element.tag == IQ and self.on_stanza is not None:
            self.on_stanza(element)
        elif self.on_element is not None:
            self.on_element(element)

    def _hear_held(self) -> bool:
        return self.inbound.hear_held()

    def _settle(self, *, last: bool = False) -> None:
        """All that has come is done with: say so, where the server wants to know (once for all that it asked)."""
        if self.inbound.settle() and (last or self.inbound.asked):
            self.acknowledge()

    def _is_heard(self, element: ET.Element) -> bool:
        """Whether an element may come in this phase."""
        heard = _HEARD.get(self._phase)
        if heard is not None:
            answer = self._registering and self._phase is Phase.SECURED and element.tag == IQ
            return answer or element.tag in heard
        return element.tag not in _DONE_WITH and not (element.tag == _FEATURES and self.on_features is None)

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
            on_features, self.on_features = self.on_features, None
            self._enter(ConnectionState.BINDING)
            if on_features is not None:
                on_features(element)
        elif self._registering:
            if not self.offered.done():
                self.offered.set_result(element)
        else:
            self._offer = Offer.parse(element)
            if self._is_good_enough(self._offer):
                self._enter(ConnectionState.AUTHENTICATING)
                self._start(self._sign_in(element))

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

    async def _sign_in(self, element: ET.Element) -> None:
        """Let slixmpp begin SASL; whatever it raises ends the stream."""
        try:
            await self._handle_stream_features(self._build_stanza(element))
        except StringPrepError:
            self.fail(ErrorKind.PASSWORD_WRONG, "the password has characters that no password can have")
        except Exception as error:  # slixmpp's, or ours: unsaid, the stream would wait for its deadline
            log.exception("signing in failed for a reason that is not known")
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

    def _hand_over(self, element: ET.Element) -> None:
        """Let slixmpp handle its part of SASL; what it raises is the server's doing."""
        try:
            self._spawn_event(element)
        except Exception as error:  # noqa: BLE001 - a server's nonsense can raise anything there
            self._on_fault(error)

    def _build_stanza(self, xml: ET.Element, default_ns: str | None = None) -> Any:
        """As slixmpp does, but a handler's exception sends no error stanza to anybody."""
        stanza = super()._build_stanza(xml, default_ns)
        setattr(stanza, "exception", self._on_fault)  # noqa: B010 - a method of this one stanza
        return stanza

    def exception(self, exception: Exception) -> None:
        """What slixmpp's own handlers raise is not silent."""
        self._on_fault(exception)

    def _on_fault(self, exception: Exception) -> None:
        """slixmpp hears nothing but SASL: what fails there is the server's nonsense, and ends the stream."""
        log.debug("the server's negotiation made no sense", exc_info=exception)
        self.fail(ErrorKind.AUTHENTICATION_FAILED, f"{type(exception).__name__}: {exception}")

    # what we say

    def send_element(self, element: ET.Element) -> None:
        """Send a stanza; it is counted where the server acknowledges. Does nothing after our farewell.

        Raises:
            KnownError: TOO_LARGE for a message that the server does not take: it would end the stream, each time anew.
        """
        text = self._text(element)
        if self._phase is Phase.AUTHENTICATED:
            size = len(text.encode())
            if element.tag == MESSAGE and size > self.longest_stanza:
                raise KnownError(ErrorKind.TOO_LARGE, f"{size} of {self.longest_stanza} bytes")
            if self.inbound.management is not None:
                self.inbound.management.sent(element)
        self.say(text)

    def send_again(self, management: Management) -> None:
        """Send what a resumed session has not had acknowledged, in its order (XEP-0198 section 5)."""
        for element in management.unacknowledged:
            self.say(self._text(element))

    def ask_for_acknowledgement(self) -> None:
        """Ask the server how many of our stanzas it has handled, after those already sent."""
        self.say(ASK)

    def acknowledge(self) -> None:
        """Say what was handled, once whoever keeps the count has it on disk."""
        self.inbound.asked = False
        management, consumer = self.inbound.management, self.inbound.consumer
        if management is None or consumer is None or not self.inbound.counting or self.ended.done():
            return
        if management.resumable and management.told != management.handled:
            if not consumer.before_acknowledging(management.handled):
                return
            management.told = management.handled
        self.say(management.build_answer())

    def end_wrongly_counted(self, detail: str) -> None:
        """The server acknowledged what it was never sent: nothing of this session can be relied on (section 6)."""
        condition = f"<undefined-condition xmlns='{STREAM_ERROR}'/>"
        self.say(
            f"<stream:error>{condition}<handled-count-too-high xmlns='{MANAGEMENT}'/></stream:error></stream:stream>"
        )
        self.fail(ErrorKind.STREAM_ERROR, detail)

    async def close(self, seconds: float) -> None:
        """Close the stream properly, after saying what was handled: the server would take the rest for lost."""
        self.acknowledge()
        await super().close(seconds)

    def _text(self, element: ET.Element) -> str:
        return tostring(element, xmlns=CLIENT, stream=self, top_level=True)

    def say(self, text: str) -> None:
        """Send what is no stanza. Does nothing after our farewell."""
        if self.transport is not None and self._phase is not Phase.CLOSING and not self.ended.done():
            self.send_raw(text)

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
        if self.tap.is_open or wire_log.isEnabledFor(logging.DEBUG):
            text = self._text(element)
            wire_log.debug("RECV: %s", text)
            self.tap.tell(text, is_ours=False)
