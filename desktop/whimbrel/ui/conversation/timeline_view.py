"""The list *Messages*: paints the timeline, and takes keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QDate, QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from whimbrel.model.message import DeliveryState, MessageId
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.failure import Aside, failure_sentence
from whimbrel.ui.conversation.jump_button import JumpButton
from whimbrel.ui.conversation.menu import message_menu
from whimbrel.ui.conversation.painting import paint_row
from whimbrel.ui.conversation.pointer import Pointer
from whimbrel.ui.conversation.rows_view import RowsView
from whimbrel.ui.conversation.selection import Selection, selected_text
from whimbrel.ui.conversation.text import shown_text, utf16_length
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.widgets.announce import announce

Index = QModelIndex | QPersistentModelIndex


class TimelineView(RowsView):
    """A conversation's messages."""

    link_activated = Signal(str)
    retry_requested = Signal(object)  # MessageId
    edit_requested = Signal(object)  # MessageId
    discard_requested = Signal(object)  # MessageId; the person has confirmed it
    typed = Signal(str)  # text typed while the list has the focus

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setAccessibleName(self.tr("Messages"))
        self.selection = Selection()
        self._pointer = Pointer(self)
        self._by_keys = False
        self._marked = -1  # the current row's action under the keyboard; -1: none chosen
        self._today = QDate.currentDate()
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.jump_button = JumpButton(self)
        self.jump_button.clicked.connect(self.follow_end)
        self.at_end_changed.connect(self.jump_button.set_at_end)
        model.arrived.connect(self._on_arrived)
        model.failed.connect(lambda message: announce(self, failure_sentence(message.error), urgent=True))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._today != QDate.currentDate():
            self._today = QDate.currentDate()
            self._forget_widths()
            self.scheduleDelayedItemsLayout()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = event.rect()
        painter.fillRect(area, self.bubbles.look.tokens.background)
        span = self.selection.span(self.timeline)
        current = self.currentIndex().row() if self.hasFocus() and self._by_keys else -1
        for row in self.visible_rows(area.top(), area.bottom()):
            bubble, top = self.bubble(row), self.row_top(row)
            painter.translate(0, top)
            paint_row(
                painter,
                bubble,
                QRectF(area.translated(0, -top)),
                selected=span.part(row, bubble.length) if span is not None else None,
                marked=self._marked_action(row),
                focused=row == current,
            )
            painter.translate(0, -top)

    def _marked_action(self, row: int) -> Action | None:
        hovered = self._pointer.hovered
        if hovered is not None and hovered[0] == self.timeline.message(row).id:
            return hovered[1]
        if self._marked >= 0 and self._by_keys and row == self.currentIndex().row():
            actions = self.bubble(row).actions
            return actions[self._marked] if self._marked < len(actions) else None
        return None

    # Acting

    def activate_action(self, row: int, action: Action) -> None:
        """Do what a link or button of a row is for."""
        message_id = self.timeline.message(row).id
        if action.kind is ActionKind.LINK:
            self.link_activated.emit(action.url)
        elif action.kind is ActionKind.MORE:
            self.show_more(row)
        elif action.kind is ActionKind.RETRY:
            self.retry_requested.emit(message_id)
        elif action.kind is ActionKind.EDIT:
            self.edit_requested.emit(message_id)
        elif action.kind is ActionKind.DISCARD:
            self.ask_discard(message_id)
        elif action.kind is ActionKind.DETAILS:
            self._toggle_details(row)
        elif action.kind is ActionKind.DISCARD_NOW:
            self.discard_requested.emit(message_id)
        else:
            self._say_aside(message_id, Aside.NONE)

    def ask_discard(self, message_id: MessageId) -> None:
        """Ask, beneath a failed message, whether to discard it."""
        self._say_aside(message_id, Aside.CONFIRM)
        row = self.currentIndex().row()
        if row >= 0 and self.timeline.message(row).id == message_id:
            kinds = [action.kind for action in self.bubble(row).actions]
            self._marked = kinds.index(ActionKind.DISCARD_NOW) if ActionKind.DISCARD_NOW in kinds else -1
        announce(self, self.tr("Discard this message?"))

    def _toggle_details(self, row: int) -> None:
        message = self.timeline.message(row)
        shown = self.bubbles.asides.get(message.id) is Aside.DETAILS
        self._say_aside(message.id, Aside.NONE if shown else Aside.DETAILS)
        if not shown:
            announce(self, message.error)

    def _close_aside(self, row: int) -> bool:
        """Take back a question, or details; returns whether there was one."""
        message_id = self.timeline.message(row).id if row >= 0 else None
        if message_id is None or self.bubbles.asides.get(message_id, Aside.NONE) is Aside.NONE:
            return False
        self._say_aside(message_id, Aside.NONE)
        return True

    def _say_aside(self, message_id: MessageId, aside: Aside) -> None:
        self._marked = -1
        self.set_aside(message_id, aside)

    def selected_text(self) -> str:
        """The selected text, as it is copied; "" for none."""
        span = self.selection.span(self.timeline)
        return selected_text(span, self.timeline, self.bubbles.steps) if span is not None else ""

    def copy(self) -> None:
        """Copy the selection, or else the whole current message."""
        text = self.selected_text()
        if not text and self.currentIndex().isValid():
            text = self.timeline.message(self.currentIndex().row()).body
        if text:
            QGuiApplication.clipboard().setText(text)

    def select_all(self) -> None:
        """Select every message of the window."""
        rows = self.timeline.rowCount()
        if rows:
            first, last = self.timeline.message(0), self.timeline.message(rows - 1)
            end = utf16_length(shown_text(last.body, self.bubbles.steps.get(last.id, 0)).text)
            self.selection.set((first.id, 0), (last.id, end))
            self.viewport().update()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            event.ignore()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(row + (1 if key == Qt.Key.Key_Down else -1) if row >= 0 else self.visible_rows()[-1:])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._page(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Home:
            self._go(0)
        elif key == Qt.Key.Key_End:
            self.follow_end()
            self._go(self.timeline.rowCount() - 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row >= 0:
            self._mark(row, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._activate_current(row)
        elif key == Qt.Key.Key_Delete and row >= 0:
            if self.timeline.message(row).state is DeliveryState.FAILED:
                self.ask_discard(self.timeline.message(row).id)
        elif key == Qt.Key.Key_Escape and (self._close_aside(row) or self.selection.clear()):
            self.viewport().update()
        elif event.text() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            event.ignore()

    def _go(self, row: int | range) -> None:
        if isinstance(row, range):
            row = row[0] if row else -1
        if 0 <= row < self.timeline.rowCount():
            self._by_keys, self._marked = True, -1
            index = self.timeline.index(row)
            self.setCurrentIndex(index)
            at_last = row == self.timeline.rowCount() - 1
            if not (at_last and self.at_end):
                self.scrollTo(index)
            self.viewport().update()

    def _page(self, direction: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * (self.viewport().height() - 40))
        rows = self.visible_rows()
        if rows:
            self._by_keys, self._marked = True, -1
            self.setCurrentIndex(self.timeline.index(rows[min(1, len(rows) - 1)] if direction < 0 else rows[-1]))

    def _mark(self, row: int, step: int) -> None:
        count = len(self.bubble(row).actions)
        if count:
            self._marked = (self._marked + step) % count if self._marked >= 0 else (0 if step > 0 else count - 1)
            self._by_keys = True
            announce(self, self.bubble(row).actions[self._marked].label)
            self.viewport().update()

    def _activate_current(self, row: int) -> None:
        actions = self.bubble(row).actions
        if actions:
            self.activate_action(row, actions[min(max(self._marked, 0), len(actions) - 1)])

    # The mouse, focus and the rest of Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keys = False
        row = self.row_at(event.position().toPoint().y())
        if row >= 0:
            self.setCurrentIndex(self.timeline.index(row))
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.currentIndex().row()
        position, action = event.globalPos(), None
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            if row < 0:
                return
            center = QPoint(self.bubble(row).bubble_rect.center().toPoint()) + QPoint(0, self.row_top(row))
            position = self.viewport().mapToGlobal(center)
            action = self._marked_action(row)
        else:
            row = self.row_at(event.pos().y())
            if row < 0:
                return
            action = self.bubble(row).action_at(QPointF(event.pos()) - QPointF(0, self.row_top(row)))
        self.setCurrentIndex(self.timeline.index(row))
        message_menu(self, row, action).popup(position)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
            Qt.FocusReason.OtherFocusReason,
        )
        super().focusInEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._pointer.help(event)
        if event.type() == QEvent.Type.Leave:
            self._pointer.leave()
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.jump_button.place(self.viewport().geometry())

    def _on_arrived(self, count: int) -> None:
        self.executeDelayedItemsLayout()
        if not self.at_end:
            self.jump_button.add(count)
        elif self.timeline.viewed and QAccessible.isActive():
            newest = self.timeline.index(self.timeline.rowCount() - 1)
            text = newest.data(Qt.ItemDataRole.AccessibleTextRole)
            announce(self, text)
