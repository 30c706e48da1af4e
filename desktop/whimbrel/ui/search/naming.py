"""Whose words a hit is, in the person's words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.message import Direction
from whimbrel.model.search import Hit, Term
from whimbrel.ui.names import conversation_name
from whimbrel.ui.search.results import Result, make_result
from whimbrel.ui.words import when_word


class Naming:
    """Makes results of hits; conversations are read once for each page."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def results(self, hits: Sequence[Hit], terms: Sequence[Term]) -> list[Result]:
        """The hits of a page, without those whose conversation is gone."""
        known: dict[ConversationId, Conversation | None] = {}
        results = []
        for hit in hits:
            key = hit.message.conversation_id
            if key not in known:
                known[key] = self._services.conversations.find(key)
            if (conversation := known[key]) is not None:
                results.append(self._result(hit, terms, conversation))
        return results

    def _result(self, hit: Hit, terms: Sequence[Term], conversation: Conversation) -> Result:
        name = conversation_name(self._services, conversation.account_id, conversation.jid)
        ours = hit.message.direction is Direction.OUT
        speaker = QCoreApplication.translate("Search", "You") if ours else ""
        return make_result(hit, terms, conversation.jid, name, speaker, when_word(hit.message.time))
