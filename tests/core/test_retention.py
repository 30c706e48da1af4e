"""Keeping messages for a time only: what is too old goes, what is not sent stays, nothing comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.features.archive.scripted import ALICE, BOB, ArchiveCore, ScriptedArchive
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_accounts import until

from whimbrel.core.deletion import Deletion
from whimbrel.core.retention import Retention
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation
from whimbrel.model.events import ConversationChanged, ConversationRemoved, MessageAdded, MessageRemoved
from whimbrel.model.jid import JID

WEEK = 7
OLD = 8 * 86_400_000_000  # microseconds


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    made = Core(tmp_path)
    made.online(contact(ALICE), contact(BOB))
    yield made
    await made.tasks.cancel_all()
    assert made.faults == []
    made.close()


def talk(core: Core, jid: str) -> Conversation:
    return core.services.conversations.open(AccountId(1), JID.parse(jid))


def bodies(core: Core) -> list[str]:
    return [body for (body,) in core.database.rows("SELECT body FROM message ORDER BY id")]


async def test_what_is_too_old_goes_but_nothing_unsent(core: Core) -> None:
    stream = core.stream(AccountId(1))
    for number in range(120):
        stream.receive_message(f"{ALICE}/x", f"old {number}")
    core.services.outbox.submit(talk(core, ALICE).id, "sent")
    await core.settle()
    stream.lose()
    core.services.outbox.submit(talk(core, ALICE).id, "waits")
    core.services.outbox.submit(talk(core, BOB).id, "failed")
    core.database.execute("UPDATE message SET state = 'failed' WHERE body = 'failed'")
    core.database.execute(f"UPDATE message SET time = time - {OLD}")
    core.database.execute("UPDATE conversation SET read_time = 0, read_id = 0, unread = 120 WHERE jid = ?", (ALICE,))
    stream.receive_message(f"{ALICE}/x", "new")
    retention = core.services.offer(Retention)
    assert (await retention.count(WEEK), await retention.count(0), await retention.count(365)) == (121, 0, 0)
    assert await retention.apply() == 0, "kept for ever, as long as nobody chose otherwise"
    core.choice.keep_days = WEEK
    retention.start()
    await until(lambda: talk(core, ALICE).unread == 1)
    assert sorted(bodies(core)) == ["failed", "new", "waits"]
    assert core.published(ConversationRemoved) == []
    assert len(core.published(MessageRemoved)) == 121
    assert 1 in [event.conversation.unread for event in core.published(ConversationChanged)[-2:]]


async def test_an_archive_does_not_bring_back_what_is_too_old(tmp_path: Path) -> None:
    archive = ScriptedArchive(limit=100)
    archive.now = datetime.now(UTC) - timedelta(days=30)
    archive.fill(20)
    archive.now = datetime.now(UTC) - timedelta(days=1)
    archive.add(BOB, "yesterday")
    core = ArchiveCore(tmp_path, archive)
    core.choice.keep_days = WEEK
    await core.session(contact(ALICE), contact(BOB))
    await core.caught_up()
    assert core.said() == {BOB: ["yesterday"]}
    assert [str(one.jid) for one in core.services.conversations.list_conversations()] == [BOB]
    assert not core.faults
    await core.kill()


async def test_what_the_server_had_to_keep_for_too_long_is_not_taken_in(core: Core) -> None:
    stream = core.stream(AccountId(1))
    core.choice.keep_days = WEEK

    def receive(body: str, days: int, by: str = "example.org") -> None:
        stamp = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        stream.receive_message(f"{ALICE}/x", body, extra=f"<delay xmlns='urn:xmpp:delay' from='{by}' stamp='{stamp}'/>")

    receive("too old", 8)
    assert bodies(core) == core.published(MessageAdded) == core.services.conversations.list_conversations() == []
    receive("old", 6)
    receive("only its sender says that it is old", 8, by=ALICE)
    assert bodies(core) == ["old", "only its sender says that it is old"]
    core.choice.keep_days = 0
    receive("kept for ever", 8)
    assert bodies(core)[2:] == ["kept for ever"]


async def test_all_of_the_history_goes_at_once(core: Core) -> None:
    for sender in (ALICE, BOB):
        core.stream(AccountId(1)).receive_message(f"{sender}/x", "secret")
    core.services.conversations.set_draft(talk(core, BOB).id, "half a sentence")
    told: list[int] = []
    assert await core.services.offer(Deletion).delete_all(told.append) == 2
    assert told == [1, 2]
    for table in ("message", "draft", "conversation"):
        assert core.database.rows(f"SELECT * FROM {table}") == []
