"""One session: a bound stream, its stanzas in and out. Ends with its stream; the next connection makes another."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.stream import (
    PresenceStanza,
    ResumableSession,
    RosterAnswer,
    RosterPush,
    SubscriptionStanza,
    Support,
)
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.boundary import guard
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.messages import parse_message
from whimbrel.xmpp.presence import SUBSCRIPTION_KINDS, parse_presence, parse_subscription
from whimbrel.xmpp.requests import Requests
from whimbrel.xmpp.roster import build_request, is_roster, parse_answer, parse_push
from whimbrel.xmpp.stanzas import (
    DISCO_INFO,
    PING,
    PRESENCE,
    ROSTER_VERSIONING,
    STANZA_IDS,
    address,
    iq,
    iq_error,
    iq_result,
    new_id,
)

T = TypeVar("T")

log = logging.getLogger(__name__)

QUIET_SECONDS = 90.0  # silence after which the server is asked whether it is still there


class SessionHandler(Protocol):
    """What a session tells; see ``core.stream.StreamHandler``."""

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster arrived."""

    def on_roster_push(self, push: RosterPush) -> None:
        """The roster changed."""

    def on_presence(self, stanza: PresenceStanza) -> None:
        """A resource's presence."""

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        """Something about a subscription."""

    def on_session(self, session: ResumableSession | None) -> None:
        """A session began."""

    def on_recovered(self, handled: int) -> None:
        """The server knows the session of before the program's start."""

    def on_counted(self, handled: int) -> None:
        """So many stanzas of the server's are done with."""

    def on_envelopes(self, envelopes: Sequence[Envelope], handled: int | None = None) -> None:
        """Messages that came one after another."""

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has messages of ours."""

    def sees_us(self, jid: JID) -> bool:
        """Whether somebody may know that we are there."""


class Session:
    """Handles a bound stream's stanzas.

    Args:
        own: the full address that the server bound.
        deadline: seconds that the first roster and a ping may take.
    """

    def __init__(
        self,
        client: Client,
        account_id: AccountId,
        own: JID,
        handler: SessionHandler,
        answers: Answers,
        deadline: float,
    ) -> None:
        self._client = client
        self._account_id = account_id
        self.own = own
        self._handler = handler
        self._answers = answers
        self._deadline = deadline
        self._requests = Requests(own, client.send_element)
        self._tasks: set[asyncio.Task[None]] = set()
        self._archive_ids = False
        self._collecting: list[tuple[JID | None, Callable[[ET.Element], bool], list[ET.Element]]] = []
        self.support = Support(stream=client.stream_features)
        self._account_query = ""
        self._early: list[RosterPush] | None = []  # pushes that came before the first roster was handed over
        client.on_stanza = self._on_stanza
        client.on_messages = self._on_messages
        client.on_sent_acknowledged = self._on_acknowledged

    async def fetch_roster(self, known: str | None) -> None:
        """Ask for the roster and hand it over, then the pushes that came meanwhile; also what the account can do.

        Raises:
            KnownError: NO_ANSWER or what the server's refusal means.
        """
        versioned = f"{{{ROSTER_VERSIONING}}}ver" in self._client.stream_features
        self._ask_account()
        try:
            request = build_request((known or "") if versioned else None)
            answer = await self.ask("get", None, request, self._deadline)
        except KnownError as error:
            stage = ConnectionState.SYNCHRONISING.value
            raise KnownError(error.kind, error.detail, subject=error.subject, stage=stage) from error
        parsed = await parse_answer(self._account_id, answer, known)
        self._call(self._handler.on_roster, parsed)
        early, self._early = self._early or [], None
        for push in early:
            self._call(self._handler.on_roster_push, push)

    def _ask_account(self) -> None:
        """Ask our account whether it gives stanza ids; where it does not, anybody could have (XEP-0359 section 5).

        Asked before presence is sent, so that the answer comes before the messages that waited for us. These may come
        with it in one piece: hence it is taken at once, not by a coroutine that resumes a turn later.
        """
        self._account_query = new_id()
        query = ET.Element(f"{{{DISCO_INFO}}}query")
        self._client.send_element(iq("get", self.own.bare, self._account_query, query))

    def _take_account_answer(self, element: ET.Element) -> bool:
        if element.get("id") != self._account_query or address(element.get("from")) not in (None, self.own.bare):
            return False
        path = f"{{{DISCO_INFO}}}query/{{{DISCO_INFO}}}feature"
        account = frozenset(feature.get("var", "") for feature in element.iterfind(path))
        self.support = replace(self.support, account=account)
        self._archive_ids = STANZA_IDS in account
        return True

    async def collect(
        self, to: JID | None, payload: ET.Element, belongs: Callable[[ET.Element], bool], timeout: float
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Send an iq of type set; return its answer, and the messages before it that belong to it."""
        entry: tuple[JID | None, Callable[[ET.Element], bool], list[ET.Element]] = (to, belongs, [])
        self._collecting.append(entry)
        try:
            return await self.ask("set", to, payload, timeout), entry[2]
        finally:
            self._collecting.remove(entry)

    def _gather(self, element: ET.Element) -> bool:
        for to, belongs, gathered in self._collecting:
            if address(element.get("from")) in ((None, self.own.bare) if to is None else (to,)) and belongs(element):
                gathered.append(element)
                return True
        return False

    async def ask(self, kind: str, to: JID | None, payload: ET.Element, timeout: float) -> ET.Element:
        """Send an iq and return its answer; see :class:`Requests`."""
        return await self._requests.ask(kind, to, payload, timeout)

    def confirm_by_ping(self, wire_id: str) -> None:
        """Acknowledge a message once the server answers a ping sent after it: it reads in order (RFC 6120 10.1)."""
        self._start(self._confirm(wire_id))

    async def _confirm(self, wire_id: str) -> None:
        with contextlib.suppress(KnownError):
            await self._ping()
            self._on_acknowledged([wire_id])

    async def watch(self) -> KnownError:
        """Wait for the stream's end; ask a silent server whether it is there (XEP-0199). Returns the reason."""
        ended = self._client.ended
        while not ended.done():
            quiet = time.monotonic() - self._client.last_heard
            await asyncio.wait({ended}, timeout=max(1.0, QUIET_SECONDS - quiet))
            if not ended.done() and time.monotonic() - self._client.last_heard >= QUIET_SECONDS:
                with contextlib.suppress(KnownError):
                    await self._ping()
        self.close()
        return ended.result()

    async def _ping(self) -> None:
        """Make sure of the server. Raises KnownError where it is gone; an answer that refuses is an answer."""
        try:
            await self.ask("get", JID("", self.own.domain), ET.Element(f"{{{PING}}}ping"), self._deadline)
        except KnownError as error:
            if error.kind is ErrorKind.NO_ANSWER:
                self._client.fail(ErrorKind.CONNECTION_LOST, "the server does not answer any more")
            if self._client.ended.done():
                raise

    def close(self) -> None:
        """Whoever waits for an answer is told that none will come."""
        self._client.on_stanza = None
        self._client.on_messages = None
        self._requests.close()
        for task in self._tasks:
            task.cancel()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # stanzas

    def _on_stanza(self, element: ET.Element) -> None:
        try:
            if element.tag == PRESENCE:
                self._on_presence(element)
            elif element.get("type") in ("get", "set"):
                self._on_request(element)
            elif not (self._take_account_answer(element) or self._requests.take(element)):
                self._client.hear_elsewhere(element)
        except InvalidJID as error:
            log.debug("dropped a stanza from an invalid address: %s", error)

    def _on_messages(self, elements: Sequence[ET.Element]) -> None:
        envelopes = []
        for element in elements:
            try:
                if self._gather(element):
                    continue
                envelopes.append(parse_message(self._account_id, self.own, element, archive_ids=self._archive_ids))
            except InvalidJID as error:
                log.debug("dropped a message from an invalid address: %s", error)
        if envelopes:
            self._call(self._handler.on_envelopes, envelopes)

    def _on_presence(self, element: ET.Element) -> None:
        kind = element.get("type", "")
        sender = address(element.get("from")) or self.own.bare
        if kind in SUBSCRIPTION_KINDS:
            self._call(self._handler.on_subscription, parse_subscription(element, sender))
        elif kind in ("", "unavailable"):
            self._call(self._handler.on_presence, parse_presence(element, sender))

    def _on_request(self, element: ET.Element) -> None:
        payload = element[0] if len(element) else None
        if payload is not None and is_roster(payload) and element.get("type") == "set":
            self._client.send_element(self._on_roster_push(element))
        elif self._may_ask(address(element.get("from"))):
            self._client.send_element(self._answers.answer(element, payload))
        else:
            self._client.send_element(iq_error(element, "service-unavailable"))

    def _may_ask(self, sender: JID | None) -> bool:
        """Whether to answer: a stranger is told what the server says for who is not there (RFC 6121 8.5.3.2.3)."""
        if sender is None or sender.bare == self.own.bare or sender == JID("", self.own.domain):
            return True
        answers: list[bool] = []
        self._call(lambda jid: answers.append(self._handler.sees_us(jid)), sender.bare)
        return answers == [True]

    def _on_roster_push(self, element: ET.Element) -> ET.Element:
        """Take a push from our own server, and from nobody else (RFC 6121 section 2.1.6). Returns the answer."""
        if address(element.get("from")) not in (None, self.own.bare):
            log.debug("refused a roster push from a stranger")
            return iq_error(element, "service-unavailable")
        push = parse_push(self._account_id, element)
        if push is None:
            return iq_error(element, "bad-request", "modify")
        if self._early is not None:
            self._early.append(push)
        else:
            self._call(self._handler.on_roster_push, push)
        return iq_result(element)

    def _on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        self._call(self._handler.on_acknowledged, wire_ids)

    def _call(self, function: Callable[[T], None], value: T) -> None:
        """Call the handler. Where it says that it could not keep what came, the stream ends unacknowledged."""
        error = guard(function)(value)
        if error is not None:
            self._client.end(error)
