"""What the person deletes on this device stays away, whatever of the archive is asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.features.archive.scripted import ALICE, BOB, ArchiveCore, ScriptedArchive, Start

from whimbrel.core.deletion import Deletion
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID

CONTACTS = Contact(AccountId(1), JID.parse(ALICE)), Contact(AccountId(1), JID.parse(BOB))


@pytest.fixture
def archive() -> ScriptedArchive:
    return ScriptedArchive(limit=100)


async def delete(core: ArchiveCore, jid: str) -> None:
    """*Delete conversation*."""
    await core.services.offer(Deletion).delete_conversation(talk(core, jid).id, lambda _done: None)
    await core.caught_up()


def talk(core: ArchiveCore, jid: str) -> Conversation:
    return core.services.conversations.open(core.account_id, JID.parse(jid))


async def load_all(core: ArchiveCore, conversation: Conversation) -> None:
    """Scroll up, as far as there is anything."""
    core.archive.set_shown(conversation.id, True)
    await core.caught_up()
    for _ in range(8):
        await core.archive.load(conversation.id)


async def test_a_deleted_conversation_does_not_come_back(start: Start, archive: ScriptedArchive) -> None:
    """Not by the next sign-in, nor by a device that has lost its place, nor by paging in it."""
    archive.fill(150)
    core = start()
    await core.session(*CONTACTS)
    assert core.said() == archive.said()
    await delete(core, ALICE)
    core.me.lose()
    await core.session(*CONTACTS)
    assert core.said() == {BOB: archive.bodies(BOB)}
    assert [str(one.jid) for one in core.services.conversations.list_conversations()] == [BOB]
    await core.kill()

    core = start()
    core.database.execute("DELETE FROM archive_range")
    await core.session(*CONTACTS)
    await load_all(core, talk(core, ALICE))
    assert core.said() == {BOB: archive.bodies(BOB)}
    assert core.services.unread.total() == 0


async def test_what_is_said_after_a_deletion_comes(start: Start, archive: ScriptedArchive) -> None:
    archive.fill(60)
    core = start()
    await core.session(*CONTACTS)
    await delete(core, ALICE)
    core.me.lose()
    archive.add(ALICE, "news", step=1)
    archive.add(ALICE, "of the other device", outgoing=True, step=1)
    await core.session(*CONTACTS)
    core.receive_live(archive.add(ALICE, "live", step=1))
    await load_all(core, talk(core, ALICE))
    assert core.said() == {ALICE: ["news", "of the other device", "live"], BOB: archive.bodies(BOB)}


async def test_what_was_not_here_yet_of_a_deleted_conversation_does_not_come(
    start: Start, archive: ScriptedArchive
) -> None:
    """Deleted while the history is still being fetched; and what came live is sent again after a cut."""
    for _ in range(400):
        archive.add((ALICE, BOB)[len(archive.entries) % 2], step=3600)
    archive.cut_after = 1
    core = start()
    await core.session()
    assert 0 < len(core.bodies(ALICE)) < 200
    live = archive.add(ALICE, "live", step=1)
    core.receive_live(live)
    await delete(core, ALICE)
    core.me.lose()
    archive.cut_after = None
    await core.session(*CONTACTS)
    core.receive_live(live)
    core.receive_live(live, delayed=True)
    assert core.said() == {BOB: archive.bodies(BOB)}


async def test_what_is_older_does_not_come_back(start: Start, archive: ScriptedArchive) -> None:
    """And a message that was deleted alone stays away when its conversation goes."""
    for _ in range(100):
        archive.add((ALICE, BOB)[len(archive.entries) % 2], step=6 * 3600)
    core = start()
    await core.session(*CONTACTS)
    cut = archive.entries[60].stamp.replace(microsecond=0) - timedelta(seconds=1)
    await core.services.offer(Deletion).delete_older(cut, None, lambda _done: None)
    left = {ALICE: archive.bodies(ALICE)[30:], BOB: archive.bodies(BOB)[30:]}
    assert core.said() == left
    last = core.services.conversations.latest(talk(core, BOB).id, 1)[0]
    core.services.offer(Eraser).delete_here(last.id)
    await core.services.offer(Deletion).delete_conversation(talk(core, BOB).id, lambda _done: None)
    await core.caught_up()
    await core.kill()
    core = start()
    core.database.execute("DELETE FROM archive_range")
    await core.session(*CONTACTS)
    await load_all(core, talk(core, ALICE))
    assert core.said() == {ALICE: left[ALICE]}
