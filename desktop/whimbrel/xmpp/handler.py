"""What this room tells and asks: the same as ``core.stream.StreamHandler``, which it must not import."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Protocol

from whimbrel.model.account import AccountId, ConnectionStatus
from whimbrel.model.contact import OwnPresence
from whimbrel.model.envelope import Envelope
from whimbrel.model.jid import JID
from whimbrel.model.stream import (
    PresenceStanza,
    ResumableSession,
    RosterAnswer,
    RosterPush,
    SubscriptionStanza,
    Support,
)


class SessionHandler(Protocol):
    """What a session tells; see ``core.stream.StreamHandler``."""

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster arrived."""

    def on_session(self, session: ResumableSession | None) -> None:
        """A session began."""

    def on_recovered(self, handled: int) -> None:
        """The server knows the session of before the program's start."""

    def on_counted(self, handled: int) -> None:
        """So many stanzas of the server's are done with."""

    def on_roster_push(self, push: RosterPush) -> None:
        """The roster changed."""

    def on_presence(self, stanza: PresenceStanza) -> None:
        """A resource's presence."""

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        """Something about a subscription."""

    def on_envelopes(self, envelopes: Sequence[Envelope], handled: int | None = None) -> None:
        """Messages that came one after another."""

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has messages of ours."""

    def sees_us(self, jid: JID) -> bool:
        """Whether somebody may know that we are there."""


class ConnectionHandler(SessionHandler, Protocol):
    """What a connection tells; see ``core.stream.StreamHandler``."""

    def on_status(self, status: ConnectionStatus) -> None:
        """The connection entered another state."""


class Tap(Protocol):
    """Who looks at all that is said and heard; see ``core.offers.stanzas``."""

    @property
    def is_open(self) -> bool:
        """Whether anybody looks: else nothing needs to be written out."""

    def tell(self, text: str, *, is_ours: bool) -> None:
        """Something was said (``is_ours``) or heard, as XML."""


class NoTap:
    """Nobody looks."""

    is_open = False

    def tell(self, text: str, *, is_ours: bool) -> None:
        """Nobody hears it."""


class ClientExtension(Protocol):
    """What a feature adds to every stream."""

    def advertised(self) -> Sequence[str]:
        """What it adds to our service discovery (XEP-0030) now."""

    def extend_presence(self, account_id: AccountId, presence: OwnPresence) -> Sequence[ET.Element]:
        """What it adds to our presence, which is broadcast."""

    def answer_query(self, account_id: AccountId, payload: ET.Element) -> ET.Element | None:
        """The answer to a question of somebody who may see us; None where it is no matter of its."""

    def prelude(self, support: Support) -> Sequence[ET.Element]:
        """What our account is asked (an iq of type set each) in a new session, before presence is sent."""
