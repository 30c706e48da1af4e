"""The head of the left pane: who we are, how we appear, whether we are connected."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionState
from whimbrel.model.contact import Availability
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.errors import explain
from whimbrel.ui.joining import join_facts
from whimbrel.ui.status.connection import ConnectionWatch
from whimbrel.ui.status.menu import StatusMenu
from whimbrel.ui.theme.avatar import paint_avatar, repaint_with_pictures
from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.buttons import icon_button, link_button
from whimbrel.ui.widgets.label import ElidedLabel, Label, plain_tip
from whimbrel.ui.widgets.margins import set_margins
from whimbrel.ui.words import presence_word

_AVATAR = 36
_SPACE = 60  # pixels: margins, gaps and the arrow of the line that holds the status
_ASKS_PASSWORD = frozenset(
    {
        ErrorKind.PASSWORD_WRONG,
        ErrorKind.PASSWORD_NEEDED,
        ErrorKind.KEYRING_LOCKED,
        ErrorKind.KEYRING_UNAVAILABLE,
    }
)


class OwnAvatar(QWidget):
    """One's own avatar with the mark of what is shown to others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_size(self, _AVATAR, _AVATAR)
        repaint_with_pictures(self)
        self._account: Account | None = None
        self._availability = Availability.OFFLINE

    def show_account(self, account: Account | None, availability: Availability) -> None:
        """Show an account."""
        self._account = account
        self._availability = availability
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._account is None:
            return
        painter = QPainter(self)
        rect = QRectF(self.rect())
        jid = self._account.jid
        paint_avatar(painter, rect, jid, str(jid), self._availability, theme().tokens.side_pane)
        painter.end()


class OwnHeader(QWidget):
    """Avatar, name, *Connection*, *Status*, *Retry now* and the button that adds."""

    sign_in_requested = Signal(object, object)  # Account, KnownError
    accounts_requested = Signal()

    def __init__(self, services: Services, bridge: Bridge, add_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.watch = ConnectionWatch(services, bridge, self)
        self.avatar = OwnAvatar()
        self.name = ElidedLabel(bold=True)
        self.connection = Label(size=SMALL, tone="second", name=self.tr("Connection"))
        self.menu = StatusMenu(self)
        self.menu.chosen.connect(services.presence.set_own)
        self.status = self._make_status_button()
        self.retry = link_button(self.tr("Retry now"))
        self.retry.clicked.connect(self.watch.retry_now)
        self.error = Label(size=SMALL, tone="error", wrap=True, name=self.tr("Error"))
        self.error_action = link_button("")
        self.error_action.clicked.connect(self._on_error_action)
        self.add = icon_button("plus", self.tr("Add"))
        self.add.setMenu(add_menu)
        self._lay_out()
        self.watch.changed.connect(self.refresh)
        bridge.own_presence_changed.connect(self.refresh)
        bridge.nickname_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the present state."""
        account, state = self.watch.account, self.watch.status.state
        own, effective = self._services.presence.own, self._services.presence.effective
        online = state is ConnectionState.ONLINE
        self.avatar.show_account(account, effective.availability if online else Availability.OFFLINE)
        accounts = self.watch.accounts
        name = self._own_name() if accounts else ""
        self.name.setText(f"{name} +{len(accounts) - 1}" if len(accounts) > 1 else name)
        self.setToolTip("")
        self.name.setToolTip(plain_tip("\n".join(str(each.jid) for each in accounts)))
        elsewhere = self.watch.is_elsewhere
        self.connection.setText(self.watch.words)
        self._show_status()
        self.menu.set_presence(own)
        self._show_retry(self.tr("Connect again") if elsewhere else self.tr("Retry now"))
        self.retry.setVisible(elsewhere or state is ConnectionState.WAITING)
        failed = state is ConnectionState.FAILED and not elsewhere
        self._show_error(account, self.watch.status.error if failed else None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watch.set_visible(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch.set_visible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_status()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: a click on who one is and how one is seen opens the menu, too."""
        pressed = self.childAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and pressed in (self.avatar, self.name, self.connection):
            self.menu.popup(self.status.mapToGlobal(self.status.rect().bottomLeft()))
            return
        super().mousePressEvent(event)

    def _own_name(self) -> str:
        """What the first account calls itself, or else how its address begins."""
        first = self.watch.accounts[0]
        return self._services.offer(Nicknames).find(first.id, first.jid.bare) or first.jid.local or first.jid.domain

    def _show_status(self) -> None:
        """Beside the connection: what others see, as far as it is not simply Online, and the message."""
        own, effective = self._services.presence.own, self._services.presence.effective
        parts = []
        online = self.watch.status.state is ConnectionState.ONLINE
        if online:
            if effective.availability is not Availability.ONLINE:
                parts.append(presence_word(effective.availability))
            if own.status:
                parts.append(" ".join(own.status.split()))
        text = "".join(f" · {part}" for part in parts)
        natural = self.connection.fontMetrics().horizontalAdvance(self.connection.text())
        self.connection.setWordWrap(natural > self.width() - self.avatar.width() - self.add.width() - _SPACE)
        taken = self.avatar.width() + self.connection.sizeHint().width() + self.add.width() + _SPACE
        room = max(40, self.width() - taken)
        shown = self.status.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.status.setText(f"{shown.replace('&', '&&')} ▾")
        seen = presence_word(own.availability) if online else self.watch.steady_words
        description = join_facts((seen, own.status))
        self.status.setAccessibleDescription(description)
        self.status.setToolTip(plain_tip(description))

    def _show_retry(self, text: str) -> None:
        if self.retry.text() != text:
            self.retry.setText(text)
            self.retry.setAccessibleName(text)

    def _show_error(self, account: Account | None, error: KnownError | None) -> None:
        self.error.setVisible(error is not None)
        self.error_action.setVisible(error is not None)
        if error is None or account is None:
            self.error.setText("")
            return
        self.error.setText(explain(error))
        asks = error.kind in _ASKS_PASSWORD
        text = self.tr("Sign in again…") if asks else self.tr("Details")
        self.error_action.setText(text)
        self.error_action.setAccessibleName(text)

    def _on_error_action(self) -> None:
        account, error = self.watch.account, self.watch.status.error
        if account is not None and error is not None and error.kind in _ASKS_PASSWORD:
            self.sign_in_requested.emit(account, error)
        else:
            self.accounts_requested.emit()

    def _make_status_button(self) -> QPushButton:
        button = link_button("")
        button.setProperty("tone", "status")
        button.setAccessibleName(self.tr("Status"))
        button.setMenu(self.menu)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.connection)
        line.addWidget(self.status)
        line.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.name)
        texts.addLayout(line)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.avatar)
        top.addLayout(texts, 1)
        top.addWidget(self.add)
        layout = QVBoxLayout(self)
        set_margins(layout, 12, 12, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(top)
        for widget in (self.retry, self.error, self.error_action):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if widget is not self.error else Qt.AlignmentFlag(0))
