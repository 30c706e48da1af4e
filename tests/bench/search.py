"""Searching 1,000,000 messages, a tenth of them Chinese: the first 50 hits; and what the index costs."""

from __future__ import annotations

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, percentile
from tests.bench.world import World
from whimbrel.model.account import ConnectionSettings
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction
from whimbrel.model.search import SearchQuery, Term
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.reader import Errand
from whimbrel.storage.search import SearchIndex, SearchReader

_COUNT = 1_000_000
_CONVERSATIONS = 300
_KEY = bytes(range(32))
_ROUNDS = 60
_PORTION = 24
_HITS = 50
_RECEIVED = 2_000


class Writer:
    """Makes up what people write: words and characters as frequent as in languages (Zipf)."""

    def __init__(self) -> None:
        self._random = random.Random(4)
        letters = "etaoinshrdlucmfwypvbgkjqxz"
        self.words = ["".join(self._random.choices(letters, k=self._random.randint(2, 9))) for _ in range(40_000)]
        self.characters = [chr(0x4E00 + number) for number in range(3_000)]
        self._word_weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self._character_weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(self.characters))))

    def body(self, number: int) -> str:
        """The body of a message; every tenth is Chinese."""
        if number % 10 == 0:
            length = self._random.randint(4, 24)
            return "".join(self._random.choices(self.characters, cum_weights=self._character_weights, k=length))
        length = self._random.randint(2, 16)
        return " ".join(self._random.choices(self.words, cum_weights=self._word_weights, k=length))


def run(world: World) -> Iterator[Figure]:
    """On the real schema and stores, encrypted; each search on the reader's own connection."""
    with tempfile.TemporaryDirectory(prefix="whimbrel-bench-") as folder:
        path = Path(folder) / "history.db"
        database, writer = Database.open(path, _KEY), Writer()
        ids = _write(database, writer)
        before = _size(database, path)
        turns, seconds = _index(database)
        grown = _size(database, path) - before
        note = f"{seconds / _COUNT * 1e6:.0f} µs a message; {grown / _COUNT:.0f} bytes a message"
        note += f" beside {before / _COUNT:.0f}; longest {max(turns):.0f} ms"
        yield Figure("search: one portion taken in, p99", percentile(turns, 0.99), "ms", 16, note=note)
        yield from _searches(database, writer, ids)
        yield _receiving(database, ids[0])
        database.close()


def _write(database: Database, writer: Writer) -> list[int]:
    """The messages, as they were before there was an index; over five years, in 300 conversations."""
    account = AccountStore(database).add_account(JID.parse("me@example.org"), ConnectionSettings(), True)
    conversations = ConversationStore(database)
    ids = [
        int(conversations.get_conversation(account.id, JID.parse(f"of{number}@example.org")).id)
        for number in range(_CONVERSATIONS)
    ]
    moment = 1_600_000_000_000_000
    for start in range(0, _COUNT, 10_000):
        with database.transaction():
            for number in range(start, start + 10_000):
                moment += random.randint(1, 300_000_000)
                _add(database, account.id, ids[number % _CONVERSATIONS], writer.body(number), moment, number % 3 == 0)
    database.execute("DELETE FROM search_pending")
    database.execute("UPDATE search_state SET backlog = (SELECT max(id) FROM message)")
    return ids


def _add(database: Database, account_id: int, conversation_id: int, body: str, moment: int, outgoing: bool) -> None:
    direction, state = ("out", "sent") if outgoing else ("in", "received")
    database.execute(
        "INSERT INTO message (account_id, conversation_id, direction, sender, body, time, state, wire_id)"
        " VALUES (?, ?, ?, 'someone@example.org/phone', ?, ?, ?, ?)",
        (account_id, conversation_id, direction, body, moment, state, f"{moment:x}"),
    )


def _index(database: Database) -> tuple[list[float], float]:
    """Take in all messages by portions; how long each took in milliseconds, and all in seconds."""
    index, turns = SearchIndex(database), []
    began = time.perf_counter()
    taken = _PORTION
    while taken:
        turn = time.perf_counter()
        taken = index.take_in_backlog(_PORTION)
        turns.append((time.perf_counter() - turn) * 1000)
        if len(turns) % 8 == 0:
            database.reader.checkpoint(Errand())  # in a thread of its own, in the program
    return turns, time.perf_counter() - began


def _searches(database: Database, writer: Writer, ids: list[int]) -> Iterator[Figure]:
    common, rare = writer.words[:20], writer.words[-2_000::100]
    pairs = ["".join(pair) for pair in itertools.permutations(writer.characters[:6], 2)][:20]
    two_rare = ["".join(writer.characters[number : number + 2]) for number in range(1_000, 2_000, 50)]
    here = frozenset({ids[7]})
    for name, queries in (
        ("a common word", [SearchQuery((Term(word),)) for word in common]),
        ("a rare word", [SearchQuery((Term(word),)) for word in rare]),
        ("two Chinese characters, common", [SearchQuery((Term(pair),)) for pair in pairs]),
        ("two Chinese characters, rare", [SearchQuery((Term(pair),)) for pair in two_rare]),
        ("one Chinese character", [SearchQuery((Term(one),)) for one in writer.characters[:20]]),
        ("a common word being typed", [SearchQuery((Term(word, prefix=True),)) for word in common]),
        ("a common word in one conversation", [SearchQuery((Term(word),), here) for word in common]),
        ("a common word of one's own", [SearchQuery((Term(word),), direction=Direction.OUT) for word in common]),
        ("two common words", [SearchQuery((Term(a), Term(b))) for a, b in itertools.pairwise(common)]),
    ):
        times, found = _time(database, queries)
        note = f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms; {found:.0f} hits"
        yield Figure(f"search: {name}, p95", percentile(times, 0.95), "ms", 50, note=note)


def _time(database: Database, queries: list[SearchQuery]) -> tuple[list[float], float]:
    reader, times, found = SearchReader(database.reader), [], []
    for number in range(_ROUNDS):
        began = time.perf_counter()
        hits = reader.find(queries[number % len(queries)], _HITS, None, Errand())
        times.append((time.perf_counter() - began) * 1000)
        found.append(len(hits.hits))
    return times, statistics.mean(found)


def _receiving(database: Database, conversation_id: int) -> Figure:
    """What the trigger adds to storing a message, in runs of 32 as they are received; in turns with none."""
    times: dict[bool, list[float]] = {True: [], False: []}
    trigger = database.rows("SELECT sql FROM sqlite_schema WHERE name = 'search_message_added'")[0][0]
    moment = 1_900_000_000_000_000
    for part in range(_RECEIVED * 2 // 32):
        noted = part % 2 == 0
        if not noted:
            database.execute("DROP TRIGGER search_message_added")
        began = time.perf_counter()
        with database.transaction():
            for _ in range(32):
                moment += 1_000_000
                _add(database, 1, conversation_id, "some words of a message that was received", moment, False)
        times[noted].append((time.perf_counter() - began) / 32 * 1e6)
        if not noted:
            database.execute(trigger)
    with_index, without = (statistics.median(times[noted]) for noted in (True, False))
    note = f"{with_index:.0f} and {without:.0f} µs a message"
    return Figure("search: added to receiving a message", with_index - without, "µs", 30, note=note)


def _size(database: Database, path: Path) -> int:
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size
