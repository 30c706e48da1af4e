"""One session: what is bound to an address, its stanzas in and out. Outlives its stream where it can be resumed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import xml.etree.ElementTree as ET
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from whimbrel.model.account import AccountId
from whimbrel.model.contact import OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.stream import Support
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.boundary import guard
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.collecting import Collectors
from whimbrel.xmpp.handler import SessionHandler
from whimbrel.xmpp.inbound import Collect
from whimbrel.xmpp.liveness import Liveness
from whimbrel.xmpp.management import ANSWER, CountError, Management, parse_count
from whimbrel.xmpp.messages import parse_message
from whimbrel.xmpp.presence import SUBSCRIPTION_KINDS, build_presence, parse_presence, parse_subscription
from whimbrel.xmpp.requests import Requests
from whimbrel.xmpp.service import Service
from whimbrel.xmpp.stanzas import (
    CLIENT_STATE,
    MESSAGE,
    PING,
    PRESENCE,
    STANZA_IDS,
    address,
)

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """How the server is watched, in seconds; see :class:`Liveness`."""

    interval: float = 60.0
    deadline: float = 10.0


USUAL_WATCH = Watch()


class Session:
    """Handles the stanzas of one session, over as many streams as it takes.

    Args:
        own: the full address that the server bound.
    """

    def __init__(self, account_id: AccountId, own: JID, handler: SessionHandler, answers: Answers) -> None:
        self._account_id = account_id
        self.own = own
        self.handler = handler
        self._answers = answers
        self.management: Management | None = None
        self.support = Support()
        self.ready = False  # it is synchronised and takes requests
        self.was_online = False
        self.recovered = False  # it is of before the program's start: contacts' presences are not known
        self._client: Client | None = None
        self._liveness: Liveness | None = None
        self._asks_soon = False
        self._requests = Requests(own, self.send)
        self._collectors = Collectors(own)
        self._service = Service(account_id, own, handler, answers, self.tell)
        self._presence: bytes | None = None  # the last that the server has from us
        self._tasks: set[asyncio.Task[None]] = set()

    # its streams

    @property
    def client(self) -> Client | None:
        """The stream that it is on, while that lasts."""
        return self._client if self._client is not None and not self._client.ended.done() else None

    def attach(self, client: Client) -> None:
        """A stream carries the session from now on."""
        self._client = client
        client.inbound.consumer = self
        client.on_element = self._take_element

    def manage(self, management: Management | None) -> None:
        """Whether both sides count is known now."""
        self.management = management
        if self._client is not None:
            self._client.on_element = self._take_element

    def resume(self, acknowledged: int) -> None:
        """The server goes on with the session: send again what it does not have."""
        client, management = self._client, self.management
        if client is not None and management is not None and self._take_count(acknowledged):
            client.send_again(management)
            if management.unacknowledged:
                client.ask_for_acknowledgement()

    def watch(self, watch: Watch) -> None:
        """Make sure of the server from now on."""
        if self._client is not None:
            self._liveness = Liveness(
                self._client, self._ask_whether_there, interval=watch.interval, deadline=watch.deadline
            )

    def detach(self) -> None:
        """The stream ended; the session may go on."""
        client, self._client = self._client, None
        if self._liveness is not None:
            self._liveness.close()
            self._liveness = None
        if client is not None:
            client.inbound.drop()
            client.on_element = None

    def close(self, acknowledged: int | None = None) -> None:
        """The session is over: whoever waits for an answer is told that none will come.

        Args:
            acknowledged: so many of our stanzas the server had, as far as it tells.
        """
        self.detach()
        if acknowledged is not None:
            self._take_count(acknowledged)
        self._requests.close()
        for task in self._tasks:
            task.cancel()

    # what it says

    def check(self) -> None:
        """Make sure of the server now."""
        if self._liveness is not None:
            self._liveness.check()

    def send_presence(self, presence: OwnPresence) -> None:
        """Broadcast presence, unless the server has it."""
        element = build_presence(presence, self._answers.extend_presence(presence))
        written = ET.tostring(element)
        if written != self._presence:
            self._presence = written
            self.send(element)

    def send_active(self, active: bool) -> None:
        """Say whether the person is looking, where the server cares (XEP-0352)."""
        if f"{{{CLIENT_STATE}}}csi" in self.support.stream and self._client is not None:
            self._client.say(f'<{"active" if active else "inactive"} xmlns="{CLIENT_STATE}"/>')

    def send_message(self, element: ET.Element) -> None:
        """Send a message, and ask the server to acknowledge it.

        A server without XEP-0198 acknowledges nothing: then it counts as acknowledged when an answer to a later
        ping proves that the server has read it (it reads in order: RFC 6120 section 10.1).
        """
        self.send(element)
        if self.management is not None:
            self._ask_whether_there()
        else:
            self._start(self._ping(element.get("id", "")))

    def send_extension(self, element: ET.Element) -> None:
        """Send a message without a body, and ask the server to acknowledge all of a turn of the event loop at once."""
        self.send(element)
        if self.management is not None and not self._asks_soon:
            self._asks_soon = True
            asyncio.get_running_loop().call_soon(self._ask_for_turn)

    def _ask_for_turn(self) -> None:
        self._asks_soon = False
        self._ask_whether_there()

    def send(self, element: ET.Element) -> None:
        """Send a stanza. Raises KnownError(NOT_CONNECTED) between streams."""
        if self._client is None:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        self._client.send_element(element)

    async def ask(self, kind: str, to: JID | None, payload: ET.Element, timeout: float) -> ET.Element:
        """Send an iq and return its answer; see :class:`Requests`."""
        return await self._requests.ask(kind, to, payload, timeout)

    async def collect(
        self, to: JID | None, payload: ET.Element, belongs: Callable[[ET.Element], bool], timeout: float
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Send an iq of type set; its answer, and the messages that belong to it; see :class:`Collectors`."""
        return await self._collectors.collect(to, belongs, self._requests.ask("set", to, payload, None), timeout)

    def ask_quietly(self, payload: ET.Element) -> None:
        """Ask our account to set something; a refusal does not matter."""
        self._start(self._ask_quietly(payload))

    async def _ask_quietly(self, payload: ET.Element) -> None:
        try:
            await self._requests.ask("set", None, payload, None)
        except KnownError as error:
            log.debug("the server does not want %s: %s", payload.tag, error)

    def _ask_whether_there(self) -> None:
        if self.management is None:
            self._start(self._ping(""))
        elif self._client is not None:
            self._client.ask_for_acknowledgement()
            if self._liveness is not None:
                self._liveness.asked()

    async def _ping(self, wire_id: str) -> None:
        """Ask a server that does not count; an answer that refuses is an answer."""
        if self._liveness is not None:
            self._liveness.asked()
        try:
            await self._requests.ask("get", JID("", self.own.domain), ET.Element(f"{{{PING}}}ping"), None)
        except KnownError as error:
            if error.kind is ErrorKind.NOT_CONNECTED:
                return
        if self._liveness is not None:
            self._liveness.answered()
        if wire_id:
            self.tell(self.handler.on_acknowledged, [wire_id])

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # what comes

    def take_stanza(self, element: ET.Element) -> bool:
        """A presence or iq came."""
        try:
            if element.tag == PRESENCE:
                return self._on_presence(element)
            if element.get("type") in ("get", "set"):
                return self._on_request(element)
            self.take_answer(element)
        except InvalidJID as error:
            log.debug("dropped a stanza from an invalid address: %s", error)
        return True

    def take_answer(self, element: ET.Element) -> bool:
        """Whether an iq answers a request of ours; then its asker has it."""
        return element.get("type") in ("result", "error") and self._requests.take(element)

    def take_messages(self, elements: Sequence[ET.Element], handled: int | None) -> bool:
        """Messages came one after another."""
        envelopes = []
        archive_ids = STANZA_IDS in self.support.account
        for element in elements:
            try:
                envelopes.append(parse_message(self._account_id, self.own, element, archive_ids=archive_ids))
            except InvalidJID as error:
                log.debug("dropped a message from an invalid address: %s", error)
        if envelopes:
            return self.tell(lambda several: self.handler.on_envelopes(several, handled), envelopes)
        return handled is None or self.tell(self.handler.on_counted, handled)

    def find_collector(self, element: ET.Element) -> Collect | None:
        """Who gathers a message that is part of an answer."""
        return self._collectors.find(element)

    def before_acknowledging(self, handled: int) -> bool:
        """The server is about to be told what is handled."""
        return self.tell(self.handler.on_counted, handled)

    def tell(self, function: Callable[[T], None], value: T) -> bool:
        """Call the handler. False where it could not keep what came: then the stream ends, unacknowledged."""
        error = guard(function)(value)
        if error is not None and self._client is not None:
            self._client.end(error)
        return error is None

    def _take_element(self, element: ET.Element) -> None:
        """What is no stanza: only the server's count matters."""
        if element.tag != ANSWER or self.management is None:
            return
        count = parse_count(element)
        if count is not None and self._take_count(count) and self._liveness is not None:
            self._liveness.answered()

    def _take_count(self, count: int) -> bool:
        """So many of our stanzas the server has. False where that cannot be, or cannot be kept: the stream ends."""
        management = self.management
        if management is None:
            return False
        try:
            stanzas = management.acknowledge(count)
        except CountError as error:
            management.session_id = ""
            if self._client is not None:
                self._client.end_wrongly_counted(str(error))
            return False
        ids = [stanza.get("id", "") for stanza in stanzas if stanza.tag == MESSAGE]
        if ids and not self.tell(self.handler.on_acknowledged, ids):
            management.take_back(stanzas)
            return False
        return True

    def _on_presence(self, element: ET.Element) -> bool:
        kind = element.get("type", "")
        sender = address(element.get("from")) or self.own.bare
        if kind in SUBSCRIPTION_KINDS:
            return self.tell(self.handler.on_subscription, parse_subscription(element, sender))
        return kind not in ("", "unavailable") or self.tell(self.handler.on_presence, parse_presence(element, sender))

    def _on_request(self, element: ET.Element) -> bool:
        answer = self._service.take(element)
        if answer is not None:
            with contextlib.suppress(KnownError):  # the stream has just ended
                self.send(answer)
        return answer is not None
