"""Faults are shown beside what one does, once each; what can be passed on tells nobody's words or addresses (C19)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.program import until

from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.platform.diagnosis import Diagnosis
from whimbrel.platform.last_run import LastRun
from whimbrel.platform.logs import Logs, setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.session_state import OpenState, SessionState
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.faults.names import telling_names
from whimbrel.ui.faults.report_dialog import ReportDialog
from whimbrel.ui.faults.troubles import Troubles
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.renewal import Renewal
from whimbrel.ui.theme.theme import Theme

LILI = JID.parse("lili@secret.example")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = Profile.at(tmp_path / "profile")
    made.create()
    return made


@pytest.fixture
def logs(profile: Profile, logged_errors: list[logging.LogRecord]) -> Iterator[Logs]:
    level = logging.getLogger().level
    made = setup(profile)
    yield made
    made.close()
    logging.getLogger().setLevel(level)
    logged_errors.clear()


@pytest.fixture
def diagnosis(logs: Logs, settings: Settings, profile: Profile) -> Diagnosis:
    return Diagnosis(logs, settings, LastRun(profile.running, profile.data / "boot"))


@pytest.fixture
def troubles(window: MainWindow, diagnosis: Diagnosis, core: Core) -> Troubles:
    made = Troubles(diagnosis, window)
    made.services = core.services
    window.watch_troubles(made)
    return made


def faults_of(logs: Logs, count: int) -> None:
    """Report so many distinct faults, each saying what nobody may read."""
    for number in range(count):
        namespace: dict[str, Callable[[str], None]] = {}
        exec("\n" * number + "def fail(words): raise ValueError(words)", namespace)
        try:
            namespace["fail"]("<body>meet lili@secret.example</body>")
        except ValueError as error:
            logs.report(error, "the core")


def test_a_fault_never_takes_the_keyboard(
    qtbot: QtBot, core: Core, window: MainWindow, logs: Logs, troubles: Troubles
) -> None:
    account = core.add_account("alice@secret.example")
    view = window.conductor and window.conductor.view
    assert view is not None
    view.open(account.id, LILI)
    pane = view.area.current_pane
    assert pane is not None
    editor = pane.composer.editor
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    qtbot.keyClicks(editor, "I was ")
    threading.Thread(target=lambda: faults_of(logs, 1)).start()  # a fault of another thread
    qtbot.waitUntil(lambda: troubles.dialog is not None)
    dialog = troubles.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.keyClicks(editor, "writing")
    assert editor.toPlainText() == "I was writing"
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "Whimbrel" in copied
    for word in ("meet", "lili", "secret.example", str(Path.home()) + "/"):
        assert word not in copied
    dialog.report_button.click()
    assert troubles.report_dialog is not None


def test_one_dialog_for_each_fault_and_few_for_a_flood(
    qtbot: QtBot, window: MainWindow, logs: Logs, troubles: Troubles
) -> None:
    shown: list[object] = []
    for _ in range(10):
        faults_of(logs, 2)
        if troubles.dialog is not None:
            shown.append(troubles.dialog)
            troubles.dialog.close_button.click()
    assert len(shown) == 1
    for count in range(3, 40):
        faults_of(logs, count)
        if troubles.dialog is not None:
            shown.append(troubles.dialog)
            troubles.dialog.close_button.click()
    assert len(shown) == 3
    assert window.failure.isVisible()


def test_another_window_in_its_place_shows_no_fault_again(window: MainWindow, logs: Logs, troubles: Troubles) -> None:
    faults_of(logs, 1)
    assert troubles.dialog is not None
    troubles.dialog.close_button.click()
    again = Troubles(troubles.diagnosis, window, former=troubles)
    assert again.dialog is None
    faults_of(logs, 2)
    assert again.dialog is not None


def test_faults_from_before_the_window_are_shown(window: MainWindow, logs: Logs, diagnosis: Diagnosis) -> None:
    faults_of(logs, 7)
    troubles = Troubles(diagnosis, window)
    assert troubles.dialog is not None
    assert "and 2 others" in troubles.dialog.text.toPlainText()
    troubles.hush()
    troubles.dialog.close()
    faults_of(logs, 9)
    assert troubles.dialog is None


async def test_a_report_shows_all_that_it_tells(
    qtbot: QtBot, core: Core, settings: Settings, diagnosis: Diagnosis, logs: Logs, tmp_path: Path
) -> None:
    account = core.add_account("alice@secret.example")
    core.services.roster.add(account.id, LILI, "莉莉", frozenset({"Choir"}), "")
    contact = core.services.roster.find(account.id, LILI)
    assert isinstance(contact, Contact)
    settings.status = "at the choir"
    settings.zoom = 120
    faults_of(logs, 2)
    logging.getLogger("whimbrel.test").warning("no picture of 莉莉 (%s) in Choir, from 192.0.2.7", LILI)
    logging.getLogger("whimbrel.test").warning("two lines\nmeet lili at noon")
    dialog = ReportDialog(diagnosis, telling_names(core.services))
    qtbot.addWidget(dialog)
    dialog.show()
    await until(lambda: "no picture of" in dialog.whole_text())
    text = dialog.whole_text()
    for word in ("莉莉", "lili", "Choir", "choir", "secret.example", "alice", "192.0.2.7", "meet", "noon"):
        assert word not in text, text
    for word in ("== Versions ==", "== Settings ==\n", "zoom: 120", "ValueError", "== Log ==", "no picture of"):
        assert word in text
    dialog.checks["Log"].box.click()
    assert "no picture" not in dialog.whole_text()
    dialog.text.appendPlainText("added by me")
    dialog.checks["Log"].box.click()
    dialog.happened.setPlainText("It fell over.")
    assert dialog.whole_text().startswith("It fell over.\n\n== Versions")
    assert "no picture" in dialog.whole_text()
    assert "added by me" in dialog.whole_text()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.whole_text()
    path = tmp_path / "report.txt"
    dialog.save_to(path)
    await until(path.exists)
    await until(lambda: dialog.state.text() == "Saved.")
    assert path.read_text() == dialog.whole_text()
    dialog.save_to(tmp_path / "no" / "where.txt")
    await until(dialog.error.isVisible)


@pytest.fixture
def crashed_window(
    qtbot: QtBot, theme: Theme, settings: Settings, core: Core, bridge: Bridge, profile: Profile, logs: Logs
) -> Iterator[MainWindow]:
    """The next start after a crash, at which a conversation was open."""
    import shiboken6
    from tests.ui.conftest import RecordingNotifier, UsableKeyring

    account = core.add_account("alice@secret.example")
    conversation = core.services.conversations.open(account.id, LILI)
    session = SessionState(profile.session)
    session.note_open(OpenState(conversation.id))
    session.save()
    boot = profile.data / "boot"
    LastRun(profile.running, boot).begin()
    window = MainWindow(theme, settings, SessionState(profile.session))
    window.watch_troubles(Troubles(Diagnosis(logs, settings, LastRun(profile.running, boot)), window))
    with qtbot.waitExposed(window):
        window.show()
    window.attach(core.services, bridge, UsableKeyring(), RecordingNotifier())  # type: ignore[arg-type]
    yield window
    window.finish()
    shiboken6.delete(window)


def test_after_a_crash_what_was_open_is_offered(qtbot: QtBot, crashed_window: MainWindow) -> None:
    from whimbrel.ui.faults.ended_bar import EndedBar

    window = crashed_window
    assert window.conductor is not None
    view = window.conductor.view
    assert view is not None
    assert view.area.current is None
    bar = window.findChild(EndedBar)
    assert bar is not None
    assert "unexpectedly last time" in bar.label.text()
    qtbot.waitUntil(bar.isVisible)
    bar.open_button.click()
    assert view.area.current is not None
    assert view.area.current.jid == LILI
    assert not bar.isVisible()
    assert window.troubles is not None
    window.troubles.finish()
    assert not window.troubles.diagnosis.last_run._path.exists()


def test_what_a_crash_left_is_offered_in_a_renewed_window_too(
    qtbot: QtBot, crashed_window: MainWindow, core: Core, theme: Theme, settings: Settings
) -> None:
    from tests.ui.conftest import RecordingNotifier, UsableKeyring

    from whimbrel.ui.faults.ended_bar import EndedBar

    window = crashed_window
    for _ in range(2):
        renewal = Renewal(window)
        window.session.renew()
        following = MainWindow(theme, settings, window.session)
        qtbot.addWidget(following)
        following.attach(core.services, Bridge(core.services.bus, following), UsableKeyring(), RecordingNotifier())  # type: ignore[arg-type]
        renewal.finish(following, core.services)
        window = following
    bar = window.findChild(EndedBar)
    assert bar is not None
    bar.open_button.click()
    assert window.conductor is not None
    assert window.conductor.view is not None
    assert window.conductor.view.area.current is not None
    assert window.conductor.view.area.current.jid == LILI
    window.finish()
