"""What was open is opened again at the next start, and what is open is kept for that."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from whimbrel.core.conversations import Conversations
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.platform.session_state import OpenState, SessionState
from whimbrel.ui.conversation.window import ConversationWindow
from whimbrel.ui.main_view import MainView
from whimbrel.ui.window_place import WindowPlace


class Reopening(QObject):
    """Follows what is open in a main view and in windows of its own.

    ``session.ended_well`` says whether the last start ended, and ``session.before`` what was open then.
    """

    def __init__(self, view: MainView, conversations: Conversations, session: SessionState) -> None:
        super().__init__(view)
        self._view = view
        self._conversations = conversations
        self._session = session
        self._windows: list[ConversationId] = []
        self._waits_for: QWidget | None = None
        view.window_opened.connect(self._on_window_opened)
        view.window_closed.connect(self._on_window_closed)
        view.area.current_changed.connect(self._note)

    def open_again(self, state: OpenState) -> None:
        """Open what was open once."""
        self._open(state)

    def reopen(self) -> None:
        """Open what was open: at once, or where the program starts hidden, when its window is shown first."""
        window = self._view.window()
        if window.isVisible():
            self._open(self._session.before)
        else:
            self._waits_for = window
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The main window is shown for the first time."""
        if watched is self._waits_for and event.type() == QEvent.Type.Show:
            self._waits_for.removeEventFilter(self)
            self._waits_for = None
            if not self._windows and self._view.area.current is None:  # else the person went on already
                self._open(self._session.before)
        return super().eventFilter(watched, event)

    def _open(self, state: OpenState) -> None:
        for number in state.windows:
            if (found := self._find(number)) is not None:
                self._view.open_window(found.account_id, found.jid, quietly=True)
        if (found := self._find(state.conversation)) is not None:
            self._view.show_conversation(found)

    def _find(self, number: int | None) -> Conversation | None:
        return None if number is None else self._conversations.find(ConversationId(number))

    def _on_window_opened(self, window: ConversationWindow) -> None:
        number = window.pane.conversation.id
        place = WindowPlace(window, f"conversation-{number}", self._session)
        window.closed.connect(partial(_note_place, place))
        self._windows.append(number)
        self._note()

    def _on_window_closed(self, conversation: Conversation) -> None:
        if conversation.id in self._windows:
            self._windows.remove(conversation.id)
            self._note()

    def _note(self) -> None:
        current = self._view.area.current
        self._session.note_open(OpenState(None if current is None else current.id, tuple(self._windows)))


def _note_place(place: WindowPlace, _conversation: Conversation) -> None:
    place.note()
