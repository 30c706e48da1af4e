"""The icon in the tray: unread count, a click for the window, *Status*, *Quit*."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.ui.theme.icons import logo
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.badge import badge_text
from whimbrel.ui.words import presence_word

_SIZE = 64
_MESSAGE_SHOWN = 8000  # milliseconds


class Tray(QObject):
    """Shows itself where the desktop has a tray."""

    window_requested = Signal()
    quit_requested = Signal()
    message_activated = Signal(str)
    presence_chosen = Signal(object)  # OwnPresence

    def __init__(self, window: QWidget, presence: OwnPresence) -> None:
        super().__init__(window)
        self._last_key = ""
        self._presence = presence
        self.menu = QMenu(window)
        self.menu.addAction(self.tr("Open Whimbrel"), self.window_requested.emit)
        self._choices = self._add_status()
        self.menu.addAction(self.tr("Quit"), self.quit_requested.emit)
        self.set_presence(presence)
        self._icon = QSystemTrayIcon(tray_icon(0), self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self._on_message_clicked)
        self.set_unread(0)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    def set_presence(self, presence: OwnPresence) -> None:
        """Mark what is chosen now."""
        self._presence = presence
        self._choices[presence.availability].setChecked(True)

    def _add_status(self) -> dict[Availability, QAction]:
        menu = self.menu.addMenu(self.tr("Status"))
        group = QActionGroup(menu)
        choices = {}
        for availability in Availability:
            action = menu.addAction(presence_word(availability))
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose, availability))
            choices[availability] = group.addAction(action)
        self.menu.addSeparator()
        return choices

    def _choose(self, availability: Availability) -> None:
        self.presence_chosen.emit(OwnPresence(availability, self._presence.status))

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
