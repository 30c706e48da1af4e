"""What the core needs from an XMPP stream. ``xmpp/connection.py`` provides it; tests have one without a network."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from whimbrel.model.account import Account, ConnectionStatus
from whimbrel.model.contact import OwnPresence
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza, RosterAnswer, RosterPush, SubscriptionStanza


class StreamHandler(Protocol):
    """What a stream calls, synchronously and guarded: what it raises is logged loudly and goes no further."""

    def on_status(self, status: ConnectionStatus) -> None:
        """The connection entered another state."""

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster of a session arrived; presence is sent after this returns."""

    def on_roster_push(self, push: RosterPush) -> None:
        """The server told of a change to the roster (its sender is already verified)."""

    def on_presence(self, stanza: PresenceStanza) -> None:
        """A resource became available, unavailable or changed."""

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        """Somebody asks for, grants, ends or refuses a subscription."""

    def on_envelopes(self, envelopes: Sequence[Envelope]) -> None:
        """Message stanzas arrived, one after another. They are acknowledged to the server only after this returns.

        Raises:
            KnownError: DISK_FULL, the only error that passes: none of them is on disk. The stream must then
                end at once without acknowledging any (no proper closing of stream management), treat it as
                CONNECTION_LOST with this error and connect again with back-off; the server delivers them again.
        """

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has acknowledged messages that we sent (XEP-0198): all that one answer of its confirms."""

    def sees_us(self, jid: JID) -> bool:
        """Whether somebody may know that we are there; those who may not are answered as if we were not."""


PasswordSource = Callable[[], Awaitable[str]]
"""Gives the password each time one is needed; raises KnownError (PASSWORD_NEEDED, KEYRING_LOCKED)."""

RosterVersion = Callable[[], str | None]
"""The version of the roster on disk; None where there is no roster on disk."""


class Stream(Protocol):
    """One account's connection: connects, reconnects, sends. All methods are called on the event loop's thread."""

    @property
    def status(self) -> ConnectionStatus:
        """The present state."""

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

    def send_subscription(self, to: JID, kind: str, message: str = "") -> None:
        """Send subscribe, subscribed, unsubscribe or unsubscribed. Raises KnownError(NOT_CONNECTED) unless ONLINE."""

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        """Send an iq (``kind``: get or set) and return the answer's whole ``<iq/>``. ``to`` None: our own server.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or what the error stanza means (``xmpp/errors.py``).
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
    ) -> Stream:
        """Make a stream."""
