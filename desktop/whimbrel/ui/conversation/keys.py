"""The keyboard over a timeline: walking the rows, choosing among what can be done with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence

from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.failure import Aside
from whimbrel.ui.conversation.text_cursor import TextCursor
from whimbrel.ui.widgets.announce import announce

if TYPE_CHECKING:
    from whimbrel.ui.conversation.timeline_view import TimelineView

_OVERLAP = 40  # pixels that stay when a page is turned
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class Keys:
    """Keys, translated into the current row, its chosen action and what the view does."""

    def __init__(self, view: TimelineView) -> None:
        self._view = view
        self.in_use = False  # whether the keyboard rather than the mouse moved last: then the current row is framed
        self._cursor = TextCursor(view)
        self._chosen = -1  # the current row's action under the keyboard; -1: none

    def focus_in(self, event: QFocusEvent) -> None:
        """The view got the focus."""
        self.in_use = event.reason() in _BY_KEYS

    def forget_choice(self) -> None:
        """The actions of a row are others now."""
        self._chosen = -1

    def choose(self, row: int, kind: ActionKind) -> None:
        """Choose an action, where the keyboard stands on its row."""
        if row == self._view.currentIndex().row():
            kinds = [action.kind for action in self._view.bubble(row).actions]
            self._chosen = kinds.index(kind) if kind in kinds else -1

    def chosen(self, row: int) -> Action | None:
        """The action of a row that Enter would do, once one was chosen."""
        if self._chosen < 0 or not self.in_use or row != self._view.currentIndex().row():
            return None
        actions = self._view.bubble(row).actions
        return actions[self._chosen] if self._chosen < len(actions) else None

    def needs_escape(self) -> bool:
        """Whether Escape takes something back here, before it means anything to the window."""
        view = self._view
        is_open = self._aside(view.currentIndex().row()) is not Aside.NONE
        return is_open or bool(view.spotlight.mark) or view.selection.span(view.timeline) is not None

    def press(self, event: QKeyEvent) -> None:
        """A key went down."""
        view, key, row = self._view, event.key(), self._view.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            view.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            view.select_all()
        elif self._cursor.press(key, event.modifiers()):
            self.in_use = True
        elif event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            event.ignore()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(row, 1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._page(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Home:
            self._go(0)
        elif key == Qt.Key.Key_End:
            view.follow_end()
            self._go(view.timeline.rowCount() - 1)
        elif row >= 0 and self._act(key, row):
            pass
        elif key == Qt.Key.Key_Escape and view.selection.clear():
            view.viewport().update()
        elif key == Qt.Key.Key_Escape and view.spotlight.mark:
            view.spotlight.clear()
        elif event.text() and event.text().isprintable():
            view.typed.emit(event.text())
        else:
            event.ignore()

    def _act(self, key: int, row: int) -> bool:
        """Keys that mean the current row; returns whether this was one."""
        view = self._view
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose_next(row, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            actions = view.bubble(row).actions
            if actions:
                view.activate_action(row, actions[min(max(self._chosen, 0), len(actions) - 1)])
        elif key == Qt.Key.Key_Delete:
            if view.timeline.message(row).state is DeliveryState.FAILED:
                view.ask_discard(view.timeline.message(row).id)
        elif key == Qt.Key.Key_Escape and self._aside(row) is not Aside.NONE:
            view.say_aside(view.timeline.message(row).id, Aside.NONE)
        else:
            return False
        return True

    def _aside(self, row: int) -> Aside:
        view = self._view
        return view.bubbles.asides.get(view.timeline.message(row).id, Aside.NONE) if row >= 0 else Aside.NONE

    def _step(self, row: int, step: int) -> None:
        shown = self._view.visible_rows()
        self._go(row + step if row >= 0 else shown[-1] if shown else -1)

    def _go(self, row: int) -> None:
        view = self._view
        if 0 <= row < view.timeline.rowCount():
            self.in_use, self._chosen = True, -1
            index = view.timeline.index(row)
            view.setCurrentIndex(index)
            at_last = row == view.timeline.rowCount() - 1
            if not (at_last and view.at_end):
                view.scrollTo(index)
            view.viewport().update()

    def _page(self, direction: int) -> None:
        view = self._view
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() + direction * (view.viewport().height() - _OVERLAP))
        rows = view.visible_rows()
        if rows:
            self.in_use, self._chosen = True, -1
            view.setCurrentIndex(view.timeline.index(rows[min(1, len(rows) - 1)] if direction < 0 else rows[-1]))

    def _choose_next(self, row: int, step: int) -> None:
        actions = self._view.bubble(row).actions
        if not actions:
            return
        count = len(actions)
        self._chosen = (self._chosen + step) % count if self._chosen >= 0 else (0 if step > 0 else count - 1)
        self.in_use = True
        announce(self._view, actions[self._chosen].words)
        self._view.viewport().update()
