"""The list *Messages*: paints the timeline, and takes keys and clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from whimbrel.model.message import MessageId
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.failure import Aside, failure_sentence
from whimbrel.ui.conversation.jump_button import JumpButton
from whimbrel.ui.conversation.keys import Keys
from whimbrel.ui.conversation.menu import message_menu
from whimbrel.ui.conversation.painting import paint_light, paint_row
from whimbrel.ui.conversation.pointer import Pointer
from whimbrel.ui.conversation.rows_view import RowsView
from whimbrel.ui.conversation.selection import Selection, selected_text
from whimbrel.ui.conversation.spotlight import Spotlight, find_places
from whimbrel.ui.conversation.text import shown_text, utf16_length
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.widgets.announce import announce

if TYPE_CHECKING:
    from whimbrel.ui.conversation.extension import Extension

Index = QModelIndex | QPersistentModelIndex

_MOST_READ = 400  # characters of a message that arrived: the rest can be walked through


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
        self.extensions: tuple[Extension, ...] = ()
        self.selection = Selection()
        self.spotlight = Spotlight(self)
        self.spotlight.changed.connect(self.viewport().update)
        self._pointer = Pointer(self)
        self._keys = Keys(self)
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
        current = self.currentIndex().row() if self.hasFocus() and self._keys.in_use else -1
        for row in self.visible_rows(area.top(), area.bottom()):
            bubble, top = self.bubble(row), self.row_top(row)
            message_id = self.timeline.message(row).id
            painter.translate(0, top)
            paint_light(painter, bubble, self.spotlight.strength(message_id))
            paint_row(
                painter,
                bubble,
                QRectF(area.translated(0, -top)),
                selected=span.part(row, bubble.length) if span is not None else None,
                found=self.spotlight.places(message_id, bubble.text),
                marked=self._marked_action(row),
                focused=row == current,
            )
            painter.translate(0, -top)

    def _marked_action(self, row: int) -> Action | None:
        hovered = self._pointer.hovered
        if hovered is not None and hovered[0] == self.timeline.message(row).id:
            return hovered[1]
        return self._keys.chosen(row)

    # Going somewhere

    def show_message(self, message_id: MessageId, mark: str = "") -> bool:
        """Go to a message of this conversation, wherever it is, and light it; returns whether it is there.

        Args:
            mark: what was looked for: marked in it, until one clicks or presses Escape.
        """
        if not self.timeline.show_around(message_id):
            return False
        self.executeDelayedItemsLayout()
        row = self.timeline.row_of(message_id)
        self._show_mark(row, mark)
        self.show_row(row)
        self.spotlight.point(message_id, mark)
        index = self.timeline.index(row)
        self.setCurrentIndex(index)
        announce(self, index.data(Qt.ItemDataRole.AccessibleTextRole))
        return True

    def _show_mark(self, row: int, mark: str) -> None:
        """Show as much of a long message as it takes to see what was looked for."""
        message_id = self.timeline.message(row).id
        while mark and not self.bubble(row).is_whole and not find_places(self.bubble(row).text, mark):
            self.bubbles.show_more(message_id)

    # Acting

    def activate_action(self, row: int, action: Action) -> None:
        """Do what a link or button of a row is for."""
        message_id = self.timeline.message(row).id
        if action.run is not None:
            action.run()
        elif action.kind is ActionKind.LINK:
            self.link_activated.emit(action.url)
        elif action.kind is ActionKind.MORE:
            self.show_more(row)
        elif action.kind is ActionKind.RETRY:
            self.say_aside(message_id, Aside.NONE)
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
            self.say_aside(message_id, Aside.NONE)

    def ask_discard(self, message_id: MessageId) -> None:
        """Ask, beneath a failed message, whether to discard it."""
        self.say_aside(message_id, Aside.CONFIRM)
        self._keys.choose(self.timeline.row_of(message_id), ActionKind.DISCARD_NOW)
        announce(self, self.tr("Discard this message?"))

    def _toggle_details(self, row: int) -> None:
        message = self.timeline.message(row)
        shown = self.bubbles.asides.get(message.id) is Aside.DETAILS
        self.say_aside(message.id, Aside.NONE if shown else Aside.DETAILS)
        if not shown:
            announce(self, message.error)

    def say_aside(self, message_id: MessageId, aside: Aside) -> None:
        """Say something beneath a failed message besides its reason, or no longer."""
        self._keys.forget_choice()
        self.set_aside(message_id, aside)

    def selected_text(self) -> str:
        """The selected text, as it is copied; "" for none."""
        span = self.selection.span(self.timeline)
        return selected_text(span, self.timeline, self.bubbles.steps) if span is not None else ""

    def copy(self) -> None:
        """Copy the selection, or else the whole current message."""
        text = self.selected_text()
        if not text and self.currentIndex().isValid():
            text = self.timeline.row(self.currentIndex().row()).text
        if text:
            QGuiApplication.clipboard().setText(text)

    def select_all(self) -> None:
        """Select every message of the window."""
        rows = self.timeline.rowCount()
        if rows:
            first, last = self.timeline.message(0), self.timeline.message(rows - 1)
            end = utf16_length(shown_text(self.timeline.row(rows - 1).drawn, self.bubbles.steps.get(last.id, 0)).text)
            self.selection.set((first.id, 0), (last.id, end))
            self.viewport().update()

    # Keys, the mouse, focus and the rest of Qt

    def event(self, event: QEvent) -> bool:
        """Escape is first for what is open here, then for the window."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape and self._keys.needs_escape():  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._keys.press(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._keys.in_use = False
        self.spotlight.clear()
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
            position = self.viewport().mapToGlobal(self._seen_of(row).center())
            action = self._marked_action(row)
        else:
            row = self.row_at(event.pos().y())
            if row < 0:
                return
            action = self.bubble(row).action_at(QPointF(event.pos()) - QPointF(0, self.row_top(row)))
        self.setCurrentIndex(self.timeline.index(row))
        message_menu(self, row, action).popup(position)

    def _seen_of(self, row: int) -> QRect:
        """What is seen of a bubble, which is scrolled to where that is nothing."""

        def bubble() -> QRect:
            return self.bubble(row).bubble_rect.toRect().translated(0, self.row_top(row))

        if not bubble().intersects(self.viewport().rect()):
            self.scrollTo(self.timeline.index(row))
        return bubble() & self.viewport().rect()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._keys.focus_in(event)
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
        if self.timeline.viewed and QAccessible.isActive():
            newest = self.timeline.index(self.timeline.rowCount() - 1)
            announce(self, newest.data(Qt.ItemDataRole.AccessibleTextRole)[:_MOST_READ])
