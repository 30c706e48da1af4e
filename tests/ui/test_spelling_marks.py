"""Wrong words are underlined where they are seen, and can be mended from their menu."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from whimbrel.platform.spelling import Speller
from whimbrel.ui.conversation.spelling import Spelling, find_words


class Known:
    """Knows a few words."""

    words = {"hello", "world", "don't", "naïve"}  # noqa: RUF012 - changed by a test's "Add to dictionary"

    def check(self, word: str) -> bool:
        return word.lower() in self.words

    def suggest(self, word: str) -> Sequence[str]:
        return ["world", "wold"]

    def add(self, word: str) -> None:
        """Kept by the speller in this test."""


@pytest.fixture
def editor(qtbot: QtBot) -> QPlainTextEdit:
    made = QPlainTextEdit()
    qtbot.addWidget(made)
    made.resize(400, 160)
    made.show()
    return made


@pytest.fixture
def spelling(editor: QPlainTextEdit) -> Spelling:
    return Spelling(editor, Speller(editor, load=lambda _languages: [Known()]))


def wrong(spelling: Spelling) -> list[str]:
    return [place.word for place in spelling.wrong]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, wrold! don’t", ["Hello", "wrold", "don't"]),
        ("see https://exmaple.org/pth or www.exmple.org, mail bobb@exmple.org", ["see", "or", "mail"]),
        ("NATO abc123 x_y 42 :smile: /me", []),
        ("你好世界 wrold 今晚一起吃饭吗", ["wrold"]),
        ("(naïve) “wrold”", ["naïve", "wrold"]),
        ("привет שלום", ["привет", "שלום"]),
    ],
)
def test_what_a_dictionary_is_asked_about(text: str, words: list[str]) -> None:
    assert [place.word for place in find_words(text)] == words


def test_places_are_counted_as_qt_counts() -> None:
    (place,) = find_words("😀👍🏽 wrold")
    assert (place.start, place.end) == (7, 12)


def test_wrong_words_are_marked_but_not_the_one_that_is_typed(
    qtbot: QtBot, editor: QPlainTextEdit, spelling: Spelling
) -> None:
    changes: list[None] = []
    qtbot.keyClicks(editor, "Helo wrold")
    qtbot.waitUntil(lambda: wrong(spelling) == ["Helo"])
    editor.textChanged.connect(lambda: changes.append(None))
    qtbot.keyClick(editor, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: wrong(spelling) == ["Helo", "wrold"])
    assert len(editor.extraSelections()) == 2
    assert changes == []  # a mark is no change of the text


def test_only_what_is_seen_is_checked_in_however_long_a_text(
    qtbot: QtBot, editor: QPlainTextEdit, spelling: Spelling
) -> None:
    editor.setPlainText("\n".join(f"first line{chr(97 + n % 26)}" for n in range(3_000)))
    qtbot.waitUntil(lambda: bool(spelling.wrong))
    assert len(spelling.wrong) < 60
    assert "linez" not in wrong(spelling)[:10]
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.waitUntil(lambda: bool(spelling.wrong) and spelling.wrong[0].start > 10_000)
    editor.setPlainText("hello wrold " * 5_000)  # one paragraph
    qtbot.waitUntil(lambda: bool(spelling.wrong) and set(wrong(spelling)) == {"wrold"})
    assert len(spelling.wrong) < 200


def test_a_wrong_word_is_mended_or_kept(qtbot: QtBot, editor: QPlainTextEdit, spelling: Spelling) -> None:
    editor.setPlainText("hello wrold and xyzzy")
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.waitUntil(lambda: wrong(spelling) == ["wrold", "and", "xyzzy"])

    def choose(word: str, words: str) -> None:
        cursor = QTextCursor(editor.document())
        cursor.setPosition(editor.toPlainText().index(word) + 2)
        spelling.open_menu(editor.cursorRect(cursor).center(), QPoint(10, 10))
        qtbot.waitUntil(lambda: any(menu.isVisible() for menu in editor.findChildren(QMenu)))
        menu = next(menu for menu in editor.findChildren(QMenu) if menu.isVisible())
        next(action for action in menu.actions() if action.text() == words).trigger()
        menu.close()

    choose("wrold", "world")
    assert editor.toPlainText() == "hello world and xyzzy"
    choose("xyzzy", "Add to dictionary")
    qtbot.waitUntil(lambda: wrong(spelling) == ["and"])


def test_keys_pressed_before_the_menu_is_open_choose_in_it(
    qtbot: QtBot, editor: QPlainTextEdit, spelling: Spelling
) -> None:
    editor.setPlainText("hello wrold")
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.waitUntil(lambda: wrong(spelling) == ["wrold"])
    cursor = QTextCursor(editor.document())
    cursor.setPosition(8)
    spelling.open_menu(editor.cursorRect(cursor).center(), QPoint(10, 10))
    assert not any(menu.isVisible() for menu in editor.findChildren(QMenu))  # suggestions are being looked for
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.toPlainText() == "hello world")
