"""Deleting a conversation, or what is older: says what goes and what stays, and asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QComboBox, QProgressBar, QWidget

from whimbrel.core.deletion import Deletion
from whimbrel.core.offers.fetching import FetchedCopies
from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import KnownError
from whimbrel.ui.run import run
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_AGES = (7, 30, 90, 180, 365, 730)  # days
_YEAR = 365


class DeleteDialog(FittingDialog):
    """The base: words, progress, and the button that deletes."""

    def __init__(self, services: Services, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent, width=420)
        self._deletion = services.offer(Deletion)
        self._task: asyncio.Task[int] | None = None
        self._total = 0
        self.question = Label(bold=True, wrap=True, name=self.tr("What is deleted"))
        self.content.addWidget(self.question)
        self.content.addWidget(Label(self.what_goes(), wrap=True))
        self.content.addWidget(Label(self.what_stays(), wrap=True))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.error = ErrorBox()
        self.content.addWidget(self.progress)
        self.content.addWidget(self.error)
        self.cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        self.cancel.clicked.connect(self.reject)
        self.delete = self.add_button(danger_button(self.tr("Delete")))
        self.delete.clicked.connect(self._start)

    def done(self, result: int) -> None:
        """Qt: closing stops what is under way; what is deleted by then stays deleted."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().done(result)

    def what_goes(self) -> str:
        """In words."""
        return self.tr("The messages and the copies of their files leave this computer for good.")

    def what_stays(self) -> str:
        """In words."""
        return self.tr(
            "They are not fetched again. What still waits to be sent is not sent. Other people, your other "
            "devices and your provider keep what they have."
        )

    async def work(self) -> int:
        """Delete; to be overridden."""
        raise NotImplementedError

    def let_choose(self, let: bool) -> None:
        """Whether what is deleted can be chosen: not while it is under way; to be overridden."""

    def on_progress(self, done: int) -> None:
        """So many are gone."""
        self.progress.setValue(min(done, self._total))

    def count_first(self, counting: Coroutine[Any, Any, int], show: Callable[[int], None]) -> None:
        """Nothing can be deleted before it is said how much that is."""
        if self._task is not None:
            self._task.cancel()
        self.delete.setEnabled(False)
        self.question.setText(self.tr("Counting messages…"))
        self._task = run(self, counting, on_done=show, on_error=self.error.show_error)

    def show_count(self, words: str, count: int) -> None:
        """Say how many would go."""
        self._total = count
        self.question.setText(words)
        self.progress.setRange(0, max(count, 1))

    def _start(self) -> None:
        self.error.clear()
        self.delete.setEnabled(False)
        self.let_choose(False)
        self.progress.setValue(0)
        self.progress.show()
        self._task = run(self, self.work(), on_done=self._on_done, on_error=self._on_error, must_end=True)

    def _on_done(self, _count: int) -> None:
        self._task = None
        self.accept()

    def _on_error(self, error: KnownError) -> None:
        self._task = None
        self.progress.hide()
        self.delete.setEnabled(True)
        self.let_choose(True)
        self.error.show_error(error)


class DeleteConversationDialog(DeleteDialog):
    """*Delete conversation*."""

    def __init__(
        self, services: Services, conversation: Conversation, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(services, "", parent)
        title = self.tr("Delete conversation")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self._conversation = conversation
        self._name = name
        self.count_first(self._deletion.count(conversation.id), self._show_count)

    def _show_count(self, count: int) -> None:
        words = self.tr("Delete the conversation with %1 and its %Ln messages?", "", count)
        if count == 1:
            words = self.tr("Delete the conversation with %1 and its only message?")
        if count == 0:
            words = self.tr("Delete the empty conversation with %1?")
        self.show_count(words.replace("%1", self._name), count)
        self.delete.setEnabled(True)

    def what_goes(self) -> str:
        return self.tr("The messages, the copies of their files and what you have begun to write leave this computer.")

    async def work(self) -> int:
        return await self._deletion.delete_conversation(self._conversation.id, self.on_progress)


class DeleteOldDialog(DeleteDialog):
    """*Delete old messages*: of all conversations."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, "", parent)
        title = self.tr("Delete old messages")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self.age = QComboBox()
        for days in _AGES:
            self.age.addItem(self._age_words(days), days)
        self.age.setCurrentIndex(_AGES.index(_YEAR))
        self.content.insertWidget(0, Field(self.tr("Older than"), self.age))
        self.age.currentIndexChanged.connect(self._count)
        self._count()

    async def work(self) -> int:
        return await self._deletion.delete_older(self._before(), None, self.on_progress)

    def let_choose(self, let: bool) -> None:
        self.age.setEnabled(let)

    def _age_words(self, days: int) -> str:
        if days < _YEAR:
            return self.tr("%n days", "", days)
        return self.tr("1 year") if days == _YEAR else self.tr("%n years", "", days // _YEAR)

    def _before(self) -> datetime:
        return datetime.now(UTC) - timedelta(days=int(self.age.currentData()))

    def _count(self) -> None:
        self.count_first(self._deletion.count(None, self._before()), self._show_count)

    def _show_count(self, count: int) -> None:
        words = self.tr("Delete 1 message?") if count == 1 else self.tr("Delete %Ln messages?", "", count)
        self.show_count(words if count else self.tr("There are no messages that old."), count)
        self.delete.setEnabled(count > 0)


class DeleteAllDialog(DeleteDialog):
    """*Delete all history*."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, "", parent)
        title = self.tr("Delete all history")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self._copies = services.offer(FetchedCopies)
        self.count_first(self._deletion.count(), self._show_count)

    def what_goes(self) -> str:
        return self.tr(
            "All conversations, the copies of their files and what you have begun to write leave this computer for "
            "good. Your accounts and contacts stay."
        )

    async def work(self) -> int:
        done = await self._deletion.delete_all(self.on_progress)
        await self._copies.remove_all()
        return done

    def _show_count(self, count: int) -> None:
        words = self.tr("Delete all conversations with their %Ln messages?", "", count)
        if count == 1:
            words = self.tr("Delete all conversations with their only message?")
        self.show_count(words if count else self.tr("There are no messages."), count)
        self.delete.setEnabled(True)
