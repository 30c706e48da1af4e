"""Emoji: the picker, what is found by which name, the ones used last, skin tones, ``:name:``."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from whimbrel.platform.settings import Settings
from whimbrel.ui.conversation.editor import MessageEditor
from whimbrel.ui.conversation.emoji import GROUPS, emoji_list, find_by_name, find_emoji, is_only_emoji
from whimbrel.ui.conversation.emoji_picker import EmojiPicker
from whimbrel.ui.writing import Writing, writing


@pytest.fixture(autouse=True)
def kept(settings: Settings) -> Settings:
    """Settings of their own, each time."""
    writing().use(settings)
    return settings


@pytest.fixture
def anchor(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def picker(qtbot: QtBot, anchor: QWidget) -> EmojiPicker:
    made = EmojiPicker(anchor)
    made.open_above(anchor)
    return made


def shown(picker: EmojiPicker) -> list[str]:
    return [picker.model.index(row).data() for row in range(picker.model.rowCount())]


def test_the_list_is_whole() -> None:
    assert len(emoji_list()) > 1_800
    assert {one.group for one in emoji_list()} == set(GROUPS)
    assert all(is_only_emoji(one.char) and all(map(is_only_emoji, one.tones)) for one in emoji_list())
    assert len({one.char for one in emoji_list()}) == len(emoji_list())
    thumb = find_by_name("+1")
    assert thumb is not None
    assert thumb.char == "\N{THUMBS UP SIGN}"  # as others send it


@pytest.mark.parametrize(
    ("words", "first"),
    [("tada", "🎉"), ("thumbsup", "👍"), ("+1", "👍"), ("red heart", "❤️"), ("猫", "🐈"), ("laugh", "😂"), ("de", "🇩🇪")],
)
def test_found_by_its_names(words: str, first: str) -> None:
    assert first in [one.char for one in find_emoji(words, 20)]


def test_nothing_is_found_by_nonsense(picker: EmojiPicker) -> None:
    picker.search.setText("zzzzq")
    assert shown(picker) == []
    assert picker.none.isVisible()
    assert not picker.grid.isVisible()


def test_search_and_enter_pick_and_are_remembered(qtbot: QtBot, picker: EmojiPicker, anchor: QWidget) -> None:
    picked: list[str] = []
    picker.picked.connect(picked.append)
    qtbot.keyClicks(picker.search, "tada")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert picked == ["🎉"]
    assert not picker.isVisible()
    picker.open_above(anchor)
    assert shown(picker) == ["🎉"]
    assert writing().recent == ("🎉",)


def test_the_keyboard_walks_grid_and_groups(qtbot: QtBot, picker: EmojiPicker) -> None:
    picked: list[str] = []
    picker.picked.connect(picked.append)
    food = next(one for one in picker.findChildren(QPushButton) if one.accessibleName() == "Food and drink")
    qtbot.mouseClick(food, Qt.MouseButton.LeftButton)
    assert shown(picker)[0] == "🍇"
    assert food.isChecked()
    picker.search.setFocus()
    qtbot.keyClick(picker.search, Qt.Key.Key_Down)
    qtbot.keyClick(picker.grid, Qt.Key.Key_Right)
    qtbot.keyClick(picker.grid, Qt.Key.Key_Return)
    assert picked == [emoji.char for emoji in emoji_list() if emoji.group == 4][1:2]


def test_a_skin_tone_is_kept(qtbot: QtBot, picker: EmojiPicker, kept: Settings) -> None:
    qtbot.mouseClick(picker.tone_button, Qt.MouseButton.LeftButton)
    menu = picker.findChild(QMenu)
    assert menu is not None
    next(action for action in menu.actions() if action.text().endswith("Medium")).trigger()
    menu.close()
    assert kept.skin_tone == 3
    picker.search.setText("+1")
    assert shown(picker)[0] == "👍🏽"
    other = Writing()
    other.use(kept)
    assert other.tone == 3
    writing().set_tone(0)


def test_a_name_between_colons_becomes_its_emoji(qtbot: QtBot, kept: Settings) -> None:
    editor = MessageEditor()
    qtbot.addWidget(editor)
    with qtbot.waitExposed(editor):
        editor.show()
    editor.activateWindow()
    editor.setFocus()
    qtbot.keyClicks(editor, "yes :tada: :heart")
    qtbot.waitUntil(editor._popup.isVisible)
    qtbot.keyClick(editor._popup, Qt.Key.Key_Return)
    assert editor.toPlainText() == "yes 🎉 ❤️"
    assert kept.recent_emoji == ["❤️", "🎉"]
    qtbot.keyClicks(editor, " :rocke")
    qtbot.waitUntil(editor._popup.isVisible)
    qtbot.keyClick(editor._popup, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "yes 🎉 ❤️ 🚀"
    assert editor.hasFocus()
    qtbot.keyClicks(editor, " 10:30: ok")
    assert editor.toPlainText().endswith(" 10:30: ok")
