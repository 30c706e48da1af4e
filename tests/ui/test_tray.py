"""The icon in the tray: its count at every size, its menu."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.tray import Tray, tray_icon


@pytest.fixture
def frame(qtbot: QtBot) -> QWidget:
    """The window that the tray belongs to."""
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def tray(frame: QWidget) -> Tray:
    return Tray(frame, OwnPresence(Availability.ONLINE, "reading"))


def entry(tray: Tray, words: str) -> QAction:
    """An entry of its menu, or of a menu in it."""
    menus = [tray.menu, *(action.menu() for action in tray.menu.actions() if action.menu() is not None)]
    return next(action for menu in menus for action in menu.actions() if action.text() == words)


def colours(image: QImage) -> set[str]:
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255}


@pytest.mark.parametrize("size", [16, 22, 24, 32, 48, 64])
def test_a_count_is_drawn_for_each_size(size: int) -> None:
    looks = [tray_icon(count).pixmap(size, size).toImage() for count in (0, 1, 7, 12, 99, 100)]
    assert [(look.width(), look.height()) for look in looks] == [(size, size)] * 6, "none is scaled"
    assert all(one != other for number, one in enumerate(looks) for other in looks[:number])
    assert tray_icon(500).pixmap(size, size).toImage() == looks[-1]
    badge = QColor("#C62828").name()
    assert [badge in colours(look) for look in looks] == [False, *[True] * 5]


def test_a_gap_parts_the_count_from_the_icon(qtbot: QtBot) -> None:
    image = tray_icon(1).pixmap(64, 64).toImage()
    row = [image.pixelColor(x, 45).alpha() for x in range(64)]
    first, last = row.index(255), 63 - row[::-1].index(255)
    assert 0 in row[first:last], "whatever colour the panel has, it shows between both"


def test_its_menu_shows_sets_and_quits(tray: Tray, qtbot: QtBot) -> None:
    assert [action.text() for action in tray.menu.actions() if not action.isSeparator()] == [
        "Open Whimbrel",
        "Status",
        "Settings…",
        "Quit",
    ]
    assert entry(tray, "Online").isChecked()
    with qtbot.waitSignal(tray.presence_chosen) as chosen:
        entry(tray, "Busy").trigger()
    assert chosen.args == [OwnPresence(Availability.BUSY, "reading")]
    tray.set_presence(OwnPresence(Availability.AWAY))
    assert entry(tray, "Away").isChecked()
    for words, signal in (
        ("Open Whimbrel", tray.window_requested),
        ("Settings…", tray.settings_requested),
        ("Quit", tray.quit_requested),
    ):
        with qtbot.waitSignal(signal):
            entry(tray, words).trigger()


def test_a_click_shows_the_window_and_a_message_its_conversation(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.window_requested):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.show_message("conversation:7", "Bob", "hi")
    with qtbot.waitSignal(tray.message_activated) as activated:
        tray._icon.messageClicked.emit()
    assert activated.args == ["conversation:7"]


def test_settings_open_also_from_a_hidden_window(window: MainWindow, qtbot: QtBot) -> None:
    assert window.conductor is not None
    window.hide()
    window.conductor.tray.settings_requested.emit()
    qtbot.waitUntil(window.isVisible)
    qtbot.waitUntil(lambda: any(child.windowTitle() == "Settings" for child in window.findChildren(QWidget)))
