"""Corrections, retractions and reactions that were refused: told beneath their message, with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.refusals import Refusals
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.errors import KnownError
from whimbrel.model.message import Message, MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.ui.conversation.deleting import retraction_words
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.conversation.refusal_part import RefusalLine, RefusalPart, Way

if TYPE_CHECKING:
    from whimbrel.model.refusal import Refusal
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part


class Refusing(Extension):
    """*Retry* sends it again, *Undo* brings the text back that the others have, *Dismiss* leaves it at that."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._refusals = pane.services.find_offer(Refusals)

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """What was refused of them."""
        if self._refusals is None:
            return {}
        retracted = {message.id for message in messages if message.retracted}
        found = self._refusals.refusals(messages)
        shown = {
            key: [one for one in refusals if (one.kind is OutboxKind.RETRACTION) is (key in retracted)]
            for key, refusals in found.items()
        }
        return {key: self._part(key, refusals) for key, refusals in shown.items() if refusals}

    def _part(self, message_id: MessageId, refusals: Sequence[Refusal]) -> RefusalPart:
        return RefusalPart(tuple(RefusalLine(one, self._ways(message_id, one.kind)) for one in refusals))

    def _ways(self, message_id: MessageId, kind: OutboxKind) -> tuple[Way, ...]:
        services = self.pane.services
        retry, dismiss = self.tr("Retry"), self.tr("Dismiss")
        if kind is OutboxKind.CORRECTION:
            corrector = services.offer(Corrector)
            return (
                self._way(retry, partial(corrector.retry, message_id)),
                self._way(self.tr("Undo"), partial(corrector.undo, message_id)),
            )
        leave = self._way(dismiss, partial(self._dismiss, message_id, kind))
        if kind is OutboxKind.RETRACTION:
            eraser = services.offer(Eraser)
            return (self._way(retry, partial(eraser.retry, message_id, retraction_words())), leave)
        return (self._way(retry, partial(services.offer(Reactions).retry, message_id)), leave)

    def _dismiss(self, message_id: MessageId, kind: OutboxKind) -> None:
        if self._refusals is not None:
            self._refusals.dismiss(message_id, kind)

    def _way(self, label: str, act: Callable[[], None]) -> Way:
        def run() -> None:
            try:
                act()
            except KnownError as error:
                self.pane.error_box.show_error(error)

        return Way(label, run)
