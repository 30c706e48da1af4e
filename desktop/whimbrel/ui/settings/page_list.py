"""The list at the left of *Settings*: an icon and words, which may take several lines."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from whimbrel.ui.theme.growth import keep_icon_size
from whimbrel.ui.theme.theme import grown

_ICON = 20  # pixels, where letters have their usual size
_PADDING = 8  # pixels, as in the stylesheet
_TALL = 1 << 16


class _Rows(QStyledItemDelegate):
    """As high as the words are in the list's width: Qt would forget the stylesheet's padding."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 0
        room = QRect(0, 0, max(1, width - grown(_ICON) - 4 * _PADDING), _TALL)
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        needed = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()
        return QSize(0, max(needed, grown(_ICON)) + 2 * _PADDING + 2)


class PageList(QListWidget):
    """A list of pages, or of what is on them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("kind", "pages")
        self.setItemDelegate(_Rows(self))
        keep_icon_size(self, _ICON)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
