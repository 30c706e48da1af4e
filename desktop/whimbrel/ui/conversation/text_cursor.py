"""Selecting text in a timeline with Shift and the arrows: by characters, words and lines, on into the next message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextLayout

from whimbrel.ui.conversation.bubble import BubbleLayout
from whimbrel.ui.widgets.announce import announce

if TYPE_CHECKING:
    from whimbrel.ui.conversation.timeline_view import TimelineView

_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
_MOST_READ = 300  # characters that are read out
_EDGE = 8  # pixels around the cursor that are to be seen, too


class TextCursor:
    """The moving end of the selection. It has no place of its own: it is where the selection ends."""

    def __init__(self, view: TimelineView) -> None:
        self._view = view

    def press(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Extend the selection of the current row, or from it; returns whether this key does that."""
        others = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        row = self._view.currentIndex().row()
        if key not in _KEYS or row < 0 or not modifiers & Qt.KeyboardModifier.ShiftModifier or modifiers & others:
            return False
        words = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        position = self._begin(row, key)
        bubble = self._view.bubble(row)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            forwards = (key == Qt.Key.Key_Right) is not bubble.words.is_rtl
            target = _next(bubble, position, forwards=forwards, words=words)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            target = _line_end(bubble, position, at_end=key == Qt.Key.Key_End, whole=words)
        else:
            step = 1 if key == Qt.Key.Key_Down else -1
            line = bubble.layout.lineForTextPosition(position).lineNumber() + step
            beyond = not 0 <= line < bubble.layout.lineCount()
            edge = bubble.length if step > 0 else 0
            if beyond and position == edge and self._enter(row + step, step):
                return True
            x = bubble.words.cursor_rect(position).x()
            target = edge if beyond else bubble.layout.lineAt(line).xToCursor(x)
        self._set(row, target)
        return True

    def _begin(self, row: int, key: int) -> int:
        """Where the selection ends in a row; begun anew where it ends in another one."""
        selection, message_id = self._view.selection, self._view.timeline.message(row).id
        if selection.cursor is None or selection.cursor[0] != message_id:
            bubble = self._view.bubble(row)
            left = Qt.Key.Key_Right if bubble.words.is_rtl else Qt.Key.Key_Left
            from_end = key in (left, Qt.Key.Key_Up, Qt.Key.Key_Home)
            place = (message_id, bubble.length if from_end else 0)
            selection.set(place, place)
            return place[1]
        return selection.cursor[1]

    def _enter(self, row: int, step: int) -> bool:
        """Go on into a neighbour, by its first line (or its last)."""
        view = self._view
        if not 0 <= row < view.timeline.rowCount():
            return False
        view.setCurrentIndex(view.timeline.index(row))
        view.scrollTo(view.timeline.index(row))
        layout = view.bubble(row).layout
        line = layout.lineAt(0 if step > 0 else layout.lineCount() - 1)
        self._set(row, line.textStart() + line.textLength() if step > 0 else line.textStart())
        return True

    def _set(self, row: int, position: int) -> None:
        view, message_id = self._view, self._view.timeline.message(row).id
        anchor = view.selection.anchor
        view.selection.set(anchor if anchor is not None else (message_id, position), (message_id, position))
        self._show(row, position)
        view.viewport().update()
        announce(view, view.selected_text()[:_MOST_READ])

    def _show(self, row: int, position: int) -> None:
        """Scroll until the cursor is to be seen."""
        view = self._view
        bubble = view.bubble(row)
        rect = bubble.words.cursor_rect(position).translated(bubble.text_origin + QPointF(0, view.row_top(row)))
        bar, height = view.verticalScrollBar(), view.viewport().height()
        if rect.top() < _EDGE:
            bar.setValue(bar.value() + int(rect.top()) - _EDGE)
        elif rect.bottom() > height - _EDGE:
            bar.setValue(bar.value() + int(rect.bottom()) - height + _EDGE)


def _next(bubble: BubbleLayout, position: int, *, forwards: bool, words: bool) -> int:
    mode = QTextLayout.CursorMode.SkipWords if words else QTextLayout.CursorMode.SkipCharacters
    if forwards:
        return bubble.layout.nextCursorPosition(position, mode)
    return bubble.layout.previousCursorPosition(position, mode)


def _line_end(bubble: BubbleLayout, position: int, *, at_end: bool, whole: bool) -> int:
    if whole:
        return bubble.length if at_end else 0
    line = bubble.layout.lineForTextPosition(position)
    if not at_end:
        return line.textStart()
    end = line.textStart() + line.textLength()
    is_last = line.lineNumber() == bubble.layout.lineCount() - 1
    return end if is_last else bubble.layout.previousCursorPosition(end)  # before what parts the lines
