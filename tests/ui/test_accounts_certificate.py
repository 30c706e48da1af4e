"""Certificates and mechanisms that are refused, on the screen: what is said, and the way on. With real TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.certificates import Authority
from tests.helpers.fake_accounts import FakeKeyring, FakeRegistrar, as_services, fake_services, until
from tests.helpers.hostile import HostileServer, Peer
from tests.helpers.real_core import ME, RealCore

from whimbrel.model.account import Account, ConnectionState
from whimbrel.model.certificate import Certificate
from whimbrel.model.errors import CertificateError, ErrorKind, KnownError
from whimbrel.model.form import RegistrationForm
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.account_trouble import AccountTrouble
from whimbrel.ui.accounts.accounts_dialog import AccountsDialog
from whimbrel.ui.accounts.certificate_dialog import CertificateDialog, fingerprint_words
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.edit_dialogs import EditAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.accounts.trust_dialogs import AcceptWeakerDialog, StopTrustingDialog
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.widgets.error_box import ErrorBox

T = TypeVar("T", bound=QDialog)

NOW = datetime.now(UTC)
CERTIFICATE = Certificate(
    "CN=example.org", "CN=example.org", ("example.org",), NOW - timedelta(1), NOW + timedelta(1), "ab" * 32
)
REFUSED = CertificateError(
    KnownError(ErrorKind.CERTIFICATE_SELF_SIGNED, "self-signed certificate", subject="example.org"), (CERTIFICATE,)
)


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[RealCore]:
    """A core with real streams, where nobody is signed in."""
    core = RealCore(tmp_path)
    yield core
    await core.services.accounts.stop_all()
    await core.tasks.cancel_all()
    assert core.faults == []
    core.close()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.ca_file))
    return made


async def live(peer: Peer, mechanism: str = "SCRAM-SHA-256") -> None:
    """A server's whole life with a client, to the proper end."""
    await peer.secure()
    await peer.authenticate_scram("secret", mechanism=mechanism)
    await peer.bind(f"{ME}/desk")
    await peer.give_roster()
    await peer.expect("</stream:stream>")
    await peer.send("</stream:stream>")


def shown(kind: type[T]) -> T:
    """The dialog of a kind that is on the screen."""
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())


def show(qtbot: QtBot, dialog: QDialog) -> None:
    dialog.open()
    qtbot.waitExposed(dialog)


def write(widget: QWidget, text: str) -> None:
    assert isinstance(widget, QLineEdit)
    widget.setText(text)


def sign_in_dialog(qtbot: QtBot, core: RealCore, server: HostileServer) -> SignInDialog:
    dialog = SignInDialog(core.services, FakeKeyring(), address=str(ME))
    show(qtbot, dialog)
    dialog.password_edit.setText("secret")
    dialog.advanced.unfold()
    write(dialog.advanced.host.line_edit, server.host)
    write(dialog.advanced.port.line_edit, str(server.port))
    dialog.advanced.security.line_edit.setCurrentIndex(2)  # type: ignore[attr-defined]  # a combo box: STARTTLS
    return dialog


async def test_owner_of_a_server_signs_in_by_trusting_its_certificate_and_takes_that_back(
    qtbot: QtBot, real: RealCore, authority: Authority
) -> None:
    certificate = authority.self_signed("example.test")
    async with HostileServer(live, certificate=certificate) as server:
        dialog = sign_in_dialog(qtbot, real, server)
        dialog.sign_in_button.click()
        await until(dialog.error_box.next_step.isVisible)
        assert "self-signed" in dialog.error_box.label.text()
        dialog.error_box.next_step.click()
        page = shown(CertificateDialog)
        assert page.cards[0].fingerprint.text() == fingerprint_words(certificate.fingerprint)
        assert not page.trust.trust_button.isVisible(), "not before somebody says that the server is theirs"
        page.trust.button.click()
        assert page.trust.trust_button.isVisible()
        assert not page.trust.trust_button.isEnabled()
        page.trust.box.click()
        signed_in: list[Account] = []
        dialog.signed_in.connect(signed_in.append)
        page.trust.trust_button.click()
        await until(lambda: signed_in)
        account = real.services.accounts.list_accounts()[0]
        assert account.certificate == certificate.fingerprint

        edit = EditAccountDialog(real.services, account)
        show(qtbot, edit)
        assert edit.trust.fingerprint.text() == fingerprint_words(certificate.fingerprint)
        edit.trust.stop_button.click()
        shown(StopTrustingDialog).stop_button.click()
        await until(lambda: real.services.accounts.status(account.id).state is ConnectionState.FAILED)
        assert not edit.trust.trusted.isVisible()
        edit.close()

        bridge = Bridge(real.services.bus)
        accounts = AccountsDialog(real.services, bridge, FakeKeyring())
        show(qtbot, accounts)
        assert "self-signed" in accounts.panel.trouble.label.text()
        accounts.panel.trouble.next_step.click()
        page = shown(CertificateDialog)
        page.trust.button.click()
        page.trust.box.click()
        page.trust.trust_button.click()
        await until(lambda: real.services.accounts.status(account.id).state is ConnectionState.ONLINE)
        assert accounts.panel.trouble.isHidden()
        accounts.close()
        bridge.close()
        await real.services.accounts.stop_all()


async def test_owner_of_a_server_that_changed_accepts_less(qtbot: QtBot, real: RealCore, authority: Authority) -> None:
    async def script(peer: Peer) -> None:
        await live(peer, "SCRAM-SHA-512" if len(server.peers) == 1 else "SCRAM-SHA-256")

    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        dialog = sign_in_dialog(qtbot, real, server)
        dialog.sign_in_button.click()
        await until(lambda: real.services.accounts.list_accounts())
        account = real.services.accounts.list_accounts()[0]
        await server.peers[0].send("</stream:stream>")
        await until(lambda: real.services.accounts.status(account.id).state is not ConnectionState.ONLINE)
        real.services.accounts.retry_now(account.id)
        await until(lambda: real.services.accounts.status(account.id).state is ConnectionState.FAILED)
        bridge = Bridge(real.services.bus)
        accounts = AccountsDialog(real.services, bridge, FakeKeyring())
        show(qtbot, accounts)
        assert accounts.panel.trouble.next_step.text() == "Accept weaker sign-in…"
        accounts.panel.trouble.next_step.click()
        question = shown(AcceptWeakerDialog)
        assert question.cancel_button.isDefault()
        question.accept_button.click()
        await until(lambda: real.services.accounts.status(account.id).state is ConnectionState.ONLINE)
        accounts.close()
        bridge.close()
        await real.services.accounts.stop_all()


async def test_account_is_created_at_a_server_that_is_trusted(qtbot: QtBot) -> None:
    registrar = FakeRegistrar(REFUSED)
    services = fake_services(registrar)
    dialog = CreateAccountDialog(as_services(services), FakeKeyring(), provider="example.org")
    show(qtbot, dialog)
    dialog.continue_button.click()
    await until(dialog.error_box.next_step.isVisible)
    dialog.error_box.next_step.click()
    page = shown(CertificateDialog)
    registrar.form = RegistrationForm("", (), is_data_form=False, url="https://example.org/join")
    page.trust.button.click()
    page.trust.box.click()
    page.trust.trust_button.click()
    await until(lambda: dialog.form is not None)
    assert registrar.trusted == ["", CERTIFICATE.fingerprint]
    dialog.reject()


async def test_trust_does_not_go_to_another_provider(qtbot: QtBot) -> None:
    services = fake_services()
    dialog = SignInDialog(as_services(services), FakeKeyring(), address="alice@example.org")
    show(qtbot, dialog)
    dialog.password_edit.setText("secret")
    dialog.sign_in_button.click()
    await until(lambda: services.accounts.calls)
    services.accounts.fail(REFUSED)
    await until(dialog.error_box.next_step.isVisible)
    dialog.error_box.next_step.click()
    page = shown(CertificateDialog)
    page.trust.button.click()
    page.trust.box.click()
    page.trust.trust_button.click()
    await until(lambda: len(services.accounts.calls) == 2)
    assert services.accounts.calls[1][-1] == CERTIFICATE.fingerprint
    services.accounts.fail(KnownError(ErrorKind.PASSWORD_WRONG))
    await until(dialog.sign_in_button.isEnabled)
    assert not dialog.error_box.next_step.isVisible()
    write(dialog.address.line_edit, "alice@example.net")
    dialog.sign_in_button.click()
    await until(lambda: len(services.accounts.calls) == 3)
    assert CERTIFICATE.fingerprint not in services.accounts.calls[2]
    dialog.close()
    await until(lambda: services.accounts.cancelled)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ErrorKind if kind.name.startswith("CERTIFICATE")]
    + [ErrorKind.WEAKER_MECHANISM, ErrorKind.OFFER_ALTERED, ErrorKind.NO_SAFE_MECHANISM, ErrorKind.TLS_NOT_OFFERED],
)
async def test_no_refusal_is_a_dead_end(qtbot: QtBot, kind: ErrorKind) -> None:
    services = fake_services()
    account = services.accounts.add(JID.parse("alice@example.org"))
    error = KnownError(kind, subject="example.org")
    if kind.name.startswith("CERTIFICATE"):
        error = CertificateError(error, ())
    services.accounts.publish(ConnectionState.FAILED, account.id, error)
    trouble = AccountTrouble(as_services(services))
    qtbot.addWidget(trouble)
    trouble.show_account(account)
    assert not trouble.next_step.isHidden()
    trouble.next_step.click()
    if kind.name.startswith("CERTIFICATE"):
        shown(CertificateDialog).retry_button.click()
    elif kind is ErrorKind.WEAKER_MECHANISM:
        shown(AcceptWeakerDialog).accept_button.click()
    await until(lambda: services.accounts.calls)
    assert services.accounts.calls[0][0] == ("accept_weaker" if kind is ErrorKind.WEAKER_MECHANISM else "retry_now")
    services.accounts.publish(ConnectionState.CONNECTING, account.id)
    assert trouble.isHidden()


async def test_what_could_not_be_fetched_cannot_be_trusted(qtbot: QtBot) -> None:
    page = CertificateDialog(CertificateError(REFUSED, ()), "alice@example.org")
    show(qtbot, page)
    assert not page.trust.isVisible()
    with qtbot.waitSignal(page.retry_requested):
        page.retry_button.click()


async def test_names_in_a_certificate_are_plain_text(qtbot: QtBot) -> None:
    nasty = "CN=<b>x</b>\u202egro.elpmaxe\nSHA-256 00:00"
    page = CertificateDialog(CertificateError(REFUSED, (replace(CERTIFICATE, subject=nasty),)), "alice@example.org")
    show(qtbot, page)
    subject = next(child for child in page.cards[0].findChildren(QWidget) if child.accessibleName() == "Subject")
    assert subject.accessibleDescription() == "CN=<b>x</b>\ufffdgro.elpmaxe\ufffdSHA-256 00:00"
    assert subject.property("textFormat") == Qt.TextFormat.PlainText
    page.close()


async def test_the_keyboard_alone_trusts_but_never_by_accident(qtbot: QtBot) -> None:
    page = CertificateDialog(REFUSED, "alice@example.org")
    show(qtbot, page)
    page.activateWindow()
    assert page.retry_button.isDefault()
    visited: list[str] = []
    trusted: list[str] = []
    page.trust_requested.connect(trusted.append)
    for _ in range(12):
        widget = page.focusWidget()
        assert widget is not None
        visited.append(widget.accessibleName())
        if visited[-1] in ("This is my own server", "I have compared the fingerprint with the one of my server"):
            QTest.keyClick(widget, Qt.Key.Key_Space)
        if visited[-1] == "Trust this certificate":
            QTest.keyClick(widget, Qt.Key.Key_Return)
            break
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert trusted == [CERTIFICATE.fingerprint]
    start = visited.index("SHA-256")
    assert visited[start:] == [
        "SHA-256",
        "This is my own server",
        "I have compared the fingerprint with the one of my server",
        "Trust this certificate",
    ]


async def test_error_box_offers_nothing_of_the_error_before(qtbot: QtBot) -> None:
    box = ErrorBox()
    qtbot.addWidget(box)
    box.show_error(REFUSED)
    box.offer("Show the certificate…", lambda: None)
    assert not box.next_step.isHidden()
    box.show_error(KnownError(ErrorKind.NO_ANSWER))
    assert box.next_step.isHidden()
