"""What goes over an account's stream, for those who look into it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from whimbrel.model.account import AccountId


@dataclass(frozen=True, slots=True)
class SeenXml:
    """What was said at once, as XML. May hold whatever is said while signing in: what shows it redacts that."""

    moment: datetime
    is_ours: bool
    text: str


class StanzaFault(enum.Enum):
    """Why a text is no stanza that can be sent."""

    EMPTY = enum.auto()
    TOO_LONG = enum.auto()
    NOT_WELL_FORMED = enum.auto()
    NOT_ONE = enum.auto()
    NO_STANZA = enum.auto()  # neither message, presence nor iq of jabber:client
    NO_TYPE = enum.auto()  # an iq without one of its four types
    NO_PAYLOAD = enum.auto()  # an iq that asks for nothing, or for several things


class Stanzas(Protocol):
    """Shows what is said and heard, and says what a person wrote."""

    def watch(self, account_id: AccountId, seen: Callable[[SeenXml], None]) -> Callable[[], None]:
        """Hear of everything from now on; returns what ends that. ``seen`` must not raise, and be quick."""

    def check(self, text: str) -> StanzaFault | None:
        """Why a text is not one stanza; None where it is."""

    def send(self, account_id: AccountId, text: str) -> None:
        """Send one stanza; an iq without an id gets one. Nothing of it is kept here, and its answer only shown.

        Raises:
            KnownError: NOT_CONNECTED, TOO_LARGE.
            ValueError: it is not one stanza.
        """
