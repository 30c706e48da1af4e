"""Another language makes the window anew; what somebody is typing is not thrown away for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from whimbrel.platform.settings import Settings
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.renewal import LanguageWatch
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
