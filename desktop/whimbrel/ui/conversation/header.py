"""The head of a conversation: avatar, name, presence, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.avatar import paint_avatar, paint_emblem, repaint_with_pictures
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel

_AVATAR = 36
_HEIGHT = 60


class _Avatar(QWidget):
    def __init__(self, jid: JID) -> None:
        super().__init__()
        self._jid = jid
        self.label = str(jid)
        self.presence: Availability | None = None
        self.emblem = ""
        self.setFixedSize(QSize(_AVATAR, _AVATAR))
        repaint_with_pictures(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.emblem:
            paint_emblem(painter, QRectF(self.rect()), self.emblem)
            return
        paint_avatar(painter, QRectF(self.rect()), self._jid, self.label, self.presence, theme().tokens.background)


class ConversationHeader(QFrame):
    """One line of head, with the menu ⋮."""

    window_requested = Signal()
    details_requested = Signal()
    date_requested = Signal()
    close_requested = Signal()
    search_requested = Signal()

    def __init__(self, jid: JID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(_HEIGHT)  # large text needs more
        self.setProperty("surface", "base")
        self._avatar = _Avatar(jid)
        self.name = ElidedLabel(str(jid), bold=True)
        self.status = ElidedLabel("", size=SMALL, tone="second")
        self.search_button = icon_button("search", self.tr("Search in this conversation"))
        self.search_button.clicked.connect(self.search_requested)
        self.menu_button = icon_button("more", self.tr("More"))
        self.menu = QMenu(self)
        self.window_action = self.menu.addAction(self.tr("Open in new window"), self.window_requested.emit)
        self.details_action = self.menu.addAction(self.tr("Contact details…"), self.details_requested.emit)
        self.date_action = self.menu.addAction(self.tr("Go to date…"), self.date_requested.emit)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Close"), self.close_requested.emit)
        self.menu_button.setMenu(self.menu)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.status)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 10, 4)
        layout.setSpacing(12)
        layout.addWidget(self._avatar)
        layout.addLayout(words, 1)
        layout.addWidget(self.search_button)
        layout.addSpacing(-8)  # the buttons have room of their own around their icons
        layout.addWidget(self.menu_button)

    def set_emblem(self, icon: str) -> None:
        """Show an icon in the avatar's place; "" for the avatar."""
        self._avatar.emblem = icon
        self._avatar.update()

    def show_contact(self, label: str, presence: Availability | None, status: str) -> None:
        """Show a name, a presence (None: not known) and the line beneath."""
        self.name.setText(label)
        self.status.setText(status)
        self.status.setVisible(bool(status))
        self._avatar.label, self._avatar.presence = label, presence
        self._avatar.update()
