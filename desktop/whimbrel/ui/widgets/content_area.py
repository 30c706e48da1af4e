"""A part of a dialog that may be larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from whimbrel.ui.theme.theme import grown, theme
from whimbrel.ui.widgets.dialog_body import DialogBody
from whimbrel.ui.widgets.focus_in_view import show_focus_in

_MOST_WIDTH = 0.9  # of the screen's width
_LEAST_HEIGHT, _MOST_HEIGHT = 0.3, 0.6  # of the screen's height
_REST = 0.4  # of the screen's height, for title, words and buttons in letters of usual size
_BAR = 18  # pixels that the scroll bar takes, where letters have their usual size
_BORDER = 1  # pixel around it, as in the stylesheet


class ContentArea(QScrollArea):
    """As large as what is in its ``column``, as far as the screen has room; beyond that it scrolls."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = QWidget()
        self._holder.setProperty("surface", "base")
        self.column = QVBoxLayout(self._holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setWidget(self._holder)
        self._holder.installEventFilter(self)
        show_focus_in(self)
        self.verticalScrollBar().setProperty("kind", "apart")  # has room beside it, so that nothing touches it

    def sizeHint(self) -> QSize:
        screen = self.screen().availableGeometry()
        width = min(
            self._holder.minimumSizeHint().width() + grown(_BAR) + 2 * _BORDER, round(screen.width() * _MOST_WIDTH)
        )
        shown = max(width, self.width() if self.isVisible() else 0)
        wraps = self._holder.hasHeightForWidth()
        inside = shown - 2 * _BORDER
        height = self._holder.heightForWidth(inside) if wraps else self._holder.minimumSizeHint().height()
        return QSize(width, min(height + 2 * _BORDER, self._most_height(screen.height())))

    def _most_height(self, screen: int) -> int:
        """What the screen has room for, beside the rest of its dialog where it stands in one by itself."""
        usual = screen * max(_LEAST_HEIGHT, min(_MOST_HEIGHT, 1 - _REST * theme().zoom / 100))
        holder = self.parentWidget()
        viewport = holder.parentWidget() if holder is not None else None
        body = viewport.parentWidget() if viewport is not None else None
        room = body.room_for(self) if isinstance(body, DialogBody) else 0
        return max(round(usual), min(room, round(screen * _MOST_HEIGHT)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: what is shown takes another size when something unfolds, appears or goes."""
        if watched is self._holder and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
