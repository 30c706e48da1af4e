"""What was open is opened again, where it stood, however the program ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.ui.conftest import RecordingNotifier, UsableKeyring

from whimbrel.model.jid import JID
from whimbrel.platform import session_state
from whimbrel.platform.session_state import SessionState
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.window import ConversationWindow
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.theme.theme import Theme

BOB, LILI = JID.parse("bob@example.org"), JID.parse("lili@example.org")

Start = Callable[..., MainWindow]


@pytest.fixture
def start(
    qtbot: QtBot, theme: Theme, settings: Settings, core: Core, bridge: Bridge, tmp_path: Path
) -> Iterator[Start]:
    """Starts the window over the same profile, as often as one likes."""
    made: list[MainWindow] = []

    def begin(*, hidden: bool = False) -> MainWindow:
        window = MainWindow(theme, settings, SessionState(tmp_path / "session.json"))
        made.append(window)
        if not hidden:
            with qtbot.waitExposed(window):
                window.show()
        window.attach(core.services, bridge, UsableKeyring(), RecordingNotifier())  # type: ignore[arg-type]
        return window

    yield begin
    for window in made:
        window.finish()
        shiboken6.delete(window)


def _view(window: MainWindow) -> MainView:
    assert window.conductor is not None
    assert window.conductor.view is not None
    return window.conductor.view


def _own_windows() -> list[ConversationWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, ConversationWindow) and w.isVisible()]


def test_a_killed_program_finds_again_what_was_open(
    start: Start, core: Core, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_state, "_DELAY", 1)
    account = core.add_account("alice@example.org")
    first = start()
    first.resize(700, 640)
    _view(first).open_window(account.id, LILI)
    _view(first).open(account.id, BOB)
    own = _own_windows()[0]
    own.resize(500, 480)
    own.move(40, 30)
    number = own.pane.conversation.id

    def is_kept() -> bool:
        state = SessionState(tmp_path / "session.json")
        return state.place(f"conversation-{number}") == bytes(own.saveGeometry().data()) and bool(state.before)

    qtbot.waitUntil(is_kept)
    kept = (tmp_path / "session.json").read_bytes()  # as a killed program leaves it
    assert b"example.org" not in kept
    first.finish()

    (tmp_path / "session.json").write_bytes(kept)
    second = start()
    current = _view(second).area.current
    assert current is not None
    assert current.jid == BOB
    assert second.size().width() == 700
    (again,) = _own_windows()
    assert again.pane.conversation.jid == LILI
    assert (again.width(), again.height(), again.pos().x()) == (500, 480, 40)


def test_what_closes_with_the_program_was_open(start: Start, core: Core) -> None:
    account = core.add_account("alice@example.org")
    first = start()
    _view(first).open(account.id, BOB)
    first.finish()
    second = start()
    current = _view(second).area.current
    assert current is not None
    assert current.jid == BOB
    _view(second).close_conversation()
    second.finish()
    assert _view(start()).area.current is None


def test_a_hidden_start_opens_nothing_until_it_is_shown(start: Start, core: Core) -> None:
    account = core.add_account("alice@example.org")
    first = start()
    _view(first).open_window(account.id, LILI)
    _view(first).open(account.id, BOB)
    first.finish()
    second = start(hidden=True)
    assert _own_windows() == []
    assert _view(second).area.current is None
    second.come_to_front()
    assert len(_own_windows()) == 1
    assert _view(second).area.current is not None


def test_a_window_whose_screen_is_gone_comes_to_one_that_there_is(
    start: Start, core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(session_state, "arrangement", lambda: "two screens")
        first.move(5000, 3000)
        first.resize(800, 600)
        first.finish()
    second = start()
    assert QGuiApplication.primaryScreen().availableGeometry().intersects(second.frameGeometry())
