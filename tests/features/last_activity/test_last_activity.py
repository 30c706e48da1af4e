"""XEP-0012, XEP-0319: heard with presence, told only if the person allows; XEP-0092 beside it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.last_activity import LastActivity
from whimbrel.core.offers.versions import Versions
from whimbrel.features.last_activity import wire
from whimbrel.model.contact import Availability, OwnPresence, Presence
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza

AWAY = OwnPresence(Availability.AWAY)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DESK = ALICE.with_resource("desk")


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


def idle(stream: FakeStream, since: str, availability: Availability = Availability.AWAY) -> None:
    element = ET.fromstring(
        f"<presence xmlns='jabber:client'><idle xmlns='urn:xmpp:idle:1' since='{since}'/></presence>"
    )
    stream.handler.on_presence(PresenceStanza(DESK, Presence(availability, resource="desk"), element))


def test_what_presence_tells_is_known_until_it_tells_otherwise(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    times = core.services.offer(LastActivity)
    idle(stream, "2026-03-04T13:00:00+01:00")
    assert times.idle_since(stream.account_id, DESK) == times.last_seen(stream.account_id, ALICE) == NOON
    for nonsense in ("", "yesterday", "2026-03-04T12:00:00", "9999-12-31T23:59:59-14:00"):
        idle(stream, nonsense)
        assert times.idle_since(stream.account_id, DESK) is None
    idle(stream, "9000-01-01T00:00:00Z")
    since = times.idle_since(stream.account_id, DESK)
    assert since is not None
    assert since <= datetime.now(UTC)
    stream.presence("alice@example.net/desk", Availability.OFFLINE)
    seen = times.last_seen(stream.account_id, ALICE)
    assert seen is not None
    assert seen <= datetime.now(UTC)


def test_who_was_not_there_was_not_seen_now(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.presence("alice@example.net", Availability.OFFLINE)
    assert core.services.offer(LastActivity).last_seen(stream.account_id, ALICE) is None


def test_since_when_we_are_away_is_told_only_if_the_person_allows(core: Core) -> None:
    account = core.add_account()
    feature = next(each for each in core.features if each.name == "last_activity")
    query = ET.Element(wire.QUERY)
    core.services.presence.set_idle(True, 600)
    assert not feature.extend_presence(account.id, AWAY)
    assert feature.answer_query(account.id, query) is None
    core.choice.send_last_seen = True
    (told,) = feature.extend_presence(account.id, AWAY)
    since = datetime.fromisoformat(told.get("since", ""))
    assert timedelta(seconds=595) < datetime.now(UTC) - since < timedelta(seconds=700)
    assert not feature.extend_presence(account.id, OwnPresence(Availability.BUSY))
    answer = feature.answer_query(account.id, query)
    assert answer is not None
    assert int(answer.get("seconds", "")) >= 600
    core.services.presence.set_idle(False)
    assert not feature.extend_presence(account.id, AWAY)


def test_c18_strangers_are_asked_nothing(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    before = len(stream.requests)
    times = core.services.offer(LastActivity)
    versions = core.services.offer(Versions)
    eve = JID.parse("eve@example.net/x")
    assert core.tasks.start(times.ask(stream.account_id, eve), name="last").result() is None
    assert core.tasks.start(versions.ask(stream.account_id, eve), name="version").result() is None
    assert len(stream.requests) == before
    core.tasks.start(versions.ask(stream.account_id, DESK), name="version")
    assert stream.requests[before][1] == DESK
