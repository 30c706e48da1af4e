"""From authentication to a session: the last one goes on (XEP-0198 section 5), or a resource is bound (RFC 6120 7)."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from typing import Protocol

from whimbrel.model.account import ConnectionState
from whimbrel.model.errors import ErrorKind
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.errors import bind_error
from whimbrel.xmpp.inbound import Collect
from whimbrel.xmpp.management import Management, parse_count
from whimbrel.xmpp.stanzas import BIND, IQ, MANAGEMENT, SESSION, child, iq, new_id

_SM = f"{{{MANAGEMENT}}}sm"
_ENABLED = f"{{{MANAGEMENT}}}enabled"
_RESUMED = f"{{{MANAGEMENT}}}resumed"
_FAILED = f"{{{MANAGEMENT}}}failed"
_BIND = f"{{{BIND}}}bind"
_SESSION = f"{{{SESSION}}}session"
_TRUE = frozenset({"true", "1"})
_LONGEST_ID = 4000  # what a server's id may have (section 3)


class Sessions(Protocol):
    """Who is told, synchronously, what comes of it: what follows in the same piece must find its session."""

    def on_resumed(self, client: Client, acknowledged: int) -> None:
        """The last session goes on; the server has so many stanzas of ours."""

    def on_refused(self, acknowledged: int | None) -> None:
        """The last session does not go on; the server had so many stanzas of ours (None: it does not say)."""

    def on_bound(self, client: Client, own: JID) -> None:
        """A resource is bound."""

    def on_managed(self, management: Management | None) -> None:
        """The new session counts, or does not."""


class Binding:
    """Takes one authenticated stream to a session; ``done`` then has a result. Hears all that comes meanwhile.

    Args:
        resource: what to bind where no session goes on.
        last: the session to go on with, if there is one.
    """

    def __init__(self, client: Client, resource: str, last: Management | None, sessions: Sessions) -> None:
        self._client = client
        self._resource = resource
        self._last = last
        self._sessions = sessions
        self._managed = False
        self._wants_session = False
        self._request = ""
        self._on_answer: Callable[[ET.Element], None] = self._take_bound
        self._management = Management()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        client.on_features = self._begin

    def _begin(self, features: ET.Element) -> None:
        self._managed = features.find(_SM) is not None
        session = features.find(_SESSION)
        self._wants_session = session is not None and session.find(f"{{{SESSION}}}optional") is None
        if self._last is not None and self._managed:
            self._client.on_element = self._take_resumption
            self._client.say(self._last.build_resume())
            return
        if self._last is not None:
            self._sessions.on_refused(None)
        self._bind()

    # going on

    def _take_resumption(self, element: ET.Element) -> None:
        last = self._last
        if last is None or element.tag not in (_RESUMED, _FAILED):
            return
        self._last = None
        count = parse_count(element)
        if element.tag == _FAILED:
            self._client.on_element = None
            self._sessions.on_refused(count)
            self._bind()
        elif count is None or element.get("previd") != last.session_id:
            self._sessions.on_refused(None)
            self._client.fail(ErrorKind.STREAM_ERROR, "another session was resumed than was asked for")
        else:
            self._client.inbound.management = last
            self._client.inbound.counting = True
            self._sessions.on_resumed(self._client, count)
            self._finish()

    # a new one

    def _bind(self) -> None:
        payload = ET.Element(_BIND)
        if self._resource:
            child(payload, f"{{{BIND}}}resource", self._resource)
        self._client.inbound.consumer = self
        self._ask(payload, self._take_bound)

    def _ask(self, payload: ET.Element, on_answer: Callable[[ET.Element], None]) -> None:
        self._request, self._on_answer = new_id(), on_answer
        self._client.send_element(iq("set", None, self._request, payload))

    def _take_bound(self, answer: ET.Element) -> None:
        text = answer.findtext(f"{_BIND}/{{{BIND}}}jid") or ""
        try:
            own = JID.parse(text)
        except InvalidJID:
            self._client.fail(ErrorKind.STREAM_ERROR, f"bound to {text[:200]}")
            return
        if self._wants_session:
            self._ask(ET.Element(_SESSION), lambda _: self._enable(own))
        else:
            self._enable(own)

    def _enable(self, own: JID) -> None:
        self._sessions.on_bound(self._client, own)
        if self._managed:
            self._client.on_element = self._take_enabled
            self._client.say(f'<enable xmlns="{MANAGEMENT}" resume="true"/>')
            self._client.inbound.management = self._management
        else:
            self._sessions.on_managed(None)
            self._finish()

    def _take_enabled(self, element: ET.Element) -> None:
        if element.tag == _ENABLED:
            if element.get("resume") in _TRUE and len(element.get("id", "")) <= _LONGEST_ID:
                self._management.session_id = element.get("id", "")
                self._management.location = element.get("location", "")
            self._client.inbound.counting = True
            self._sessions.on_managed(self._management)
        elif element.tag == _FAILED:
            self._client.inbound.management = None
            self._sessions.on_managed(None)
        else:
            return
        self._finish()

    def _finish(self) -> None:
        self._client.stage = ConnectionState.SYNCHRONISING
        if not self.done.done():
            self.done.set_result(None)

    # as the consumer of what comes before there is a session: nothing but our answers counts

    def take_stanza(self, element: ET.Element) -> bool:
        """The answer to what was asked."""
        if element.tag == IQ and self._request and element.get("id") == self._request:
            self._request = ""
            if element.get("type") == "result":
                self._on_answer(element)
            else:
                self._client.end(bind_error(element, self._client.stage.value))
        return True

    def take_messages(self, elements: Sequence[ET.Element], handled: int | None) -> bool:
        """None are ours before a resource is bound."""
        return True

    def take_answer(self, element: ET.Element) -> bool:
        """Nothing is kept back here."""
        return False

    def find_collector(self, element: ET.Element) -> Collect | None:
        """Nobody collects here."""
        return None

    def before_acknowledging(self, handled: int) -> bool:
        """Nothing counts here."""
        return True
