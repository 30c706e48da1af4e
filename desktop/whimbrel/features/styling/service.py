"""Message styling (XEP-0393): says that we show it, and keeps which messages ask for none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from whimbrel.core.feature import Feature
from whimbrel.core.offers.styling import Unstyled
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.features.styling import wire
from whimbrel.model.message import MessageId
from whimbrel.storage.database import Database
from whimbrel.storage.unstyled import UnstyledStore


class Styling(Feature):
    """The look itself is the interface's matter: the text is all that is sent and kept."""

    name = "styling"
    namespaces = (wire.NAMESPACE,)

    def __init__(self, database: Database) -> None:
        self._store = UnstyledStore(database)
        self._stages = (KeepUnstyled(self._store),)

    def stages(self) -> Sequence[Stage]:
        """One stage, after the message is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """Itself, to the interface."""
        return {Unstyled: self}

    def unstyled(self, message_ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these messages that are to be shown as their bare text."""
        return self._store.list_unstyled(message_ids)


class KeepUnstyled(Stage):
    """Notes a message that is not to be styled (section 6)."""

    name = "styling"
    after = frozenset({"store"})

    def __init__(self, store: UnstyledStore) -> None:
        self._store = store

    def process(self, delivery: Delivery) -> Verdict:
        """Write its row."""
        if delivery.message is not None and wire.parse_unstyled(delivery.envelope.element):
            self._store.add(delivery.message.id)
        return Verdict.CONTINUE
