"""What the core needs from an XMPP stream. ``xmpp/connection.py`` provides it; tests have one without a network."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from whimbrel.model.account import Account, ConnectionStatus
from whimbrel.model.contact import OwnPresence
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.jid import JID
from whimbrel.model.stream import (
    PresenceStanza,
    ResumableSession,
    RosterAnswer,
    RosterPush,
    SubscriptionStanza,
    Support,
)


class StreamHandler(Protocol):
    """What a stream calls, synchronously and guarded: what it raises is logged loudly and goes no further.

    But for KnownError DISK_FULL: what is told is not on disk then. The stream ends, and tells it again: in the session
    that goes on, or by beginning another.
    """

    def on_status(self, status: ConnectionStatus) -> None:
        """The connection entered another state."""

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster of a session arrived; presence is sent after this returns.

        The stream's ``support`` is known, and it takes requests. Not called for a session that is resumed.
        """

    def on_session(self, session: ResumableSession | None) -> None:
        """A session began: one that can be resumed (then ``handled`` is 0), or None."""

    def on_recovered(self, handled: int) -> None:
        """The server still knows the session of before the program's start: it has handled so many of our stanzas.

        Whether that session goes on or not; called before ``on_roster``.
        """

    def on_counted(self, handled: int) -> None:
        """So many stanzas of the server's are done with, and it is about to be told."""

    def on_roster_push(self, push: RosterPush) -> None:
        """The server told of a change to the roster (its sender is already verified)."""

    def on_presence(self, stanza: PresenceStanza) -> None:
        """A resource became available, unavailable or changed."""

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        """Somebody asks for, grants, ends or refuses a subscription."""

    def on_envelopes(self, envelopes: Sequence[Envelope], handled: int | None = None) -> None:
        """Message stanzas arrived, one after another. They are acknowledged to the server only after this returns.

        Args:
            handled: with these, so many stanzas of the server's are done with in a session that can be resumed: to be
                kept in the same transaction. None where it cannot be.

        Raises:
            KnownError: DISK_FULL: none of them is on disk. The stream must then end at once without acknowledging any
                (no proper closing of stream management) and connect again with back-off; the server delivers them
                again.
        """

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has acknowledged messages that we sent (XEP-0198): all that one answer of its confirms."""

    def sees_us(self, jid: JID) -> bool:
        """Whether somebody may know that we are there; those who may not are answered as if we were not."""


PasswordSource = Callable[[], Awaitable[str]]
"""Gives the password each time one is needed; raises KnownError (PASSWORD_NEEDED, KEYRING_LOCKED)."""

SavedSession = Callable[[], ResumableSession | None]
"""The session that was on disk when the program started; None where there is none."""

RosterVersion = Callable[[], str | None]
"""The version of the roster on disk; None where there is no roster on disk."""


class Stream(Protocol):
    """One account's connection: connects, reconnects, sends. All methods are called on the event loop's thread."""

    @property
    def status(self) -> ConnectionStatus:
        """The present state."""

    @property
    def support(self) -> Support:
        """What can be used in this session; known from ``on_roster`` on, kept when it is resumed."""

    @property
    def next_sequence(self) -> int | None:
        """The number that the next stanza of ours will have (XEP-0198), None where they are not counted."""

    def check_now(self) -> None:
        """Something happened to the network or the machine: make sure of the server (10 s), or end a wait."""

    def set_active(self, active: bool) -> None:
        """Whether the person is looking (XEP-0352); remembered, and told again in each session."""

    def start(self) -> None:
        """Connect and stay connected: network faults are retried with back-off. Does nothing where it already runs."""

    def retry_now(self) -> None:
        """End a wait at once. Also leaves FAILED, for one more try."""

    async def stop(self) -> None:
        """Send unavailable presence, close the stream properly (at most 3 s) and become OFFLINE."""

    def send_presence(self, presence: OwnPresence) -> None:
        """Broadcast presence; remembered, and sent again by itself in each new session."""

    def send_message(self, message: OutgoingMessage) -> None:
        """Hand a message over and ask the server to acknowledge it. Raises KnownError(NOT_CONNECTED) unless ONLINE."""

    def send_extension(self, to: JID, type_: str, wire_id: str, extensions: tuple[ET.Element, ...]) -> None:
        """Send a message stanza without a body (a receipt, say). Raises KnownError(NOT_CONNECTED) unless ONLINE."""

    def send_stanza(self, stanza: ET.Element) -> None:
        """Send what a person wrote by hand. Raises KnownError: NOT_CONNECTED unless ONLINE, TOO_LARGE."""

    def send_subscription(self, to: JID, kind: str, message: str = "", extensions: tuple[ET.Element, ...] = ()) -> None:
        """Send subscribe, subscribed, unsubscribe or unsubscribed. Raises KnownError(NOT_CONNECTED) unless ONLINE."""

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        """Send an iq (``kind``: get or set) and return the answer's whole ``<iq/>``. ``to`` None: our own server.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or what the error stanza means (``xmpp/errors.py``).
        """

    async def collect(
        self,
        to: JID | None,
        payload: ET.Element,
        belongs: Callable[[ET.Element], bool],
        *,
        timeout: float = 30.0,
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Send an iq of type set; return its answer, and the messages before it that belong to it (XEP-0313).

        These are not handed to ``on_envelopes``. Only messages from ``to`` itself are asked about (None: our account,
        with its bare address or none as the sender).

        Args:
            belongs: whether a ``<message/>`` is part of the answer.
            timeout: seconds without anything of it.

        Raises:
            KnownError: as :meth:`request`.
        """

    async def set_contact(self, jid: JID, name: str, groups: frozenset[str]) -> None:
        """Add or change a roster entry (RFC 6121 section 2.3). Raises KnownError as :meth:`request`."""

    async def remove_contact(self, jid: JID) -> None:
        """Remove a roster entry and both subscriptions (RFC 6121 section 2.5). Raises KnownError as :meth:`request`."""


class StreamFactory(Protocol):
    """Makes an account's stream. It does not connect before ``start``."""

    def __call__(
        self,
        account: Account,
        handler: StreamHandler,
        password: PasswordSource,
        roster_version: RosterVersion,
        saved_session: SavedSession,
    ) -> Stream:
        """Make a stream."""
