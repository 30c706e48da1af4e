"""A list in the accessibility tree that lays nothing out by itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView

Index = QModelIndex | QPersistentModelIndex


class BareList(QListView):
    """A QListView for its role only: whatever it computes for all of its rows is switched off here."""

    def switch_off(self) -> None:
        """Switch QListView's own ways off; call it once whatever the overridden methods need is there."""
        self.setAutoScroll(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabKeyNavigation(False)
        # Always there, so that nothing is laid out again when it is needed; without a handle while it is not.
        self.verticalScrollBar().setStyleSheet("QScrollBar::handle:vertical:disabled { background: transparent; }")

    def updateGeometries(self) -> None:
        """Nothing: the range of the scroll bar is set where heights are settled."""

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """Nothing: rows are not selected, text is."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion()
