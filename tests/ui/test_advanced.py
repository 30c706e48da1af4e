"""The page *Advanced*: what it switches takes effect at once."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.setting import page_context

from whimbrel.platform.diagnosis import Diagnosis
from whimbrel.platform.last_run import LastRun
from whimbrel.platform.logs import Logs, setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.settings import Settings
from whimbrel.ui.faults.troubles import Troubles
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.settings.advanced import AdvancedPage
from whimbrel.ui.theme.theme import Theme


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    """The log of a profile."""
    profile = Profile.at(tmp_path / "profile")
    profile.create()
    level = logging.getLogger().level
    made = setup(profile)
    yield made
    made.close()
    logging.getLogger().setLevel(level)


def test_logs_are_switched_at_once(
    qtbot: QtBot, window: MainWindow, core: Core, settings: Settings, theme: Theme, logs: Logs, tmp_path: Path
) -> None:
    diagnosis = Diagnosis(logs, settings, LastRun(tmp_path / "running.json"))
    Troubles(diagnosis, window)
    page = AdvancedPage(replace(page_context(core, settings, theme), logs=logs))
    qtbot.addWidget(page)
    page.show()
    assert not logs.in_detail
    page.detail.click()
    assert logs.in_detail
    assert settings.detailed_log
    page.detail.click()
    assert not logs.in_detail
    file = tmp_path / "stream.xml"
    page.write_stream_to(file)
    logging.getLogger("slixmpp.xmlstream.xmlstream").debug("SEND: %s", "<message><body>words</body></message>")
    assert page.stream.text() == "Stop logging XML"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page.stream.click()
    logging.getLogger("slixmpp.xmlstream.xmlstream").debug("SEND: %s", "<presence/>")
    written = file.read_text()
    assert "<message><body>[…]</body></message>" in written
    assert "presence" not in written
    page.write_stream_to(tmp_path / "no" / "where.xml")
    assert page.error.isVisible()
    assert logs.stanza_file is None


def test_a_detailed_log_is_kept(window: MainWindow, settings: Settings, logs: Logs, tmp_path: Path) -> None:
    settings.detailed_log = True
    Troubles(Diagnosis(logs, settings, LastRun(tmp_path / "running.json")), window)
    assert logs.in_detail
