"""The menu *Status*: how we appear to others, with a message."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget, QWidgetAction

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.ui.theme.avatar import paint_presence
from whimbrel.ui.theme.theme import grown, theme
from whimbrel.ui.words import presence_word

_MAX_MESSAGE = 500
_ICON = 16
_MARK = 5 / 16  # of the icon: the mark's radius


class StatusMenu(QMenu):
    """Online, Away, Busy, Offline, *Profile…*, a line for the message. ``chosen`` carries an OwnPresence."""

    chosen = Signal(object)
    profile_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presence = OwnPresence()
        group = QActionGroup(self)
        self._actions: dict[Availability, QAction] = {}
        for availability in Availability:
            action = self.addAction(presence_word(availability))
            action.setCheckable(True)
            action.setIconVisibleInMenu(True)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, a=availability: self._choose(a))
            self._actions[availability] = action
        self.addSeparator()
        self.addAction(self.tr("Profile…")).triggered.connect(lambda: self.profile_requested.emit())
        self.addSeparator()
        self.message = QLineEdit()
        self.message.setMaxLength(_MAX_MESSAGE)
        self.message.setAccessibleName(self.tr("Status message"))
        self.message.setPlaceholderText(self.tr("Status message"))
        self.message.setMinimumWidth(220)
        self.message.returnPressed.connect(self._on_return)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.addWidget(self.message)
        holder.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the arrow keys lead there
        holder.setFocusProxy(self.message)
        line = QWidgetAction(self)
        line.setText(self.tr("Status message"))  # read aloud
        line.setDefaultWidget(holder)
        self.addAction(line)
        self.aboutToShow.connect(self._on_show)
        self.aboutToHide.connect(self._on_hide)

    def set_presence(self, presence: OwnPresence) -> None:
        """Show what is chosen now."""
        self._presence = presence
        self._actions[presence.availability].setChecked(True)
        for availability, action in self._actions.items():  # the icon takes the place of the check mark
            font = action.font()
            font.setBold(availability is presence.availability)
            action.setFont(font)
        self.message.setText(presence.status)

    def _choose(self, availability: Availability) -> None:
        self._emit(OwnPresence(availability, self.message.text().strip()))

    def _on_return(self) -> None:
        self._on_hide()
        self.close()

    def _on_show(self) -> None:
        for availability, action in self._actions.items():
            action.setIcon(_presence_icon(availability))

    def _on_hide(self) -> None:
        """A message that was typed counts, however the menu is left."""
        self._emit(OwnPresence(self._presence.availability, self.message.text().strip()))

    def _emit(self, presence: OwnPresence) -> None:
        if presence != self._presence:
            self._presence = presence
            self.chosen.emit(presence)


def _presence_icon(availability: Availability) -> QIcon:
    result = QIcon()
    side = grown(_ICON)
    for scale in (1, 2, 3):
        pixmap = QPixmap(side * scale, side * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_presence(painter, QPointF(side / 2, side / 2), side * _MARK, availability, theme().tokens.background)
        painter.end()
        result.addPixmap(pixmap)
    return result
