"""A stream without a network: what the core sends is recorded, what a server would say is told by the test."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from whimbrel.core.stream import PasswordSource, RosterVersion, SavedSession, StreamHandler
from whimbrel.model.account import Account, AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability, Contact, OwnPresence, Presence, Subscription
from whimbrel.model.envelope import Envelope, OutgoingMessage, Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza, RosterAnswer, RosterPush, SubscriptionStanza, Support

_ROSTER = "jabber:iq:roster"
_BLOCKING = "urn:xmpp:blocking"
_DISCO = "http://jabber.org/protocol/disco#info"


def message_element(
    body: str | None = "hi", *, type_: str = "chat", id_: str = "", extra: str = "", **attributes: str
) -> ET.Element:
    """A ``<message/>``; ``extra`` is XML inside it."""
    element = ET.fromstring(f"<message xmlns='jabber:client'>{extra}</message>")
    element.attrib.update({"type": type_, **attributes})
    if id_:
        element.set("id", id_)
    if body is not None:
        ET.SubElement(element, "{jabber:client}body").text = body
    return element


class Archive(Protocol):
    """Plays an archive (XEP-0313)."""

    async def answer(self, payload: ET.Element) -> tuple[ET.Element, list[ET.Element]]:
        """The ``<iq/>`` that ends a query, and the messages with its results."""


class FakeStream:
    """Plays the stream and, as far as the roster goes, the server behind it.

    ``acknowledges``: whether messages are acknowledged at once. ``errors``: what the next requests of a kind raise,
    by "set_contact", "remove_contact" or the payload's tag. ``hangs``: addresses whose requests never end.
    """

    def __init__(
        self,
        account: Account,
        handler: StreamHandler,
        password: PasswordSource,
        roster_version: RosterVersion,
        saved_session: SavedSession = lambda: None,
    ) -> None:
        self.saved_session = saved_session
        self.checks = 0  # how often check_now was called
        self.typed: list[ET.Element] = []  # written by hand
        self.active = True
        self.next_sequence: int | None = None
        self.handled: int | None = None  # what is told with messages
        self.archive: Archive | None = None  # answers ``collect``
        self.account_features: set[str] = {"urn:xmpp:sid:0"}
        self.account = account
        self.handler = handler
        self.password = password
        self.roster_version = roster_version
        self.acknowledges = True
        self.connects = False  # whether start() leads to ONLINE by itself
        self.started = False
        self.sent: list[OutgoingMessage] = []
        self.extensions: list[tuple[JID, str, str, tuple[ET.Element, ...]]] = []
        self.subscriptions: list[tuple[JID, str, str]] = []
        self.subscription_extensions: list[tuple[ET.Element, ...]] = []
        self.presences: list[OwnPresence] = []
        self.requests: list[tuple[str, JID | None, ET.Element]] = []
        self.set_contacts: list[tuple[JID, str, frozenset[str]]] = []
        self.removed: list[JID] = []
        self.log: list[str] = []
        self.server_roster: dict[JID, Contact] = {}
        self.features: set[str] = {"urn:xmpp:blocking"}
        self.blocked: set[str] = set()  # what the server blocks
        self.errors: dict[str, list[KnownError]] = {}
        self.hangs: set[JID] = set()
        self.answers: dict[tuple[str, JID | None], str] = {}  # XML, by the payload's tag and who is asked
        self._together: list[Envelope] | None = None
        self._version = 0
        self._status = ConnectionStatus(ConnectionState.OFFLINE)

    # what a test does

    @property
    def account_id(self) -> AccountId:
        return self.account.id

    @property
    def full_jid(self) -> JID:
        return self.account.jid.bare.with_resource("desk")

    def set_status(self, state: ConnectionState, error: KnownError | None = None, *, resumed: bool = False) -> None:
        full = self.full_jid if state is ConnectionState.ONLINE else None
        self._status = ConnectionStatus(state, error, full_jid=full, resumed=resumed)
        self.handler.on_status(self._status)

    def go_online(self, *contacts: Contact) -> None:
        """A new session; with ``contacts``, they are the server's roster from now on."""
        self.set_status(ConnectionState.CONNECTING)
        if contacts:
            self.server_roster = {contact.jid: contact for contact in contacts}
        self.roster(*self.server_roster.values())
        self.set_status(ConnectionState.ONLINE)

    def resume(self) -> None:
        """The old session again (XEP-0198)."""
        self.set_status(ConnectionState.ONLINE, resumed=True)

    def lose(self) -> None:
        """The connection breaks."""
        self.set_status(ConnectionState.WAITING, KnownError(ErrorKind.CONNECTION_LOST))

    def fail(self, kind: ErrorKind) -> None:
        self.set_status(ConnectionState.FAILED, KnownError(kind))

    def roster(self, *contacts: Contact) -> None:
        """The answer to the first roster request."""
        own = tuple(replace(contact, account_id=self.account.id) for contact in contacts)
        self.handler.on_roster(RosterAnswer(self._next_version(), own))

    def push(self, jid: str, contact: Contact | None) -> None:
        """A roster push; None: removed."""
        parsed = JID.parse(jid)
        if contact is None:
            self.server_roster.pop(parsed, None)
        else:
            contact = self.server_roster[parsed] = replace(contact, account_id=self.account.id)
        self.handler.on_roster_push(RosterPush(self._next_version(), parsed, contact))

    def presence(
        self,
        sender: str,
        availability: Availability = Availability.ONLINE,
        status: str = "",
        priority: int = 0,
    ) -> None:
        jid = JID.parse(sender)
        presence = Presence(availability, status, priority, jid.resource)
        self.handler.on_presence(PresenceStanza(jid, presence, ET.Element("{jabber:client}presence")))

    def subscription(self, sender: str, kind: str = "subscribe", message: str = "", nick: str = "") -> None:
        self.handler.on_subscription(SubscriptionStanza(JID.parse(sender).bare, kind, message, nick))

    def receive_message(
        self,
        sender: str | None,
        body: str | None = "hi",
        *,
        type_: str = "chat",
        id_: str = "",
        extra: str = "",
        received: datetime | None = None,
        source: Source = Source.LIVE,
        archive_ids: bool = True,
        to: str = "",
    ) -> None:
        """A message arrives. ``extra``: XML inside it."""
        self.receive(
            Envelope(
                account_id=self.account.id,
                own_jid=self.full_jid,
                sender=JID.parse(sender) if sender else None,
                recipient=JID.parse(to) if to else self.full_jid,
                type=type_,
                wire_id=id_,
                element=message_element(body, type_=type_, id_=id_, extra=extra),
                received=received or datetime.now(UTC),
                source=source,
                archive_ids=archive_ids,
            )
        )

    def receive(self, envelope: Envelope) -> None:
        if self._together is not None:
            self._together.append(envelope)
        else:
            self.handler.on_envelopes([envelope], self.handled)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The messages received in it arrive one directly after another."""
        envelopes: list[Envelope] = []
        self._together = envelopes
        yield
        self._together = None
        self.handler.on_envelopes(envelopes, self.handled)

    def acknowledge(self, wire_id: str | None = None) -> None:
        """The server has a message; without an id, everything that was sent."""
        for message in list(self.sent):
            if wire_id in (None, message.wire_id):
                self.handler.on_acknowledged([message.wire_id])

    # the Stream protocol

    @property
    def status(self) -> ConnectionStatus:
        return self._status

    @property
    def support(self) -> Support:
        return Support(frozenset(self.account_features), frozenset(self.features))

    def check_now(self) -> None:
        self.checks += 1

    def set_active(self, active: bool) -> None:
        self.active = active

    def start(self) -> None:
        self.started = True
        if self.connects and self._status.state is ConnectionState.OFFLINE:
            self.go_online()

    def retry_now(self) -> None:
        self.log.append("retry")

    async def stop(self) -> None:
        self.started = False
        if self._status.state is not ConnectionState.OFFLINE:
            self.set_status(ConnectionState.OFFLINE)

    def send_presence(self, presence: OwnPresence) -> None:
        self.presences.append(presence)

    def send_message(self, message: OutgoingMessage) -> None:
        self._require_online()
        self.sent.append(message)
        self.log.append(f"message {message.to} {message.body}")
        if self.acknowledges:
            asyncio.get_running_loop().call_soon(self._tell_acknowledged, message.wire_id)

    def send_extension(self, to: JID, type_: str, wire_id: str, extensions: tuple[ET.Element, ...]) -> None:
        self._require_online()
        self.extensions.append((to, type_, wire_id, extensions))
        if self.next_sequence is not None and self.acknowledges:
            asyncio.get_running_loop().call_soon(self._tell_acknowledged, wire_id)

    def send_stanza(self, stanza: ET.Element) -> None:
        self._require_online()
        self.typed.append(stanza)

    def send_subscription(self, to: JID, kind: str, message: str = "", extensions: tuple[ET.Element, ...] = ()) -> None:
        self._require_online()
        self.subscriptions.append((to, kind, message))
        self.subscription_extensions.append(extensions)
        self.log.append(f"{kind} {to}")
        known = self.server_roster.get(to, Contact(self.account.id, to))
        if kind == "subscribe" and known.subscription in (Subscription.NONE, Subscription.FROM):
            self.push(str(to), replace(known, ask=True))

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        await self._answering(payload.tag, to)
        self.requests.append((kind, to, payload))
        answer = ET.Element("{jabber:client}iq", {"type": "result"})
        if (special := self.answers.get((payload.tag, to))) is not None:
            answer.append(ET.fromstring(special))
        elif payload.tag == f"{{{_ROSTER}}}query":
            answer.append(self._roster_element())
        elif payload.tag == f"{{{_DISCO}}}query":
            query = ET.SubElement(answer, payload.tag)
            for feature in sorted(self.features):
                ET.SubElement(query, f"{{{_DISCO}}}feature", {"var": feature})
        elif payload.tag.startswith(f"{{{_BLOCKING}}}"):
            self._answer_blocking(payload, answer)
        return answer

    async def collect(
        self,
        to: JID | None,
        payload: ET.Element,
        belongs: Callable[[ET.Element], bool],
        *,
        timeout: float = 30.0,
    ) -> tuple[ET.Element, list[ET.Element]]:
        await self._answering(payload.tag, to)
        self.requests.append(("set", to, payload))
        if self.archive is None:
            raise KnownError(ErrorKind.UNAVAILABLE, "there is no archive")
        answer, messages = await self.archive.answer(payload)
        self._require_online()
        return answer, [message for message in messages if belongs(message)]

    async def set_contact(self, jid: JID, name: str, groups: frozenset[str]) -> None:
        await self._answering("set_contact", jid)
        self.set_contacts.append((jid, name, groups))
        self.log.append(f"set {jid}")
        known = self.server_roster.get(jid, Contact(self.account.id, jid))
        self.push(str(jid), replace(known, name=name, groups=groups))

    async def remove_contact(self, jid: JID) -> None:
        await self._answering("remove_contact", jid)
        self.removed.append(jid)
        self.log.append(f"remove {jid}")
        self.push(str(jid), None)

    def _tell_acknowledged(self, wire_id: str) -> None:
        with suppress(KnownError):  # a real stream ends then, and tells it again
            self.handler.on_acknowledged([wire_id])

    async def _answering(self, what: str, to: JID | None) -> None:
        self._require_online()
        if to in self.hangs:
            await asyncio.get_running_loop().create_future()
        if self.errors.get(what):
            raise self.errors[what].pop(0)

    def _require_online(self) -> None:
        if self._status.state is not ConnectionState.ONLINE:
            raise KnownError(ErrorKind.NOT_CONNECTED)

    def _next_version(self) -> str:
        self._version += 1
        return f"v{self._version}"

    def _answer_blocking(self, payload: ET.Element, answer: ET.Element) -> None:
        items = {item.get("jid", "") for item in payload}
        if payload.tag == f"{{{_BLOCKING}}}block":
            self.blocked |= items
        elif payload.tag == f"{{{_BLOCKING}}}unblock":
            self.blocked = self.blocked - items if items else set()
        else:
            blocklist = ET.SubElement(answer, payload.tag)
            for jid in sorted(self.blocked):
                ET.SubElement(blocklist, f"{{{_BLOCKING}}}item", {"jid": jid})

    def _roster_element(self) -> ET.Element:
        query = ET.Element(f"{{{_ROSTER}}}query")
        for contact in self.server_roster.values():
            item = ET.SubElement(query, f"{{{_ROSTER}}}item", {"jid": str(contact.jid), "name": contact.name})
            item.set("subscription", contact.subscription.value)
            if contact.ask:
                item.set("ask", "subscribe")
            for group in sorted(contact.groups):
                ET.SubElement(item, f"{{{_ROSTER}}}group").text = group
        return query
