"""Fetches what is missing of one conversation: when asked to, and by itself once what is missing comes into view."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.model.account import ConnectionState
from whimbrel.model.archive import Beginning, Gap
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.run import run

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge

_STEADY = 700  # ms: longer than the archive takes to tell of its next page

Place = datetime | None
"""Which part is meant: the time after which messages are missing, which stays while a gap is filled from its newer
end; None: what is older than everything."""


def place_of(gap: Gap | None) -> Place:
    """What identifies a gap while it is being filled."""
    return gap.after if gap is not None else None


class HistoryLoader(QObject):
    """What is being fetched, and why that failed."""

    changed = Signal()  # states, errors or the connection

    def __init__(
        self, services: Services, bridge: Bridge, conversation: Conversation, model: TimelineModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._conversation = conversation
        self._model = model
        self._loading: set[Place] = set()
        self._errors: dict[Place, KnownError] = {}
        self._seen: set[Hashable] = set()  # what is in view and was asked for, as it was then
        self._were_loading: set[Place] = set()
        self._just_ended: set[Place] = set()
        self._steady = QTimer(self, singleShot=True, interval=_STEADY)
        self._steady.timeout.connect(self._forget_just_ended)
        self._online = self._is_online()
        self._note_ends()
        bridge.connection_changed.connect(self._on_connection_changed)
        model.coverage_changed.connect(self._on_coverage_changed)

    @property
    def online(self) -> bool:
        """Whether anything can be fetched at all."""
        return self._online

    def is_loading(self, gap: Gap | None) -> bool:
        """Whether a gap is being filled (None: whether older messages are being fetched)."""
        known = gap.loading if gap is not None else self._model.coverage.loading
        return (known and self._online) or place_of(gap) in self._loading

    def seems_loading(self, gap: Gap | None) -> bool:
        """What a person is told of :meth:`is_loading`: the moment between two pages is no end.

        There are many where they bring nothing of this conversation.
        """
        self._note_ends()
        place = place_of(gap)
        return self.is_loading(gap) or (self._online and place in self._just_ended and place not in self._errors)

    def error(self, gap: Gap | None) -> KnownError | None:
        """Why the last try failed."""
        return self._errors.get(place_of(gap))

    def load(self, gap: Gap | None) -> None:
        """Fetch a page of a gap, or of what is older than everything."""
        place = place_of(gap)
        if self.is_loading(gap):
            return
        self._loading.add(place)
        self._errors.pop(place, None)
        run(
            self,
            self._services.history.load(self._conversation.id, gap),
            on_done=lambda _none: self._end(place, None),
            on_error=lambda error: self._end(place, error),
        )
        self.changed.emit()

    def show(self, gaps: Iterable[Gap | None]) -> None:
        """These are in view now (None: the beginning): fetch what has come into view.

        Once per arrival; on and on while that brings something and what is missing stays in view.
        """
        shown = {self._state_of(gap): gap for gap in gaps}
        self._seen &= shown.keys()
        if not self._online:
            return
        for state, gap in shown.items():
            if state in self._seen or self.is_loading(gap):
                continue  # what is being fetched anyway has not arrived before that ends
            self._seen.add(state)
            if gap is not None or self._model.coverage.beginning in (Beginning.MORE, Beginning.UNKNOWN):
                self.load(gap)

    def _state_of(self, gap: Gap | None) -> Hashable:
        """What changes when something was fetched."""
        if gap is not None:
            return gap.after, gap.before
        coverage = self._model.coverage
        oldest = self._model.message(0).id if self._model.rowCount() else None
        return coverage.beginning, coverage.since, oldest

    def _end(self, place: Place, error: KnownError | None) -> None:
        self._loading.discard(place)
        if error is not None and error.kind is not ErrorKind.NOT_CONNECTED:
            self._errors[place] = error
        self.changed.emit()

    def _note_ends(self) -> None:
        """Find out what is no longer being fetched, whoever learns of it first."""
        loading = {place_of(gap) for gap in (None, *self._model.coverage.gaps) if self.is_loading(gap)}
        if ended := self._were_loading - loading:
            self._just_ended |= ended
            self._steady.start()
        self._just_ended -= loading
        self._were_loading = loading

    def _forget_just_ended(self) -> None:
        self._just_ended.clear()
        self.changed.emit()

    def _is_online(self) -> bool:
        status = self._services.accounts.status(self._conversation.account_id)
        return status.state is ConnectionState.ONLINE

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        if event.account_id != self._conversation.account_id:
            return
        online = self._is_online()
        if online != self._online:
            self._online = online
            self._errors.clear()
            self._seen.clear()  # what shows arrives again with the connection
            self._were_loading.clear()
            self._just_ended.clear()
            self.changed.emit()

    def _on_coverage_changed(self) -> None:
        known = {None, *(gap.after for gap in self._model.coverage.gaps)}
        self._errors = {place: error for place, error in self._errors.items() if place in known}
        self.changed.emit()
