"""Keys that the person chose: taken at once everywhere, kept only where they are others, never two for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.setting import page_context

from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.dialog import SettingsDialog
from whimbrel.ui.settings.keys_dialog import KeysDialog
from whimbrel.ui.settings.shortcuts import ShortcutsPage
from whimbrel.ui.settings.shortcuts_dialog import listed_keys
from whimbrel.ui.shortcuts import ALL, Actions, Keymap, Keys, KeysShown, is_usable, keymap, keys_of
from whimbrel.ui.theme.theme import Theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> Iterator[Keymap]:
    """The keys, the usual ones before and after."""
    keymap().use(settings)
    yield keymap()
    keymap().reset()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """A window with a widget that acts by keys of its own."""
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_no_two_actions_have_the_same_keys_by_themselves() -> None:
    every = [key for each in ALL.values() for key in each.keys]
    assert sorted(every) == sorted(set(every))
    assert [key for key in every if not is_usable(key)] == []


def test_other_keys_count_at_once_in_menus_lists_and_extensions(
    window: QMainWindow, keys: Keymap, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    actions, done, hints = Actions(window), [], []
    KeysShown("notes", window, hints.append)
    actions.connect("notes", lambda: done.append("notes"))
    Keys("reply", window.centralWidget(), lambda: done.append("reply"))
    keys.set("notes", ("Meta+Ctrl+N", "F9"))
    keys.set("reply", ("Ctrl+R",))
    qtbot.keyClick(window, Qt.Key.Key_F9)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL | SHIFT)
    assert done == ["notes", "reply"]
    assert hints[0] == ""
    assert hints[-1] == "Meta+Ctrl+N"
    assert actions["notes"].shortcut().toString() == "Meta+Ctrl+N", "what menus and the palette show"
    assert keys_of("reply").toString() == "Ctrl+R"
    assert ("Notes to self", ("Meta+Ctrl+N", "F9")) in listed_keys()
    settings.save()
    assert Settings(tmp_path / "settings.ini").shortcuts == {"notes": ("Meta+Ctrl+N", "F9"), "reply": ("Ctrl+R",)}
    keys.set("reply", ALL["reply"].keys)
    assert settings.shortcuts == {"notes": ("Meta+Ctrl+N", "F9")}, "only what is another"


def test_what_an_edited_file_says_does_no_harm(keys: Keymap, settings: Settings) -> None:
    settings.shortcuts = {"quit": ("Q", "朋友", "Ctrl+C", "Ctrl+Alt+Q", "ctrl+shift+q"), "warp": ("Ctrl+9",)}
    assert keys.of("quit") == ("Ctrl+Shift+Q",), "a letter alone would be missed in writing"
    keys.set("notes", ("F9",))
    keys.reset()
    assert settings.shortcuts == {"warp": ("Ctrl+9",)}, "of a newer version"


@pytest.mark.parametrize("key", ["Alt+F", "Alt+Shift+Ж", "Ctrl+Alt+Q", "Ctrl+Alt+Shift+E", "Ctrl+Alt++", "Ctrl+Alt+7"])
def test_keys_that_type_with_altgr_or_open_a_menu_are_none(key: str) -> None:
    assert not is_usable(key)


def test_one_key_for_two_actions_is_said_with_both(
    core: Core, settings: Settings, theme: Theme, keys: Keymap, qtbot: QtBot
) -> None:
    settings.shortcuts = {"notes": ("Ctrl+K",)}  # by hand: the dialog lets nobody
    page = ShortcutsPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    assert "Go to" in page.rows["notes"].accessibleDescription()
    assert "Notes to self" in page.rows["palette"].accessibleDescription()
    page.reset_button.click()
    assert "Go to" not in page.rows["notes"].accessibleDescription()


def test_keys_that_wait_for_a_letter_do_no_harm(qtbot: QtBot) -> None:
    dialog = KeysDialog("notes")
    qtbot.addWidget(dialog)
    dialog.show()
    for key in (Qt.Key.Key_Dead_Acute, Qt.Key.Key_AltGr, Qt.Key.Key_Multi_key, Qt.Key.Key_CapsLock, Qt.Key.Key_unknown):
        for modifiers in (Qt.KeyboardModifier.NoModifier, CTRL):
            QApplication.sendEvent(dialog.capture, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))
    assert (dialog.keys, dialog.field.error.text()) == ((), "")
    qtbot.keyClick(dialog.capture, Qt.Key.Key_Q, CTRL | Qt.KeyboardModifier.AltModifier)
    assert dialog.keys == ()
    assert "types a character" in dialog.field.error.text()
    qtbot.keyClick(dialog.capture, Qt.Key.Key_F9)
    assert (dialog.keys, dialog.field.error.text()) == (("F9",), "")


def test_keys_are_pressed_and_conflicts_solved_by_choice(
    core: Core, settings: Settings, theme: Theme, keys: Keymap, qtbot: QtBot
) -> None:
    context, quits = page_context(core, settings, theme), []
    context.actions.connect("quit", lambda: quits.append("quit"))
    page = ShortcutsPage(context)
    qtbot.addWidget(page)
    page.show()
    page.rows["notes"].click()
    dialog = page.findChild(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    dialog.activateWindow()
    capture = dialog.capture
    qtbot.keyClick(capture, Qt.Key.Key_A)
    assert dialog.field.error.text()
    qtbot.keyClick(capture, Qt.Key.Key_Q, CTRL)
    assert "Quit" in dialog.conflict.text()
    assert quits == [], "only taken, not done"
    qtbot.keyClick(capture, Qt.Key.Key_Backtab, CTRL | SHIFT)
    assert "Previous chat" in dialog.conflict.text()
    qtbot.keyClick(capture, Qt.Key.Key_K, CTRL)
    assert "Go to" in dialog.conflict.text()
    assert dialog.keys == (), "not before the person says so"
    dialog.take_button.click()
    qtbot.keyClick(capture, Qt.Key.Key_F9)
    assert (dialog.keys, keys.of("palette")) == (("Ctrl+K", "F9"), ("Ctrl+K",))
    dialog.save_button.click()
    assert (keys.of("notes"), keys.of("palette")) == (("Ctrl+K", "F9"), ())
    assert "Changed" in page.rows["palette"].accessibleDescription()
    assert page.rows["notes"].accessibleName() == "Notes to self"
    again = page.change("palette")
    again.usual_button.click()
    again.take_button.click()
    again.save_button.click()
    assert (keys.of("notes"), keys.of("palette")) == (("F9",), ("Ctrl+K",))
    assert page.reset_button.isEnabled()
    page.reset_button.click()
    assert settings.shortcuts == {}
    assert not page.reset_button.isEnabled()


def test_the_page_is_made_in_parts_and_found_as_a_whole(
    core: Core, settings: Settings, theme: Theme, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(page_context(core, settings, theme))
    qtbot.addWidget(dialog)
    dialog._ahead.stop()
    dialog.show_page(ShortcutsPage)
    page = dialog._made[ShortcutsPage]
    assert isinstance(page, ShortcutsPage)
    assert len(page.rows) == 12
    dialog._make_ahead()
    assert len(page.rows) == 24, "what shows comes first"
    dialog.search.setText("chat 9")
    assert set(page.rows) == set(ALL)
    assert dialog.found.count() > 0
    assert page.build_next() is False


def test_tab_leaves_the_field_that_takes_keys(qtbot: QtBot) -> None:
    dialog = KeysDialog("quit")
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    dialog.capture.setFocus()
    qtbot.keyClick(dialog.capture, Qt.Key.Key_Tab)
    assert dialog.keys == ("Ctrl+Q",)
    assert not dialog.capture.hasFocus()
    assert not dialog.field.error.text()


def test_settings_open_by_their_keys_from_a_window_of_its_own(keys: Keymap, qtbot: QtBot) -> None:
    window, other, done = QMainWindow(), QMainWindow(), []
    qtbot.addWidget(window)
    qtbot.addWidget(other)
    actions = Actions(window)
    for name in ("settings", "shortcuts"):
        window.addAction(actions[name])
        actions.connect(name, lambda name=name: done.append(name))
    window.show()
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    qtbot.keyClick(other, Qt.Key.Key_Comma, CTRL)
    qtbot.keyClick(other, Qt.Key.Key_Slash, CTRL)
    assert done == ["settings", "shortcuts"]
