"""The mouse over a timeline: selecting text within and across messages, links and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication, QHelpEvent, QMouseEvent, QTextLayout
from PySide6.QtWidgets import QApplication, QToolTip

from whimbrel.model.message import DeliveryState, MessageId
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.bubble import BubbleLayout
from whimbrel.ui.conversation.links import shown_host
from whimbrel.ui.conversation.selection import Place
from whimbrel.ui.joining import join_facts
from whimbrel.ui.widgets.label import plain_tip
from whimbrel.ui.words import dated_words, delivery_word

if TYPE_CHECKING:
    from whimbrel.ui.conversation.timeline_view import TimelineView

_SCROLL_INTERVAL = 30  # ms


class Pointer(QObject):
    """Presses, drags and hovering, translated into selection and actions of the view."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: Action | None = None
        self._selecting = False
        self._press_point = QPoint()
        self._last_point = QPoint()
        self._clicks = 0
        self._scroll_timer = QTimer(self, interval=_SCROLL_INTERVAL)
        self._scroll_timer.timeout.connect(self._scroll_along)
        self.hovered: tuple[MessageId, Action] | None = None

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        view = self._view
        near = (point - self._press_point).manhattanLength() < QApplication.startDragDistance()
        self._clicks = 3 if self._clicks == 2 and near else 1
        self._press_point = point
        row = view.row_at(point.y())
        if row < 0:
            return
        bubble, local = view.bubble(row), self._local(row, event.position())
        self._pressed = bubble.action_at(local)
        if self._pressed is not None and self._pressed.kind is not ActionKind.LINK:
            return
        if self._clicks == 3:
            self._select(row, 0, bubble.length)
            return
        self._selecting = bubble.bubble_rect.contains(local) or not view.selection.clear()
        place = self._place(row, bubble, local)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and view.selection.anchor is not None:
            view.selection.set(view.selection.anchor, place)
        else:
            view.selection.set(place, place)
        view.viewport().update()

    def double(self, event: QMouseEvent) -> None:
        """A second click: selects the word."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._clicks = 2
        self._pressed = None
        row = self._view.row_at(event.position().toPoint().y())
        if row < 0:
            return
        bubble, local = self._view.bubble(row), self._local(row, event.position())
        if bubble.is_over_text(local):
            words = QTextLayout.CursorMode.SkipWords
            position = bubble.position_at(local)
            start = bubble.layout.previousCursorPosition(min(position + 1, bubble.length), words)
            end = bubble.layout.nextCursorPosition(start, words)
            word = bubble.text[start:end]
            self._select(row, start, end - (len(word) - len(word.rstrip())))

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved, with or without a button."""
        point = event.position().toPoint()
        if not self._selecting or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(point)
            return
        if (point - self._press_point).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
        if self._pressed is None:
            self._last_point = point
            self._extend(point)
            inside = 0 <= point.y() < self._view.viewport().height()
            (self._scroll_timer.stop if inside else self._scroll_timer.start)()

    def release(self, event: QMouseEvent) -> None:
        """A button went up: activates what was pressed, or ends the selection."""
        self._scroll_timer.stop()
        self._selecting = False
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        row = self._view.row_at(event.position().toPoint().y())
        if pressed is not None and row >= 0:
            if self._view.bubble(row).action_at(self._local(row, event.position())) == pressed:
                self._view.activate_action(row, pressed)
            return
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and (text := self._view.selected_text()):
            clipboard.setText(text, QClipboard.Mode.Selection)

    def leave(self) -> None:
        """The pointer left the view."""
        self._set_hovered(None)

    def help(self, event: QHelpEvent) -> bool:
        """Show the tooltip of what is under the pointer: when, how far delivered, where a link leads."""
        row = self._view.row_at(event.pos().y())
        text = self._tip(row, QPointF(event.pos())) if row >= 0 else ""
        if text:
            QToolTip.showText(event.globalPos(), plain_tip(text), self._view.viewport())
        else:
            QToolTip.hideText()
        return True

    def _tip(self, row: int, point: QPointF) -> str:
        bubble, local = self._view.bubble(row), self._local(row, point)
        message = bubble.row.message
        if bubble.meta_rect.adjusted(-4, -4, 4, 4).contains(local):
            return join_facts((dated_words(message.time), delivery_word(message.state)))
        action = bubble.action_at(local)
        if action is not None and action.kind is ActionKind.LINK:
            return shown_host(action.url)
        if action is not None and action.kind is ActionKind.PART:
            return action.words
        if message.state is DeliveryState.FAILED and bubble.failure.rect.contains(local):
            return message.error
        return ""

    def _hover(self, point: QPoint) -> None:
        row = self._view.row_at(point.y())
        if row < 0:
            return
        bubble, local = self._view.bubble(row), self._local(row, QPointF(point))
        action = bubble.action_at(local)
        self._set_hovered((bubble.row.message.id, action) if action is not None else None)
        shape = Qt.CursorShape.ArrowCursor
        if action is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif bubble.is_over_text(local):
            shape = Qt.CursorShape.IBeamCursor
        if self._view.viewport().cursor().shape() is not shape:
            self._view.viewport().setCursor(shape)

    def _set_hovered(self, hovered: tuple[MessageId, Action] | None) -> None:
        if hovered != self.hovered:
            self.hovered = hovered
            self._view.viewport().update()

    def _select(self, row: int, start: int, end: int) -> None:
        message_id = self._view.timeline.message(row).id
        self._view.selection.set((message_id, start), (message_id, end))
        self._view.viewport().update()

    def _extend(self, point: QPoint) -> None:
        view = self._view
        row = view.row_at(point.y())
        if row < 0 or view.selection.anchor is None:
            return
        view.selection.set(view.selection.anchor, self._place(row, view.bubble(row), self._local(row, QPointF(point))))
        view.viewport().update()

    def _scroll_along(self) -> None:
        """Scroll while a selection is dragged out of the view."""
        y, height = self._last_point.y(), self._view.viewport().height()
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + (y if y < 0 else max(y - height, 0)) // 2)
        self._extend(QPoint(self._last_point.x(), min(max(y, 0), height - 1)))

    def _local(self, row: int, point: QPointF) -> QPointF:
        return point - QPointF(0, self._view.row_top(row))

    def _place(self, row: int, bubble: BubbleLayout, local: QPointF) -> Place:
        return bubble.row.message.id, bubble.position_at(local)
