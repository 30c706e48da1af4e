"""Another language makes the window anew; what somebody is typing is not thrown away for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.platform.settings import Settings
from whimbrel.ui.console.window import show_console
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.renewal import LanguageWatch, Renewal
from whimbrel.ui.widgets.plain_text import PlainText
from whimbrel.ui.widgets.search_field import SearchField


@pytest.mark.parametrize("kind", [QLineEdit, lambda: PlainText("Message", lines=1)])
def test_what_is_typed_into_a_dialog_holds_the_renewal_until_the_dialog_ends(
    qtbot: QtBot, window: MainWindow, settings: Settings, kind: type[QWidget]
) -> None:
    renewed: list[str] = []
    LanguageWatch(settings, lambda: window, renewed.append)
    dialog = QDialog(window)
    layout = QVBoxLayout(dialog)
    field, search = kind(), SearchField("")
    layout.addWidget(field)
    layout.addWidget(search)
    dialog.show()
    qtbot.keyClicks(search, "looked for")
    settings.language = "en"
    qtbot.waitUntil(lambda: renewed == ["en"])  # nothing is lost
    qtbot.keyClicks(field, "bob@")
    settings.language = "zh_CN"
    settings.language = "en"
    settings.language = "zh_CN"
    turned: list[bool] = []
    QTimer.singleShot(0, lambda: turned.append(True))  # after the watch's own
    qtbot.waitUntil(lambda: turned == [True])
    assert renewed == ["en"]
    dialog.reject()
    qtbot.waitUntil(lambda: len(renewed) == 2)
    assert renewed == ["en", "zh_CN"]


async def test_the_console_and_dialogs_of_the_former_window_end_with_it(core: Core, window: MainWindow) -> None:
    account = core.add_account("alice@example.org")
    core.stream(account.id).go_online()
    assert window.conductor is not None
    window.conductor.commands.show_settings()
    console = show_console(core.services, window)
    console.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that it can be asked
    renewal = Renewal(window)
    assert not console.isVisible()
    assert console._stop is None
    assert not window.conductor.dialogs.is_showing("settings")
    assert renewal._had_settings
