"""Where files are dropped: over the whole conversation, seen as soon as files are dragged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from whimbrel.ui.theme.theme import LARGE, font, theme

if TYPE_CHECKING:
    from whimbrel.ui.conversation.editor import DataTaker

_MARGIN = 16
_RADIUS = 12
_VEIL = 235  # of 255: what lies beneath is hardly seen


class DropArea(QWidget):
    """Covers its parent while something is dragged over it that is wanted."""

    def __init__(self, parent: QWidget, taker: DataTaker) -> None:
        super().__init__(parent)
        self._taker = taker
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Drop files here to send them"))
        self.hide()
        parent.setAcceptDrops(True)
        parent.installEventFilter(self)

    def watch(self, widget: QWidget) -> None:
        """Files may come in over this one too, which takes drops itself."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and self._taker.wants(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._open()
            return True
        if event.type() is QEvent.Type.DragLeave and self.isVisible():
            QTimer.singleShot(0, self, self._close_if_left)
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._taker.wants(event.mimeData()):
            self._over = True
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._close()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        self._close()
        if self._taker.wants(data):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._taker.take_data(data)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(tokens.selection)
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setPen(QPen(tokens.accent, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        painter.setPen(tokens.text)
        painter.setFont(font(LARGE, bold=True))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), flags, self.accessibleName())

    def _open(self) -> None:
        self._over = False
        beneath = self.parentWidget()  # not kept: it keeps us, and a circle would outlive its widgets
        if beneath is not None:
            self.setGeometry(beneath.rect())
        self.raise_()
        self.show()

    def _close(self) -> None:
        self._over = False
        self.hide()

    def _close_if_left(self) -> None:
        """What lies beneath was left: to this widget above it, or out of the window."""
        if not self._over:
            self._close()
