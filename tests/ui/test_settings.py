"""*Settings*: each choice takes effect at once and is kept; any of them is found by its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QWheelEvent
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.setting import page_context

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.events import OwnPresenceChanged
from whimbrel.platform.settings import Settings
from whimbrel.ui.effects import Effects
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.settings.about_dialog import AboutDialog
from whimbrel.ui.settings.appearance import AppearancePage
from whimbrel.ui.settings.close_dialog import CloseDialog
from whimbrel.ui.settings.dialog import SettingsDialog
from whimbrel.ui.settings.finder import Mark
from whimbrel.ui.settings.general import GeneralPage
from whimbrel.ui.settings.notifications import NotificationsPage
from whimbrel.ui.settings.pages import PAGES
from whimbrel.ui.settings.privacy import PrivacyPage
from whimbrel.ui.settings.status import StatusPage
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.theme.tokens import DARK, LIGHT
from whimbrel.ui.writing import writing


@pytest.fixture
def dialog(core: Core, settings: Settings, theme: Theme, qtbot: QtBot) -> SettingsDialog:
    """The dialog."""
    dialog = SettingsDialog(page_context(core, settings, theme))
    qtbot.addWidget(dialog)
    return dialog


class Marking(QTranslator):
    """A language in which everything is called otherwise."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"译{source.upper()[::-1]}" if context.endswith(("Page", "Pages")) else source


@pytest.fixture
def chinese() -> Iterator[None]:
    """The interface in another language."""
    translator = Marking()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_controls_are_named(dialog: SettingsDialog) -> None:
    status, privacy = dialog.page(StatusPage), dialog.page(PrivacyPage)
    appearance, notifications = dialog.page(AppearancePage), dialog.page(NotificationsPage)
    controls = (
        appearance.theme_box,
        status.availability,
        status.message,
        status.idle,
        notifications.notifications,
        privacy.read_markers,
        dialog.page(GeneralPage).tray,
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
    core: Core, settings: Settings, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(page_context(core, settings, theme))
    qtbot.addWidget(dialog)
    effects = settings.findChild(Effects)
    assert isinstance(effects, Effects)
    dialog.show()
    appearance, status = dialog.page(AppearancePage), dialog.page(StatusPage)
    appearance.theme_box.setCurrentIndex(appearance.theme_box.findData("dark"))
    assert theme.is_dark
    appearance.theme_box.setCurrentIndex(appearance.theme_box.findData("contrast"))
    assert theme.tokens not in (LIGHT, DARK)
    appearance.theme_box.setCurrentIndex(appearance.theme_box.findData("dark"))
    appearance.zoom_box.setCurrentIndex(appearance.zoom_box.findData(200))
    assert theme.zoom == 200
    settings.zoom = 130
    assert appearance.zoom_box.currentData() == 130, "by keys"
    appearance.styling.setChecked(False)
    assert not theme.message_styling
    appearance.styling.setChecked(True)
    appearance.spelling.setChecked(False)
    assert not writing().speller.is_active
    with qtbot.waitSignal(effects.idle_minutes_changed):
        status.idle.setCurrentIndex(status.idle.findData(0))
    dialog.page(NotificationsPage).notifications.setChecked(False)
    dialog.page(PrivacyPage).read_markers.setChecked(False)
    assert not settings.send_read_markers
    dialog.page(GeneralPage).tray.setChecked(False)
    dialog.show_page(StatusPage)
    status.availability.setCurrentIndex(status.availability.findData("busy"))
    status.availability.activated.emit(status.availability.currentIndex())
    qtbot.keyClicks(status.message, "reading")
    dialog.accept()
    assert core.services.presence.own == OwnPresence(Availability.BUSY, "reading")
    settings.save()
    again = Settings(tmp_path / "settings.ini")
    assert (again.theme, again.zoom, again.idle_minutes, again.notifications) == ("dark", 130, 0, False)
    assert (again.close_to_tray, again.check_spelling) == (False, False)
    writing().speller.set_enabled(True)


def test_an_unusual_idle_time_is_offered(core: Core, settings: Settings, theme: Theme, qtbot: QtBot) -> None:
    settings.idle_minutes = 7
    page = StatusPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    assert page.idle.currentData() == 7


def test_pictures_of_contacts_are_fetched_unasked_up_to_what_was_chosen(
    dialog: SettingsDialog, settings: Settings, tmp_path: Path
) -> None:
    fetching = dialog.page(PrivacyPage).fetching
    assert fetching.accessibleName() == "Fetch pictures of contacts up to"
    assert [fetching.itemText(at) for at in range(5)] == ["Never", "1 MB", "5 MB", "10 MB", "50 MB"]
    assert fetching.currentText() == "10 MB"
    for chosen, kept in (("50 MB", 50_000_000), ("Never", 0)):
        fetching.setCurrentText(chosen)
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


def test_what_is_told_and_shown_can_be_switched(dialog: SettingsDialog, core: Core, settings: Settings) -> None:
    page = dialog.page(NotificationsPage)
    page.content_shown.setChecked(False)
    page.sound.setChecked(False)
    dialog.page(PrivacyPage).typing.setChecked(False)
    assert (settings.notification_content, settings.notification_sound, settings.send_typing) == (False, False, False)
    told = len(core.published(OwnPresenceChanged))
    page.attention.setChecked(True)
    assert settings.accept_attention
    assert len(core.published(OwnPresenceChanged)) == told + 1, "what we can is told with presence"
    page.notifications.setChecked(False)
    assert not page.sound.isEnabled()
    assert not page.content_shown.isEnabled()


def test_a_control_is_found_by_its_words_and_jumped_to(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    assert dialog.focusWidget() is dialog.search, "one can type at once"
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter there, where nothing is typed, closes nothing"
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.list
    qtbot.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.search, "NIGHT")  # a keyword
    assert [dialog.found.item(row).text() for row in range(dialog.found.count())] == ["Theme"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.found, Qt.Key.Key_Return)
    page = dialog.page(AppearancePage)
    assert dialog.pages.currentWidget() is page
    assert dialog.focusWidget() is page.theme_box
    assert page.findChildren(Mark)
    dialog.search.setText("xylophone")
    assert dialog.results.currentWidget() is dialog.nothing
    dialog.search.clear()
    assert dialog.results.currentWidget() is dialog.list


def test_a_control_is_found_by_words_of_ones_language_and_english_ones(chinese: None, dialog: SettingsDialog) -> None:
    theme_words = dialog.page(AppearancePage).theme_box.accessibleName()
    assert theme_words == "译EMEHT"
    for query in (theme_words, "theme"):
        dialog.search.setText(query)
        assert theme_words in [dialog.found.item(row).text() for row in range(dialog.found.count())]


async def test_pages_are_walked_by_keys(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    for kind in PAGES:
        dialog.list.setCurrentRow(PAGES.index(kind))
        dialog.list.setFocus()
        assert type(dialog.pages.currentWidget()) is kind
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
        focused = dialog.focusWidget()
        assert focused is not None
        assert dialog.pages.currentWidget().isAncestorOf(focused), kind


def test_the_wheel_scrolls_and_changes_nothing(dialog: SettingsDialog, settings: Settings, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.show_page(AppearancePage)
    box = dialog.page(AppearancePage).theme_box
    place = QPointF(box.rect().center())
    wheel = QWheelEvent(
        place,
        QPointF(box.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(box, wheel)
    assert settings.theme == "system"


def test_a_narrow_window_shows_list_or_page(dialog: SettingsDialog, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.resize(480, 600)
    assert (dialog.side.isVisible(), dialog.right.isVisible()) == (True, False)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert (dialog.side.isVisible(), dialog.right.isVisible()) == (False, True)
    dialog.back.click()
    assert (dialog.side.isVisible(), dialog.right.isVisible()) == (True, False)
    assert dialog.list.hasFocus()
    dialog.resize(900, 600)
    assert (dialog.side.isVisible(), dialog.right.isVisible()) == (True, True)
    theme.set_zoom(250)
    assert dialog.minimumSizeHint().width() <= 480, "what is large scrolls"


def test_settings_that_could_not_be_read_are_told_of(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "settings.ini"
    path.write_bytes(b"\0\1\2")
    for told in (True, False):
        window = MainWindow(theme, Settings(path))
        qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        words = window.failure.label.text()
        assert (words.find("settings.ini.unreadable") > 0) is told, words
        window.settings.save()


def test_what_is_chosen_elsewhere_shows_and_is_not_undone(
    core: Core, settings: Settings, theme: Theme, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(page_context(core, settings, theme))
    qtbot.addWidget(dialog)
    dialog.show()
    status, privacy = dialog.page(StatusPage), dialog.page(PrivacyPage)
    core.services.presence.set_own(OwnPresence(Availability.AWAY, "out"))
    assert (status.availability.currentData(), status.message.text()) == ("away", "out")
    settings.send_typing = False
    settings.theme = "dark"
    assert not privacy.typing.isChecked()
    assert dialog.page(AppearancePage).theme_box.currentData() == "dark"
    settings.fetch_up_to = 1234
    assert settings.fetch_up_to == 1234, "what is not offered is not taken for another"
    dialog.accept()
    assert core.services.presence.own == OwnPresence(Availability.AWAY, "out")
