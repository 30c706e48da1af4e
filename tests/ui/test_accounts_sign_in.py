"""The dialog *Sign in*: what it refuses, what it sends, what it says meanwhile and afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from tests.helpers.fake_accounts import FakeKeyring, FakeServices, as_services, fake_services, until

from whimbrel.model.account import Account, ConnectionSettings, ConnectionState, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.widgets.field import Field


def make_dialog(qtbot: QtBot, services: FakeServices, **options: object) -> SignInDialog:
    keyring = FakeKeyring(bool(options.pop("usable", True)))
    dialog = SignInDialog(as_services(services), keyring, **options)  # type: ignore[arg-type]
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def write(field: Field, text: str) -> None:
    assert isinstance(field.line_edit, QLineEdit)
    field.line_edit.setText(text)


def fill(dialog: SignInDialog, address: str = "alice@example.org", password: str = "secret") -> None:
    write(dialog.address, address)
    write(dialog.password, password)


@pytest.mark.parametrize("address", ["", "   ", "x" * 10_000, "a@@b", "@b", "a b@c", "al\u2028ice@example.org"])
async def test_a_bad_address_is_said_at_the_field_and_nothing_is_sent(qtbot: QtBot, address: str) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog, address)
    dialog.sign_in_button.click()
    assert dialog.address.error.isVisible()
    assert dialog.address.error.text()
    assert dialog.focusWidget() is dialog.address.line_edit
    assert not services.accounts.calls


@pytest.mark.parametrize("port", ["0", "70000", "http"])
async def test_a_bad_port_opens_advanced_and_is_said_there(qtbot: QtBot, port: str) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    write(dialog.advanced.port, port)
    dialog.sign_in_button.click()
    assert dialog.advanced.port.error.isVisible()
    assert dialog.focusWidget() is dialog.advanced.port.line_edit
    assert not services.accounts.calls


async def test_a_password_is_needed_and_may_not_be_endless(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    for password in ("", "x" * 10_000):
        fill(dialog, password=password)
        dialog.sign_in_button.click()
        assert dialog.password.error.text()
    assert not services.accounts.calls


async def test_everything_entered_is_used(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog, "xmpp:Alice@Example.org/desk?message", "sécret ")
    dialog.advanced.button.click()
    write(dialog.advanced.host, "chat.example.org")
    write(dialog.advanced.port, "5223")
    combo = dialog.advanced.security.line_edit
    QTest.keyClicks(combo, "Direct")
    dialog.remember.box.click()
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    settings = ConnectionSettings("chat.example.org", 5223, Security.DIRECT_TLS, "desk")
    assert services.accounts.calls == [("sign_in", "alice@example.org", "sécret ", settings, False)]


async def test_the_stages_are_told_and_the_account_is_handed_over(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    signed_in: list[Account] = []
    dialog.signed_in.connect(signed_in.append)
    fill(dialog)
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    assert not dialog.address.isEnabled()
    said = []
    for state in ConnectionState:
        services.accounts.publish(state)
        said.append(dialog.progress.text())
    assert list(dict.fromkeys(said)) == [
        "Connecting…",
        "Looking up example.org…",
        "Securing…",
        "Signing in…",
        "Fetching contacts…",
    ]
    services.accounts.succeed()
    await until(lambda: signed_in)
    assert signed_in[0].jid == JID.parse("alice@example.org")


async def test_a_wrong_password_is_selected_and_nothing_typed_is_lost(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    error = KnownError(ErrorKind.PASSWORD_WRONG, "not-authorized", subject="alice@example.org")
    services.accounts.fail(error)
    await until(lambda: dialog.error_box.isVisible())
    assert "password is not right for alice@example.org" in dialog.error_box.label.text()
    assert dialog.error_box.label.accessibleName() == "Error"
    assert dialog.focusWidget() is dialog.password_edit
    assert dialog.password_edit.selectedText()
    assert dialog.password_edit.text() == "secret"
    assert not dialog.progress.isVisible()
    assert dialog.sign_in_button.isEnabled()


async def test_enter_after_a_failure_tries_again(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    dialog.password_edit.setFocus()
    for count in (1, 2):
        focus = dialog.focusWidget()
        assert focus is dialog.password_edit
        qtbot.keyClick(focus, Qt.Key.Key_Return)
        await until(lambda count=count: len(services.accounts.calls) == count)
        services.accounts.fail(KnownError(ErrorKind.CERTIFICATE_EXPIRED, subject="example.org"))
        await until(lambda: dialog.error_box.isVisible())
    assert dialog.isVisible()


async def test_cancel_stops_the_attempt_first_and_closes_then(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    finished: list[int] = []
    dialog.finished.connect(finished.append)
    fill(dialog)
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    dialog.cancel_button.click()
    await until(lambda: services.accounts.cancelled and dialog.address.isEnabled())
    assert dialog.password_edit.text() == "secret"
    assert not dialog.error_box.isVisible()
    assert not finished
    dialog.cancel_button.click()
    assert finished


async def test_closing_the_window_ends_what_is_under_way(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    dialog.close()
    await until(lambda: services.accounts.cancelled)
    services.accounts.publish(ConnectionState.RESOLVING)  # reaches nobody, breaks nothing


async def test_without_a_keyring_the_password_is_for_this_session_only(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services, usable=False)
    await until(lambda: not dialog.remember.box.isEnabled())
    assert not dialog.remember.chosen
    assert "this session only" in dialog.remember.box.accessibleDescription()


async def test_an_account_that_exists_is_only_asked_for_its_password(qtbot: QtBot) -> None:
    services = fake_services()
    account = services.accounts.add(JID.parse("alice@example.org"))
    reason = KnownError(ErrorKind.PASSWORD_WRONG, subject="alice@example.org")
    dialog = make_dialog(qtbot, services, account=account, error=reason)
    assert dialog.error_box.isVisible()
    assert dialog.focusWidget() is dialog.password_edit
    line = dialog.address.line_edit
    assert isinstance(line, QLineEdit)
    assert line.isReadOnly()
    signed_in: list[Account] = []
    dialog.signed_in.connect(signed_in.append)
    for state in (ConnectionState.FAILED, ConnectionState.ONLINE):
        dialog.password_edit.setText(f"for {state.value}")
        dialog.sign_in_button.click()
        await until(lambda: services.accounts.calls)
        assert services.accounts.calls.pop() == ("set_password", account.id, f"for {state.value}", True)
        services.accounts.publish(state, account.id, reason if state is ConnectionState.FAILED else None)
        await until(lambda: signed_in or dialog.sign_in_button.isEnabled())
    assert signed_in == [account]


async def test_the_keyboard_alone_is_enough(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    visited = []
    for _ in range(7):
        widget = QApplication.focusWidget() or dialog.focusWidget()
        assert widget is not None
        visited.append(widget.accessibleName())
        if visited[-1] in ("Address", "Password"):
            QTest.keyClicks(widget, {"Address": "alice@example.org", "Password": "secret"}[visited[-1]])
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert visited == ["Address", "Password", "Show password", "Remember password", "Advanced", "Cancel", "Sign in"]
    QTest.keyClick(dialog.password_edit, Qt.Key.Key_Return)
    await until(lambda: services.accounts.calls)
    assert services.accounts.calls[0][1:3] == ("alice@example.org", "secret")


async def test_controls_have_the_names_that_are_relied_on(qtbot: QtBot) -> None:
    dialog = make_dialog(qtbot, fake_services())
    advanced = dialog.advanced
    fields = (dialog.address, dialog.password, advanced.host, advanced.port, advanced.security, advanced.resource)
    names = [field.line_edit.accessibleName() for field in fields]
    assert names == ["Address", "Password", "Host", "Port", "Security", "Resource"]
    assert dialog.windowTitle() == "Sign in"
    assert [button.accessibleName() for button in (advanced.button, dialog.cancel_button)] == ["Advanced", "Cancel"]


async def test_the_eye_shows_the_password_until_it_is_used(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    dialog.password_edit.reveal.click()
    assert dialog.password_edit.echoMode() is QLineEdit.EchoMode.Normal
    assert dialog.password_edit.reveal.accessibleName() == "Hide password"
    dialog.sign_in_button.click()
    assert dialog.password_edit.echoMode() is QLineEdit.EchoMode.Password
    await until(lambda: services.accounts.calls)


async def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = make_dialog(qtbot, services)
    fill(dialog)
    dialog.advanced.button.setFocus()
    QTest.keyClick(dialog.advanced.button, Qt.Key.Key_Return)
    assert dialog.advanced.host.isVisible()
    dialog.cancel_button.setFocus()
    QTest.keyClick(dialog.cancel_button, Qt.Key.Key_Return)
    assert not services.accounts.calls
