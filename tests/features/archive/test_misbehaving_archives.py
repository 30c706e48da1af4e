"""Archives that break the rules: each has an end, and what can be had is here once."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.features.archive.scripted import ALICE, BOB, MAM, ME, RSM, ArchiveCore, Asked, ScriptedArchive, Start
from tests.helpers.fake_stream import message_element

from whimbrel.model.archive import Beginning
from whimbrel.model.errors import ErrorKind, KnownError

_FORWARDED = "{urn:xmpp:forward:0}forwarded"


async def _with_gap(start: Start, archive: ScriptedArchive) -> ArchiveCore:
    """A core, offline, with two ranges: 60 messages, a gap, and 50 more; more came in since."""
    archive.fill(60)
    core = start()
    await core.session()
    core.me.lose()
    archive.fill(180)
    archive.cut_after = 1
    await core.session()
    core.me.lose()
    archive.cut_after = None
    archive.fill(20)
    archive.asked.clear()
    assert len(core.ranges()) == 2
    return core


async def test_an_id_that_expired_is_gone_around(start: Start, archive: ScriptedArchive) -> None:
    """Of the newer range; then of both: forward from the older one, by time at last."""
    core = await _with_gap(start, archive)
    gone = core.ranges()[1].first.id
    archive.entries = [entry for entry in archive.entries if entry.id != gone]
    await core.session()
    assert set(archive.bodies()) <= set(core.bodies())
    assert len(core.ranges()) == 1
    assert any(asked.after for asked in archive.asked)


async def test_where_both_ends_expired_time_helps(start: Start, archive: ScriptedArchive) -> None:
    core = await _with_gap(start, archive)
    gone = {core.ranges()[1].first.id, core.ranges()[0].last.id}
    archive.entries = [entry for entry in archive.entries if entry.id not in gone]
    await core.session()
    assert set(archive.bodies()) <= set(core.bodies())
    assert all(bodies == sorted(bodies, key=int) for bodies in core.said().values())
    assert len(core.ranges()) == 1
    assert any(asked.end for asked in archive.asked)


async def test_a_purged_archive_closes_what_can_no_more_be_had(start: Start, archive: ScriptedArchive) -> None:
    core = await _with_gap(start, archive)
    archive.entries = archive.entries[150:]
    await core.session()
    assert set(archive.bodies()) <= set(core.bodies())
    assert [r.reaches_start for r in core.ranges()] == [True]


async def test_an_emptied_archive_ends_at_once(start: Start, archive: ScriptedArchive) -> None:
    core = await _with_gap(start, archive)
    before = core.bodies()
    archive.entries = []
    await core.session()
    assert core.bodies() == before
    assert len(archive.asked) < 12
    core.receive_live(archive.add())
    assert core.ranges()[-1].last.id == archive.entries[-1].id


async def test_an_archive_with_new_ids_brings_nothing_twice(start: Start, archive: ScriptedArchive) -> None:
    """By the archive's clock what was here before is not fetched again, though its ids are unknown."""
    archive.fill(200)
    core = start()
    await core.session()
    core.me.lose()
    for number, entry in enumerate(archive.entries):
        entry.id = f"new-{number}"
    archive.now = archive.now.replace(microsecond=0)
    archive.add(step=2)
    archive.fill(60)
    await core.session()
    bodies = core.bodies()
    assert set(bodies) == set(archive.bodies())
    assert len(bodies) - len(set(bodies)) <= 4  # of the very second of the last one: none is lost for it
    assert len(core.ranges()) == 1


class _Moved(ScriptedArchive):
    """Its provider changed its program: as ejabberd does, nothing is before an id of old, and everything after it."""

    async def answer(self, payload: ET.Element) -> tuple[ET.Element, list[ET.Element]]:
        paging = payload.find(f"{RSM}set")
        assert paging is not None
        known = {entry.id for entry in self.entries}
        for name, instead in (("before", self.entries[0].id), ("after", "")):
            element = paging.find(f"{RSM}{name}")
            if element is not None and element.text and element.text not in known:
                element.text = instead
        return await super().answer(payload)


async def test_a_gap_is_healed_where_the_archive_does_not_say_that_it_forgot_its_ids(tmp_path: Path) -> None:
    archive = _Moved()

    def start() -> ArchiveCore:
        return ArchiveCore(tmp_path, archive)

    core = await _with_gap(start, archive)
    for number, entry in enumerate(archive.entries):
        entry.id = f"new-{number}"
    await core.session()
    assert set(core.bodies()) == set(archive.bodies())
    assert len(core.ranges()) == 1
    assert len(archive.asked) < 20
    await core.kill()


def _reverse(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
    messages.reverse()


def _shuffle(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
    random.Random(1).shuffle(messages)


@pytest.mark.parametrize("change", [_reverse, _shuffle])
async def test_results_out_of_order_are_put_in_order(
    start: Start, archive: ScriptedArchive, change: Callable[..., None]
) -> None:
    archive.seconds = False
    archive.fill(170)
    archive.change = change
    core = start()
    await core.session()
    assert core.said() == archive.said()


def _without_complete(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
    answer.find(f"{{{MAM}}}fin").attrib.clear()  # type: ignore[union-attr]


async def test_an_archive_that_never_says_complete_has_an_end(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(120)
    archive.change = _without_complete
    core = start()
    await core.session()
    assert core.said() == archive.said()
    assert len(archive.asked) == 5 + 1  # once more, a moment later
    assert core.ranges()[0].reaches_start


class _Repeating(ScriptedArchive):
    """Whatever is asked, the newest page is the answer."""

    async def answer(self, payload: ET.Element) -> tuple[ET.Element, list[ET.Element]]:
        before = payload.find(f"{RSM}set/{RSM}before")
        if before is not None:
            before.text = ""
        return await super().answer(payload)


class _Looping(ScriptedArchive):
    """What is before the first is the last again."""

    async def answer(self, payload: ET.Element) -> tuple[ET.Element, list[ET.Element]]:
        before = payload.find(f"{RSM}set/{RSM}before")
        if before is not None and before.text == self.entries[0].id:
            before.text = ""
        return await super().answer(payload)


@pytest.mark.parametrize(("kind", "pages"), [(_Repeating, 2), (_Looping, 4)])
async def test_pages_that_come_again_end_the_sweep(tmp_path: Path, kind: type[ScriptedArchive], pages: int) -> None:
    archive = kind()
    archive.fill(150)
    archive.change = _without_complete
    core = ArchiveCore(tmp_path, archive)
    await core.session()
    assert len(archive.asked) == pages + 1  # once more, a moment later
    assert set(core.bodies()) == set(archive.bodies()[-len(core.bodies()) :])
    assert not core.ranges()[0].reaches_start
    conversation = core.services.conversations.list_conversations()[0]
    assert core.archive.coverage(conversation.id).beginning is Beginning.MORE
    await core.kill()


def _lie(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
    paging = answer.find(f"{{{MAM}}}fin/{RSM}set")
    assert paging is not None
    ET.SubElement(paging, f"{RSM}count").text = "-7"
    for name in ("first", "last"):
        for element in paging.findall(f"{RSM}{name}"):
            element.text = "never heard of"


async def test_counts_and_ids_that_lie_are_not_believed(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(120)
    archive.change = _lie
    core = start()
    await core.session()
    assert core.said() == archive.said()


async def test_a_page_larger_than_asked_for_is_written_in_parts(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(400)
    archive.limit = 10_000
    core = start()

    def all_of_it(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
        messages[:] = [archive._result(entry, asked.query_id) for entry in archive.entries]

    archive.change = all_of_it
    await core.session()
    assert core.said() == archive.said()
    assert len(core.ranges()) == 1


@pytest.mark.parametrize("kind", [ErrorKind.NO_ANSWER, ErrorKind.TRY_LATER])
async def test_a_page_whose_end_never_comes_is_asked_for_again(
    start: Start, archive: ScriptedArchive, kind: ErrorKind
) -> None:
    archive.fill(120)
    archive.errors = [KnownError(kind)] * 2
    core = start()
    await core.session()
    assert core.said() == archive.said()


async def test_after_some_tries_it_waits_for_the_next_session(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(120)
    archive.errors = [KnownError(ErrorKind.NO_ANSWER)] * 4
    core = start()
    await core.session()
    assert core.bodies() == []
    assert len(archive.asked) == 4
    core.me.lose()
    await core.session()
    assert core.said() == archive.said()


async def test_without_an_archive_nothing_is_asked(start: Start, archive: ScriptedArchive) -> None:
    core = start()
    core.me.account_features.discard(MAM)
    core.me.go_online()
    core.me.receive_message(f"{ALICE}/pad")
    await core.caught_up()
    conversation = core.services.conversations.list_conversations()[0]
    assert archive.asked == []
    assert core.archive.coverage(conversation.id).beginning is Beginning.NO_ARCHIVE
    with pytest.raises(KnownError, match="unavailable"):
        await core.archive.load(conversation.id)
    await core.archive.confirm_sent(core.account_id, core.me, [])


async def test_a_refusing_archive_is_none(start: Start, archive: ScriptedArchive) -> None:
    archive.errors = [KnownError(ErrorKind.UNAVAILABLE)]
    core = start()
    await core.session()
    core.me.receive_message(f"{ALICE}/pad")
    conversation = core.services.conversations.list_conversations()[0]
    assert core.archive.coverage(conversation.id).beginning is Beginning.NO_ARCHIVE


async def test_unstable_results_end_nothing(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(30)
    archive.change = lambda asked, answer, messages: answer[0].set("stable", "false")
    core = start()
    await core.session()
    assert core.said() == archive.said()
    assert [r.reaches_start for r in core.ranges()] == [False]


async def test_unusable_items_count_by_their_id_only(start: Start, archive: ScriptedArchive) -> None:
    """Of strangers to each other, without or with two messages, of a group chat, of no sender, without a time."""
    between_others = message_element("between others")
    between_others.attrib.update({"from": "eve@evil.example/x", "to": BOB})
    nobody = message_element("of nobody")
    nobody.attrib.update({"from": "@@", "to": str(ME)})
    group = message_element("of a group", type_="groupchat")
    group.attrib.update({"from": "room@muc.example/nick", "to": str(ME)})
    archive.fill(10)
    for message in (between_others, nobody, group, None, message_element("timeless"), message_element("twice")):
        archive.add(message=message)
        if message is None:
            archive.entries[-1].message = None
    archive.fill(10)
    archive.add(message=between_others)

    def damage(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
        for message in messages:
            forwarded = message[0].find(_FORWARDED)
            assert forwarded is not None
            text = ET.tostring(forwarded, encoding="unicode")
            if "timeless" in text:
                forwarded.remove(forwarded[0])
            if "twice" in text:
                forwarded.append(forwarded[1])
        messages.append(ET.Element("{jabber:client}message"))

    archive.change = damage
    core = start()
    await core.session()
    assert core.bodies() == [str(number) for number in (*range(10), *range(16, 26))]
    assert [(r.first.id, r.last.id) for r in core.ranges()] == [(archive.entries[0].id, archive.entries[-1].id)]


async def test_two_messages_with_one_id_are_two(start: Start, archive: ScriptedArchive) -> None:
    """As ejabberd gives them where two of its processes write within one microsecond."""
    archive.fill(10)
    archive.entries[4].id = archive.entries[5].id
    core = start()
    await core.session()
    assert sorted(core.bodies(), key=int) == archive.bodies()


async def test_results_of_another_query_do_not_count(start: Start, archive: ScriptedArchive) -> None:
    """S3: whoever does not know the id of the open query is not heard."""
    archive.fill(5)
    forged = message_element("forged")
    forged.attrib.update({"from": f"{ALICE}/pad", "to": str(ME)})
    entry = ScriptedArchive().add(message=forged)

    def forge(asked: Asked, answer: ET.Element, messages: list[ET.Element]) -> None:
        messages += [archive._result(entry, query_id) for query_id in ("", "0", asked.query_id[::-1])]

    archive.change = forge
    core = start()
    await core.session()
    assert core.said() == archive.said()
    assert len({asked.query_id for asked in archive.asked}) == len(archive.asked)


@pytest.mark.parametrize("sessions", [(26,), (10, 26), (18, 26), (13, 18, 20)])
@pytest.mark.parametrize("limit", [50, 4])
async def test_what_is_archived_twice_stands_where_it_was_said(
    start: Start, archive: ScriptedArchive, sessions: tuple[int, ...], limit: int
) -> None:
    """As servers keep it where a device sent again, after a cut, what had come through."""
    archive.limit = limit
    for body in (*range(12), *range(6, 9), *range(12, 23)):
        archive.add(body=str(body), wire_id=f"wire-{body}", outgoing=True)
    entries = archive.entries
    core = start()
    for count in sessions:
        archive.entries = entries[:count]
        await core.session()
        core.me.lose()
    assert core.bodies() == sorted(set(archive.bodies()), key=int)
