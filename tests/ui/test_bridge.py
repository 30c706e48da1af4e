"""Every event crosses to Qt, in order."""

from __future__ import annotations

import re

import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.core.bus import Bus
from whimbrel.model.account import AccountId
from whimbrel.model.events import AccountRemoved, Event, PresencesCleared
from whimbrel.ui.bridge import Bridge


def test_every_event_has_a_signal(qtbot: QtBot) -> None:
    bridge = Bridge(Bus(lambda error: None))
    for kind in Event.__subclasses__():
        assert hasattr(bridge, re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()), kind


def test_events_arrive_in_order_until_closed(core: Core, qtbot: QtBot) -> None:
    bridge, seen = Bridge(core.services.bus), []
    bridge.account_removed.connect(seen.append)
    bridge.presences_cleared.connect(seen.append)
    one, two = PresencesCleared(AccountId(7)), AccountRemoved(AccountId(7))
    for event in (one, two):
        core.services.bus.publish(event)
    assert seen == [one, two]
    bridge.close()
    core.services.bus.publish(one)
    assert seen == [one, two]


def test_nothing_is_heard_once_the_parent_is_gone(core: Core, qtbot: QtBot) -> None:
    parent, seen = QObject(), []
    bridge = Bridge(core.services.bus, parent)
    bridge.presences_cleared.connect(seen.append)
    parent.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(bridge))
    core.services.bus.publish(PresencesCleared(AccountId(7)))
    assert seen == []
    assert core.faults == []


def test_what_happens_before_somebody_hears_is_told_then(core: Core, qtbot: QtBot) -> None:
    bridge, seen = Bridge(core.services.bus), []
    bridge.hold()
    one, two, three = PresencesCleared(AccountId(7)), AccountRemoved(AccountId(7)), PresencesCleared(AccountId(8))
    core.services.bus.publish(one)
    core.services.bus.publish(two)
    bridge.presences_cleared.connect(seen.append)
    bridge.presences_cleared.connect(lambda event: core.services.bus.publish(three) if event is one else None)
    bridge.account_removed.connect(seen.append)
    assert seen == []
    bridge.release()
    assert seen == [one, two, three], "what follows comes behind what was kept"
    core.services.bus.publish(two)
    assert seen[3:] == [two]
