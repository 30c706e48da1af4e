"""The composer: editor, *Attach*, *Emoji*, *Send*. Drafts are kept on disk; a send that fails keeps the text."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import KnownError
from whimbrel.ui.conversation.editor import MessageEditor, is_blank
from whimbrel.ui.conversation.emoji_picker import EmojiPicker
from whimbrel.ui.conversation.text import is_too_long
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.buttons import icon_button, primary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.margins import set_margins

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.model.message import Message
    from whimbrel.ui.conversation.extension import Extension

_DRAFT_DELAY = 500  # ms


class Unsent(enum.Enum):
    """What became of a text that is no message of its own."""

    TAKEN = "taken"  # a feature sends it in its own way
    NOTHING = "nothing"  # there was nothing to send


class Composer(QFrame):
    """Writes and sends the messages of one conversation."""

    sent = Signal(object)  # Message
    draft_left = Signal()  # it is set aside, with what goes with it (an answer)
    draft_resumed = Signal()

    def __init__(self, services: Services, conversation: Conversation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversations = services.conversations
        self._outbox = services.outbox
        self._conversation_id = conversation.id
        self._picker: EmojiPicker | None = None
        self.editor = MessageEditor()
        self.attach_button = icon_button("plus", self.tr("Attach"))
        self.attach_button.setEnabled(False)  # until somebody can send files
        self.emoji_button = icon_button("emoji", self.tr("Emoji"))
        self.send_button = primary_button(self.tr("Send"))
        self.send_button.setObjectName("send")
        self.error_box = ErrorBox()
        self._saved = ""  # the draft that is on disk
        self._aside: str | None = None  # the draft, while another text is in its place
        self._keep_other: Callable[[str], None] = lambda _text: None  # keeps that text
        self._extensions: tuple[Extension, ...] = ()
        self._strips = QVBoxLayout()
        self._strips.setSpacing(4)
        self._build()
        self._draft_timer = QTimer(self, singleShot=True, interval=_DRAFT_DELAY)
        self._draft_timer.timeout.connect(self.save_draft)
        self._told_length = False  # that something is too long
        self.editor.textChanged.connect(self._check_length)
        self._restore(services.conversations.draft(conversation.id))
        self.editor.textChanged.connect(self._draft_timer.start)
        self.editor.refused.connect(self._on_refused)
        self.editor.send_requested.connect(self.send)
        self.send_button.clicked.connect(self.send)
        self.emoji_button.clicked.connect(self._open_picker)
        theme().changed.connect(self._style)
        self._style()

    def send(self) -> None:
        """Hand the text to the outbox, or to who sends it in another way; it goes only once it is on disk."""
        text = self.editor.toPlainText()
        if is_too_long(text):
            self._say_too_long()
            return
        if not all(extension.is_ready() for extension in self._extensions):
            return
        body = "" if is_blank(text) else text.strip("\n").rstrip()
        try:
            message = self._submit(body)
        except KnownError as error:
            self.error_box.show_error(error)
            return
        if message is Unsent.NOTHING:
            return
        self.editor.clear()
        self.error_box.clear()
        if self._aside is None:
            self.save_draft()
        self.editor.setFocus()
        for extension in self._extensions:
            extension.on_sent()
        if message is not Unsent.TAKEN:
            self.sent.emit(message)

    def set_extensions(self, extensions: Sequence[Extension]) -> None:
        """Say which features have a word in sending."""
        self._extensions = tuple(extensions)

    def add_strip(self, strip: QWidget) -> None:
        """Give a widget its place above the editor: what is answered, which files will go."""
        self._strips.addWidget(strip)

    def _submit(self, body: str) -> Message | Unsent:
        """Raises KnownError: then nothing is sent."""
        if any(extension.take(body) for extension in self._extensions):
            return Unsent.TAKEN
        if not body:
            return Unsent.NOTHING
        hooks = [hook for extension in self._extensions if (hook := extension.also()) is not None]

        def also(message: Message) -> None:
            for hook in hooks:
                hook(message)

        return self._outbox.submit(self._conversation_id, body, also)

    def save_draft(self) -> bool:
        """Keep what is typed on disk, now; returns whether it is there."""
        self._draft_timer.stop()
        text = self.editor.toPlainText()
        if self._aside is not None:
            return self._write(lambda: self._keep_other(text))
        draft = "" if is_blank(text) else text
        if draft == self._saved:
            return True
        if self._conversations.find(self._conversation_id) is None:
            return False  # the account is gone and its conversations with it
        if not self._write(lambda: self._conversations.set_draft(self._conversation_id, draft)):
            return False
        self._saved = draft
        return True

    def set_aside(self, text: str, keep: Callable[[str], None]) -> bool:
        """Keep the draft, and write what is none, until :meth:`take_up`; returns whether the draft is on disk.

        Args:
            keep: keeps on disk what is written then, soon after each change. May raise KnownError.
        """
        if self._aside is None:
            if not self.save_draft():
                return False
            self._aside = self.editor.toPlainText()
            self.draft_left.emit()
        self._keep_other = keep
        self._show(text)
        return True

    def _write(self, write: Callable[[], None]) -> bool:
        """Returns whether it is on disk; where it is not, that is shown."""
        try:
            write()
        except KnownError as error:
            self.error_box.show_error(error)
            return False
        return True

    def take_up(self) -> None:
        """Go on with the draft that was set aside; what is in its place goes."""
        if self._aside is not None:
            draft, self._aside = self._aside, None
            self._show(draft)
            self._draft_timer.stop()
            self.draft_resumed.emit()

    def take_back(self, text: str) -> bool:
        """Put a text into the draft, beneath what is there; returns whether it is on disk.

        While the draft is set aside, the text waits there with it, and is none of what is written in its place.
        """
        if self._aside is not None:
            draft = _joined(self._aside, text)
            if not self._write(lambda: self._conversations.set_draft(self._conversation_id, draft)):
                return False
            self._aside = self._saved = draft
            return True
        joined = _joined(self.editor.toPlainText(), text)
        cursor = self.editor.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(joined)  # rather than setPlainText: it can be undone
        self.editor.moveCursor(QTextCursor.MoveOperation.End)
        self.editor.setFocus()
        return self.save_draft()

    def insert(self, text: str) -> None:
        """Type a text at the cursor and take the focus."""
        self.editor.insertPlainText(text)
        self.editor.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the draft over that was written or sent elsewhere (in a window of its own, say)."""
        draft = self._conversations.draft(self._conversation_id)
        if self._aside is None and draft != self._saved and self.editor.toPlainText() == self._saved:
            self._restore(draft)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.save_draft()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field shows whether its editor has the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._field.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self._field.style().unpolish(self._field)
            self._field.style().polish(self._field)
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self._field = QFrame()
        self._field.setObjectName("field")
        inside = QHBoxLayout(self._field)
        inside.setContentsMargins(12, 5, 12, 5)
        inside.addWidget(self.editor)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        bottom = Qt.AlignmentFlag.AlignBottom
        row.addWidget(self.attach_button, 0, bottom)
        row.addWidget(self._field, 1, bottom)
        row.addWidget(self.emoji_button, 0, bottom)
        row.addWidget(self.send_button, 0, bottom)
        layout = QVBoxLayout(self)
        set_margins(layout, 10, 8, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(self.error_box)
        layout.addLayout(self._strips)
        layout.addLayout(row)
        self.editor.installEventFilter(self)

    def _style(self) -> None:
        tokens, thick = theme().tokens, 2 if theme().is_contrasting else 1
        self.editor.setStyleSheet(
            "QPlainTextEdit { background: transparent; border: none; border-radius: 0; padding: 0; }"
        )
        self._field.setStyleSheet(
            f"#field {{ background: {tokens.side_pane.name()}; border: 1px solid {tokens.line.name()};"
            f" border-radius: 18px; padding: {thick - 1}px; }}"
            f' #field[focused="true"] {{ border: {thick}px solid {tokens.focus.name()}; padding: 0; }}'
        )
        self.send_button.setStyleSheet("#send { border-radius: 18px; padding: 7px 15px; min-height: 20px; }")

    def _restore(self, draft: str) -> None:
        self._saved = draft
        self._show(draft)

    def _show(self, text: str) -> None:
        self.editor.setPlainText(text)
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def _check_length(self) -> None:
        """Say so while it is typed that a text is too long to be sent."""
        too_long = is_too_long(self.editor.toPlainText())
        if too_long and not self._told_length:
            self._say_too_long()
        elif not too_long and self._told_length:
            self._told_length = False
            self.error_box.clear()

    def _say_too_long(self) -> None:
        self._told_length = True
        self.error_box.show_text(self.tr("This is too long for one message. Send it in smaller parts."))

    def _on_refused(self) -> None:
        self._told_length = True
        self.error_box.show_text(
            self.tr("That is too long for one message, so it was not pasted. Paste it in smaller parts.")
        )

    def _open_picker(self) -> None:
        if self._picker is None:
            self._picker = EmojiPicker(self)
            self._picker.picked.connect(self.insert)
        self._picker.open_above(self.emoji_button)


def _joined(present: str, text: str) -> str:
    return text if is_blank(present) else f"{present.rstrip()}\n\n{text}"
