"""The menu of a chat: open, pin, read, mute, put away, export, delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from whimbrel.core.services import Services
from whimbrel.model.conversation import FOREVER, Conversation
from whimbrel.model.errors import KnownError
from whimbrel.ui.search.asking_dialogs import ask_delete, ask_export
from whimbrel.ui.shortcuts import keys_of
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.words import brief_moment_words

_MORNING = 8  # o'clock: when tomorrow begins for who has muted something


class Line(StrEnum):
    """What can be done with a chat by keys too: the stems of the window's actions."""

    PIN = "pin_chat"
    READ = "mark_chat"
    MUTE = "mute_chat"
    ARCHIVE = "archive_chat"


class ChatMenu(QMenu):
    """Deletes itself when closed."""

    open_requested = Signal()
    window_requested = Signal()
    put_away_requested = Signal()  # the conversation is not to be in sight any more
    archive_requested = Signal()  # … and is about to go to the end of the list
    failed = Signal(object)  # KnownError

    def __init__(self, services: Services, conversation: Conversation, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._conversation = conversation
        self._lines: dict[Line, QAction] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addAction(self.tr("Open conversation"), self.open_requested.emit)
        self.addAction(self.tr("Open in new window"), self.window_requested.emit)
        self.addSeparator()
        self._add_states()
        self.addSeparator()
        window = parent.window()
        self.addAction(self.tr("Export conversation…"), lambda: ask_export(services, conversation, window))
        self.addAction(self.tr("Delete conversation…"), lambda: ask_delete(services, conversation, window))

    def lines(self) -> list[QAction]:
        """What changes how the chat stands in the list."""
        return list(self._lines.values())

    def follow(self, line: Line, place: QPoint) -> None:
        """Do what a line does, without showing the menu, which is gone then.

        Args:
            place: where the line's own menu shows, if it has one; on the screen.
        """
        further = self._lines[line].menu()
        if isinstance(further, QMenu):
            further.aboutToHide.connect(self.deleteLater)
            further.popup(place)
            further.setActiveAction(further.actions()[0])
        else:
            announce(self.parentWidget() or self, self._lines[line].text())
            self._lines[line].trigger()
            self.deleteLater()

    def _add_states(self) -> None:
        conversation, conversations = self._conversation, self._services.conversations
        pinned, archived = conversation.pinned, conversation.archived
        self._add(
            Line.PIN,
            self.tr("Unpin") if pinned else self.tr("Pin"),
            lambda: conversations.set_pinned(conversation.id, not pinned),
        )
        if conversation.unread or conversation.marked_unread:
            self._add(Line.READ, self.tr("Mark as read"), lambda: self._services.unread.mark_read(conversation.id))
        else:
            self._add(Line.READ, self.tr("Mark as unread"), self._mark_unread)
        if conversation.is_muted(datetime.now(UTC)):
            self._add_unmute()
        else:
            self._add_mute()
        if archived:
            self._add(Line.ARCHIVE, self.tr("Unarchive"), lambda: conversations.set_archived(conversation.id, False))
        else:
            self._add(Line.ARCHIVE, self.tr("Archive"), self._archive)

    def _add_mute(self) -> None:
        now = datetime.now().astimezone()
        morning = (now + timedelta(days=1)).replace(hour=_MORNING, minute=0, second=0, microsecond=0)
        menu = self.addMenu(self.tr("Mute"))
        self._lines[Line.MUTE] = menu.menuAction()
        for words, until in (
            (self.tr("For 1 hour"), now + timedelta(hours=1)),
            (self.tr("For 8 hours"), now + timedelta(hours=8)),
            (self.tr("Until tomorrow"), morning),
            (self.tr("Until I turn it on again"), FOREVER),
        ):
            menu.addAction(words, partial(self._try, partial(self._mute, until)))

    def _add_unmute(self) -> None:
        until = self._conversation.muted_until
        words = self.tr("Unmute")
        if until is not None and until < FOREVER:
            words = self.tr("Unmute (muted until {time})").replace("{time}", brief_moment_words(until))
        self._add(Line.MUTE, words, lambda: self._mute(None))

    def _mute(self, until: datetime | None) -> None:
        self._services.conversations.set_muted(self._conversation.id, until)

    def _mark_unread(self) -> None:
        self.put_away_requested.emit()
        self._services.unread.mark_unread(self._conversation.id)

    def _archive(self) -> None:
        self.put_away_requested.emit()
        self.archive_requested.emit()
        self._services.conversations.set_archived(self._conversation.id, True)

    def _add(self, line: Line, words: str, act: Callable[[], None]) -> None:
        added = self._lines[line] = self.addAction(words, lambda: self._try(act))
        added.setShortcut(keys_of(line))  # shown only: the window has the key

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KnownError as error:
            self.failed.emit(error)
