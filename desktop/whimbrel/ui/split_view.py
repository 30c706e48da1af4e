"""Two panes with a draggable line between them; one at a time where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

NARROW = 640
_LEFT_WIDTH = 320


class SplitView(QWidget):
    """Collapses to one pane below 640 px, and where the left pane needs half of it. ``narrow_changed`` tells when."""

    narrow_changed = Signal(bool)

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = left, right
        self._narrow = False
        self._right_first = False
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_LEFT_WIDTH, 800])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    @property
    def is_narrow(self) -> bool:
        """Whether only one pane shows."""
        return self._narrow

    def show_left(self) -> None:
        """In a narrow window, show the left pane."""
        self._right_first = False
        self._arrange()

    def show_right(self) -> None:
        """In a narrow window, show the right pane."""
        self._right_first = True
        self._arrange()

    def save(self) -> bytes:
        """Where the line is."""
        return bytes(self.splitter.saveState().data())

    def restore(self, state: bytes) -> None:
        """Put the line where it was."""
        if state:
            self.splitter.restoreState(QByteArray(state))
            self.splitter.setHandleWidth(1)
            self.splitter.setChildrenCollapsible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < max(NARROW, 2 * self._left.minimumSizeHint().width())
        if narrow != self._narrow:
            self._narrow = narrow
            self._right_first |= self._right.isAncestorOf(self.focusWidget())  # where one writes stays
            self._arrange()
            self.narrow_changed.emit(narrow)
        super().resizeEvent(event)

    def _arrange(self) -> None:
        self._left.setVisible(not self._narrow or not self._right_first)
        self._right.setVisible(not self._narrow or self._right_first)
