"""Replies and reactions come from the archive as they came live, whatever page is read first."""

from __future__ import annotations

from pathlib import Path

from tests.features.archive.scripted import ALICE, ArchiveCore, ScriptedArchive
from tests.helpers.fake_stream import message_element

from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.replies import Replies
from whimbrel.model.message import Message


def react(archive: ScriptedArchive, about: str, *emoji: str, outgoing: bool = False) -> None:
    inside = "".join(f"<reaction>{one}</reaction>" for one in emoji)
    message = message_element(None, extra=f"<reactions xmlns='urn:xmpp:reactions:0' id='{about}'>{inside}</reactions>")
    sender, to = (f"{archive.owner}/phone", ALICE) if outgoing else (f"{ALICE}/pad", str(archive.owner))
    message.attrib.update({"from": sender, "to": to})
    archive.add(message=message)


def messages(core: ArchiveCore) -> list[Message]:
    (conversation,) = core.services.conversations.list_conversations()
    return core.services.conversations.latest(conversation.id, 500)


def given(core: ArchiveCore, body: str) -> dict[str, tuple[str, ...]]:
    message = next(one for one in messages(core) if one.body == body)
    sets = core.services.offer(Reactions).reactions([message]).get(message.id, ())
    return {one.sender.local: one.emoji for one in sets}


async def test_the_newest_sets_count_over_many_pages(tmp_path: Path) -> None:
    archive = ScriptedArchive(limit=10)
    archive.add(body="first", wire_id="m1")
    react(archive, "m1", "😡")
    archive.fill(25, ALICE)
    react(archive, "m1", "👍", outgoing=True)
    react(archive, "m1", "👍")
    archive.fill(25, ALICE)
    react(archive, "m1", "❤️", "😂")
    core = ArchiveCore(tmp_path, archive)
    await core.session()
    assert len(messages(core)) == 51
    assert given(core, "first") == {"alice": ("❤️", "😂"), "me": ("👍",)}
    assert core.services.unread.total() == 0
    await core.kill()
    assert core.faults == []


async def test_what_was_said_while_we_were_away_counts_after_what_was_said_here(tmp_path: Path) -> None:
    archive = ScriptedArchive()
    archive.add(body="first", wire_id="m1")
    core = ArchiveCore(tmp_path, archive)
    await core.session()
    core.services.offer(Reactions).toggle(messages(core)[0].id, "👍")
    await core.caught_up()
    ((_, _, wire_id, extensions),) = core.me.extensions
    core.me.lose()
    ours = message_element(None, id_=wire_id)
    ours.extend(extensions)
    ours.attrib.update({"from": f"{archive.owner}/desk", "to": ALICE})
    archive.add(message=ours)
    react(archive, "m1", "😂", outgoing=True)
    await core.session()
    assert given(core, "first") == {"me": ("😂",)}, "whatever our clock says"
    assert core.services.unread.total() == 0
    await core.kill()
    assert core.faults == []


async def test_an_answer_is_joined_with_what_it_answers_on_an_older_page(tmp_path: Path) -> None:
    archive = ScriptedArchive(limit=10)
    archive.add(body="well?", wire_id="m1")
    archive.fill(25, ALICE)
    fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='8'/></fallback>"
    message = message_element("> well?\nyes", extra="<reply xmlns='urn:xmpp:reply:0' id='m1'/>" + fallback)
    message.attrib.update({"from": f"{archive.owner}/phone", "to": ALICE})
    archive.add(message=message)
    core = ArchiveCore(tmp_path, archive)
    await core.session()
    last = messages(core)[-1]
    quote = core.services.offer(Replies).quotes([last])[last.id]
    assert last.body == "yes"
    assert quote.original is not None
    assert quote.original.body == "well?"
    await core.kill()
    assert core.faults == []
