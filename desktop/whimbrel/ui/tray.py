"""The icon in the tray: unread count, a click for the window, *Quit*."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from whimbrel.ui.theme.icons import logo
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.badge import badge_text

_SIZE = 64
_MESSAGE_SHOWN = 8000  # milliseconds


class Tray(QObject):
    """Shows itself where the desktop has a tray."""

    window_requested = Signal()
    quit_requested = Signal()
    message_activated = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._last_key = ""
        self._menu = QMenu(window)
        self._menu.addAction(self.tr("Open Whimbrel"), self.window_requested.emit)
        self._menu.addAction(self.tr("Quit"), self.quit_requested.emit)
        self._icon = QSystemTrayIcon(tray_icon(0), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self._on_message_clicked)
        self.set_unread(0)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    @property
    def is_there(self) -> bool:
        """Whether the person can see it, so that the window may go away."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def set_unread(self, unread: int) -> None:
        """Show a count."""
        self._icon.setIcon(tray_icon(unread))
        self._icon.setToolTip(self.tr("Whimbrel, %n unread", "", unread) if unread else "Whimbrel")

    def show_message(self, key: str, title: str, body: str) -> None:
        """Show a message beside the icon, for desktops without a notification service."""
        self._last_key = key
        if self.is_there:
            self._icon.showMessage(title, body, logo(), _MESSAGE_SHOWN)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.window_requested.emit()

    def _on_message_clicked(self) -> None:
        self.message_activated.emit(self._last_key)


def tray_icon(unread: int) -> QIcon:
    """The program's icon, with a count at its lower right."""
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    logo().paint(painter, QRect(0, 0, _SIZE, _SIZE))
    if unread:
        tokens = theme().tokens
        text = badge_text(unread) if unread < 100 else "…"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.busy)
        center, radius = QPointF(_SIZE - 20, _SIZE - 20), 20
        painter.drawEllipse(center, radius, radius)
        painter.setPen(Qt.GlobalColor.white)
        text_font = theme().font(bold=True)
        text_font.setPixelSize(26 if len(text) < 2 else 22)
        painter.setFont(text_font)
        painter.drawText(QRect(_SIZE - 40, _SIZE - 40, 40, 40), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return QIcon(pixmap)
