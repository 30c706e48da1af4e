"""*General*: the two boxes about starting, and what is said where the desktop refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.setting import page_context

from whimbrel.platform.settings import Settings
from whimbrel.ui.run import running
from whimbrel.ui.settings.general import GeneralPage
from whimbrel.ui.theme.theme import Theme


async def _settle() -> None:
    while running:
        await asyncio.wait(running)


async def test_starting_with_the_session(
    core: Core, settings: Settings, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    page = GeneralPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    assert not page.start.isChecked()
    assert not page.hidden.isEnabled()
    page.start.click()
    await _settle()
    (file,) = (tmp_path / "config" / "autostart").iterdir()
    assert "--hidden" not in file.read_text("utf-8")
    page.hidden.click()
    await _settle()
    assert "--hidden" in file.read_text("utf-8")
    page.start.click()
    await _settle()
    assert not file.exists()
    assert settings.start_hidden

    file.parent.rmdir()
    file.parent.write_text("a file where the folder should be")
    page.show()
    page.start.click()
    await _settle()
    assert not page.start.isChecked()
    assert page.error.isVisible()
    assert str(file.parent) in page.error.label.text(), "what refused, not that the desktop did"
