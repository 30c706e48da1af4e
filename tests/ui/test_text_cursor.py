"""Selecting text with the keyboard: within a message and on into the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.words import time_word

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


class Screen:
    """A timeline with the keyboard on its last message."""

    def __init__(self, qtbot: QtBot, *bodies: str) -> None:
        self.qtbot = qtbot
        self.talk = FakeTalk()
        for number, body in enumerate(bodies):
            self.talk.messages.append(self.talk.make(body, NOON + timedelta(minutes=number)))
        model = TimelineModel(self.talk.services, self.talk.bridge, self.talk.conversation)  # type: ignore[arg-type]
        model.set_namer(lambda _message: "Bob")
        self.view = TimelineView(model)
        model.setParent(self.view)
        self.view.resize(600, 400)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        self.view.setCurrentIndex(model.index(len(bodies) - 1))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT, times: int = 1) -> str:
        """Press a key; returns what is selected then."""
        for _ in range(times):
            self.qtbot.keyClick(self.view, key, modifiers)
        return self.view.selected_text()


def test_characters_words_and_line_ends(qtbot: QtBot) -> None:
    screen = Screen(qtbot, "one 😀 two\nthree")
    assert screen.press(Key.Key_Right, times=5) == "one 😀"
    assert screen.press(Key.Key_Left) == "one "
    assert screen.press(Key.Key_Right, SHIFT | CTRL) == "one 😀 "
    assert screen.press(Key.Key_Home) == ""
    assert screen.press(Key.Key_End) == "one 😀 two"
    assert screen.press(Key.Key_End, SHIFT | CTRL) == "one 😀 two\nthree"
    assert screen.press(Key.Key_Home) == "one 😀 two\n"
    screen.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "one 😀 two\n"
    assert screen.press(Key.Key_Escape, Qt.KeyboardModifier.NoModifier) == ""


def test_it_begins_at_the_end_where_one_goes_back(qtbot: QtBot) -> None:
    screen = Screen(qtbot, "one two")
    assert screen.press(Key.Key_Left, SHIFT | CTRL) == "two"


def test_lines_and_then_messages(qtbot: QtBot) -> None:
    screen = Screen(qtbot, "first", "second\nline", "third")
    day = QLocale().toString(QDate(2026, 11, 20), QLocale.FormatType.ShortFormat)
    first, second, third = (f"{day} {time_word(message.time)}" for message in screen.talk.messages)
    assert screen.press(Key.Key_Up) == "third"
    assert screen.press(Key.Key_Up) == f"[{second}] Bob: line\n[{third}] Bob: third"
    assert screen.view.currentIndex().row() == 1
    screen.press(Key.Key_Up, times=2)
    assert screen.press(Key.Key_Up) == f"[{first}] Bob: first\n[{second}] Bob: second\nline\n[{third}] Bob: third"
    assert screen.press(Key.Key_Down, times=2).startswith(f"[{second}]")


@pytest.mark.parametrize(("key", "expected"), [(Key.Key_Left, "שלום"), (Key.Key_Right, "עולם")])
def test_arrows_follow_the_eye_in_right_to_left_text(qtbot: QtBot, key: Qt.Key, expected: str) -> None:
    screen = Screen(qtbot, "שלום עולם")
    assert screen.press(key, SHIFT | CTRL).strip() == expected


def test_other_modifiers_are_left_to_the_window(qtbot: QtBot) -> None:
    screen = Screen(qtbot, "one")
    assert screen.press(Key.Key_Up, SHIFT | Qt.KeyboardModifier.AltModifier) == ""
