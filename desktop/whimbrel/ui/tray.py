"""The icon in the tray: unread count, a click for the window, *Status*, *Settings*, *Quit*."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QFont, QFontMetricsF, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.ui.theme.icons import logo
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.words import presence_word

_SIZES = (16, 22, 24, 32, 44, 48, 64)
"""Pixels that trays ask for: each is drawn for itself, since a small count that is scaled cannot be read."""
_MOST = 99
_BADGE = QColor("#C62828")  # a panel has colours of its own, whatever our theme is
_MESSAGE_SHOWN = 8000  # milliseconds


class Tray(QObject):
    """Shows itself where the desktop has a tray."""

    window_requested = Signal()
    settings_requested = Signal()
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
        self.menu.addAction(self.tr("Settings…"), self.settings_requested.emit)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit"), self.quit_requested.emit)
        self.set_presence(presence)
        self._icon = QSystemTrayIcon(tray_icon(0), self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self._on_message_clicked)
        self.set_unread(0)
        self.appear()

    def appear(self) -> None:
        """Show the icon, where there is a tray; on X11 also where there is none yet, as soon as there is one."""
        if QSystemTrayIcon.isSystemTrayAvailable() or QGuiApplication.platformName() == "xcb":
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
    icon = QIcon()
    for size in _SIZES:
        icon.addPixmap(_draw(size, unread))
    return icon


def _draw(size: int, unread: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    logo().paint(painter, QRect(0, 0, size, size))
    if unread:
        _draw_badge(painter, size, f"{_MOST}+" if unread > _MOST else str(unread))
    painter.end()
    return pixmap


def _draw_badge(painter: QPainter, size: int, text: str) -> None:
    """A pill, as large as leaves the icon to be known, with a gap round it that parts it from any colour."""
    font = QFont(theme().font(bold=True))
    height = max(10, round(size * 0.56))
    font.setPixelSize(round(height * (0.86 if len(text) < 3 else 0.7)))
    room = max(1.0, size / 16)
    width = min(size, max(height, round(QFontMetricsF(font).horizontalAdvance(text) + 3 * room)))
    badge = QRectF(size - width, size - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BADGE)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.drawRoundedRect(badge.adjusted(-room, -room, room, room), height / 2 + room, height / 2 + room)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.drawRoundedRect(badge, height / 2, height / 2)
    painter.setPen(Qt.GlobalColor.white)
    painter.setFont(font)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
