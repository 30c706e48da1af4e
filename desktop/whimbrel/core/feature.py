"""What a capability may offer the core. One room each in ``features/``; the list FEATURES is in ``app.py``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from whimbrel.core.action import Action
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.outbox import OutboxKind


class Feature:
    """The base of every feature: override what the feature offers."""

    name: str = ""
    """Its stem in every layer."""

    namespaces: tuple[str, ...] = ()
    """What it adds to our service discovery (XEP-0030)."""

    def stages(self) -> Sequence[Stage]:
        """Its stages of the receive pipeline."""
        return ()

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """What it adds to a message that is about to be sent."""
        return ()

    def actions(self) -> Mapping[OutboxKind, Action]:
        """The kinds of outbox row that it carries out."""
        return {}

    def on_online(self, account_id: AccountId, stream: Stream) -> None:
        """An account came online, in a new session or a resumed one."""
