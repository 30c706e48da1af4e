"""Asks the core as one types: after a moment, and only the last question is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from whimbrel.core.search import Search
from whimbrel.core.search_meaning import Language, Trouble
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.search import Hits, Place, SearchQuery
from whimbrel.ui.run import run

_MOMENT = 90  # milliseconds without a key

Answered = Callable[[Hits], None]


class Asking(QObject):
    """One who asks: a page, a bar, the palette. ``answered`` gets what a question finds, ``failed`` why it cannot."""

    def __init__(
        self,
        search: Search,
        parent: QObject,
        answered: Answered,
        failed: Callable[[KnownError], None],
        limit: int,
        language: Language | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._answered = answered
        self._failed = failed
        self._limit = limit
        self._language = language or Language()
        self._task: asyncio.Task[Hits] | None = None
        self._text = ""
        self._within: ConversationId | None = None
        self.query = SearchQuery()
        self.troubles: tuple[Trouble, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_MOMENT)
        self._timer.timeout.connect(self._ask)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is to come."""
        return self._timer.isActive() or (self._task is not None and not self._task.done())

    def ask(self, text: str, within: ConversationId | None = None) -> None:
        """Ask what a text finds, soon; within one conversation where one is given."""
        self.give_up()
        self._text, self._within = text, within
        if text.strip():
            self._timer.start()
        else:
            self.query, self.troubles = SearchQuery(), ()
            self._answered(Hits(()))

    def ask_now(self) -> None:
        """Do not wait for another key."""
        if self._timer.isActive():
            self._timer.stop()
            self._ask()

    def ask_older(self, before: Place, answered: Answered) -> None:
        """Ask for what the same question finds before a place."""
        if not self.is_waiting:
            self._start(before, answered)

    def give_up(self) -> None:
        """Nobody wants an answer any more."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _ask(self) -> None:
        meaning = self._search.interpret(self._text, self._within, self._language)
        self.query, self.troubles = meaning.query, meaning.troubles
        if self.query.is_empty and self.query.conversations is None:
            self._answered(Hits(()))
            return
        self._start(None, self._answered)

    def _start(self, before: Place | None, answered: Answered) -> None:
        finding = self._search.find(self.query, limit=self._limit, before=before)
        self._task = run(self, finding, on_done=answered, on_error=self._failed)
