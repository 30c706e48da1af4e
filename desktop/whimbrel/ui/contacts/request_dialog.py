"""The dialog *Contact request*: several wait their turn in it, a flood is one item."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.contact import ContactRequest
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.avatar import Avatar
from whimbrel.ui.contacts.fields import groups_field, text_field
from whimbrel.ui.contacts.input import read_groups, read_text, write_groups
from whimbrel.ui.contacts.words import breakable, one_line, shortened
from whimbrel.ui.errors import explain
from whimbrel.ui.models.requests import PendingRequests
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import danger_button, primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

FLOOD = 10
"""More requests than this are shown as one list first."""

_AT_ONCE = 10  # declined in one turn of the event loop
_LONGEST_MESSAGE = 300  # characters shown
_WIDEST = 480  # pixels
_UNINTENDED = 1000  # ms in which Enter does nothing: it was meant for what had the keyboard before
_PAUSE = 350  # ms in which the next request cannot be answered yet


class RequestDialog(FittingDialog):
    """Answers contact requests, one after the other. Closing it leaves the rest for later.

    It appears without taking the keyboard from what a person is typing into (who opens it on purpose calls
    ``activateWindow``), and Enter does not accept anybody in its first second.
    """

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("RequestDialog", "Contact request"), parent, width=430)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._services = services
        self._pending = PendingRequests(services, bridge, self)
        self._pending.changed.connect(self._on_changed)
        self._current: ContactRequest | None = None
        self._one_by_one = False
        self._declining: list[ContactRequest] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._decline_some)
        self._intended = QTimer(self)
        self._intended.setSingleShot(True)
        self._intended.timeout.connect(lambda: self.accept_button.setDefault(True))
        self._build_header()
        self._build_single()
        self._build_flood()
        self.error = ErrorBox()
        self.content.addWidget(self.error)
        self._build_buttons()
        bridge.server_support_learnt.connect(self._offer_block)
        self._show_next()

    # Building

    def _build_header(self) -> None:
        self.avatar = Avatar(_NOBODY, "")
        self.address = Label(bold=True, wrap=True)
        self.address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words = Label(wrap=True)
        self.message = Label(tone="second", wrap=True)
        italic = QFont(self.message.font())
        italic.setItalic(True)
        self.message.setFont(italic)
        self.to_account = Label(size=SMALL, tone="second", wrap=True)
        self.place = Label(size=SMALL, tone="second")
        layout = self.layout()
        if layout is not None:
            layout.removeWidget(self.title)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.place, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addLayout(top)
        for label in (self.address, self.words, self.to_account, self.message):
            texts.addWidget(label)
        header = QHBoxLayout()
        header.setSpacing(14)
        header.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignTop)
        header.addLayout(texts, 1)
        self.content.addLayout(header)

    def _build_single(self) -> None:
        self._name_field, self.name = text_field(self.tr("Name"))
        self._groups_field, self.groups = groups_field(self._services)
        for field, edit in ((self._name_field, self.name), (self._groups_field, self.groups)):
            self.content.addWidget(field)
            edit.textEdited.connect(lambda _text, field=field: field.set_error(None))

    def _build_flood(self) -> None:
        self.flood = QListWidget(self)
        self.flood.setAccessibleName(self.tr("Requests"))
        self.flood.setUniformItemSizes(True)
        self.flood.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.flood.setMinimumHeight(160)
        self.content.addWidget(self.flood)

    def _build_buttons(self) -> None:
        self.block = self._button(danger_button(self.tr("Block")), self._block, left=True)
        self.decline = self._button(secondary_button(self.tr("Decline")), self._decline)
        self.accept_button = self._button(primary_button(self.tr("Accept")), self._accept, default=True)
        self.decline_all = self._button(danger_button(self.tr("Decline all")), self._start_declining, left=True)
        self.later = self._button(secondary_button(self.tr("Later")), self.reject)
        self.review = self._button(primary_button(self.tr("Review one by one")), self._review)

    def _button(self, button: QPushButton, do: Callable[[], None], **where: bool) -> QPushButton:
        self.add_button(button, **where)
        button.clicked.connect(lambda: do())
        return button

    # Showing

    def _on_changed(self) -> None:
        if not self._declining:
            self._show_next()

    def _show_next(self) -> None:
        """Show the oldest request, or keep the one that is being answered; close where none is left."""
        requests = self._pending.requests()
        if not requests:
            self._show_none()
            return
        typing = self._current is not None and (self.name.isModified() or self.groups.isModified())
        self._show_kind(flood=len(requests) > FLOOD and not self._one_by_one and not typing)
        if self.flood.isVisibleTo(self):
            self._show_flood(requests)
            self._fit()
            return
        current = next((request for request in requests if _is_same(request, self._current)), None)
        if current is None:
            self._show_request(requests[0])
        elif current != self._current:  # asked again: the words may differ, what is typed stays
            self._current = current
            self._show_message(current)
        self.place.setText(self.tr("1 of {count}").format(count=len(requests)) if len(requests) > 1 else "")
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: as high as the words need."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep the width and take the height that the wrapped words need."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            least = max(self.minimumWidth(), layout.totalMinimumSize().width())
            width = max(least, min(self.width(), _WIDEST))
            self._fitted = layout.totalHeightForWidth(width)
            self.resize(width, self._fitted)
            self._stay_on_screen()

    def _show_none(self) -> None:
        """Everything is answered: close; or say so, where this was opened too late."""
        if self.isVisible():
            self.accept()
            return
        self._show_kind(flood=True)
        for widget in (self.flood, self.decline_all, self.review):
            widget.hide()
        self.words.setText(self.tr("No request is waiting."))

    def _show_kind(self, *, flood: bool) -> None:
        single: list[QWidget] = [self.avatar, self.address, self._name_field, self._groups_field]
        single += [self.decline, self.accept_button]
        for widget in single:
            widget.setVisible(not flood)
        several: list[QWidget] = [self.flood, self.decline_all, self.later, self.review]
        for widget in several:
            widget.setVisible(flood)
        if flood:
            for widget in (self.block, self.message, self.to_account):
                widget.hide()
            self._current = None
            self.place.setText("")

    def _show_flood(self, requests: list[ContactRequest]) -> None:
        count = len(requests)
        self.words.setText(self.tr("%n people would like to chat with you and see when you are online.", "", count))
        self.flood.clear()
        self.flood.addItems([one_line(str(request.jid)) for request in requests])
        self._intended.stop()
        self.review.setDefault(True)

    def _show_request(self, request: ContactRequest) -> None:
        if self._current is not None:  # a double click must not answer two
            self._set_answers_enabled(False)
            QTimer.singleShot(_PAUSE, self, lambda: self._set_answers_enabled(True))
        self._current = request
        contact = self._services.roster.find(request.account_id, request.jid)
        name = contact.name if contact else one_line(request.nick)
        self.avatar.show_person(request.jid, name or str(request.jid))
        self.address.setText(breakable(shortened(str(request.jid))))
        self.words.setText(self.tr("would like to chat with you and see when you are online."))
        self._show_message(request)
        accounts = self._services.accounts.list_accounts()
        own = next((account.jid for account in accounts if account.id == request.account_id), None)
        self.to_account.setText(self.tr("To your account {address}").format(address=own))
        self.to_account.setVisible(len(accounts) > 1)
        self.name.setText(name)
        self.name.setPlaceholderText(request.jid.local or request.jid.domain)
        self.groups.setText(write_groups(contact.groups) if contact and contact.groups else "")
        self._offer_block()
        self.accept_button.setDefault(False)
        self._intended.start(_UNINTENDED)
        self.error.clear()
        for field in (self._name_field, self._groups_field):
            field.set_error(None)
        self.address.setFocus()

    def _offer_block(self) -> None:
        """Where the provider can block, which may become known only while a request shows."""
        request = self._current
        self.block.setVisible(request is not None and self._services.requests.can_block(request.account_id))

    def _set_answers_enabled(self, enabled: bool) -> None:
        for button in (self.accept_button, self.decline, self.block):
            button.setEnabled(enabled)

    def _show_message(self, request: ContactRequest) -> None:
        message = breakable(request.message, _LONGEST_MESSAGE)
        self.message.setText(f"“{message}”" if message else "")
        self.message.setVisible(bool(message))

    # Answering

    def _accept(self) -> None:
        request = self._current
        if request is None:
            return
        field = self._name_field
        try:
            name = read_text(self.name.text())
            field = self._groups_field
            groups = read_groups(self.groups.text())
        except KnownError as error:
            field.set_error(explain(error))
            return
        self._answer(lambda: self._services.requests.accept(request.account_id, request.jid, name, groups))

    def _decline(self) -> None:
        request = self._current
        if request is not None:
            self._answer(lambda: self._services.requests.decline(request.account_id, request.jid))

    def _block(self) -> None:
        request = self._current
        if request is not None:
            self._answer(lambda: self._services.requests.block(request.account_id, request.jid))

    def _answer(self, action: Callable[[], None]) -> None:
        try:
            action()
        except KnownError as error:
            self.error.show_error(error)
        else:
            self._pending.refresh()

    def _review(self) -> None:
        self._one_by_one = True
        self._show_next()

    def _start_declining(self) -> None:
        self._declining = self._pending.requests()
        for button in (self.decline_all, self.review):
            button.setEnabled(False)
        self._timer.start(0)

    def _decline_some(self) -> None:
        """Decline a few in each turn of the event loop, so that a thousand do not freeze the window."""
        now, self._declining = self._declining[:_AT_ONCE], self._declining[_AT_ONCE:]
        try:
            for request in now:
                self._services.requests.decline(request.account_id, request.jid)
        except KnownError as error:
            self._declining = []
            self.error.show_error(error)
        if not self._declining:
            self._timer.stop()
            for button in (self.decline_all, self.review):
                button.setEnabled(True)
            self._pending.refresh()
            self._show_next()


def _is_same(one: ContactRequest, other: ContactRequest | None) -> bool:
    return other is not None and (one.account_id, one.jid) == (other.account_id, other.jid)


_NOBODY = JID("", "invalid")
