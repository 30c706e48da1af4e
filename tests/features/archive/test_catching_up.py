"""Catching up with an archive, over sessions, cuts and kills: everything once, in the archive's order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.features.archive.scripted import ALICE, BOB, MAM, ME, ScriptedArchive, Start
from tests.helpers.fake_stream import message_element

from whimbrel.model.envelope import Envelope
from whimbrel.model.events import CaughtUp, HistoryChanged, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState


async def test_a_first_sign_in_brings_everything_once_and_nothing_as_unread(
    start: Start, archive: ScriptedArchive
) -> None:
    archive.fill(230)
    core = start()
    await core.session()
    assert core.said() == archive.said()
    assert [(r.first.id, r.last.id, r.reaches_start) for r in core.ranges()] == [
        (archive.entries[0].id, archive.entries[-1].id, True)
    ]
    assert core.services.unread.total() == 0
    assert not any(event.notify for event in core.published(MessageAdded))
    assert [event.counts for event in core.published(CaughtUp)] == [{}]
    assert 1 <= len(core.published(HistoryChanged)) <= 3


async def test_many_of_one_second_and_one_sender_at_a_time(start: Start, archive: ScriptedArchive) -> None:
    """Pages of single conversations, with equal stamps."""
    for peer in (ALICE, BOB, ALICE, BOB):
        for _ in range(120):
            archive.add(peer, step=0.001)
    core = start()
    await core.session()
    assert core.said() == archive.said()
    assert len(core.ranges()) == 1


async def test_what_came_in_while_away_is_unread_and_told_once(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(20)
    core = start()
    await core.session()
    core.me.lose()
    core.events.clear()
    archive.fill(130, ALICE)
    archive.fill(3, BOB)
    await core.session()
    assert core.said() == archive.said()
    counts = {c.jid: c.id for c in core.services.conversations.list_conversations()}
    (told,) = core.published(CaughtUp)
    assert {str(jid): told.counts[id_] for jid, id_ in counts.items()} == {ALICE: 130, BOB: 3}
    assert core.services.unread.total() == 133
    assert len(core.ranges()) == 1


async def test_a_session_that_missed_nothing_tells_nothing(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(20)
    core = start()
    await core.session()
    core.me.lose()
    core.events.clear()
    archive.asked.clear()
    await core.session()
    assert core.published(CaughtUp) == []
    assert len(archive.asked) == 2  # and once more, a moment later


@pytest.mark.parametrize("pages", range(1, 6))
async def test_a_kill_between_pages_leaves_a_gap_that_is_known_and_healed(
    start: Start, archive: ScriptedArchive, pages: int
) -> None:
    archive.fill(60)
    core = start()
    await core.session()
    await core.kill()
    archive.fill(240)
    archive.cut_after = pages
    core = start()
    core.me.go_online()
    await core.caught_up()
    conversation = core.services.conversations.list_conversations()[0]
    await core.kill()
    archive.cut_after = None
    archive.fill(60)
    core = start()
    if pages < 5:
        assert len(core.ranges()) == 2
        assert len(core.archive.coverage(conversation.id).gaps) == 1
    await core.session()
    assert core.said() == archive.said()
    assert len(core.ranges()) == 1
    assert core.archive.coverage(conversation.id).gaps == ()


async def test_live_messages_extend_the_range_only_once_it_reaches_to_now(
    start: Start, archive: ScriptedArchive
) -> None:
    archive.fill(60)
    core = start()
    await core.session()
    core.me.lose()
    archive.fill(120)
    archive.cut_after = 0
    await core.session()
    core.receive_live(archive.add(body="live, but something is missing before it"))
    assert core.ranges()[-1].last.id == archive.entries[59].id
    core.me.lose()
    archive.cut_after = None
    await core.session()
    live = archive.add(body="live, nothing is missing")
    core.receive_live(live)
    core.receive_live(live)
    assert core.ranges()[-1].last.id == live.id
    assert core.said() == archive.said()


async def test_a_resumed_session_goes_on_and_extends(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(200)
    archive.cut_after = 2
    core = start()
    await core.session()
    core.me.lose()
    archive.cut_after = None
    asked = len(archive.asked)
    core.me.resume()
    await core.caught_up()
    assert archive.asked[asked].limit < archive.asked[0].limit
    core.receive_live(archive.add())
    assert core.ranges()[-1].last.id == archive.entries[-1].id
    assert core.said() == archive.said()


async def test_what_came_after_a_cut_is_in_the_archives_order(start: Start, archive: ScriptedArchive) -> None:
    """ejabberd may send what it had queued for a session after what is newer."""
    archive.fill(60)
    core = start()
    await core.session()
    for entry in (archive.add(), archive.add()):
        core.receive_live(entry)
    core.me.lose()
    queued, newer = [archive.add() for _ in range(30)], [archive.add() for _ in range(10)]
    core.me.resume()
    for entry in (*newer, *queued):
        core.receive_live(entry)
    await core.caught_up()
    assert core.said() == archive.said()
    core.receive_live(archive.add())
    assert core.said() == archive.said()
    assert len(core.ranges()) == 1


async def test_accounts_that_catch_up_together_do_not_mix(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(300)
    core = start()
    other = ScriptedArchive(owner=JID.parse("other@example.org"))
    other.fill(300)
    stream = core.stream(core.add_account(str(other.owner)).id)
    stream.archive = other
    stream.account_features.add(MAM)
    for missed in (0, 30):
        archive.fill(missed)
        other.fill(missed)
        core.me.go_online()
        stream.go_online()
        await core.caught_up()
        core.me.lose()
        stream.lose()
    for account_id, script in ((core.account_id, archive), (stream.account_id, other)):
        rows = core.database.rows(
            "SELECT jid, body FROM message JOIN conversation ON conversation.id = conversation_id"
            " WHERE message.account_id = ? ORDER BY time, message.id",
            (account_id,),
        )
        said = {peer: [body for jid, body in rows if jid == peer] for peer in script.said()}
        assert said == script.said()


async def test_what_was_kept_by_a_fault_ends_no_range(start: Start, archive: ScriptedArchive) -> None:
    """It is older than the session in which it is taken in."""
    archive.fill(10)
    core = start()
    await core.session()
    entry = archive.entries[3]
    archive.fill(20)
    await core.session()
    assert entry.message is not None
    stanza_id = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='kept'/>"
    core.base.stores.deferred.add_envelope(
        Envelope(
            core.account_id,
            core.me.full_jid,
            JID.parse(f"{ALICE}/pad"),
            core.me.full_jid,
            "chat",
            "kept",
            message_element("kept", id_="kept", extra=stanza_id),
            datetime.now(UTC),
            archive_ids=True,
            stamp=entry.stamp,
        )
    )
    await core.base.incoming.retry_deferred(core.account_id)
    assert "kept" in core.bodies()
    assert core.ranges()[-1].last.id == archive.entries[-1].id


async def test_a_resumed_session_of_another_start_is_not_believed_to_have_missed_nothing(
    start: Start, archive: ScriptedArchive
) -> None:
    archive.fill(10)
    core = start()
    await core.session()
    await core.kill()
    archive.fill(70)
    core = start()
    core.me.resume()
    await core.caught_up()
    assert core.said() == archive.said()


async def test_what_is_shown_comes_first(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(100)
    core = start()
    await core.session()
    core.me.lose()
    archive.fill(300, ALICE)
    archive.fill(60, BOB)
    archive.asked.clear()
    alice = next(c for c in core.services.conversations.list_conversations() if str(c.jid) == ALICE)
    core.archive.set_shown(alice.id, True)
    core.me.go_online()
    assert core.archive.coverage(alice.id).since is None
    await core.caught_up()
    assert archive.asked[0].peer == ALICE
    assert core.bodies(ALICE) == archive.bodies(ALICE)
    assert core.bodies(BOB) == archive.bodies(BOB)
    assert core.archives.list_ranges(core.account_id, ME, alice.jid) == []
    (told,) = core.published(CaughtUp)[1:]
    assert sum(told.counts.values()) == 360


async def test_a_wrong_clock_here_does_not_change_the_order(start: Start, archive: ScriptedArchive) -> None:
    """Live messages bear our time, years after the archive's."""
    archive.fill(30)
    core = start()
    await core.session()
    for _ in range(3):
        core.receive_live(archive.add())
    core.me.lose()
    archive.fill(170)
    await core.session()
    core.receive_live(archive.add())
    assert core.bodies(ALICE) == archive.bodies(ALICE)
    assert core.bodies(BOB) == archive.bodies(BOB)


async def test_what_the_archive_has_of_ours_is_confirmed(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(100)
    core = start()
    await core.session()
    core.me.acknowledges = False
    conversation = next(c for c in core.services.conversations.list_conversations() if str(c.jid) == ALICE)
    arrived = core.services.outbox.submit(conversation.id, "this one arrived")
    core.services.outbox.submit(conversation.id, "this one did not")
    await core.settle()
    archive.now = arrived.time
    archive.add(ALICE, "this one arrived", outgoing=True, wire_id=arrived.wire_id)
    archive.fill(70, ALICE)
    core.me.lose()
    core.me.sent.clear()
    core.me.acknowledges = True
    await core.session()
    assert [message.body for message in core.me.sent] == ["this one did not"]
    states = [m.state for m in core.base.stores.messages.list_latest(conversation.id, 200) if "this one" in m.body]
    assert states == [DeliveryState.SENT, DeliveryState.SENT]


async def test_s7_a_correction_of_what_the_whole_archive_does_not_have_is_shown(
    start: Start, archive: ScriptedArchive
) -> None:
    archive.fill(20)
    core = start()
    await core.session()
    replaces = "<replace xmlns='urn:xmpp:message-correct:0' id='gone'/>"
    core.me.receive_message(f"{ALICE}/x", "better", id_="c1", extra=replaces)
    assert "better" not in [body for (body,) in core.database.rows("SELECT body FROM message")]
    core.me.lose()
    await core.session()
    assert core.database.row("SELECT count(*) FROM message WHERE body = 'better'") == (1,)
    assert core.database.rows("SELECT * FROM waiting") == []
