"""What is here of a conversation, and fetching more of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.features.archive.scripted import ALICE, BOB, ArchiveCore, ScriptedArchive

from whimbrel.model.archive import Beginning
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID


@pytest.fixture
def archive() -> ScriptedArchive:
    return ScriptedArchive()


@pytest.fixture
async def core(tmp_path: Path, archive: ScriptedArchive) -> AsyncIterator[ArchiveCore]:
    core = ArchiveCore(tmp_path, archive)
    yield core
    await core.kill()
    assert not core.faults


def _conversation(core: ArchiveCore, jid: str) -> Conversation:
    return core.base.stores.conversations.get_conversation(core.account_id, JID.parse(jid))


async def _sweep_ends_after(core: ArchiveCore, archive: ScriptedArchive, pages: int) -> None:
    """A first sign-in whose sweep is over after so many pages; the archive answers again from then on."""

    archive.errors = []
    archive.cut_after = pages
    await core.session()
    archive.cut_after = None


async def test_older_messages_are_fetched_page_by_page_to_the_start(
    core: ArchiveCore, archive: ScriptedArchive
) -> None:
    archive.fill(600)
    await _sweep_ends_after(core, archive, 1)
    alice = _conversation(core, ALICE)
    loaded = []
    for _ in range(20):
        coverage = core.archive.coverage(alice.id)
        loaded.append(len(core.bodies(ALICE)))
        assert core.bodies(ALICE) == archive.bodies(ALICE)[-loaded[-1] :]
        assert coverage.gaps == ()
        if coverage.beginning is Beginning.REACHED:
            break
        await core.archive.load(alice.id)
    assert loaded == [25, 75, 125, 175, 225, 275, 300]
    bob = core.archive.coverage(_conversation(core, BOB).id)
    assert bob.beginning is Beginning.MORE


async def test_a_gap_is_fetched_from_its_newer_end(core: ArchiveCore, archive: ScriptedArchive) -> None:
    archive.fill(60)
    await core.session()
    core.me.lose()
    archive.fill(400)
    await _sweep_ends_after(core, archive, 1)
    alice = _conversation(core, ALICE)
    seen = []
    for _ in range(10):
        gaps = core.archive.coverage(alice.id).gaps
        if not gaps:
            break
        seen.append(gaps[0])
        await core.archive.load(alice.id, gaps[0])
        assert core.bodies(ALICE) == [body for body in archive.bodies(ALICE) if body in set(core.bodies(ALICE))]
    assert len(seen) == 4
    assert len({gap.after for gap in seen}) == 1
    assert core.bodies(ALICE) == archive.bodies(ALICE)
    assert len(core.archive.coverage(_conversation(core, BOB).id).gaps) == 1
    core.me.lose()
    await core.session()
    assert core.said() == archive.said()
    assert len(core.ranges()) == 1


async def test_a_conversation_of_which_nothing_is_here(core: ArchiveCore, archive: ScriptedArchive) -> None:
    archive.fill(20, ALICE)
    archive.fill(60, BOB)
    await _sweep_ends_after(core, archive, 1)
    alice = _conversation(core, ALICE)
    await core.archive.load(alice.id)
    assert core.bodies(ALICE) == archive.bodies(ALICE)
    assert core.archive.coverage(alice.id).beginning is Beginning.REACHED
    carol = _conversation(core, "carol@example.net")
    await core.archive.load(carol.id)
    assert core.archive.coverage(carol.id).beginning is Beginning.REACHED


async def test_an_expired_id_is_gone_around_by_time(core: ArchiveCore, archive: ScriptedArchive) -> None:
    archive.fill(300)
    await _sweep_ends_after(core, archive, 1)
    alice = _conversation(core, ALICE)
    kept = set(core.bodies(ALICE))
    archive.entries = [e for e in archive.entries if e.message is None or e.message[-1].text not in kept]
    for _ in range(4):
        await core.archive.load(alice.id)
    assert core.bodies(ALICE)[:125] == archive.bodies(ALICE)
    assert core.archive.coverage(alice.id).beginning is Beginning.REACHED


async def test_loading_offline_says_so(core: ArchiveCore, archive: ScriptedArchive) -> None:
    archive.fill(5)
    await core.session()
    core.me.lose()
    with pytest.raises(KnownError) as error:
        await core.archive.load(_conversation(core, ALICE).id)
    assert error.value.kind is ErrorKind.NOT_CONNECTED
    assert core.archive.coverage(_conversation(core, ALICE).id).since is not None


async def test_an_archive_that_does_not_answer_is_told_and_nothing_is_changed(
    core: ArchiveCore, archive: ScriptedArchive
) -> None:
    archive.fill(300)
    await _sweep_ends_after(core, archive, 1)
    alice = _conversation(core, ALICE)
    before = core.archive.coverage(alice.id)
    archive.errors = [KnownError(ErrorKind.NO_ANSWER)]
    with pytest.raises(KnownError):
        await core.archive.load(alice.id)
    assert core.archive.coverage(alice.id) == before


async def test_the_first_time_something_of_every_contact_comes_before_the_rest(
    core: ArchiveCore, archive: ScriptedArchive
) -> None:
    people = [JID.parse(f"c{number}@example.net") for number in range(20)]
    contacts = [Contact(core.account_id, jid, subscription=Subscription.BOTH) for jid in people]
    for contact in contacts:
        archive.fill(3, str(contact.jid))
    archive.fill(1_500)
    archive.cut_after = 28
    await core.session(*contacts)
    assert all(core.bodies(str(contact.jid)) for contact in contacts)
    archive.cut_after = None
    core.me.lose()
    await core.session()
    assert core.said() == archive.said()
