"""The head of a conversation: avatar, name, presence, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.avatar import paint_avatar, paint_emblem, repaint_with_pictures
from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel
from whimbrel.ui.widgets.margins import set_margins

_AVATAR = 36
_HEIGHT = 60


class _Avatar(QWidget):
    def __init__(self, jid: JID) -> None:
        super().__init__()
        self._jid = jid
        self.label = str(jid)
        self.presence: Availability | None = None
        self.emblem = ""
        keep_size(self, _AVATAR, _AVATAR)
        repaint_with_pictures(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.emblem:
            paint_emblem(painter, QRectF(self.rect()), self.emblem)
            return
        paint_avatar(painter, QRectF(self.rect()), self._jid, self.label, self.presence, theme().tokens.background)


class _PersonButton(QAbstractButton):
    """Lies over avatar and name, which are seen through it. The keyboard's ring only shows after the keyboard."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard in what is being written
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # as large as what it lies over

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().tokens.focus, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


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
        self.person_button = _PersonButton(self.tr("Contact details…"))
        self.person_button.clicked.connect(self.details_requested)
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
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(12)
        layout.addLayout(self._lay_out_person(words), 1)
        self.person_button.raise_()
        layout.addWidget(self.search_button)
        layout.addSpacing(-8)  # the buttons have room of their own around their icons
        layout.addWidget(self.menu_button)

    def _lay_out_person(self, words: QVBoxLayout) -> QGridLayout:
        person = QHBoxLayout()
        set_margins(person, 6, 0, 0, 0)  # room for the button's ring
        person.setSpacing(12)
        person.addWidget(self._avatar)
        person.addLayout(words, 1)
        grid = QGridLayout()
        grid.addLayout(person, 0, 0)
        grid.addWidget(self.person_button, 0, 0)
        return grid

    def set_details(self, shown: bool) -> None:
        """Whether there is something to be opened about who it is."""
        self.details_action.setVisible(shown)
        self.person_button.setVisible(shown)

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
