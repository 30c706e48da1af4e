"""Presence: the best of several resources, gone with the connection, our own kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, BOB, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.account import ConnectionState
from whimbrel.model.contact import OFFLINE, Availability, OwnPresence
from whimbrel.model.events import OwnPresenceChanged, PresenceChanged, PresencesCleared

ONLINE, AWAY, BUSY = Availability.ONLINE, Availability.AWAY, Availability.BUSY


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"))


def test_priority_first_then_availability(core: Core, stream: FakeStream) -> None:
    stream.presence("alice@example.net/a", AWAY, priority=1)
    stream.presence("alice@example.net/b", ONLINE, priority=0)
    stream.presence("alice@example.net/c", BUSY, priority=1)
    presences = core.services.presence
    assert [p.resource for p in presences.resources(stream.account_id, ALICE)] == ["a", "c", "b"]
    stream.presence("alice@example.net/a", Availability.OFFLINE)
    assert presences.best(stream.account_id, ALICE).availability is BUSY
    stream.presence("alice@example.net", Availability.OFFLINE)
    assert presences.best(stream.account_id, ALICE) == OFFLINE
    told = [event.presence.availability for event in core.published(PresenceChanged)]
    assert told == [AWAY, BUSY, Availability.OFFLINE]


def test_strangers_and_invalid_ends_are_harmless(core: Core, stream: FakeStream) -> None:
    stream.presence("bob@example.net/x")
    stream.presence("bob@example.net/x", Availability.OFFLINE)
    stream.presence("alice@example.net/never", Availability.OFFLINE)
    stream.presence("alice@example.net")
    assert core.services.presence.best(stream.account_id, BOB) == OFFLINE
    assert core.services.presence.best(stream.account_id, ALICE).availability is ONLINE


def test_grey_without_a_connection_and_back_with_a_resumed_one(core: Core, stream: FakeStream) -> None:
    presences = core.services.presence
    stream.presence("alice@example.net/a")
    stream.lose()
    assert not presences.known(stream.account_id)
    assert presences.best(stream.account_id, ALICE) == OFFLINE
    assert core.published(PresencesCleared) == [PresencesCleared(stream.account_id)]
    stream.resume()
    assert presences.best(stream.account_id, ALICE).availability is ONLINE
    assert core.published(PresenceChanged)[-1].presence.availability is ONLINE


def test_a_new_session_knows_nobody(core: Core, stream: FakeStream) -> None:
    stream.presence("alice@example.net/a")
    stream.lose()
    stream.go_online()
    assert core.services.presence.known(stream.account_id)
    assert core.services.presence.best(stream.account_id, ALICE) == OFFLINE


def test_own_presence_is_kept_and_sent(core: Core, stream: FakeStream) -> None:
    core.services.presence.set_own(OwnPresence(BUSY, "writing"))
    assert core.choice.own_presence == OwnPresence(BUSY, "writing")
    assert stream.presences[-1] == OwnPresence(BUSY, "writing")


def test_away_while_idle_and_back(core: Core, stream: FakeStream) -> None:
    presences = core.services.presence
    presences.set_own(OwnPresence(ONLINE, "here"))
    presences.set_idle(True)
    assert stream.presences[-1] == OwnPresence(AWAY, "here")
    assert core.choice.own_presence == OwnPresence(ONLINE, "here")
    presences.set_idle(True)
    presences.set_idle(False)
    assert stream.presences[-1] == OwnPresence(ONLINE, "here")
    assert [e.automatic for e in core.published(OwnPresenceChanged)] == [False, True, True]


def test_busy_stays_busy_while_idle(core: Core, stream: FakeStream) -> None:
    core.services.presence.set_own(OwnPresence(BUSY))
    core.services.presence.set_idle(True)
    assert stream.presences[-1] == OwnPresence(BUSY)


async def test_offline_disconnects_and_online_connects(core: Core) -> None:
    stream = core.online()
    core.services.presence.set_own(OwnPresence(Availability.OFFLINE))
    await core.tasks.wait_all()
    assert stream.status.state is ConnectionState.OFFLINE
    core.services.presence.set_own(OwnPresence(ONLINE))
    assert stream.started


async def test_a_change_of_mind_while_disconnecting_connects_again(core: Core) -> None:
    stream = core.online()
    core.services.presence.set_own(OwnPresence(Availability.OFFLINE))
    core.services.presence.set_own(OwnPresence(ONLINE))
    await core.tasks.wait_all()
    assert stream.started


def test_who_chose_offline_stays_so_after_a_restart(core: Core) -> None:
    core.choice.own_presence = OwnPresence(Availability.OFFLINE)
    core.add_account()
    assert core.streams == {}


def test_a_contact_removed_and_added_again_starts_from_nothing(core: Core, stream: FakeStream) -> None:
    stream.presence("alice@example.net/a")
    stream.push("alice@example.net", None)
    stream.presence("alice@example.net/a", Availability.OFFLINE)
    stream.push("alice@example.net", contact("alice@example.net"))
    assert core.services.presence.best(stream.account_id, ALICE) == OFFLINE
