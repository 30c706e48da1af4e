"""The small parts, and the words of errors and states."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from whimbrel.model.account import ConnectionState, ConnectionStatus
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.errors import explain
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.widgets.badge import badge_text, badge_width
from whimbrel.ui.widgets.buttons import icon_button, primary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import ElidedLabel, Label
from whimbrel.ui.widgets.notice_bar import NoticeBar
from whimbrel.ui.widgets.search_field import SearchField
from whimbrel.ui.widgets.tabs import Tabs
from whimbrel.ui.words import connection_words, day_word, delivery_word, when_word

_STAGES = list(ConnectionState)[1:7]  # on the way up


@pytest.mark.parametrize("kind", list(ErrorKind))
@pytest.mark.parametrize("subject", ["", "alice@example.org"])
def test_every_error_is_explained_in_whole_sentences(qtbot: QtBot, kind: ErrorKind, subject: str) -> None:
    text = explain(KnownError(kind, "technical <b>text</b>", subject=subject))
    assert text.endswith(".")
    assert text[0].isupper() or text.startswith(subject or "?")
    assert "{" not in text
    assert "technical" not in text


def test_a_missing_answer_is_told_by_stage(qtbot: QtBot) -> None:
    told = {explain(KnownError(ErrorKind.NO_ANSWER, stage=s.value, subject="example.org")) for s in _STAGES}
    assert len(told) == len(_STAGES)


def test_words_of_an_error_keep_odd_subjects(qtbot: QtBot) -> None:
    assert "{subject}%n" in explain(KnownError(ErrorKind.NOT_FOUND, subject="{subject}%n"))


def test_labels_never_interpret_what_they_show(qtbot: QtBot) -> None:
    for label in (Label("<b>x</b>"), ElidedLabel("<b>x</b>")):
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_error_box_says_and_hides(qtbot: QtBot) -> None:
    box = ErrorBox()
    qtbot.addWidget(box)
    assert box.isHidden()
    box.show_error(KnownError(ErrorKind.PASSWORD_WRONG, "not-authorized", subject="a@b.c"))
    assert box.label.accessibleName() == "Error"
    assert "a@b.c" in box.label.text()
    assert box.label.accessibleDescription() == box.label.text()
    assert box.details.isHidden()
    qtbot.mouseClick(box.details_button, Qt.MouseButton.LeftButton)
    assert not box.details.isHidden()
    assert box.details.text() == "not-authorized"
    box.clear()
    assert box.isHidden()
    assert box.label.text() == ""


def test_field_names_its_input_and_tells_its_error(qtbot: QtBot) -> None:
    field = Field("Address", QLineEdit())
    qtbot.addWidget(field)
    assert field.line_edit.accessibleName() == "Address"
    field.set_error("Enter an address.")
    assert field.error.text() == "Enter an address."
    assert field.line_edit.accessibleDescription() == "Enter an address."
    field.set_error(None)
    assert field.error.isHidden()
    assert field.line_edit.accessibleDescription() == ""


def test_buttons_are_named(qtbot: QtBot) -> None:
    primary, flat = primary_button("Sign in"), icon_button("plus", "Add")
    qtbot.addWidget(primary)
    qtbot.addWidget(flat)
    assert (primary.accessibleName(), flat.accessibleName(), flat.toolTip()) == ("Sign in", "Add", "Add")
    assert flat.sizeHint().width() <= flat.width() == 36


def test_dialog_is_named_and_its_default_is_entered(qtbot: QtBot) -> None:
    dialog = Dialog("Sign in")
    qtbot.addWidget(dialog)
    line_edit = QLineEdit()
    dialog.content.addWidget(line_edit)
    dialog.add_button(primary_button("Cancel"))
    go = dialog.add_button(primary_button("Go"), default=True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.accessibleName() == "Sign in"
    with qtbot.waitSignal(go.clicked):
        qtbot.keyClick(line_edit, Qt.Key.Key_Return)


def test_badges_stay_short(qtbot: QtBot) -> None:
    assert badge_text(7) == "7"
    assert badge_text(123_456) == "999+"
    assert badge_width(0) == 0


def test_tabs_make_room_for_their_count(qtbot: QtBot) -> None:
    tabs = Tabs(["Chats", "Contacts"])
    qtbot.addWidget(tabs)
    tabs.show()
    before = tabs.tabRect(0).width()
    tabs.set_count(0, 12, "12 unread")
    assert tabs.tabRect(0).width() > before
    tabs.set_count(0, 0, "")
    assert tabs.tabRect(0).width() == before


def test_notice_offers_its_action_and_goes(qtbot: QtBot) -> None:
    bar, done = NoticeBar(), []
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_text("The disk is full.", "Retry", lambda: done.append(1))
    assert not bar.isHidden()
    assert bar.action_button.accessibleName() == "Retry"
    bar.action_button.click()
    assert done == [1]
    bar.close_button.click()
    assert bar.isHidden()


def test_search_is_cleared_by_escape(qtbot: QtBot) -> None:
    field = SearchField("Ctrl K")
    qtbot.addWidget(field)
    assert field.accessibleName() == "Search"
    qtbot.keyClicks(field, "bob")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    with qtbot.waitSignal(field.list_requested):
        qtbot.keyClick(field, Qt.Key.Key_Down)


def test_a_long_name_is_cut_but_told(qtbot: QtBot) -> None:
    label = ElidedLabel("a very long name\nof two lines " * 20)
    qtbot.addWidget(label)
    label.resize(100, 20)
    label.show()
    assert QLabel.text(label).endswith("…")
    assert label.accessibleName() == label.full_text()
    assert "\n" not in label.full_text()


def test_connection_in_words(qtbot: QtBot) -> None:
    waiting = ConnectionStatus(ConnectionState.WAITING, KnownError(ErrorKind.NO_NETWORK), retry_at=112.4)
    assert connection_words(waiting, 101.0) == "Waiting for network, retry in 12 s"
    assert connection_words(waiting, 500.0) == "Waiting for network, retry in 0 s"
    assert connection_words(waiting) == "Waiting for network"
    refused = ConnectionStatus(ConnectionState.WAITING, KnownError(ErrorKind.CONNECTION_REFUSED), retry_at=112.4)
    assert connection_words(refused, 101.0) == "Waiting, retry in 12 s"
    ended = ConnectionStatus(ConnectionState.WAITING, KnownError(ErrorKind.SERVER_SHUTDOWN), retry_at=112.4)
    assert connection_words(ended, 101.0) == "Provider is restarting, retry in 12 s"
    taken = ConnectionStatus(ConnectionState.FAILED, KnownError(ErrorKind.RESOURCE_CONFLICT))
    assert connection_words(taken) == "Signed in elsewhere with the same name"
    assert connection_words(ConnectionStatus(ConnectionState.CONNECTING), again=True) == "Reconnecting…"
    assert connection_words(ConnectionStatus(ConnectionState.ONLINE), 0) == "Online"
    assert connection_words(ConnectionStatus(ConnectionState.OFFLINE), 0) == "Offline"
    assert {connection_words(ConnectionStatus(state), 0) for state in _STAGES} == {"Connecting…"}


def test_days_in_words(qtbot: QtBot) -> None:
    today = date(2026, 11, 22)
    assert day_word(today, today) == "Today"
    assert day_word(date(2026, 11, 21), today) == "Yesterday"
    assert day_word(date(2026, 11, 18), today) == "Wednesday"
    assert "2026" in day_word(date(2026, 11, 1), today)
    assert "2026" in day_word(date(2026, 11, 23), today)
    local = datetime(2026, 11, 22, 9, 5).astimezone()
    assert when_word(local, today).startswith(("9:05", "09:05"))
    assert when_word(local, date(2026, 11, 23)) == "Yesterday"


def test_delivery_in_words(qtbot: QtBot) -> None:
    from whimbrel.model.message import DeliveryState

    assert delivery_word(DeliveryState.UNCONFIRMED) == "Waiting"
    assert delivery_word(DeliveryState.FAILED) == "Failed"
    assert delivery_word(DeliveryState.RECEIVED) == ""


def test_a_dialog_is_never_higher_than_the_screen(theme: Theme, qtbot: QtBot) -> None:
    theme.set_zoom(250)
    dialog = FittingDialog("Long", width=300)
    fields = [Field(f"Field {number}") for number in range(12)]
    for field in fields:
        dialog.content.addWidget(field)
    button = dialog.add_button(primary_button("Save"), default=True)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    screen = dialog.screen().availableGeometry()
    bar = dialog.body.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert dialog.frameGeometry().height() < screen.height()
    assert dialog.rect().contains(button.geometry())
    assert dialog.body.horizontalScrollBar().maximum() == 0
    fields[-1].line_edit.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: not fields[-1].line_edit.visibleRegion().isEmpty())
    bar.setValue(0)
    qtbot.keyClick(dialog, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_an_area_that_has_room_for_all_does_not_scroll(theme: Theme, qtbot: QtBot) -> None:
    dialog = FittingDialog("Short")
    area = ContentArea("Details")
    for words in ("one", "words that need more than a line " * 3):
        area.column.addWidget(Label(words, wrap=True))
    dialog.content.addWidget(area)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
    assert not area.verticalScrollBar().isVisible()


def test_no_scroll_bar_stays_where_the_words_of_an_error_appear(theme: Theme, qtbot: QtBot) -> None:
    """With a bar beside it the text breaks into more lines than the dialog has become higher for."""
    dialog = FittingDialog("Sign in")
    for number in range(4):
        dialog.content.addWidget(Field(f"Field {number}"))
    box = ErrorBox()
    dialog.content.addWidget(box)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    width, short = dialog.body.width(), dialog.height()
    for length in range(8, 60, 2):  # some fill their lines so that a narrower box needs one more
        box.show_text("and " * length, "detail")
        qtbot.waitUntil(lambda: dialog.height() > short)
        qtbot.waitUntil(lambda: dialog.body.height() >= dialog.body.column.totalHeightForWidth(width))
        qtbot.waitUntil(lambda: dialog.body.verticalScrollBar().maximum() == 0)
        assert not dialog.body.verticalScrollBar().isVisible()
        box.clear()
        qtbot.waitUntil(lambda: dialog.height() == short)


def test_an_open_dialog_takes_larger_text(theme: Theme, qtbot: QtBot) -> None:
    dialog = FittingDialog("Zoom", width=300)
    for number in range(7):
        dialog.content.addWidget(Label("an-address-that-cannot-be-broken@example.org", bold=True))
        dialog.content.addWidget(Field(f"Field {number}"))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    screen = dialog.screen().availableGeometry()
    dialog.move(screen.center())
    before = dialog.width()
    theme.set_zoom(180)
    qtbot.waitUntil(lambda: dialog.body.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: dialog.body.horizontalScrollBar().maximum() == 0)
    assert dialog.width() > before
    qtbot.waitUntil(lambda: screen.contains(dialog.frameGeometry()))
