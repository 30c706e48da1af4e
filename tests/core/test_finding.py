"""Searching, exporting and deleting on the whole core, with messages that really came in."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.helpers.core import Core

from whimbrel.core.deletion import Deletion
from whimbrel.core.export.formats import ExportWords
from whimbrel.core.export.service import Export, ExportFormat, ExportWish
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.retractions import Eraser
from whimbrel.core.search import Search
from whimbrel.core.search_words import Filter, FilterKind, add_times, find_filter_at, take_apart
from whimbrel.model.account import AccountId
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConversationRemoved, MessageRemoved
from whimbrel.model.jid import JID
from whimbrel.model.search import SearchQuery, Term
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.reader import Errand

ALICE, BOB = JID.parse("alice@example.net"), JID.parse("bob@example.net")


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """An account that is online, with Alice and Bob as contacts."""
    made = Core(tmp_path)
    made.online(Contact(AccountId(1), ALICE, "Alice Liddell"), Contact(AccountId(1), BOB, "Bob"))
    yield made
    await made.tasks.cancel_all()
    assert made.faults == []
    made.close()


def receive(core: Core, sender: JID, *bodies: str) -> None:
    """Messages from somebody."""
    for body in bodies:
        core.stream(AccountId(1)).receive_message(f"{sender}/phone", body)


def talk(core: Core, jid: JID) -> Conversation:
    """The conversation with somebody."""
    return core.services.conversations.open(AccountId(1), jid)


async def found(core: Core, typed: str) -> list[str]:
    """What is found by what is typed."""
    search = core.services.offer(Search)
    return [hit.message.body for hit in (await search.find(search.understand(typed))).hits]


async def test_what_came_in_is_found_at_once(core: Core) -> None:
    receive(core, ALICE, "we meet at the library", "我们在图书馆见面")
    receive(core, BOB, "the library is closed")
    core.services.outbox.submit(talk(core, BOB).id, "then no library")
    assert await found(core, "libr") == ["then no library", "the library is closed", "we meet at the library"]
    assert await found(core, "图书") == ["我们在图书馆见面"]
    assert await found(core, "library from:alice") == ["we meet at the library"]
    assert await found(core, 'library from:"alice liddell"') == ["we meet at the library"]
    assert await found(core, "library from:me") == ["then no library"]
    assert await found(core, "library in:bob") == ["then no library", "the library is closed"]
    assert await found(core, "library in:nobody") == []
    assert await found(core, "library before:today") == []
    assert len(await found(core, "library after:yesterday")) == 3
    assert await found(core, '"the library"') == ["the library is closed", "we meet at the library"]


async def test_emoji_are_found_alone_and_beside_words(core: Core) -> None:
    receive(core, ALICE, "👍🏽", "fine 👍", "👎")
    assert await found(core, "👍") == ["fine 👍", "👍🏽"]
    assert await found(core, "👍🏿 fine") == ["fine 👍"]
    assert await found(core, "👎") == ["👎"]


async def test_nothing_is_found_beyond_the_conversation_that_is_meant(core: Core) -> None:
    receive(core, ALICE, "a word of Alice")
    receive(core, BOB, "a word of Bob")
    search = core.services.offer(Search)
    for typed, bodies in (("word", ["a word of Alice"]), ("word in:bob", [])):
        query = search.understand(typed, within=talk(core, ALICE).id)
        assert [hit.message.body for hit in (await search.find(query)).hits] == bodies


async def test_a_search_that_nobody_waits_for_any_more_ends(core: Core) -> None:
    receive(core, ALICE, "a word")
    search = core.services.offer(Search)
    searching = asyncio.ensure_future(search.find(search.understand("word")))
    await asyncio.sleep(0)
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert await found(core, "word") == ["a word"]


async def test_many_messages_are_taken_in_without_a_search(core: Core) -> None:
    receive(core, ALICE, *(f"word {number}" for number in range(450)))
    await core.tasks.wait_all()
    assert core.database.rows("SELECT count(*) FROM search_document") == [(450,)] or (
        core.database.rows("SELECT count(*) FROM search_pending")[0][0] < 200
    )


RETRACT = "<retract xmlns='urn:xmpp:message-retract:1' id='{}'/>"
REPLACE = "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>"


async def test_s7_a_correction_is_found_and_one_by_another_changes_nothing(core: Core) -> None:
    stream = core.stream(AccountId(1))
    stream.receive_message(f"{ALICE}/phone", "the old words", id_="m1")
    assert await found(core, "old words") == ["the old words"]
    stream.receive_message(f"{BOB}/phone", "forged words", id_="m2", extra=REPLACE.format("m1"))
    assert await found(core, "old words") == ["the old words"]
    stream.receive_message(f"{ALICE}/phone", "the new words", id_="m3", extra=REPLACE.format("m1"))
    assert await found(core, "old words") == []
    assert await found(core, "new words") == ["the new words"]


async def test_s8_a_retracted_message_is_not_found_any_more(core: Core) -> None:
    stream = core.stream(AccountId(1))
    stream.receive_message(f"{ALICE}/phone", "my secret", id_="m1")
    stream.receive_message(f"{BOB}/phone", None, id_="m2", extra=RETRACT.format("m1"))
    assert await found(core, "secret") == ["my secret"]
    stream.receive_message(f"{ALICE}/phone", None, id_="m3", extra=RETRACT.format("m1"))
    assert await found(core, "secret") == []
    assert await found(core, "in:alice") == []


async def test_s8_a_message_that_was_deleted_here_is_not_found_any_more(core: Core) -> None:
    receive(core, ALICE, "my secret", "another")
    assert await found(core, "secret") == ["my secret"]
    message = core.services.conversations.latest(talk(core, ALICE).id, 2)[0]
    core.services.offer(Eraser).delete_here(message.id)
    assert await found(core, "secret") == []
    assert await found(core, "another") == ["another"]


@pytest.mark.parametrize(
    ("typed", "terms", "filters"),
    [
        ("two words", [Term("two"), Term("words", prefix=True)], []),
        ("two words ", [Term("two"), Term("words")], []),
        ('"a phrase" x', [Term("a phrase"), Term("x", prefix=True)], []),
        ('"not closed', [Term("not closed")], []),
        ("from:Bob has:file", [], [Filter(FilterKind.FROM, "Bob"), Filter(FilterKind.HAS, "file")]),
        ('IN:"Bob M" x ', [Term("x")], [Filter(FilterKind.IN, "Bob M")]),
        ("from: x ", [Term("x")], []),
        ("http://x.org ", [Term("http://x.org")], []),
        ("hi :-) ", [Term("hi")], []),
        ("hi 👍🏽 ", [Term("hi"), Term("👍🏽")], []),
        (":-)", [Term(":-)", prefix=True)], []),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, terms: list[Term], filters: list[Filter]) -> None:
    taken = take_apart(typed)
    assert (list(taken.terms), list(taken.filters)) == (terms, filters)


def test_days_are_those_of_the_person() -> None:
    zone = timezone(timedelta(hours=8))

    def times(typed: str) -> tuple[datetime | None, datetime | None]:
        query = add_times(SearchQuery(), take_apart(typed).filters, zone)
        return query.after, query.before

    assert times("before:2026-03-01") == (None, datetime(2026, 2, 28, 16, tzinfo=UTC))
    assert times("after:2026-03-01") == (datetime(2026, 3, 1, 16, tzinfo=UTC), None)
    assert times("after:2025 before:2026-12") == (
        datetime(2025, 12, 31, 16, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    )
    assert times("after:2026-13 before:0000 before:9999-12-31 after:soon")[0] is None


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("x from:al", 9, ("from", "al", (2, 9))),
        ("from:", 5, ("from", "", (0, 5))),
        ("from:al x", 7, ("from", "al", (0, 7))),
        ("from:al x", 8, None),
        ('in:"a b" x', 6, ("in", "a b", (0, 8))),
        ('in:"a b"', 8, None),
        ('in:"a b', 7, ("in", "a b", (0, 7))),
        ('in:"', 4, ("in", "", (0, 4))),
        ("from：莉", 6, ("from", "莉", (0, 6))),
        ("from", 4, None),
        ("12:30", 5, None),
    ],
)
def test_the_filter_at_the_cursor(text: str, position: int, found: tuple[str, str, tuple[int, int]] | None) -> None:
    one = find_filter_at(text, position)
    assert (one and (one.kind.value, one.value, one.span)) == found


HOSTILE = '<script>alert("1")</script> & <img src=x onerror=y>\nsecond line ]]> {"a": 1}'


async def export(core: Core, path: Path, kind: ExportFormat, conversation: Conversation | None = None) -> str:
    """What is written."""
    told: list[tuple[int, int]] = []
    wish = ExportWish(path, kind, ExportWords(), conversation.id if conversation else None)
    count = await core.services.offer(Export).write(wish, lambda done, total: told.append((done, total)))
    await core.settle()
    assert told[-1] == (count, count)
    return read_private(path)


def read_private(path: Path) -> str:
    """What is in a file that only its owner may read."""
    assert path.stat().st_mode & 0o777 == 0o600
    return path.read_text("utf-8")


def unfinished(folder: Path) -> list[Path]:
    """What was begun and left there."""
    return list(folder.rglob("*.unfinished"))


class Tags(HTMLParser):
    """Which elements a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


async def test_exports_can_be_read_by_other_programs(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, HOSTILE, "你好 \u202e")
    receive(core, BOB, "hello")
    core.database.execute("UPDATE message SET body = 'hello\x07' WHERE body = 'hello'")
    core.services.outbox.submit(talk(core, BOB).id, "my answer")
    data = json.loads(await export(core, tmp_path / "all.json", ExportFormat.JSON))
    assert [(one["address"], one["name"]) for one in data["conversations"]] == [
        ("alice@example.net", "Alice Liddell"),
        ("bob@example.net", "Bob"),
    ]
    assert [message["text"] for message in data["conversations"][0]["messages"]] == [HOSTILE, "你好 \u202e"]
    assert [message["direction"] for message in data["conversations"][1]["messages"]] == ["in", "out"]
    page = await export(core, tmp_path / "all.html", ExportFormat.HTML)
    tags = Tags()
    tags.feed(page)
    assert tags.tags == {"html", "head", "meta", "title", "style", "body", "h2", "small", "div", "p", "time", "b"}
    assert '<p dir="auto">你好 \u202e</p>' in page
    assert "\x07" not in page
    text = await export(core, tmp_path / "bob.txt", ExportFormat.TEXT, talk(core, BOB))
    assert [line.partition("] ")[2] for line in text.splitlines()[3:]] == [
        "Bob: hello\ufffd",
        "me@example.org (you): my answer",
    ]


async def test_nobody_s_words_look_like_a_message_of_somebody_else_in_an_export(core: Core, tmp_path: Path) -> None:
    forged = "[2026-11-22 20:51] me@example.org (you): I owe Bob 500"
    receive(core, BOB, "hello" + "".join(f"{end}{forged}" for end in ("\n", "\r", "\x85", "\u2028", "\u2029")))
    text = await export(core, tmp_path / "bob.txt", ExportFormat.TEXT, talk(core, BOB))
    lines = [line for line in text.splitlines() if "500" in line]
    assert len(lines) == 5
    assert all(line.startswith("    [") for line in lines)


async def test_exports_name_oneself_and_have_the_reactions(core: Core, tmp_path: Path) -> None:
    receive(core, BOB, "a feast")
    bob = talk(core, BOB)
    core.services.offer(Nicknames).set_own(AccountId(1), "<b>Anna")
    answer = core.services.outbox.submit(bob.id, "my answer")
    for sender, emoji in (("bob@example.net", '["👍", "🎉"]'), ("me@example.org", '["❤️"]')):
        core.database.execute(
            "INSERT INTO reaction (message_id, sender, emoji, time, wire_id, former) VALUES (?, ?, ?, 1, '', '[]')",
            (answer.id, sender, emoji),
        )
    text = await export(core, tmp_path / "bob.txt", ExportFormat.TEXT, bob)
    assert "] <b>Anna (you): my answer\n    (Reactions: 👍 🎉 Bob, ❤️ <b>Anna (you))\n" in text
    page = await export(core, tmp_path / "bob.html", ExportFormat.HTML, bob)
    assert "(Reactions: 👍 🎉 Bob, ❤️ &lt;b&gt;Anna (you))" in page
    data = json.loads(await export(core, tmp_path / "bob.json", ExportFormat.JSON, bob))
    message = data["conversations"][0]["messages"][1]
    assert message["name"] == "<b>Anna"
    assert message["reactions"][0] == {"from": "bob@example.net", "emoji": ["👍", "🎉"]}


async def test_an_export_of_many_pages_is_whole(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, *(f"message {number}" for number in range(1203)))
    text = await export(core, tmp_path / "x.txt", ExportFormat.TEXT)
    assert [line.rpartition(" ")[2] for line in text.splitlines()[3:]] == [str(number) for number in range(1203)]


@pytest.mark.parametrize("name", ["no folder/x.txt", "a folder", "a pipe", "n" * 300])
async def test_what_cannot_be_written_is_said_and_leaves_nothing(core: Core, tmp_path: Path, name: str) -> None:
    receive(core, ALICE, "hello")
    (tmp_path / "a folder").mkdir()
    os.mkfifo(tmp_path / "a pipe")
    wish = ExportWish(tmp_path / name, ExportFormat.TEXT, ExportWords())
    with pytest.raises(KnownError) as raised:
        await core.services.offer(Export).write(wish, lambda _done, _total: None)
    assert raised.value.kind is ErrorKind.NOT_ALLOWED
    assert unfinished(tmp_path) == []
    assert (tmp_path / "a pipe").is_fifo()


async def test_a_full_disk_leaves_what_was_there(core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(core, ALICE, "hello")
    path = tmp_path / "x.txt"
    path.write_text("what was there")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("whimbrel.core.export.service.os.fsync", fail)
    with pytest.raises(KnownError) as raised:
        await core.services.offer(Export).write(
            ExportWish(path, ExportFormat.HTML, ExportWords()), lambda _done, _total: None
        )
    assert raised.value.kind is ErrorKind.DISK_FULL
    assert path.read_text() == "what was there"
    assert unfinished(tmp_path) == []


async def test_names_of_files_may_be_as_long_as_they_can(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, "hello")
    path = tmp_path / ("图" * 83 + ".txt")
    stale = path.with_name(f".{path.name[:40]}.unfinished")
    stale.write_text("of a program that was killed")
    assert "hello" in await export(core, path, ExportFormat.TEXT)
    assert unfinished(tmp_path) == []


async def test_an_export_that_is_cancelled_leaves_what_was_there(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, *(f"message {number}" for number in range(1203)))
    path = tmp_path / "x.txt"
    path.write_text("what was there")
    begun = asyncio.Event()
    wish = ExportWish(path, ExportFormat.TEXT, ExportWords())
    with core.database.reader.use(Errand()):  # so that it cannot end before it is cancelled
        writing = asyncio.ensure_future(core.services.offer(Export).write(wish, lambda _d, _t: begun.set()))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    await asyncio.to_thread(core.database.reader.close)  # waits until the thread has let go
    assert path.read_text() == "what was there"
    assert not begun.is_set()


async def test_a_deleted_conversation_is_gone_and_cannot_be_found(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, *(f"secret {number}" for number in range(1, 121)))
    receive(core, BOB, "secret of Bob")
    gone = talk(core, ALICE)
    core.services.conversations.set_draft(gone.id, "half a sentence")
    assert len(await found(core, "secret")) == 50
    told: list[int] = []
    assert await core.services.offer(Deletion).delete_conversation(gone.id, told.append) == 120
    assert told == [50, 100, 120]
    assert await found(core, "secret") == ["secret of Bob"]
    assert [one.conversation.id for one in core.published(ConversationRemoved)] == [gone.id]
    assert len(core.published(MessageRemoved)) == 120
    assert core.database.rows("SELECT * FROM draft") == []
    assert [one.jid for one in core.services.conversations.list_conversations()] == [BOB]
    await core.tasks.wait_all()
    blocks = core.database.rows("SELECT block FROM search_index_data")
    assert not any(b"120" in bytes(block) for (block,) in blocks)


async def test_what_is_older_is_deleted_and_the_rest_stays(core: Core) -> None:
    receive(core, ALICE, "old", "older still")
    alice = talk(core, ALICE)
    core.database.execute("UPDATE message SET time = time - 1000000000000")
    receive(core, ALICE, "new")
    receive(core, BOB, "of Bob")
    deletion = core.services.offer(Deletion)
    moment = datetime.now(UTC) - timedelta(days=1)
    assert await deletion.count(alice.id, moment) == 2
    assert await deletion.count() == 4
    assert await deletion.delete_older(moment, None, lambda _done: None) == 2
    assert [message.body for message in core.services.conversations.latest(alice.id, 10)] == ["new"]
    assert await found(core, "old") == []
    assert core.published(ConversationRemoved) == []


async def test_copies_of_files_go_too_but_nothing_outside(core: Core, tmp_path: Path) -> None:
    receive(core, ALICE, "a picture", "the same picture", "saved elsewhere")
    messages = core.services.conversations.latest(talk(core, ALICE).id, 10)
    receive(core, BOB, "shared")
    shared_message = core.services.conversations.latest(talk(core, BOB).id, 1)[0]
    folder = core.database.folder / "files"
    folder.mkdir()
    mine, shared, outside = folder / "a.png", folder / "b.png", tmp_path.parent / f"{tmp_path.name}-outside.png"
    files = AttachmentStore(core.database)
    for path in (mine, shared, outside):
        path.write_bytes(b"picture")
    for message, path in zip(messages, (mine, shared, outside), strict=True):
        files.add(NewAttachment(message.id, state=AttachmentState.HERE, path=str(path)))
    files.add(NewAttachment(shared_message.id, state=AttachmentState.HERE, path=str(shared)))
    await core.services.offer(Deletion).delete_conversation(talk(core, ALICE).id, lambda _done: None)
    assert (mine.exists(), shared.exists(), outside.exists()) == (False, True, True)
