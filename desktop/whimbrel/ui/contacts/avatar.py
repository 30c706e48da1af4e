"""An avatar as a widget, for dialogs."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from whimbrel.model.jid import JID
from whimbrel.ui.theme.avatar import paint_avatar, paint_initial, repaint_with_pictures
from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.theme import theme


class Avatar(QWidget):
    """The picture of an address, ``size`` pixels wide and high, more in large text. Decoration: it has no name."""

    def __init__(self, jid: JID, label: str, size: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_size(self, size, size)
        repaint_with_pictures(self)
        self.show_person(jid, label)

    def show_person(self, jid: JID, label: str) -> None:
        """Show somebody else."""
        self._jid, self._label = jid, label
        self._instead: QImage | None = None
        self.update()

    def show_instead(self, disc: QImage) -> None:
        """Show what is to become the picture: a disc; a null image: that there is to be none."""
        self._instead = disc
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the picture."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._instead is None:
            paint_avatar(painter, rect, self._jid, self._label, None, theme().tokens.background)
        elif self._instead.isNull():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_initial(painter, rect, self._jid, self._label)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, self._instead)
        painter.end()
