"""The dialog *Profile*: how others see the person: picture, nickname, and what they tell of themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from whimbrel.core.offers.avatars import Avatars, OwnPicture
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.profiles import Profiles
from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.profile import Profile
from whimbrel.ui.accounts.crop_dialog import CropDialog
from whimbrel.ui.accounts.own_picture import read_picture
from whimbrel.ui.accounts.profile_input import wrong_words
from whimbrel.ui.avatars import decode_round
from whimbrel.ui.contacts.avatar import Avatar
from whimbrel.ui.run import run
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_AVATAR = 96
_LONGEST_NICK = 60
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was changed for an account and not saved yet; None: nothing of that kind."""

    nick: str | None
    profile: Profile | None
    known: Profile  # what the provider has


class ProfileDialog(FittingDialog):
    """Edits what contacts see. All changes with *Save*, for all accounts that it was done for; *Cancel* leaves it.

    Picture and nickname also without a connection; the rest is asked of the provider first.
    """

    def __init__(self, services: Services, accounts: list[Account], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Profile"), parent, width=440)
        self._services = services
        self._accounts = accounts
        self._known = Profile()
        self._nick_known = ""
        self._asking: asyncio.Task[Profile] | None = None
        self._shown = accounts[0].id  # whose lines stand there
        self._unsaved: dict[AccountId, Unsaved] = {}
        self._pictures: dict[AccountId, OwnPicture | None] = {}  # not saved yet; None: to be removed
        self._account_box = QComboBox()
        self._account_box.addItems([str(account.jid) for account in accounts])
        self._avatar = Avatar(accounts[0].jid, str(accounts[0].jid), _AVATAR)
        self.choose_button = secondary_button(self.tr("Choose picture…"))
        self.remove_button = secondary_button(self.tr("Remove picture"))
        self.nickname = QLineEdit()
        self.nickname.setMaxLength(_LONGEST_NICK)
        self.about = QPlainTextEdit()
        self.about.setProperty("kind", "input")
        self.about.setTabChangesFocus(True)
        self.about.setFixedHeight(self.about.fontMetrics().lineSpacing() * 3 + 16)
        self._lines = {name: QLineEdit() for name in _LINES}
        labels = self._labels()
        self._fields = {name: Field(labels[name], line) for name, line in self._lines.items()}
        self._hint = Label(size=SMALL, tone="second", wrap=True)
        self._error = ErrorBox()
        self.save_button = primary_button(self.tr("Save"))
        self._lay_out()
        self._account_box.currentIndexChanged.connect(self._change_account)
        self.choose_button.clicked.connect(self._choose)
        self.remove_button.clicked.connect(lambda: self._set_picture(None))
        self.save_button.clicked.connect(self._save)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: ask what is told so far, once: shown again, it is as the person left it."""
        super().showEvent(event)
        if self._asking is None:
            self._show_account()

    @property
    def account(self) -> Account:
        """Of which account the profile is."""
        return self._accounts[max(0, self._account_box.currentIndex())]

    def show_picture(self, image: QImage | None) -> None:
        """Choose a part of a picture; None: the file was none."""
        if image is None:
            self._error.show_text(self.tr("This file is not a picture that can be used."))
            return
        self._error.clear()
        dialog = CropDialog(image, self)
        dialog.chosen.connect(self._set_picture)
        dialog.open()

    def _change_account(self) -> None:
        self._keep_lines()
        self._show_account()

    def _keep_lines(self) -> None:
        """Keep what is not saved of the account that is shown."""
        nick, profile = self.nickname.text().strip(), self._read()
        changed = Unsaved(
            nick if nick != self._nick_known else None,
            profile if self.about.isEnabled() and profile != self._known else None,
            self._known,
        )
        self._unsaved.pop(self._shown, None)
        if changed.nick is not None or changed.profile is not None:
            self._unsaved[self._shown] = changed

    def _show_account(self) -> None:
        account = self.account
        self._shown = account.id
        unsaved = self._unsaved.get(account.id)
        if self._asking is not None:
            self._asking.cancel()  # what another account tells is not to be taken for this one's
        self._refresh_picture()
        self._nick_known = self._services.offer(Nicknames).find(account.id, account.jid)
        self.nickname.setText(self._nick_known if unsaved is None or unsaved.nick is None else unsaved.nick)
        if unsaved is not None and unsaved.profile is not None:
            self._fill(unsaved.profile, "")
            self._known = unsaved.known
            return
        self._fill(Profile(), self.tr("Loading what your provider has…"))
        self._asking = run(
            self,
            self._services.offer(Profiles).fetch(account.id, account.jid),
            on_done=lambda profile: self._fill(profile, ""),
            on_error=lambda _: self._fill(Profile(), self.tr("The rest can be edited once you are connected.")),
        )

    def _fill(self, profile: Profile, hint: str) -> None:
        """Show what is told; with a hint, it is not known and cannot be changed."""
        self._known = profile
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.about.setPlainText(profile.about)
        self.about.setEnabled(not hint)
        for name, line in self._lines.items():
            line.setText(getattr(profile, name))
            line.setCursorPosition(0)
            self._fields[name].set_error(None)
            line.setEnabled(not hint)

    def _read(self) -> Profile:
        lines = {name: " ".join(line.text().split()) for name, line in self._lines.items()}
        return Profile(about=self.about.toPlainText().strip(), **lines)

    def _check(self, name: str) -> bool:
        """Say at a line what is wrong with it; what the provider had before may stay. Returns whether all is well."""
        told = self._read()
        is_wrong = _is_wrong(name, told, self._known)
        self._fields[name].set_error(wrong_words(name, getattr(told, name)) if is_wrong else None)
        return not is_wrong

    def _says_what_is_wrong(self) -> bool:
        """Show the first account of which something cannot be saved, and say why; returns whether there is one."""
        for account_id, unsaved in list(self._unsaved.items()):
            told, known = unsaved.profile, unsaved.known
            if told is None or not any(_is_wrong(name, told, known) for name in _LINES):
                continue
            ids = [account.id for account in self._accounts]
            self._account_box.setCurrentIndex(ids.index(account_id))
            wrong = [name for name in _LINES if not self._check(name)]
            self._lines[wrong[0]].setFocus()
            return True
        return False

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.tr("Choose picture"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.gif *.bmp)")
        chooser.fileSelected.connect(self._on_file)
        chooser.open()

    def _on_file(self, path: str) -> None:
        run(
            self,
            asyncio.to_thread(read_picture, Path(path)),
            on_done=self.show_picture,
            on_error=self._error.show_error,
        )

    def _set_picture(self, picture: OwnPicture | None) -> None:
        """Keep a picture for *Save*; None: there is to be none."""
        if picture is None and not self._services.offer(Avatars).find_hash(self.account.jid):
            self._pictures.pop(self.account.id, None)
        else:
            self._pictures[self.account.id] = picture
        self._refresh_picture()

    def _refresh_picture(self) -> None:
        account = self.account
        self._avatar.show_person(account.jid, str(account.jid))
        has_picture = bool(self._services.offer(Avatars).find_hash(account.jid))
        if account.id in self._pictures:
            picture = self._pictures[account.id]
            has_picture = picture is not None
            side = round(_AVATAR * self.devicePixelRatioF())
            disc = decode_round(picture.data, side) if picture is not None else None
            self._avatar.show_instead(disc or QImage())
        self.remove_button.setEnabled(has_picture)

    def _save(self) -> None:
        self._keep_lines()
        if self._says_what_is_wrong():
            return
        try:
            for account_id in list(self._pictures):
                self._services.offer(Avatars).set_own(account_id, self._pictures[account_id])
                del self._pictures[account_id]
            for account_id, unsaved in self._unsaved.items():
                if unsaved.nick is not None:
                    self._services.offer(Nicknames).set_own(account_id, unsaved.nick)
                if unsaved.profile is not None:
                    self._services.offer(Profiles).set_own(account_id, unsaved.profile)
        except KnownError as error:
            self._error.show_error(error)
            return
        self.accept()

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        picture = QHBoxLayout()
        picture.setSpacing(16)
        picture.addWidget(self._avatar)
        picture.addLayout(buttons)
        picture.addStretch(1)
        area = ContentArea(self.tr("Profile"))
        area.column.addWidget(Field(self.tr("Nickname"), self.nickname))
        area.column.addWidget(self._hint)
        area.column.addWidget(self._fields["full_name"])
        area.column.addWidget(Field(self.tr("About"), self.about))
        for name in _LINES[1:]:
            area.column.addWidget(self._fields[name])
        for name, line in self._lines.items():
            line.setMaxLength(_LONGEST)
            line.editingFinished.connect(partial(self._check, name))
        if len(self._accounts) > 1:
            self.content.addWidget(Field(self.tr("Account"), self._account_box))
        self.content.addLayout(picture)
        self.content.addWidget(area, 1)
        words = self.tr("Your contacts see this. Some providers show it to others too.")
        self.content.addWidget(Label(words, size=SMALL, tone="second", wrap=True))
        self.content.addWidget(self._error)
        self.add_button(secondary_button(self.tr("Cancel"))).clicked.connect(self.reject)
        self.add_button(self.save_button, default=True)
        self.nickname.setFocus()

    def _labels(self) -> dict[str, str]:
        return {
            "full_name": self.tr("Full name"),
            "email": self.tr("Email"),
            "phone": self.tr("Phone"),
            "website": self.tr("Website"),
            "birthday": self.tr("Birthday"),
            "organization": self.tr("Organization"),
            "role": self.tr("Role"),
            "place": self.tr("Town"),
        }


_LINES = ("full_name", "email", "phone", "website", "birthday", "organization", "role", "place")


def _is_wrong(name: str, told: Profile, known: Profile) -> bool:
    """Whether a line was changed into what it cannot be: what the provider had before may stay."""
    text: str = getattr(told, name)
    return text != getattr(known, name) and wrong_words(name, text) is not None
