"""Ctrl+K: what is found, in which order, and what choosing does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.ui.palette import Entry, Palette, find, share_line
from whimbrel.ui.theme.theme import Theme

Opened = list[tuple[AccountId, JID]]


@pytest.fixture
def opened() -> Opened:
    """What was asked for."""
    return []


@pytest.fixture
def palette(core: Core, opened: Opened, qtbot: QtBot) -> Iterator[Palette]:
    """The palette over a window; Bob has an unread chat, Lili none, Zoe is a contact."""
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    people = (("bob@example.org", "Bob Martens"), ("lili@example.org", "莉莉"), ("zoe@example.org", "Zoe"))
    stream.go_online(*(Contact(account.id, JID.parse(jid), name) for jid, name in people))
    stream.receive_message("bob@example.org/x", "unread")
    stream.receive_message("lili@example.org/x", "read")
    core.services.unread.mark_read(core.services.conversations.open(account.id, JID.parse("lili@example.org")).id)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(800, 600)
    with qtbot.waitExposed(window):
        window.show()
    action = QAction("Settings…", window)
    made = Palette(core.services, lambda a, j: opened.append((a, j)), [action], window)
    made.show_up()
    yield made
    window.close()


def _texts(palette: Palette) -> list[str]:
    return [entry.text for entry in palette.shown()]


def test_unread_is_first_then_chats_contacts_actions(palette: Palette) -> None:
    assert _texts(palette) == ["Bob Martens", "莉莉", "Zoe", "Notes to self", "Settings…"]
    assert palette.line_edit.accessibleName() == "Go to"
    assert palette.results.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Bob Martens"


def test_contacts_are_in_the_order_of_the_language(core: Core, palette: Palette) -> None:
    account = AccountId(1)
    names = ("zoe", "Yan"), ("ake", "Åke"), ("emile", "Émile")
    core.stream(account).go_online(
        *(Contact(account, JID.parse(f"{local}@example.com"), name) for local, name in names)
    )
    again = Palette(core.services, lambda _a, _j: None, [], palette.window())
    assert [entry.text for entry in again.shown() if "example.com" in entry.detail] == ["Åke", "Émile", "Yan"]


def test_what_is_put_away_or_marked_as_unread_is_found(core: Core, palette: Palette) -> None:
    conversations, lili = core.base.stores.conversations, JID.parse("lili@example.org")
    talk = core.services.conversations.open(AccountId(1), lili)
    conversations.set_archived(talk.id, True)
    conversations.mark_unread(talk.id, True)
    again = Palette(core.services, lambda _a, _j: None, [], palette.window())
    assert [(entry.text, entry.detail) for entry in again.shown()][:2] == [
        ("莉莉", "Archived · lili@example.org"),
        ("Bob Martens", "1 unread · bob@example.org"),
    ]


def test_typing_finds_by_name_and_address(palette: Palette, opened: Opened, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.line_edit, "mart")
    assert _texts(palette) == ["Bob Martens"]
    palette.line_edit.setText("zoe@")
    assert _texts(palette) == ["Zoe"]
    qtbot.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert [str(jid) for _, jid in opened] == ["zoe@example.org"]


def test_it_stays_within_a_window_that_becomes_smaller(palette: Palette, qtbot: QtBot) -> None:
    window = palette.window()
    for width, height in ((400, 420), (1000, 700)):
        window.resize(width, height)
        qtbot.waitUntil(lambda: window.rect().contains(palette.geometry()))
        assert abs(palette.geometry().center().x() - window.width() / 2) <= 1


def test_arrows_choose(palette: Palette, opened: Opened, qtbot: QtBot) -> None:
    qtbot.keyClick(palette.line_edit, Qt.Key.Key_Down)
    qtbot.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert [str(jid) for _, jid in opened] == ["lili@example.org"]


def test_any_address_can_be_written_to(palette: Palette, opened: Opened, qtbot: QtBot) -> None:
    palette.line_edit.setText(" New.Person@Example.NET/phone ")
    assert _texts(palette) == ["new.person@example.net"]
    qtbot.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert [str(jid) for _, jid in opened] == ["new.person@example.net"]


@pytest.mark.parametrize("typed", ["a@@b", "@b", "a b@c", "alice@example.org", "example.org", "x" * 3000])
def test_what_cannot_be_written_to_is_not_offered(palette: Palette, typed: str) -> None:
    palette.line_edit.setText(typed)
    assert not any(entry.detail == "New conversation" for entry in palette.shown())


def test_a_contact_is_offered_once(palette: Palette) -> None:
    palette.line_edit.setText("bob@example.org")
    assert _texts(palette) == ["Bob Martens"]


def test_it_says_that_nothing_is_found(palette: Palette, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.line_edit, "qqqq")
    qtbot.waitUntil(palette.nothing.isVisible)
    assert not palette.results.isVisible()
    palette.line_edit.clear()
    assert palette.results.isVisible()
    assert not palette.nothing.isVisible()


def test_escape_leaves(palette: Palette, opened: Opened, qtbot: QtBot) -> None:
    with qtbot.waitSignal(palette.destroyed):
        qtbot.keyClick(palette.line_edit, Qt.Key.Key_Escape)
    assert opened == []


def test_what_starts_with_the_text_is_first() -> None:
    entries = [Entry(text, "", lambda: None) for text in ("Carobo", "Jim Bo", "Bob")]
    assert [entry.text for entry in find(entries, "bo")] == ["Bob", "Jim Bo", "Carobo"]
    assert find(entries, "bo zzz") == []


def test_of_many_only_those_are_made_that_show_until_somebody_types(
    core: Core, palette: Palette, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With thousands of contacts the palette opens at once, and gathers the rest in portions."""
    stream = core.stream(AccountId(1))
    stream.go_online(*(Contact(AccountId(1), JID.parse(f"c{n}@example.org"), f"Contact {n}") for n in range(2500)))
    for number in range(60):
        core.services.conversations.open(AccountId(1), JID.parse(f"c{number}@example.org"))
    made: list[str] = []
    entry = Palette._entry
    monkeypatch.setattr(Palette, "_entry", lambda self, label, *rest: made.append(label) or entry(self, label, *rest))
    again = Palette(core.services, lambda _a, _j: None, [], palette.window())
    assert len(again.shown()) == len(made) == 50
    assert again.shown()[2].text.startswith("Contact ")
    again.show_up()
    qtbot.waitUntil(lambda: len(again._entries) >= 1000)
    again.line_edit.setText("contact 2499")
    assert _texts(again) == ["Contact 2499"]
    total = len(again._entries)
    again.line_edit.setText("contact 7")
    assert len(again._entries) == total == len(set(map(id, again._entries)))
    assert sum(entry.text.startswith("Contact ") for entry in again._entries) == 2500


def test_a_name_comes_before_its_detail(theme: Theme) -> None:
    address = "4 unread · bob.martens@a-long-name.example.org"
    assert share_line("Bob Martens", address, 400)[0] == "Bob Martens"
    theme.set_zoom(250)
    assert share_line("Bob Martens", address, 480)[0] == "Bob Martens"
    shown, room = share_line("words of a message that are longer than the line", "Bob, 12:01", 480)
    assert shown.endswith("…")
    assert 0 <= room < 0.4 * 480
