"""What starts call for, while the first one still loads, and hidden."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.ui.conftest import RecordingNotifier, UsableKeyring

from whimbrel.platform.instance import Call
from whimbrel.platform.settings import Settings
from whimbrel.ui import hidden_start
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.calls import Calls
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.palette import Palette
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.tray import Tray


@pytest.fixture
def unattached(qtbot: QtBot, theme: Theme, settings: Settings, bridge: Bridge) -> Iterator[MainWindow]:
    """The window before the history is there; it goes before the bridge and the core."""
    made = MainWindow(theme, settings)
    yield made
    made.finish()
    shiboken6.delete(made)


def _attach(window: MainWindow, core: Core, bridge: Bridge) -> None:
    window.attach(core.services, bridge, UsableKeyring(), RecordingNotifier())  # type: ignore[arg-type]


async def test_calls_wait_until_the_history_is_there(unattached: MainWindow, core: Core, bridge: Bridge) -> None:
    core.add_account("me@example.org")
    calls = Calls(unattached)
    calls.start(Call("xmpp:bob@example.org?message;body=hi"))
    assert unattached.isVisible()
    for number in range(100):
        calls.receive(Call(f"xmpp:p{number}@example.org?join"))
    calls.receive(Call("xmpp:zoe@example.org"))
    calls.receive(Call(new_conversation=True))
    _attach(unattached, core, bridge)
    calls.be_ready(has_account=True)
    assert unattached.conductor is not None
    assert unattached.conductor.view is not None
    assert len(unattached.findChildren(Palette)) == 1
    addresses = {str(talk.jid) for talk in core.services.conversations.list_conversations()}
    assert addresses <= {"zoe@example.org", "bob@example.org"}, "few at once"


async def test_a_call_that_waited_is_answered(unattached: MainWindow, core: Core, bridge: Bridge) -> None:
    core.add_account("me@example.org")
    calls = Calls(unattached)
    calls.start(Call(hidden=True))
    assert not unattached.isVisible()
    calls.receive(Call("xmpp:bob@example.org?message;body=hi"))
    assert unattached.isVisible()
    _attach(unattached, core, bridge)
    calls.be_ready(has_account=True)
    assert unattached.conductor is not None
    assert unattached.conductor.view is not None
    pane = unattached.conductor.view.area.current_pane
    assert pane is not None
    assert pane.composer.editor.toPlainText() == "hi"


@pytest.mark.parametrize("tray", [True, False])
async def test_a_hidden_start_shows_itself_where_there_is_no_tray(
    unattached: MainWindow, core: Core, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tray: bool
) -> None:
    monkeypatch.setattr(hidden_start, "_STEP", 1)
    monkeypatch.setattr(Tray, "is_there", property(lambda self: tray))
    core.add_account("me@example.org")
    calls = Calls(unattached)
    calls.start(Call(hidden=True))
    _attach(unattached, core, bridge)
    calls.be_ready(has_account=True)
    waits = [w for w in unattached.children() if isinstance(w, hidden_start.HiddenStart)]
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(one) for one in waits))
    assert unattached.isVisible() is not tray
    calls.receive(Call(hidden=True))  # started with the session, though it runs already
    assert unattached.isVisible() is not tray
    calls.receive(Call())
    assert unattached.isVisible()


def test_without_an_account_nothing_is_hidden(unattached: MainWindow, core: Core, bridge: Bridge) -> None:
    calls = Calls(unattached)
    calls.start(Call(hidden=True))
    _attach(unattached, core, bridge)
    calls.be_ready(has_account=False)
    assert unattached.isVisible()
