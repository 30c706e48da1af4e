"""Searching on the screen: the page, the bar in a conversation, the palette, and the dialogs that export and delete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest
import qasync
import shiboken6
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QColor, QTextDocumentFragment
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import MessageRemoved
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.model.search import Hit, Place, Term
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.run import running
from whimbrel.ui.search.asking_dialogs import ask_delete, ask_delete_old, ask_export
from whimbrel.ui.search.bar import SearchHere
from whimbrel.ui.search.day_dialog import DayDialog
from whimbrel.ui.search.delete_dialog import DeleteConversationDialog, DeleteOldDialog
from whimbrel.ui.search.filter_words import read_day, write_day
from whimbrel.ui.search.page import SearchPage
from whimbrel.ui.search.results import Result, make_result, marked

ALICE, LILI = JID.parse("alice@example.net"), JID.parse("lili@example.net")


class Wait(Protocol):
    """Lets the program run until a condition holds, after something was done."""

    def __call__(self, condition: Callable[[], object], act: Callable[[], object] = ...) -> None: ...


@pytest.fixture
def wait(qapp: QApplication, core: Core) -> Iterator[Wait]:
    """Lets the program run, with an event loop of asyncio's, until a condition holds and nothing is under way."""
    loop = qasync.QEventLoop(qapp)

    def until(condition: Callable[[], object], act: Callable[[], object] = lambda: None) -> None:
        async def turn() -> None:
            act()
            async with asyncio.timeout(20):
                while not condition() or running:  # noqa: ASYNC110 - widgets have no event of asyncio's
                    await asyncio.sleep(0.01)
                await core.tasks.wait_all()

        loop.run_until_complete(turn())

    yield until
    loop.close()


@pytest.fixture
def talks(core: Core) -> Core:
    """What Alice and Lili said."""
    stream = core.online(Contact(AccountId(1), ALICE, "Alice"), Contact(AccountId(1), LILI, "莉莉"))
    stream.receive_message(f"{ALICE}/x", "we meet at the library")
    stream.receive_message(f"{LILI}/x", "我们在图书馆见面")
    stream.receive_message(f"{ALICE}/x", "<b>library</b> is <i>closed</i>")
    return core


@pytest.fixture
def page(talks: Core, bridge: Bridge, qtbot: QtBot) -> Iterator[SearchPage]:
    """The page, shown."""
    made = SearchPage(talks.services, bridge)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    qtbot.addWidget(made)
    made.resize(320, 600)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.leave()


def texts(page: SearchPage) -> list[str]:
    """What is found."""
    return [result.text for result in page.model.results()]


def test_results_come_as_one_types_and_are_opened(page: SearchPage, wait: Wait, qtbot: QtBot) -> None:
    chosen: list[Result] = []
    page.result_chosen.connect(chosen.append)
    page.field.setText("libr")
    wait(lambda: len(texts(page)) == 2)
    assert texts(page) == ["<b>library</b> is <i>closed</i>", "we meet at the library"]
    assert page.status.text() == "2 messages"
    page.field.setText("图书")
    wait(lambda: texts(page) == ["我们在图书馆见面"])
    result = page.model.results()[0]
    assert [result.text[start:end] for start, end in result.marks] == ["图书"]
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert [(one.name, one.matched) for one in chosen] == [("莉莉", "图书")]
    page.field.setText("nothing like it")
    wait(lambda: page.status.text() == "Nothing found")
    page.field.setText("")
    wait(lambda: not page.model.rowCount())


def test_filters_are_chips(page: SearchPage, wait: Wait) -> None:
    page.field.setText('library from:"Alice"')
    assert [chip.text().split()[0] for chip in page.chips.chosen()] == ["From"]
    wait(lambda: len(texts(page)) == 2)
    page.chips.added.emit("has:link")
    assert page.field.text() == 'library from:"Alice" has:link '
    wait(lambda: page.status.text() == "Nothing found")
    for chip in page.chips.chosen():
        chip.click()
    assert page.field.text() == "library"
    wait(lambda: len(texts(page)) == 2)
    page.chips.added.emit("in:")
    assert page.field.text() == "library in:"


def test_c4_names_in_chips_are_never_markup(page: SearchPage) -> None:
    page.field.setText('from:"<b>Tom</b> & Eve"')
    (chip,) = page.chips.chosen()
    assert chip.text().split("  ")[0] == "From <b>Tom</b> && Eve"  # one & would be a key's underline
    assert QTextDocumentFragment.fromHtml(chip.toolTip()).toPlainText() == chip.accessibleName()
    assert chip.accessibleName() == "Remove filter From <b>Tom</b> & Eve"


def test_filters_are_completed_by_keyboard_and_mouse(page: SearchPage, wait: Wait, qtbot: QtBot) -> None:
    field = page.field
    page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "library from:ali")
    assert [one.text for one in field.suggestions()] == ["Alice"]
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    assert field.text() == "library from:Alice "
    wait(lambda: len(texts(page)) == 2)
    page.chips.added.emit("in:")
    assert [one.text for one in field.suggestions()] == ["Alice", "莉莉"]
    row = field.popup.visualRect(field.popup.model().index(1, 0)).center()
    qtbot.mouseClick(field.popup.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert field.text() == "library from:Alice in:莉莉 "
    wait(lambda: page.status.text() == "Nothing found")
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "library from:Alice "
    page.chips.chosen()[0].setFocus()
    qtbot.keyClick(page.chips.chosen()[0], Qt.Key.Key_Delete)
    assert field.text() == "library"


def test_days_are_chosen_in_a_calendar_or_typed(page: SearchPage, wait: Wait, qtbot: QtBot) -> None:
    field = page.field
    page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    page.chips.added.emit("before:")
    assert [one.value for one in field.suggestions()][:1] == [None]
    qtbot.keyClick(field.popup, Qt.Key.Key_Down)
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    dialog = page.findChild(DayDialog)
    assert dialog is not None
    dialog.calendar.setSelectedDate(QDate(2020, 5, 3))
    dialog.go_button.click()
    assert field.text() == "before:2020-05-03 "
    assert page.chips.chosen()[0].text().startswith(f"Before {write_day(date(2020, 5, 3))}")
    wait(lambda: page.status.text() == "Nothing found")
    assert not page.trouble.isVisible()


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("en_US", "5/3/2020", date(2020, 5, 3)),
        ("en_GB", "5/3/20", date(2020, 3, 5)),
        ("de_DE", "5.3.2020", date(2020, 3, 5)),
        ("zh_CN", "2020年5月3日", date(2020, 5, 3)),
        ("ar_EG", "٣١‏/١٢‏/٢٠٢٥", date(2025, 12, 31)),
        ("de_DE", "2020/5/3", date(2020, 5, 3)),
        ("de_DE", "32.1.2020", None),
        ("de_DE", "soon", None),
    ],
)
def test_days_are_read_as_the_language_has_them(language: str, typed: str, day: date | None) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        assert read_day(typed) == day
        assert day is None or read_day(write_day(day)) == day
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("language", ["C", "cs_CZ", "ko_KR", "de_DE"])
def test_the_day_that_is_given_as_an_example_can_be_typed(page: SearchPage, wait: Wait, language: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        page.field.setText("library before:soon")
        wait(lambda: page.trouble.isVisible())
        example = page.trouble.text().partition("write ")[2].partition(" or ")[0]
        page.field.setText(f"library before:{example}")
        wait(lambda: not page.trouble.isVisible())
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("typed", "words", "found"),
    [
        ("library from:nobody", "No chat and no contact is called “nobody”.", 0),
        ("library in:bob", "Nothing has been said with “bob” yet.", 0),
        ("library before:soon", "“soon” is no day, so it does not count", 2),
        ("library has:cats", "“cats” cannot be looked for", 2),
        ("library after:2020-02 before:2019", "No day is after the one and before the other.", 0),
        ("library after:2020", "", 2),
        ("library from:me", "", 0),
        ("library from:ME@example.org", "", 0),  # one's own address
    ],
)
def test_what_a_filter_cannot_mean_is_said(
    page: SearchPage, talks: Core, wait: Wait, typed: str, words: str, found: int
) -> None:
    talks.stream(AccountId(1)).push("bob@example.net", Contact(AccountId(1), JID.parse("bob@example.net"), "Bob"))
    page.field.setText(typed)
    wait(lambda: page.trouble.isVisible() is bool(words) and len(texts(page)) == found)
    assert page.trouble.text().startswith(words)
    assert [chip.property("chosen") for chip in page.chips.chosen()][:1] == ["wrong" if words else "true"]
    page.field.setText("library")
    wait(lambda: not page.trouble.isVisible())


def test_s8_what_is_retracted_or_deleted_leaves_the_results(page: SearchPage, talks: Core, wait: Wait) -> None:
    page.field.setText("library")
    wait(lambda: len(texts(page)) == 2)
    message = page.model.results()[0].hit.message
    talks.services.bus.publish(MessageRemoved(message))
    assert texts(page) == ["we meet at the library"]


def test_s7_what_is_corrected_is_looked_for_again(page: SearchPage, talks: Core, wait: Wait) -> None:
    stream = talks.stream(AccountId(1))
    stream.receive_message(f"{ALICE}/x", "another library", id_="m1")
    page.field.setText("library")
    wait(lambda: len(texts(page)) == 3)
    replace_ = "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"
    wait(
        lambda: len(texts(page)) == 2,
        lambda: stream.receive_message(f"{ALICE}/x", "another place", id_="m2", extra=replace_),
    )


def test_arrows_lead_into_the_list_and_back(page: SearchPage, wait: Wait, qtbot: QtBot) -> None:
    page.activateWindow()
    page.open("library")
    wait(lambda: len(texts(page)) == 2)
    qtbot.waitUntil(page.field.hasFocus)
    qtbot.keyClick(page.field, Qt.Key.Key_Down)
    assert page.list.hasFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    assert page.field.hasFocus()
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page.field, Qt.Key.Key_Escape)


def test_a_long_message_is_cut_around_the_match(talks: Core) -> None:
    hit_text = "word " * 100 + "needle" + " word" * 100
    message = talks.services.conversations.latest(talks.services.conversations.open(AccountId(1), ALICE).id, 1)[0]
    result = make_result(Hit(Place(1), replace(message, body=hit_text)), [Term("needle")], ALICE, "Alice", "", "now")
    assert [result.text[start:end] for start, end in result.marks] == ["needle"]
    assert result.text.startswith("…")
    assert result.marks[0][0] < 60


def test_marks_stand_right_behind_emoji() -> None:
    """Qt counts in units of UTF-16."""
    text = "👍🏽 library"
    found = marked(text, 3, 10, QColor("red"))
    assert text.encode("utf-16-le")[found.start * 2 : (found.start + found.length) * 2].decode("utf-16-le") == "library"


def test_the_bar_finds_in_its_conversation(
    talks: Core, bridge: Bridge, wait: Wait, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = talks.services.conversations.open(AccountId(1), ALICE)
    pane = ConversationPane(talks.services, bridge, conversation)
    qtbot.addWidget(pane)
    shown: list[tuple[int, str]] = []
    monkeypatch.setattr(pane, "show_message", lambda message_id, mark="": shown.append((message_id, mark)))
    pane.resize(480, 600)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()
    qtbot.waitUntil(pane.isActiveWindow)
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    here = next(one for one in pane.extensions if isinstance(one, SearchHere))
    assert here.bar is not None
    bar = here.bar
    assert bar.field.hasFocus()
    bar.field.setText("library")
    wait(lambda: bar.count.text() == "1 of 2")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 2"
    assert not bar.older.isEnabled()
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert [mark for _, mark in shown] == ["library"] * 3
    assert [message_id for message_id, _ in shown] == [3, 1, 3]
    bar.field.setText("图书")
    wait(lambda: bar.count.text() == "Not found")
    pane.view.spotlight.point(MessageId(3), "library")
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert not pane.view.spotlight.mark
    pane.close_quietly()


def test_s8_the_bar_counts_nothing_that_was_retracted_or_says_something_else(
    core: Core, bridge: Bridge, wait: Wait, qtbot: QtBot
) -> None:
    stream = core.online(Contact(AccountId(1), ALICE, "Alice"))
    for number in range(3):
        stream.receive_message(f"{ALICE}/x", f"library {number}", id_=f"a{number}")
    pane = ConversationPane(core.services, bridge, core.services.conversations.open(AccountId(1), ALICE))
    qtbot.addWidget(pane)
    here = next(one for one in pane.extensions if isinstance(one, SearchHere))
    here.open()
    bar = here.bar
    assert bar is not None
    wait(lambda: bar.count.text() == "1 of 3", lambda: bar.field.setText("library"))
    bar.moved.emit(1)
    retract = "<retract xmlns='urn:xmpp:message-retract:1' id='a2'/>"
    stream.receive_message(f"{ALICE}/x", None, extra=retract)
    assert bar.count.text() == "1 of 2"  # still the one that the view is at
    replace_it = "<replace xmlns='urn:xmpp:message-correct:0' id='a0'/>"
    stream.receive_message(f"{ALICE}/x", "station", extra=replace_it)
    assert bar.count.text() == "1 of 1"


def test_the_bar_of_a_closed_conversation_hears_nothing(talks: Core, bridge: Bridge, wait: Wait, qtbot: QtBot) -> None:
    conversation = talks.services.conversations.open(AccountId(1), ALICE)
    pane = ConversationPane(talks.services, bridge, conversation)
    here = next(one for one in pane.extensions if isinstance(one, SearchHere))
    here.open("library")
    assert here.bar is not None
    count = here.bar.count
    wait(lambda: count.text() == "1 of 2", lambda: here.open("library"))
    pane.close_quietly()
    pane.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(pane))
    message = talks.services.conversations.message(MessageId(3))
    assert message is not None
    talks.services.bus.publish(MessageRemoved(message))  # pytest-qt fails where a slot raises


def test_everything_is_searched_from_the_window(window: MainWindow, talks: Core, wait: Wait, qtbot: QtBot) -> None:
    assert window.conductor is not None
    window.conductor.refresh_page()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    view = window.conductor.view
    assert view is not None
    page = view.search
    assert page is not None
    assert page.isVisible()
    page.field.setText("图书馆")
    wait(lambda: len(texts(page)) == 1)
    page.list.clicked.emit(page.model.index(0, 0))
    assert view.area.current is not None
    assert view.area.current.jid == LILI
    pane = view.area.current_pane
    assert pane is not None
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Escape)
    assert page.list.hasFocus()
    assert page.list.currentIndex().row() == 0
    view.focus_region(-1)
    assert page.field.hasFocus()
    page.leave()
    assert view.left.isVisible()
    window.conductor.commands.show_palette()
    palette = window.conductor.commands._palette
    assert palette is not None
    palette.line_edit.setText("meet at")
    wait(lambda: any("we meet at the library" in entry.text for entry in palette.shown()))
    palette.shown()[-1].run()
    assert view.area.current.jid == ALICE


def test_deleting_asks_and_takes_the_conversation_away(window: MainWindow, talks: Core, wait: Wait) -> None:
    assert window.conductor is not None
    window.conductor.refresh_page()
    view = window.conductor.view
    assert view is not None
    view.open(AccountId(1), ALICE)
    pane = view.area.current_pane
    assert pane is not None
    pane.composer.editor.setPlainText("a draft")
    conversation = talks.services.conversations.open(AccountId(1), ALICE)
    dialogs: list[DeleteConversationDialog] = []
    question = "Delete the conversation with Alice and its 2 messages?"
    wait(
        lambda: dialogs[0].question.text() == question,
        lambda: dialogs.append(ask_delete(talks.services, conversation, window)),
    )
    wait(lambda: view.area.current is None, dialogs[0].delete.click)
    wait(lambda: [one.jid for one in view.left.chats.shown()] == [LILI])
    assert talks.services.conversations.find(conversation.id) is None


def test_a_deletion_that_is_under_way_is_not_chosen_anew(
    window: MainWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[DeleteOldDialog] = []
    wait(lambda: asked, lambda: asked.append(ask_delete_old(window.conductor._services, window)))
    dialog = asked[0]

    async def fail() -> int:
        assert not dialog.age.isEnabled()
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(dialog, "work", fail)
    dialog.delete.setEnabled(True)
    wait(dialog.error.isVisible, dialog.delete.click)
    assert dialog.age.isEnabled()
    dialog.close()


def test_exporting_says_how_far_it_is_and_what_went_wrong(
    talks: Core, qtbot: QtBot, wait: Wait, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ask_export(talks.services, None, parent)
    wait(dialog.error.isVisible, lambda: dialog.export_to(tmp_path / "missing" / "x.txt"))
    done = "3 messages exported."
    wait(lambda: dialog.status.text() == done, lambda: dialog.export_to(tmp_path / "x.txt"))
    assert "我们在图书馆见面" in (tmp_path / "x.txt").read_text("utf-8")
    dialog.reject()
