"""*Settings*: each choice takes effect at once and is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.events import OwnPresenceChanged
from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.about_dialog import AboutDialog
from whimbrel.ui.settings.close_dialog import CloseDialog
from whimbrel.ui.settings.dialog import SettingsDialog
from whimbrel.ui.theme.theme import Theme


@pytest.fixture
def dialog(core: Core, settings: Settings, theme: Theme, qtbot: QtBot) -> SettingsDialog:
    """The dialog."""
    dialog = SettingsDialog(settings, theme, core.services.presence)
    qtbot.addWidget(dialog)
    return dialog


def test_controls_are_named(dialog: SettingsDialog) -> None:
    controls = (
        dialog.theme_box,
        dialog.availability,
        dialog.message,
        dialog.idle,
        dialog.notifications,
        dialog.read_markers,
        dialog.tray,
    )
    assert [control.accessibleName() for control in controls] == [
        "Theme",
        "Status",
        "Status message",
        "Away without input after",
        "Notify of new messages",
        "Tell contacts when I have read their messages",
        "Keep running when the window is closed",
    ]


def test_choices_take_effect_and_are_kept(
    dialog: SettingsDialog, core: Core, settings: Settings, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.theme_box.setCurrentIndex(dialog.theme_box.findData("dark"))
    assert theme.is_dark
    dialog.idle.setCurrentIndex(dialog.idle.findData(0))
    with qtbot.waitSignal(dialog.idle_minutes_changed):
        dialog.idle.activated.emit(dialog.idle.currentIndex())
    dialog.notifications.setChecked(False)
    dialog.read_markers.setChecked(False)
    assert not settings.send_read_markers
    dialog.tray.setChecked(False)
    dialog.availability.setCurrentIndex(dialog.availability.findData("busy"))
    dialog.message.setText("reading")
    dialog.accept()
    assert core.services.presence.own == OwnPresence(Availability.BUSY, "reading")
    settings.save()
    again = Settings(tmp_path / "settings.ini")
    assert (again.theme, again.idle_minutes, again.notifications, again.close_to_tray) == ("dark", 0, False, False)


def test_an_unusual_idle_time_is_offered(core: Core, settings: Settings, theme: Theme, qtbot: QtBot) -> None:
    settings.idle_minutes = 7
    dialog = SettingsDialog(settings, theme, core.services.presence)
    qtbot.addWidget(dialog)
    assert dialog.idle.currentData() == 7


def test_pictures_of_contacts_are_fetched_unasked_up_to_what_was_chosen(
    dialog: SettingsDialog, settings: Settings, tmp_path: Path
) -> None:
    assert dialog.fetching.accessibleName() == "Fetch pictures of contacts up to"
    assert [dialog.fetching.itemText(at) for at in range(5)] == ["Never", "1 MB", "5 MB", "10 MB", "50 MB"]
    assert dialog.fetching.currentText() == "10 MB"
    for chosen, kept in (("50 MB", 50_000_000), ("Never", 0)):
        dialog.fetching.setCurrentText(chosen)
        dialog.fetching.activated.emit(dialog.fetching.currentIndex())
        settings.save()
        assert Settings(tmp_path / "settings.ini").fetch_up_to == kept


def test_closing_is_asked_in_words(qtbot: QtBot) -> None:
    dialog, chosen = CloseDialog(), []
    qtbot.addWidget(dialog)
    dialog.chosen.connect(chosen.append)
    dialog._choose(True)
    assert chosen == [True]


def test_about_tells_the_version(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "About Whimbrel"
    assert not dialog.grab().isNull()


def test_buttons_stay_on_a_screen_that_is_too_low(dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog.area, "screen", _LowScreen)
    dialog.show()
    assert dialog.height() < _LowScreen.HEIGHT
    assert dialog.focusWidget() is dialog.theme_box
    assert dialog.area.height() > _LowScreen.HEIGHT // 2
    assert dialog.area.verticalScrollBar().maximum() > 0


class _LowScreen:
    """1280 × 900 at 200 %."""

    HEIGHT = 450

    def availableGeometry(self) -> QRect:
        return QRect(0, 0, 640, self.HEIGHT)


def test_what_is_told_and_shown_can_be_switched(
    dialog: SettingsDialog, core: Core, settings: Settings, qtbot: QtBot
) -> None:
    dialog.content_shown.setChecked(False)
    dialog.sound.setChecked(False)
    dialog.typing.setChecked(False)
    assert (settings.notification_content, settings.notification_sound, settings.send_typing) == (False, False, False)
    told = len(core.published(OwnPresenceChanged))
    dialog.attention.setChecked(True)
    assert settings.accept_attention
    assert len(core.published(OwnPresenceChanged)) == told + 1, "what we can is told with presence"
    dialog.notifications.setChecked(False)
    assert not dialog.sound.isEnabled()
    assert not dialog.content_shown.isEnabled()
