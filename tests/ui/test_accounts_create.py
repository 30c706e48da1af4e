"""The dialog *Create an account*: provider, form, signed in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit
from pytestqt.qtbot import QtBot
from tests.helpers.fake_accounts import FakeKeyring, FakeRegistrar, FakeServices, as_services, fake_services, until

from whimbrel.model.account import Account, ConnectionSettings
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import FieldType, FormField, RegistrationForm
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.form_view import FormView, web_address

USERNAME = FormField("username", "Username", FieldType.TEXT_SINGLE, required=True)
PASSWORD = FormField("password", "Password", FieldType.TEXT_PRIVATE, required=True)
LEGACY = RegistrationForm("Choose a name.", (USERNAME, PASSWORD), is_data_form=False)
EVERY_TYPE = RegistrationForm(
    "Please fill in.",
    (
        FormField("FORM_TYPE", "", FieldType.HIDDEN, values=("jabber:iq:register",)),
        replace(USERNAME, label="Wanted name"),
        PASSWORD,
        FormField("", "", FieldType.FIXED, values=("About <b>you</b>",)),
        FormField("about", "Tell & show", FieldType.TEXT_MULTI, values=("one", "two")),
        FormField("terms", "I agree", FieldType.BOOLEAN, values=("0",), description="All of them."),
        FormField("plan", "Plan", FieldType.LIST_SINGLE, options=(("Small", "s"), ("Large", "l")), values=("s",)),
        FormField("topics", "Topics", FieldType.LIST_MULTI, options=(("News", "n"), ("Chess", "c")), values=("c",)),
        FormField("friend", "A friend", FieldType.JID_SINGLE),
    ),
    is_data_form=True,
)


def make_dialog(qtbot: QtBot, services: FakeServices, provider: str = "example.org") -> CreateAccountDialog:
    dialog = CreateAccountDialog(as_services(services), FakeKeyring(), provider=provider)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


async def at_form(
    qtbot: QtBot, form: RegistrationForm = LEGACY
) -> tuple[CreateAccountDialog, FakeServices, FakeRegistrar, FormView]:
    registrar = FakeRegistrar(form)
    services = fake_services(registrar)
    dialog = make_dialog(qtbot, services)
    dialog.continue_button.click()
    await until(lambda: dialog.form is not None)
    assert dialog.form is not None
    return dialog, services, registrar, dialog.form


def write(view: FormView, name: str, text: str) -> None:
    editor = view.controls[name].editor
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


@pytest.mark.parametrize("provider", ["", "  ", "a b", "exa@mple@org", "x" * 10_000])
async def test_a_bad_provider_is_said_at_the_field(qtbot: QtBot, provider: str) -> None:
    registrar = FakeRegistrar(LEGACY)
    dialog = make_dialog(qtbot, fake_services(registrar), provider)
    dialog.continue_button.click()
    assert dialog.provider.error.isVisible()
    assert not registrar.fetched


async def test_an_account_is_created_and_signed_in_with_nothing_typed_twice(qtbot: QtBot) -> None:
    dialog, services, registrar, view = await at_form(qtbot)
    signed_in: list[Account] = []
    dialog.signed_in.connect(signed_in.append)
    write(view, "username", " Alice@example.org ")
    write(view, "password", "sécret")
    dialog.create_button.click()
    await until(lambda: services.accounts.calls)
    assert registrar.submitted == [{"username": ["Alice"], "password": ["sécret"]}]
    assert services.accounts.calls == [("sign_in", "alice@example.org", "sécret", ConnectionSettings(), True)]
    services.accounts.succeed()
    await until(lambda: signed_in)


async def test_the_dialog_grows_with_what_its_fields_say(qtbot: QtBot) -> None:
    dialog, _services, _registrar, view = await at_form(qtbot)
    dialog.create_button.click()
    assert view.controls["username"].editor.accessibleDescription()
    await until(lambda: dialog.form_area.height() >= view.sizeHint().height())
    assert not dialog.form_area.verticalScrollBar().isVisible()


async def test_every_type_of_field_has_its_control_and_is_sent(qtbot: QtBot) -> None:
    dialog, _services, registrar, view = await at_form(qtbot, EVERY_TYPE)
    kinds = {name: type(control.editor).__mro__ for name, control in view.controls.items()}
    for name, kind in {
        "username": QLineEdit,
        "password": QLineEdit,
        "about": QPlainTextEdit,
        "terms": QCheckBox,
        "plan": QComboBox,
        "topics": QListWidget,
        "friend": QLineEdit,
    }.items():
        assert kind in kinds[name]
    names = [control.editor.accessibleName() for control in view.controls.values()]
    assert names == ["Wanted name", "Password", "Tell & show", "I agree", "Plan", "Topics", "A friend"]
    labels = {label.text() for label in view.findChildren(QLabel)}
    assert {"Please fill in.", "About <b>you</b>", "Wanted name *", "All of them."} <= labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in view.findChildren(QLabel))
    write(view, "username", "alice")
    write(view, "password", "secret")
    QTest.mouseClick(view.controls["terms"].editor, Qt.MouseButton.LeftButton, pos=view.rect().topLeft())
    QTest.keyClick(view.controls["terms"].editor, Qt.Key.Key_Space)
    terms = view.controls["terms"].values()
    QTest.keyClicks(view.controls["plan"].editor, "La")
    topics = view.controls["topics"].editor
    assert isinstance(topics, QListWidget)
    topics.setCurrentRow(0)
    QTest.keyClick(topics, Qt.Key.Key_Space)
    dialog.create_button.click()
    await until(lambda: registrar.submitted)
    assert registrar.submitted == [
        {
            "FORM_TYPE": ["jabber:iq:register"],
            "username": ["alice"],
            "password": ["secret"],
            "about": ["one", "two"],
            "terms": terms,
            "plan": ["l"],
            "topics": ["n", "c"],
            "friend": [],
        }
    ]
    await until(lambda: _services.accounts.calls)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("username", "", "must be filled in"),
        ("username", "   ", "must be filled in"),
        ("username", "a b", "part of an address"),
        ("username", "a@b@c", "part of an address"),
        ("username", "alice@elsewhere.example", "part of an address"),
        ("username", "x" * 2000, "part of an address"),
        ("password", "", "must be filled in"),
        ("password", "x" * 10_001, "too long"),
        ("friend", "a@@b", "not an address"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(
    qtbot: QtBot, name: str, text: str, words: str
) -> None:
    dialog, _services, registrar, view = await at_form(qtbot, EVERY_TYPE)
    write(view, "username", "alice")
    write(view, "password", "secret")
    write(view, name, text)
    dialog.create_button.click()
    editor = view.controls[name].editor
    assert words in editor.accessibleDescription()
    assert dialog.focusWidget() is editor
    assert not registrar.submitted


async def test_a_taken_name_is_said_at_the_username_and_can_be_mended(qtbot: QtBot) -> None:
    dialog, services, registrar, view = await at_form(qtbot)
    registrar.refusals.append(KnownError(ErrorKind.NAME_TAKEN, "conflict", subject="username"))
    write(view, "username", "alice")
    write(view, "password", "secret")
    dialog.create_button.click()
    await until(lambda: "taken" in view.controls["username"].editor.accessibleDescription())
    await until(lambda: dialog.create_button.isEnabled())
    assert dialog.focusWidget() is view.controls["username"].editor
    write(view, "username", "alice2")
    dialog.create_button.click()
    await until(lambda: services.accounts.calls)
    assert registrar.submitted[1] == {"username": ["alice2"], "password": ["secret"]}


@pytest.mark.parametrize("kind", [ErrorKind.NOT_ACCEPTABLE, ErrorKind.TOO_MANY_REGISTRATIONS, ErrorKind.NO_ANSWER])
async def test_what_concerns_no_field_is_said_at_the_form(qtbot: QtBot, kind: ErrorKind) -> None:
    dialog, _services, registrar, view = await at_form(qtbot)
    registrar.refusals.append(KnownError(kind, "the server's words"))
    write(view, "username", "alice")
    write(view, "password", "secret")
    dialog.create_button.click()
    await until(lambda: dialog.error_box.isVisible())
    assert dialog.error_box.details.text() == "the server's words"
    assert view.controls["password"].values() == ["secret"]


@pytest.mark.parametrize("kind", [ErrorKind.REGISTRATION_CLOSED, ErrorKind.HOST_UNKNOWN, ErrorKind.NO_ANSWER])
async def test_a_provider_without_a_form_is_said_and_another_can_be_chosen(qtbot: QtBot, kind: ErrorKind) -> None:
    registrar = FakeRegistrar(KnownError(kind, subject="example.org"))
    dialog = make_dialog(qtbot, fake_services(registrar))
    dialog.continue_button.click()
    await until(lambda: dialog.error_box.isVisible() and dialog.continue_button.isEnabled())
    assert dialog.provider_box.currentText() == "example.org"
    registrar.form = LEGACY
    dialog.continue_button.click()
    await until(lambda: dialog.form is not None)


async def test_back_keeps_what_was_typed(qtbot: QtBot) -> None:
    dialog, _services, registrar, view = await at_form(qtbot)
    write(view, "username", "alice")
    write(view, "password", "secret")
    dialog.back_button.click()
    assert dialog.provider.isVisible()
    await until(lambda: registrar.closed)
    dialog.continue_button.click()
    await until(lambda: dialog.form is not None)
    assert dialog.form is not None
    assert dialog.form.entered() == {"username": ["alice"], "password": ["secret"]}


async def test_a_created_account_that_could_not_sign_in_is_not_created_again(qtbot: QtBot) -> None:
    dialog, services, registrar, view = await at_form(qtbot)
    write(view, "username", "alice")
    write(view, "password", "secret")
    dialog.create_button.click()
    await until(lambda: services.accounts.calls)
    services.accounts.fail(KnownError(ErrorKind.NO_NETWORK))
    await until(lambda: dialog.error_box.isVisible() and dialog.create_button.isEnabled())
    assert "alice@example.org was created" in dialog.error_box.label.text()
    assert not dialog.back_button.isEnabled()
    dialog.create_button.click()
    await until(lambda: len(services.accounts.calls) == 2)
    assert len(registrar.submitted) == 1


async def test_a_web_address_is_a_link_and_can_be_copied(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    form = RegistrationForm("Register on our page.", (), is_data_form=False, url="https://example.org/register?a=1&b=2")
    dialog, _services, _registrar, view = await at_form(qtbot, form)
    assert view.link is not None
    view.link.open_button.click()
    assert opened == [QUrl(form.url)]
    assert not dialog.create_button.isVisible()
    view.link.copy_button.click()
    assert QGuiApplication.clipboard().text() == form.url


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "smb://x/y", "https://", "//x", "a b"])
def test_only_web_pages_are_ever_opened(url: str) -> None:
    assert web_address(url) is None


async def test_an_invitation_fills_in_provider_and_name(qtbot: QtBot) -> None:
    registrar = FakeRegistrar(LEGACY)
    dialog = make_dialog(qtbot, fake_services(registrar), "xmpp:alice@example.org?register;preauth=x")
    dialog.continue_button.click()
    await until(lambda: dialog.form is not None)
    assert registrar.fetched[0][0] == "example.org"
    assert dialog.form is not None
    assert dialog.form.controls["username"].values() == ["alice"]


texts = st.text(max_size=30)
fields = st.builds(
    FormField,
    name=st.text(max_size=5),
    label=texts,
    type=st.sampled_from(FieldType),
    required=st.booleans(),
    values=st.lists(texts, max_size=3).map(tuple),
    options=st.lists(st.tuples(texts, texts), max_size=4).map(tuple),
    description=texts,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(fields, max_size=8), texts, st.booleans())
def test_any_form_can_be_shown_and_read(qtbot: QtBot, asked: list[FormField], words: str, data: bool) -> None:
    form = RegistrationForm(words, tuple(asked), is_data_form=data)
    view = FormView(form, "example.org")
    qtbot.addWidget(view)
    values = view.read()
    missing = [c for c in view.controls.values() if c.problem()]
    assert missing or values is not None
    if values is not None:
        chosen = {f.name: {value for _label, value in f.options} for f in asked}
        for name, control in view.controls.items():
            if control.form_field.type in (FieldType.LIST_SINGLE, FieldType.LIST_MULTI):
                assert set(values[name]) <= chosen[name]
