"""Changes of the network, and clocks that jump."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from whimbrel.platform.clock import Clocks, ClockWatch, read_clocks
from whimbrel.platform.network import NetworkWatch, own_addresses

Reachability = QNetworkInformation.Reachability


class Information(QObject):
    """What Qt would know of the network."""

    reachabilityChanged = Signal(object)
    transportMediumChanged = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._reachability = Reachability.Online

    def reachability(self) -> QNetworkInformation.Reachability:
        return self._reachability

    def become(self, reachability: QNetworkInformation.Reachability) -> None:
        self._reachability = reachability
        self.reachabilityChanged.emit(reachability)


class Network:
    """A watch over a network that the test changes."""

    def __init__(self) -> None:
        self.information = Information()
        self.addresses = frozenset({"192.0.2.1"})
        self.told: list[bool] = []
        self.watch = NetworkWatch(cast(QNetworkInformation, self.information), lambda: self.addresses)
        self.watch.changed.connect(self.told.append)


def test_several_changes_at_once_are_told_once(qtbot: QtBot) -> None:
    network = Network()
    network.watch.start()
    with qtbot.waitSignal(network.watch.changed):
        network.information.become(Reachability.Disconnected)
        network.information.transportMediumChanged.emit(None)
        network.information.become(Reachability.Online)
        network.addresses = frozenset({"198.51.100.7"})
        network.watch.look()
    assert network.told == [True]


@pytest.mark.parametrize("left", [Reachability.Local, Reachability.Site, Reachability.Unknown])
def test_only_no_network_at_all_counts_as_none(qtbot: QtBot, left: QNetworkInformation.Reachability) -> None:
    network = Network()
    network.watch.start()
    for reachability in (Reachability.Disconnected, left):
        with qtbot.waitSignal(network.watch.changed):
            network.information.become(reachability)
    assert network.told == [False, True]


def test_a_machine_that_starts_without_a_network_is_told_of(qtbot: QtBot) -> None:
    network = Network()
    network.information.become(Reachability.Disconnected)
    with qtbot.waitSignal(network.watch.changed):
        network.watch.start()
    assert network.told == [False]


def test_the_same_addresses_are_no_news_and_a_stopped_watch_is_silent(qtbot: QtBot) -> None:
    network = Network()
    network.watch.start()
    network.watch.look()
    network.watch.stop()
    with qtbot.assertNotEmitted(network.watch.changed, wait=700):
        network.information.become(Reachability.Disconnected)


def test_this_machine_can_be_watched(qtbot: QtBot) -> None:
    watch = NetworkWatch()
    watch.start()
    assert isinstance(watch.there, bool)
    assert not {"127.0.0.1", "::1"} & own_addresses()
    watch.stop()


CLOCKS = Clocks(monotonic=1000.0, wall=1_700_000_000.0, boot=5000.0)


def after(seconds: float, *, slept: float = 0.0, set_by: float = 0.0) -> Clocks:
    """The clocks some seconds later. ``slept``: a machine's sleep. ``set_by``: somebody set the time."""
    return Clocks(CLOCKS.monotonic + seconds, CLOCKS.wall + seconds + slept + set_by, CLOCKS.boot + seconds + slept)


@pytest.mark.parametrize(
    ("later", "jumps"),
    [
        (after(30), False),
        (after(31, set_by=0.5), False),
        (after(50), False),
        (after(30, slept=3600), True),
        (after(30, slept=10), True),
        (after(30, slept=60, set_by=-60), True),
        (after(30, set_by=7200), True),
        (after(30, set_by=-7200), True),
        (after(600), True),  # the program was stopped
    ],
)
def test_time_that_nobody_saw_is_told(qapp: QObject, later: Clocks, jumps: bool) -> None:
    shown = CLOCKS
    watch = ClockWatch(lambda: shown)
    told: list[str] = []
    watch.jumped.connect(lambda: told.append("jumped"))
    watch.start()
    shown = later
    watch.look()
    assert told == ["jumped"] * jumps
    shown = replace(later, monotonic=later.monotonic + 30, wall=later.wall + 30, boot=later.boot + 30)
    watch.look()
    assert told == ["jumped"] * jumps, "told once"
    watch.stop()


def test_real_clocks_do_not_jump(qapp: QObject) -> None:
    watch = ClockWatch()
    told: list[str] = []
    watch.jumped.connect(lambda: told.append("jumped"))
    watch.start()
    watch.look()
    assert told == []
    assert read_clocks().boot >= read_clocks().monotonic - 1
    watch.stop()
