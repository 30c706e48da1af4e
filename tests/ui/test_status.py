"""Own presence and the connection, in words and with what can be done."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.model.account import ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.status.header import OwnHeader


@pytest.fixture
def stream(core: Core) -> FakeStream:
    """An account that is online."""
    return core.online(jid="alice@example.org")


@pytest.fixture
def header(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> OwnHeader:
    """The header, shown."""
    menu = QMenu()
    header = OwnHeader(core.services, bridge, menu)
    menu.setParent(header, menu.windowFlags())
    qtbot.addWidget(header)
    header.resize(320, 80)
    header.show()
    return header


def _wait(core: Core, stream: FakeStream, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the account's status a wait of some seconds."""
    status = ConnectionStatus(
        ConnectionState.WAITING, KnownError(ErrorKind.NO_NETWORK), retry_at=time.monotonic() + seconds
    )
    monkeypatch.setattr(type(core.services.accounts), "status", lambda _self, _id: status)
    core.services.bus.publish(ConnectionChanged(stream.account_id, status))


def test_the_connection_is_its_own_text(header: OwnHeader, stream: FakeStream) -> None:
    assert header.connection.accessibleName() == "Connection"
    assert header.connection.text() == "Online"
    stream.set_status(ConnectionState.CONNECTING)
    assert header.connection.text() == "Reconnecting…"
    assert header.connection.accessibleDescription() == "Reconnecting…"
    stream.set_status(ConnectionState.OFFLINE)
    assert header.connection.text() == "Offline"


def test_who_is_not_connected_is_not_called_online(header: OwnHeader, stream: FakeStream) -> None:
    assert header.status.accessibleDescription() == "Online"
    stream.lose()
    assert header.status.accessibleDescription() == "Waiting to reconnect"


def test_a_wait_counts_down_and_can_be_ended(
    core: Core, header: OwnHeader, stream: FakeStream, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not header.retry.isVisible()
    _wait(core, stream, 11.5, monkeypatch)
    assert header.connection.text() == "Waiting for network, retry in 12 s"
    assert header.retry.isVisible()
    qtbot.waitUntil(lambda: header.connection.text() == "Waiting for network, retry in 11 s", timeout=3000)
    asked: list[int] = []
    monkeypatch.setattr(type(core.services.accounts), "retry_now", lambda _self, account_id: asked.append(account_id))
    qtbot.mouseClick(header.retry, Qt.MouseButton.LeftButton)
    assert asked == [stream.account_id]
    online = ConnectionStatus(ConnectionState.ONLINE)
    monkeypatch.setattr(type(core.services.accounts), "status", lambda _self, _id: online)
    core.services.bus.publish(ConnectionChanged(stream.account_id, online))
    assert not header.retry.isVisible()
    assert not header.watch._countdown.isActive()


def test_a_wait_is_counted_only_where_it_can_be_seen(
    core: Core, header: OwnHeader, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    countdown = header.watch.findChild(QTimer)
    assert isinstance(countdown, QTimer)
    header.hide()
    _wait(core, stream, 60, monkeypatch)
    assert not countdown.isActive()
    header.show()
    assert countdown.isActive()
    assert header.connection.text().startswith("Waiting for network, retry in ")
    header.hide()
    assert not countdown.isActive()


def test_another_connection_after_the_first_is_a_reconnection(header: OwnHeader, stream: FakeStream) -> None:
    stream.set_status(ConnectionState.WAITING)
    stream.set_status(ConnectionState.CONNECTING)
    assert header.connection.text() == "Reconnecting…"
    stream.set_status(ConnectionState.ONLINE)
    assert header.connection.text() == "Online"


def test_that_the_provider_restarts_is_said_until_it_is_back(
    header: OwnHeader, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(kind: ErrorKind) -> str:
        stream.set_status(ConnectionState.WAITING, KnownError(kind))
        return header.connection.text()

    assert lose(ErrorKind.SERVER_SHUTDOWN) == "Provider is restarting"
    for state in (ConnectionState.RESOLVING, ConnectionState.CONNECTING):
        stream.set_status(state)
        assert header.connection.text() == "Provider is restarting"
    assert lose(ErrorKind.CONNECTION_REFUSED) == "Provider is restarting"
    assert header.retry.isVisible()
    stream.set_status(ConnectionState.SECURING)
    assert header.status.accessibleDescription() == "Provider is restarting"
    assert lose(ErrorKind.HOST_UNKNOWN) == "Waiting to reconnect"  # another reason
    stream.set_status(ConnectionState.CONNECTING)
    assert header.connection.text() == "Reconnecting…"
    assert lose(ErrorKind.SERVER_SHUTDOWN) == "Provider is restarting"
    stream.set_status(ConnectionState.ONLINE)
    assert header.connection.text() == "Online"
    assert lose(ErrorKind.CONNECTION_LOST) == "Waiting to reconnect"
    assert lose(ErrorKind.SERVER_SHUTDOWN) == "Provider is restarting"
    later = time.monotonic() + 100
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert lose(ErrorKind.CONNECTION_REFUSED) == "Waiting to reconnect"  # for too long to be that


def test_who_was_put_out_by_another_program_connects_again(
    header: OwnHeader, stream: FakeStream, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, core: Core
) -> None:
    stream.fail(ErrorKind.RESOURCE_CONFLICT)
    assert header.connection.text() == "Signed in elsewhere with the same name"
    assert header.connection.accessibleDescription() == header.connection.text()
    assert header.retry.accessibleName() == "Connect again"
    assert not header.error.isVisible()
    asked: list[int] = []
    monkeypatch.setattr(type(core.services.accounts), "retry_now", lambda _self, account_id: asked.append(account_id))
    qtbot.mouseClick(header.retry, Qt.MouseButton.LeftButton)
    assert asked == [stream.account_id]
    stream.set_status(ConnectionState.ONLINE)
    assert not header.retry.isVisible()


def test_a_failure_says_what_to_do(header: OwnHeader, stream: FakeStream, qtbot: QtBot) -> None:
    stream.fail(ErrorKind.PASSWORD_WRONG)
    assert "password is not right" in header.error.text()
    assert header.error_action.accessibleName() == "Sign in again…"
    with qtbot.waitSignal(header.sign_in_requested):
        header.error_action.click()
    for kind in (ErrorKind.KEYRING_LOCKED, ErrorKind.KEYRING_UNAVAILABLE):
        stream.fail(kind)
        assert header.error.text().startswith("The keyring ")
        assert header.error_action.accessibleName() == "Sign in again…", "the password can be typed instead"
    stream.fail(ErrorKind.CERTIFICATE_EXPIRED)
    assert header.error_action.accessibleName() == "Details"
    with qtbot.waitSignal(header.accounts_requested):
        header.error_action.click()
    stream.set_status(ConnectionState.ONLINE)
    assert header.error.isHidden()


def test_the_menu_chooses_how_we_appear(core: Core, header: OwnHeader) -> None:
    assert header.status.accessibleName() == "Status"
    words = [action.text() for action in header.menu.actions()][:4]
    assert words == ["Online", "Away", "Busy", "Offline"]
    header.menu.message.setText(" in a <b>review</b> ")
    header.menu.actions()[2].trigger()
    assert core.services.presence.own == OwnPresence(Availability.BUSY, "in a <b>review</b>")
    assert header.status.text().startswith(" · Busy · in a")
    assert header.status.accessibleDescription() == "Busy, in a <b>review</b>"
    assert "<b>" not in header.status.toolTip()


def test_a_message_that_was_typed_counts(core: Core, header: OwnHeader, qtbot: QtBot) -> None:
    header.menu.popup(header.mapToGlobal(header.rect().center()))
    header.menu.message.setText("writing")
    header.menu.close()
    assert core.services.presence.own == OwnPresence(Availability.ONLINE, "writing")


def test_automatic_away_shows_but_the_choice_stays(core: Core, header: OwnHeader) -> None:
    core.services.presence.set_idle(True)
    assert "Away" in header.status.text()
    assert header.menu.actions()[0].isChecked()
    core.services.presence.set_idle(False)
    assert "Away" not in header.status.text()


def test_the_message_is_reached_by_keys(core: Core, header: OwnHeader, qtbot: QtBot) -> None:
    header.menu.popup(header.mapToGlobal(header.rect().bottomLeft()))
    qtbot.keyClick(header.menu, Qt.Key.Key_Up)
    qtbot.waitUntil(header.menu.message.hasFocus)
    qtbot.keyClicks(header.menu.message, "counting birds")
    qtbot.keyClick(header.menu.message, Qt.Key.Key_Return)
    assert core.services.presence.own == OwnPresence(Availability.ONLINE, "counting birds")
    assert not header.menu.isVisible()


def test_a_click_on_what_one_is_opens_the_menu(header: OwnHeader, qtbot: QtBot) -> None:
    for part in (header.avatar, header.name, header.connection):
        qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=part.mapTo(header, part.rect().center()))
        assert header.menu.isVisible()
        header.menu.close()


def test_the_person_is_called_as_they_call_themselves(header: OwnHeader, core: Core, stream: FakeStream) -> None:
    assert header.name.full_text() == "alice"
    core.services.offer(Nicknames).set_own(stream.account_id, "Alice of the estuary")
    assert header.name.full_text() == "Alice of the estuary"
