"""The text *Message*: plain, grows with its lines, Enter sends."""

from __future__ import annotations

import unicodedata
from math import ceil
from typing import Protocol

from PySide6.QtCore import QEvent, QMimeData, QStringListModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QWidget

from whimbrel.ui.conversation.emoji import find_by_chars, find_by_name, find_emoji
from whimbrel.ui.conversation.resting_caret import RestingCaret
from whimbrel.ui.conversation.spelling import Spelling
from whimbrel.ui.conversation.text import is_too_long, wrap_mode
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.writing import writing

_MOST_LINES = 8
_NAME_BEFORE = 40  # characters looked at before the cursor for ":name"
_LEAST_NAME = 2
_SUGGESTIONS = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: only white space, controls and invisible marks."""
    return all(char.isspace() or unicodedata.category(char) in ("Cc", "Cf") for char in text)


class DataTaker(Protocol):
    """Takes what is pasted or dropped and is no text (files)."""

    def wants(self, data: QMimeData) -> bool:
        """Whether it is for this one."""

    def take_data(self, data: QMimeData) -> None:
        """Take it."""


class MessageEditor(QPlainTextEdit):
    """A plain-text editor of one to eight lines."""

    send_requested = Signal()
    refused = Signal()  # what was to be pasted or dropped here is too long for a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.taker: DataTaker | None = None
        self.setAccessibleName(self.tr("Message"))
        self.setPlaceholderText(self.tr("Message"))
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(self._complete)
        self._popup = QListView()
        self._popup.setAccessibleName(self.tr("Emoji"))
        self._popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._completer.setPopup(self._popup)
        self._completer.setMaxVisibleItems(_SUGGESTIONS)
        theme().changed.connect(self._style_popup)
        self._style_popup()
        self.document().contentsChange.connect(self._choose_wrapping)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self._on_text_changed)
        RestingCaret(self)
        self.spelling = Spelling(self, writing().speller)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup.isVisible() and event.key() in (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
            event.ignore()  # the popup takes it
            return
        if event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
            elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self.send_requested.emit()
            else:
                event.ignore()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Qt: not while emoji are offered: Tab takes the marked one."""
        return not self._popup.isVisible() and super().focusNextPrevChild(forward)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return super().canInsertFromMimeData(source) or (self.taker is not None and self.taker.wants(source))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu; on a word that no dictionary has, with what could be meant."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            point = self.cursorRect().bottomLeft()
            self.spelling.open_menu(point, self.viewport().mapToGlobal(point))
        else:
            self.spelling.open_menu(self.viewport().mapFrom(self, event.pos()), event.globalPos())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste the plain text only, and only what can be sent: laying out any length would take any time."""
        if self.taker is not None and self.taker.wants(source):
            self.taker.take_data(source)
            return
        if not source.hasText():
            return
        text, replaced = source.text(), self.textCursor().selectedText().replace("\u2029", "\n")
        if is_too_long(text) or is_too_long(text + self.toPlainText().replace(replaced, "", 1)):
            self.refused.emit()
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _choose_wrapping(self) -> None:
        """Before what changed is laid out."""
        mode = wrap_mode(self.toPlainText())
        if mode != self.wordWrapMode():
            self.setWordWrapMode(mode)

    def _fit(self, _size: object = None) -> None:
        """Be as high as the lines need, up to eight; then scroll."""
        lines = max(1, int(self.document().size().height()))
        frame = self.contentsMargins()
        margin = 2 * self.document().documentMargin() + frame.top() + frame.bottom()
        height = ceil(self._height_of_lines() + margin)
        if height != self.height():
            self.setFixedHeight(height)
        wanted = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > _MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != wanted:
            self.setVerticalScrollBarPolicy(wanted)
        if lines <= _MOST_LINES:
            self.verticalScrollBar().setValue(0)  # it was scrolled to the cursor before it grew

    def _height_of_lines(self) -> float:
        """Of the first eight lines, in pixels: Chinese ones, and emoji, are higher than the font's own."""
        least, height, left = self.fontMetrics().lineSpacing(), 0.0, _MOST_LINES
        block = self.document().begin()
        while block.isValid() and left > 0:
            self.blockBoundingRect(block)  # lays it out
            layout = block.layout()
            count = max(1, min(layout.lineCount(), left))
            heights = (layout.lineAt(at).height() if at < layout.lineCount() else 0 for at in range(count))
            height += sum(max(least, one) for one in heights)
            left -= count
            block = block.next()
        return height

    def _on_text_changed(self) -> None:
        name = self._name_before_cursor()
        if name.endswith(":") and (emoji := find_by_name(name[:-1])) is not None:
            self._replace_name(len(name) + 1, emoji.in_tone(writing().tone))
        elif len(name) >= _LEAST_NAME and not name.endswith(":"):
            self._suggest(name)
        else:
            self._popup.hide()

    def _name_before_cursor(self) -> str:
        """What stands between a colon that starts a word and the cursor; "" for nothing."""
        cursor = self.textCursor()
        block = cursor.block().text()
        before = block[max(0, cursor.positionInBlock() - _NAME_BEFORE) : cursor.positionInBlock()]
        word = before.split()[-1] if before and not before[-1].isspace() else ""
        return word[1:] if word.startswith(":") else ""

    def _style_popup(self) -> None:
        tokens = theme().tokens
        self._popup.setStyleSheet(
            f"QListView {{ background: {tokens.background.name()}; color: {tokens.text.name()};"
            f" border: 1px solid {tokens.line.name()}; }}"
            " QListView::item { padding: 4px 8px; }"
            f" QListView::item:selected {{ background: {tokens.selection.name()}; color: {tokens.text.name()}; }}"
        )

    def _suggest(self, name: str) -> None:
        found = find_emoji(name, _SUGGESTIONS)
        if not found or not self.hasFocus():
            self._popup.hide()
            return
        tone = writing().tone
        self._names.setStringList([f"{one.in_tone(tone)}  {one.name}" for one in found])
        rect = self.cursorRect()
        rect.setWidth(280)
        self._completer.complete(rect)
        self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _complete(self, suggestion: str) -> None:
        self._replace_name(len(self._name_before_cursor()) + 1, suggestion.partition(" ")[0])

    def _replace_name(self, length: int, emoji: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, length)
        cursor.insertText(emoji)
        self._popup.hide()
        for used in find_by_chars([emoji]):
            writing().note_emoji(used.char)
