"""The index on a real history: what is found, what is not any more, and that it cannot drift."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.storage.conftest import KEY, NOON, History
from whimbrel.model.attachment import NewAttachment
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction
from whimbrel.model.search import SearchQuery, Term
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.reader import Errand, Interrupted, Reader
from whimbrel.storage.search import SearchIndex, SearchReader


def take_in(database: Database) -> None:
    """Take everything in, in the smallest portions that there may be."""
    index = SearchIndex(database)
    while index.take_in_pending(3):
        pass
    while index.take_in_backlog(3):
        pass


def find(history: History, query: SearchQuery, limit: int = 50) -> list[str]:
    """The bodies of what is found, as it comes."""
    take_in(history.database)
    hits = SearchReader(history.database.reader).find(query, limit, None, Errand())
    return [hit.message.body for hit in hits.hits]


def words(history: History, *texts: str, prefix: bool = False) -> list[str]:
    """What contains these words."""
    return find(history, SearchQuery(tuple(Term(text, prefix) for text in texts)))


@pytest.mark.parametrize(
    ("body", "found", "not_found"),
    [
        ("Wir gehen ins Café", ["café", "CAFE", "Cafe\u0301", "ins café"], ["caf", "kaffee"]),
        (
            "今天我们去图书馆看书",
            ["图书", "图书馆", "今天", "书", "看书", "今", "去图书馆看"],
            ["书图", "明天", "馆图", "明"],
        ),
        ("東京タワーへ行きました", ["東京", "タワー", "行き", "へ", "東", "ました", "ﾀﾜｰ"], ["京東", "大阪"]),
        ("用Qt写程序", ["Qt", "程序", "写", "qt写程序", "程"], ["序程"]),
        ("안녕하세요 여러분", ["안녕", "하세요", "여러분"], ["분여"]),
        ("see https://example.org/a-b?c=1", ["example.org", "a-b", "see"], ["example.net"]),
        ("Straße ＡＢＣ ½", ["straße", "abc"], ["strasse x"]),
        ("👍🏽", ["👍", "👍🏿"], ["👎", "👍👍", "🏽"]),
        ("gut👍 so ❤️", ["👍", "gut👍", "gut", "❤", "❤\ufe0f", "so ❤"], ["👍❤", "❤ so"]),
        ("好的👌图书", ["👌", "的👌", "👌图书", "好的"], ["好👌"]),
        ("🇩🇪 👩🏽‍💻 1️⃣", ["🇩🇪", "👩‍💻", "1️⃣"], ["🇫🇷", "👩", "🇩", "1"]),
    ],
)
def test_words_are_found_in_every_writing(history: History, body: str, found: list[str], not_found: list[str]) -> None:
    history.add(body)
    history.add("something else")
    assert {text: words(history, text) for text in found} == {text: [body] for text in found}
    assert {text: words(history, text) for text in not_found} == {text: [] for text in not_found}


def test_beginnings_and_several_words(history: History) -> None:
    history.add("the wonderful garden", 1)
    history.add("a garden gnome", 2)
    assert words(history, "gard", prefix=True) == ["a garden gnome", "the wonderful garden"]
    assert words(history, "gard") == []
    assert words(history, "garden", "wonderful") == ["the wonderful garden"]
    assert words(history, "garden gnome") == ["a garden gnome"]
    assert words(history, "gnome garden") == []
    assert words(history, "garden gn", prefix=True) == ["a garden gnome"]
    history.add("she writes programs 👩‍💻", 3)
    assert words(history, "👩", prefix=True) == ["she writes programs 👩‍💻"]


@pytest.mark.parametrize(
    "text", ['"', "*", "AND", 'a" OR "b', "words : x", "NEAR(a b)", "-", "\0", "😀", "😀*", "\ue000", "a*b^c", "'"]
)
def test_what_is_typed_is_never_taken_for_a_command(history: History, text: str) -> None:
    history.add("nothing of the kind")
    assert words(history, text) == []


def test_the_newest_come_first_however_they_came_in(history: History) -> None:
    for second in (5, 1, 9, 3, 7):
        history.add(f"word {second}", second)
    history.add("word, at the same time as another", 9)
    assert [body[:6] for body in words(history, "word")] == ["word, ", "word 9", "word 7", "word 5", "word 3", "word 1"]


def test_many_of_one_moment_all_have_their_places_and_keep_their_order(history: History) -> None:
    for number in range(300):
        history.add(f"word {number}", 1 + number / 1_000_000)
    query = SearchQuery((Term("word"),))
    assert find(history, query, 8) == [f"word {number}" for number in range(299, 291, -1)]
    assert len(set(find(history, query, 400))) == 300


def test_pages_follow_one_another(history: History) -> None:
    for second in range(5):
        history.add(f"word {second}", second)
    take_in(history.database)
    reader, query = SearchReader(history.database.reader), SearchQuery((Term("word"),))
    first = reader.find(query, 3, None, Errand())
    second = reader.find(query, 3, first.end, Errand())
    assert [hit.message.body[-1] for hit in first.hits] == ["4", "3", "2"]
    assert first.more
    assert [hit.message.body[-1] for hit in second.hits] == ["1", "0"]
    assert not second.more


def test_s7_a_correction_is_found_and_its_old_words_are_not(history: History) -> None:
    message = history.add("the old words")
    assert words(history, "old")
    MessageStore(history.database).set_body(message.id, "the new words")
    assert words(history, "old") == []
    assert words(history, "new") == ["the new words"]


def test_s8_a_retracted_message_is_not_found_at_once(history: History) -> None:
    message = history.add("my secret")
    assert words(history, "secret")
    MessageStore(history.database).set_retracted(message.id)
    reader = SearchReader(history.database.reader)
    assert reader.find(SearchQuery((Term("secret"),)), 50, None, Errand()).hits == ()  # before anything is taken in
    assert words(history, "secret") == []
    assert find(history, SearchQuery(conversations=frozenset({history.conversation.id}))) == []


def test_s8_a_deleted_message_is_not_found_nor_is_anything_left_of_it(history: History) -> None:
    message = history.add("my secret")
    history.add("another")
    assert words(history, "secret")
    MessageStore(history.database).remove_message(message.id)
    reader = SearchReader(history.database.reader)
    assert reader.find(SearchQuery((Term("secret"),)), 50, None, Errand()).hits == ()
    index = SearchIndex(history.database)
    assert b"secret" in contents(history.database)  # FTS5 only notes that it is gone …
    index.request_purge()
    while index.purge():
        pass
    assert b"secret" not in contents(history.database)  # … until its parts are brought together
    assert words(history, "another") == ["another"]


def contents(database: Database) -> bytes:
    """All that the index has written."""
    return b"".join(bytes(row[0]) for row in database.rows("SELECT block FROM search_index_data"))


def test_a_conversation_that_is_removed_takes_its_words_along(history: History) -> None:
    history.add("my secret")
    take_in(history.database)
    history.add("and one that is not taken in yet")
    history.database.execute("DELETE FROM conversation WHERE id = ?", (history.conversation.id,))
    assert history.database.rows("SELECT * FROM search_document") == []
    assert SearchIndex(history.database).waiting() == (0, 0)
    assert words(history, "secret") == []


def test_files_are_found_by_name_and_by_having_one(history: History) -> None:
    message = history.add("look at this", 1)
    history.add("report, but no file", 2)
    take_in(history.database)
    files = AttachmentStore(history.database)
    files.add(NewAttachment(message.id, url="https://example.org/x", name="年度报告 report.pdf"))
    assert words(history, "报告") == ["look at this"]
    assert words(history, "report", "pdf") == ["look at this"]
    assert find(history, SearchQuery(has_file=True)) == ["look at this"]
    hit = SearchReader(history.database.reader).find(SearchQuery((Term("报告"),)), 50, None, Errand()).hits[0]
    assert hit.files == ("年度报告 report.pdf",)
    files.remove_of_message(message.id)
    assert words(history, "报告") == []
    assert words(history, "look") == ["look at this"]


def test_filters(history: History) -> None:
    other = ConversationStore(history.database).get_conversation(history.account.id, JID.parse("nurse@capulet.example"))
    history.add("word one", 0)
    history.add("word two http://example.org", 3600)
    history.add("word three", 7200, direction=Direction.OUT)
    history.add("word four", 10800, conversation_id=other.id)
    query = SearchQuery((Term("word"),))
    everything = SearchQuery(conversations=frozenset({other.id, history.conversation.id}))
    hour = timedelta(hours=1)

    def found(asked: SearchQuery) -> list[str]:
        return [body.split()[1] for body in find(history, asked)]

    assert found(replace(query, has_link=True)) == ["two"]
    assert found(replace(query, direction=Direction.OUT)) == ["three"]
    assert found(replace(query, direction=Direction.IN)) == ["four", "two", "one"]
    assert found(SearchQuery(direction=Direction.OUT)) == ["three"]
    assert found(replace(query, conversations=frozenset({other.id}))) == ["four"]
    assert found(replace(query, conversations=frozenset())) == []
    assert found(replace(query, before=NOON + hour)) == ["one"]
    assert found(replace(query, after=NOON + 2 * hour)) == ["four", "three"]
    assert found(SearchQuery(after=NOON + hour, before=NOON + 3 * hour)) == ["three", "two"]
    assert found(everything) == ["four", "three", "two", "one"]


def test_what_was_there_before_is_taken_in_by_portions_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = History.create(path, KEY)
    for number in range(10):
        history.add(f"word {number}", number)
    history.database.execute("DELETE FROM search_pending")  # as a history that is older than the index
    history.database.execute("UPDATE search_state SET backlog = (SELECT max(id) FROM message)")
    index = SearchIndex(history.database)
    assert index.take_in_backlog(4) == 4
    history.database.close()  # nothing else is written
    database = Database.open(path, KEY)
    index = SearchIndex(database)
    assert index.waiting().backlog == 6
    while index.take_in_backlog(4):
        pass
    hits = SearchReader(database.reader).find(SearchQuery((Term("word"),)), 50, None, Errand())
    assert [hit.message.body for hit in hits.hits] == [f"word {number}" for number in reversed(range(10))]
    assert index.waiting() == (0, 0)
    database.close()


def test_an_errand_that_was_given_up_ends(history: History) -> None:
    errand = Errand()
    history.database.reader.give_up(errand)
    with pytest.raises(Interrupted):
        SearchReader(history.database.reader).find(SearchQuery((Term("word"),)), 50, None, errand)


def test_a_long_errand_is_interrupted_and_the_next_one_works(history: History) -> None:
    history.add("word")
    take_in(history.database)
    reader, errand = history.database.reader, Errand()

    def wait_and_give_up() -> None:
        started.wait()
        while not done.is_set():
            reader.give_up(errand)

    started, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=wait_and_give_up)
    thread.start()
    with pytest.raises(Interrupted):
        count(reader, errand, started)
    done.set()
    thread.join()
    assert words(history, "word") == ["word"]


def count(reader: Reader, errand: Errand, started: threading.Event) -> None:
    """Count for ever."""
    with reader.use(errand):
        started.set()
        reader.rows("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
