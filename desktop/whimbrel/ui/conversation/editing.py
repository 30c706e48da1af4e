"""Editing what was sent: ↑ in an empty composer, *Edit* in a message's menu, and the texts that a message had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from whimbrel.core.offers.corrections import Corrector
from whimbrel.model.draft import DraftEdit
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessageChanged, MessageRemoved
from whimbrel.model.message import DeliveryState, Message
from whimbrel.ui.conversation.editor import is_blank
from whimbrel.ui.conversation.extension import Extension, MenuEntry, find_begun
from whimbrel.ui.conversation.strip import Strip
from whimbrel.ui.conversation.versions_dialog import VersionsDialog
from whimbrel.ui.widgets.announce import announce

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane

_LOOKED_AT = 50  # messages among which the last own one is looked for
_EXCERPT = 300  # characters


class Editing(Extension):
    """While a message is edited, its text stands in the composer and the draft waits behind it."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._message: Message | None = None
        self._begun = find_begun(pane)
        self.strip = Strip("edit", self.tr("Cancel editing"))
        self.strip.setAccessibleName(self.tr("Editing"))
        self.strip.close_button.clicked.connect(self.leave)
        pane.composer.add_strip(self.strip)
        pane.composer.editor.installEventFilter(self)
        pane.bridge.message_changed.connect(self._on_changed)
        pane.bridge.message_removed.connect(self._on_removed)

    def _begin(self, message: Message, text: str) -> bool:
        """Returns whether the draft is on disk, and the text in its place."""
        if not self.pane.composer.set_aside(text, self._keep):
            return False
        self._message = message
        self.strip.show_words(self.tr("Editing"), message.body[:_EXCERPT])
        return True

    def _keep(self, text: str) -> None:
        """Keep the correction as far as it is written. Raises KnownError."""
        if self._message is not None and self._begun is not None:
            self._begun.set_edit(self.pane.conversation.id, DraftEdit(self._message.id, text))

    def _forget(self) -> None:
        """It is sent, or left."""
        try:
            if self._begun is not None:
                self._begun.set_edit(self.pane.conversation.id, None)
        except KnownError as error:
            self.pane.composer.error_box.show_error(error)

    @property
    def _corrector(self) -> Corrector:
        return self.pane.services.offer(Corrector)

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """*Edit* of an own message (a failed one has its own), *Show edits* of one that was edited."""
        entries = []
        if message.state is not DeliveryState.FAILED and self._corrector.can_correct(message):
            last = self._find_last()
            shortcut = QKeySequence(Qt.Key.Key_Up) if last is not None and last.id == message.id else None
            entries.append(MenuEntry(self.tr("Edit"), lambda: self.begin(message), shortcut))
        if message.edited and not message.retracted:
            entries.append(MenuEntry(self.tr("Show edits"), lambda: self.show_versions(message)))
        return entries

    def begin(self, message: Message) -> None:
        """Put a message's text into the composer; what is being answered waits with the draft, the rest is left."""
        now = self.reread(message.id)
        if now is None or not self._keep_typed() or not self._begin(now, now.body):
            return
        for other in self.pane.extensions:
            if other is not self and other.needs_escape():
                other.leave()
        self.pane.composer.editor.setFocus()
        announce(self.strip, self.tr("Editing"))

    def make_room(self) -> bool:
        """Leave the message as it is; what was changed in its text joins the draft."""
        if self._message is None:
            return True
        if not self._keep_typed():
            return False
        self.leave()
        return True

    def _keep_typed(self) -> bool:
        """Put a correction that is not sent into the draft that waits; returns whether nothing of it can be lost."""
        typed = self.pane.composer.editor.toPlainText()
        if self._message is None or is_blank(typed) or typed == self._message.body:
            return True
        return self.pane.composer.take_back(typed)

    def restore(self) -> None:
        """Go on with a correction that was being written; of a message that is gone, its text joins the draft."""
        begun = self._begun
        edit = None if begun is None else begun.edit(self.pane.conversation.id)
        message = None if edit is None else self.pane.services.conversations.message(edit.message_id)
        if edit is None or message is None:
            return
        if edit.body == message.body:  # it was sent, or nothing was changed
            self._forget()
        elif self._corrector.can_correct(message):
            self._begin(message, edit.body)
        elif self.pane.composer.take_back(edit.body):
            self._forget()

    def show_versions(self, message: Message) -> None:
        """Open the texts that a message had."""
        VersionsDialog(self._corrector.versions(message.id), self.pane).open()

    def is_ready(self) -> bool:
        """A message cannot be edited to nothing, and not once it is gone."""
        if self._message is None:
            return True
        composer = self.pane.composer
        if is_blank(composer.editor.toPlainText()):
            composer.error_box.show_text(self.tr("There is no text. To remove the message, delete it."))
            return False
        if not self._corrector.can_correct(self._message):
            composer.error_box.show_text(self.tr("This message cannot be edited any more."))
            return False
        return True

    def take(self, text: str) -> bool:
        """Send the text as a correction; the same text as before is none."""
        message = self._message
        if message is None or not text:
            return False
        return text == message.body or self._corrector.correct(message.id, text)

    def on_sent(self) -> None:
        """The correction is on disk: the draft comes back."""
        if self._message is not None:
            self._end()
            self.pane.composer.take_up()

    def needs_escape(self) -> bool:
        """While a message is edited."""
        return self._message is not None

    def leave(self) -> None:
        """Leave the message as it is, and go on with the draft."""
        self.pane.composer.error_box.clear()
        self.on_sent()
        self.pane.composer.editor.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑ in an empty composer edits the last own message."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._asks_to_edit(event):
            last = self._find_last()
            if last is not None:
                self.begin(last)
                return True
        return super().eventFilter(watched, event)

    def _asks_to_edit(self, event: QKeyEvent) -> bool:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_free = self._message is None and not any(one.needs_escape() for one in self.pane.extensions)
        return event.key() == Qt.Key.Key_Up and bare and is_free and self.pane.composer.editor.document().isEmpty()

    def _find_last(self) -> Message | None:
        """The last message that can be edited."""
        latest = self.pane.services.conversations.latest(self.pane.conversation.id, _LOOKED_AT)
        return next((one for one in reversed(latest) if self._corrector.can_correct(one)), None)

    def _on_changed(self, event: MessageChanged) -> None:
        if self._message is not None and event.message.id == self._message.id:
            self._message = event.message
            if event.message.retracted:
                self._lose()

    def _on_removed(self, event: MessageRemoved) -> None:
        if self._message is not None and event.message.id == self._message.id:
            self._lose()

    def _lose(self) -> None:
        """The message is gone: what was typed is part of the draft now."""
        composer = self.pane.composer
        typed = composer.editor.toPlainText()
        self._message = None
        self.strip.hide()
        composer.take_up()
        if composer.take_back(typed):
            self._forget()

    def _end(self) -> None:
        self._message = None
        self.strip.hide()
        self._forget()
