"""The language is changed while the program runs: the window is made anew, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from tests.helpers.program import Program

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.platform.translations import Translation
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.settings.language import LanguagePage

BOB = JID.parse("bob@example.org")


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    profile = Profile.at(tmp_path)
    profile.create()
    database = Database.open(profile.database, None)
    with database.transaction():
        nowhere = ConnectionSettings("127.0.0.1", 1, Security.STARTTLS)
        AccountStore(database).add_account(JID.parse("alice@example.org"), nowhere, remember_password=True)
    database.close()
    made = Program(qapp, tmp_path)
    yield made
    if not made.ended:
        made.quit()
    Translation.install(qapp).use()
    assert made.faults == []


def _pane(program: Program) -> ConversationPane:
    conductor = program.window.conductor
    assert conductor is not None
    assert conductor.view is not None
    pane = conductor.view.area.findChild(ConversationPane)
    assert isinstance(pane, ConversationPane)
    return pane


def _choose(program: Program, name: str) -> None:
    """In *Settings*, as a person does."""
    former = program.window
    assert former.conductor is not None
    former.actions_by_name["settings"].trigger()
    former.conductor.commands.show_settings(LanguagePage)
    box = next(box for box in former.findChildren(QComboBox) if box.findText("简体中文") >= 0)
    box.setCurrentIndex(box.findText(name))
    program.until(lambda: program.window is not former)
    program.until(lambda: program.window.isVisible())


def test_everything_is_there_again_in_the_other_language(program: Program) -> None:
    program.load()
    services = program.services
    conductor = program.window.conductor
    assert conductor is not None
    conductor.open(services.accounts.list_accounts()[0].id, BOB)
    program.until(lambda: conductor.view is not None and conductor.view.area.current is not None)
    QTest.keyClicks(_pane(program).composer.editor, "Good evening, Bo")
    program.window.resize(700, 500)
    began = program.window

    _choose(program, "简体中文")
    assert program.services is services
    assert program.window.actions_by_name["settings"].text() == "设置…"
    assert QLocale().language() == QLocale.Language.Chinese
    program.until(lambda: _pane(program).composer.editor.toPlainText() == "Good evening, Bo")
    assert program.window.size().width() == 700
    again = program.window.conductor
    assert again is not None
    assert again.dialogs.is_showing("settings")

    _choose(program, "English")
    assert program.window.actions_by_name["settings"].text() == "Settings…"
    assert program.window is not began
    asked: list[bool] = []
    program.window.quit_requested.connect(lambda: asked.append(True))
    program.window.actions_by_name["quit"].trigger()
    assert asked == [True]
    program.quit()
    assert program.settings.language == "en"
