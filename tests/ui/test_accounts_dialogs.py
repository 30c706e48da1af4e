"""Start page, list of accounts, editing, removing, and trouble with the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_accounts import FakeKeyring, FakeServices, as_services, fake_services, until

from whimbrel.model.account import Account, ConnectionSettings, ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.accounts_dialog import AccountsDialog
from whimbrel.ui.accounts.edit_dialogs import EditAccountDialog, RemoveAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.accounts.start_page import StartPage
from whimbrel.ui.accounts.storage_dialog import StorageTroubleDialog
from whimbrel.ui.bridge import Bridge

ALICE = JID.parse("alice@example.org")


def accounts_dialog(qtbot: QtBot, services: FakeServices) -> AccountsDialog:
    services.bridge = Bridge(services.bus)  # kept as long as what it listens to
    dialog = AccountsDialog(as_services(services), services.bridge, FakeKeyring())
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def rows(dialog: AccountsDialog) -> list[tuple[str, str]]:
    items = [dialog.panel.list.item(row) for row in range(dialog.panel.list.count())]
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole)
    return [(item.data(roles[0]), item.data(roles[1])) for item in items]


def test_the_start_page_asks_for_one_of_two(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.show()
    assert [page.sign_in.accessibleName(), page.create_account.accessibleName()] == ["Sign in", "Create an account"]
    with qtbot.waitSignal(page.sign_in_requested):
        page.sign_in.click()
    with qtbot.waitSignal(page.create_requested):
        page.create_account.click()
    with qtbot.waitSignal(page.sign_in_requested):
        QTest.keyClick(page.sign_in, Qt.Key.Key_Return)


async def test_each_account_says_how_it_is_doing(qtbot: QtBot) -> None:
    services = fake_services()
    alice, bob = services.accounts.add(ALICE), services.accounts.add(JID.parse("bob@example.net"))
    services.accounts.publish(ConnectionState.ONLINE, alice.id)
    dialog = accounts_dialog(qtbot, services)
    assert rows(dialog) == [("alice@example.org", "Online"), ("bob@example.net", "Offline")]
    dialog.panel.list.setCurrentRow(1)
    error = KnownError(ErrorKind.PASSWORD_WRONG, subject="bob@example.net")
    services.accounts.publish(ConnectionState.FAILED, bob.id, error)
    assert "password is not right" in rows(dialog)[1][1]
    assert "password is not right" in dialog.panel.state.text()
    assert dialog.panel.list.currentRow() == 1


async def test_without_an_account_there_is_nothing_to_do_but_add_one(qtbot: QtBot) -> None:
    dialog = accounts_dialog(qtbot, fake_services())
    assert not dialog.panel.edit_button.isEnabled()
    assert not dialog.panel.remove_button.isEnabled()
    assert dialog.panel.add_account_button.isEnabled()


async def test_settings_are_changed_only_when_they_are_right(qtbot: QtBot) -> None:
    services = fake_services()
    account = services.accounts.add(ALICE, ConnectionSettings(host="chat.example.org"))
    dialog = EditAccountDialog(as_services(services), account)
    dialog.open()
    port = dialog.advanced.port.line_edit
    assert isinstance(port, QLineEdit)
    port.setText("70000")
    dialog.save_button.click()
    assert dialog.advanced.port.error.isVisible()
    assert not services.accounts.calls
    port.setText("5223")
    dialog.save_button.click()
    assert services.accounts.calls == [("change_settings", account.id, ConnectionSettings("chat.example.org", 5223))]


async def test_removing_asks_once_and_says_what_goes(qtbot: QtBot) -> None:
    services = fake_services()
    services.accounts.add(ALICE)
    dialog = accounts_dialog(qtbot, services)
    dialog.panel.remove_button.click()
    question = dialog.findChild(RemoveAccountDialog)
    assert question is not None
    assert "alice@example.org" in question.windowTitle()
    assert question.cancel_button.isDefault()
    question.remove_button.click()
    await until(lambda: services.accounts.calls)
    question.reject()  # not while it goes on
    assert question.isVisible()
    services.accounts.succeed()
    await until(lambda: not rows(dialog))
    assert services.accounts.calls == [("remove", 1)]


@pytest.mark.parametrize(
    ("kind", "can_set_aside"),
    [
        (ErrorKind.DATABASE_DAMAGED, True),
        (ErrorKind.DATABASE_NEWER, True),
        (ErrorKind.DATABASE_KEY_MISSING, True),
        (ErrorKind.DATABASE_LOCKED, False),  # the other program is using it
        (ErrorKind.DISK_FULL, False),
    ],
)
def test_trouble_with_the_history_offers_what_helps(qtbot: QtBot, kind: ErrorKind, can_set_aside: bool) -> None:
    chosen = []
    for button in ("retry_button", "set_aside_button", "quit_button"):
        dialog = StorageTroubleDialog(KnownError(kind, "the technical text"))
        dialog.retry_requested.connect(lambda: chosen.append("retry"))
        dialog.set_aside_requested.connect(lambda: chosen.append("set aside"))
        dialog.quit_requested.connect(lambda: chosen.append("quit"))
        dialog.open()
        assert dialog.error_box.label.text()
        if getattr(dialog, button).isVisible():
            getattr(dialog, button).click()
        else:
            dialog.close()
    assert chosen == ["retry", "set aside" if can_set_aside else "quit", "quit"]


async def test_signing_in_with_the_real_core(qtbot: QtBot, tmp_path: Path) -> None:
    core = Core(tmp_path)
    core.connects = True
    dialog = SignInDialog(core.services, FakeKeyring(), address="alice@example.org")
    dialog.open()
    signed_in: list[Account] = []
    dialog.signed_in.connect(signed_in.append)
    dialog.password_edit.setText("secret")
    dialog.sign_in_button.click()
    await until(lambda: signed_in)
    assert [account.jid for account in core.services.accounts.list_accounts()] == [ALICE]
    assert core.keeper.kept == {ALICE: "secret"}
    await core.services.accounts.stop_all()
    core.close()
    assert not core.faults


async def test_a_closed_list_hears_no_more(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = accounts_dialog(qtbot, services)
    dialog.accept()
    QApplication.processEvents()
    services.accounts.add(ALICE)  # reaches a list that is gone, and breaks nothing
