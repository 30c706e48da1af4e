"""The index over what messages say and what their files are called.

Triggers note in ``search_pending`` what changed, and take out of the index at once what was changed, retracted or
removed, so that index and messages cannot drift apart. What is noted is taken in by portions, later and all the same
after a crash: a single message would make a segment of its own, and that costs more than the message. No portion waits
for the disk: after a power cut the last ones are taken in once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from whimbrel.model.conversation import ConversationId
from whimbrel.model.search import Hit, Hits, Place, SearchQuery
from whimbrel.storage.columns import from_time
from whimbrel.storage.database import Database
from whimbrel.storage.messages import COLUMNS, to_message
from whimbrel.storage.reader import Errand, Reader
from whimbrel.storage.segments import phrase, segment

_UNIT = 1_000  # microseconds: one place in each millisecond
_SPANS = (64, 4096)  # places that are looked at together for the next free one
_LONGEST = 20_000  # characters of a message that are taken in
_MERGE_PAGES = 10  # of 4 KiB, written in one portion
_FILE, _LINK = "f", "l"
_LINKS = ("http://", "https://", "xmpp:", "mailto:")
_MOST_CONVERSATIONS = 200


class Waiting(NamedTuple):
    """How much is not in the index yet, in messages: what changed, and what was there before the index."""

    pending: int
    backlog: int


class SearchIndex:
    """Takes messages in. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Waiting:
        """How much waits; of what was there before, ids are counted, whether they still exist or not."""
        row = self._database.row("SELECT (SELECT count(*) FROM search_pending), backlog FROM search_state")
        return Waiting(row[0], row[1]) if row else Waiting(0, 0)

    def take_in_pending(self, most: int) -> int:
        """Take in what changed, at most so many messages, as they came in; returns how many that were."""
        with self._database.transaction(durable=False):
            ids = self._ids("SELECT message_id FROM search_pending ORDER BY message_id LIMIT ?", (most,))
            if ids:
                self._take_in(ids)
                self._database.execute(f"DELETE FROM search_pending WHERE message_id IN ({_marks(ids)})", ids)
                self._merge(_MERGE_PAGES)
        return len(ids)

    def take_in_backlog(self, most: int) -> int:
        """Take in what was there before the index, the newest first; returns how many messages that were."""
        with self._database.transaction(durable=False):
            ids = self._ids(  # the bound as a value: else every message that is taken in already would be looked at
                "SELECT id FROM message WHERE id <= (SELECT backlog FROM search_state) ORDER BY id DESC LIMIT ?",
                (most,),
            )
            if ids:
                self._take_in(ids)
                self._merge(_MERGE_PAGES)
            self._database.execute("UPDATE search_state SET backlog = ?", (min(ids) - 1 if ids else 0,))
        return len(ids)

    def merge(self) -> bool:
        """Bring parts of the index together, a little at a time; returns whether there was something to be done."""
        with self._database.transaction(durable=False):
            return self._merge(_MERGE_PAGES)

    def request_purge(self) -> None:
        """What was removed from the index is to leave the file too."""
        self._database.execute("UPDATE search_state SET purge = 1")

    def purge(self) -> bool:
        """Write the index anew without what was removed, a little at a time; False once that is done."""
        row = self._database.row("SELECT purge FROM search_state")
        if row is None or not row[0]:
            return False
        with self._database.transaction(durable=False):
            if row[0] == 1:  # the first of several steps: all parts are to become one
                going = self._merge(-_MERGE_PAGES)
                self._database.execute("UPDATE search_state SET purge = 2")
            else:
                going = self._merge(_MERGE_PAGES)
            if not going:
                self._database.execute("UPDATE search_state SET purge = 0")
        return going

    def _merge(self, pages: int) -> bool:
        before = self._database.row("SELECT total_changes()")
        self._database.execute("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (pages,))
        after = self._database.row("SELECT total_changes()")
        return before is not None and after is not None and after[0] - before[0] >= 2

    def _ids(self, sql: str, parameters: Sequence[object]) -> list[int]:
        return [row[0] for row in self._database.rows(sql, parameters)]

    def _take_in(self, ids: list[int]) -> None:
        """Write documents, in ascending order of their places: FTS5 begins another part with each step back."""
        known = f"SELECT id FROM search_document WHERE message_id IN ({_marks(ids)})"
        self._database.execute(f"DELETE FROM search_index WHERE rowid IN ({known})", ids)
        self._database.execute(f"DELETE FROM search_document WHERE message_id IN ({_marks(ids)})", ids)
        rows = self._database.rows(
            "SELECT time, id, conversation_id, body, (SELECT group_concat(name || ' ' || description, ' ')"
            f" FROM attachment WHERE message_id = message.id) FROM message WHERE id IN ({_marks(ids)})"
            " AND NOT retracted ORDER BY time, id",
            ids,
        )
        placed = []
        for time, message_id, *said in rows:
            place = self._free_place(time // _UNIT)
            self._database.execute("INSERT INTO search_document VALUES (?, ?)", (place, message_id))
            placed.append((place, *_document(*said)))
        for document in sorted(placed):
            self._database.execute("INSERT INTO search_index (rowid, words, tags) VALUES (?, ?, ?)", document)

    def _free_place(self, wanted: int) -> int:
        """The place of a time, or where that is taken, one soon after it."""
        row = self._database.row("SELECT 1 FROM search_document WHERE id = ?", (wanted,))
        span = 0
        while row is not None and row[0] is not None:
            width = _SPANS[min(span, len(_SPANS) - 1)]
            row = self._database.row(
                "SELECT max(id) FROM search_document WHERE id BETWEEN ? AND ?", (wanted, wanted + width - 1)
            )
            if row is None or row[0] is None:
                break
            wanted, span = row[0] + 1, span + 1
            row = self._database.row("SELECT 1 FROM search_document WHERE id = ?", (wanted,))
        return wanted


class SearchReader:
    """Finds messages, on a connection of its own: from any thread, one at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def find(self, query: SearchQuery, limit: int, before: Place | None, errand: Errand) -> Hits:
        """The newest messages that a query finds, older than a place where one is given.

        Raises:
            Interrupted: the errand was given up.
            KnownError: as :meth:`Database.transaction` does.
        """
        sql, parameters = _statement(query, before)
        if not sql:
            return Hits(())
        with self._reader.use(errand):
            rows = self._reader.rows(sql, (*parameters, limit + 1))
            names = self._names([row[1] for row in rows[:limit]])
        hits = tuple(
            Hit(Place(place), to_message((message_id, *rest)), names.get(message_id, ()))
            for place, message_id, *rest in rows[:limit]
        )
        newest_first = sorted(hits, key=lambda hit: (hit.message.time, hit.message.id), reverse=True)
        return Hits(tuple(newest_first), more=len(rows) > limit)

    def _names(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for message_id, name in self._reader.rows(
            f"SELECT message_id, name FROM attachment WHERE message_id IN ({_marks(ids)}) AND name <> ''"
            " ORDER BY message_id, position",
            ids,
        ):
            found[message_id] = (*found.get(message_id, ()), name)
        return found


def _document(conversation_id: int, body: str, files: str | None) -> tuple[str, str]:
    """What the index takes of a message: its words, and what filters ask for.

    Nothing that half of all messages have: FTS5 merges all places of a word in one step, however many there are.
    """
    tags = [f"c{conversation_id}"]
    if files is not None:
        tags.append(_FILE)
    lowered = body[:_LONGEST].lower()
    if any(link in lowered for link in _LINKS):
        tags.append(_LINK)
    return segment(body[:_LONGEST] if files is None else f"{body[:_LONGEST]}\n{files[:_LONGEST]}"), " ".join(tags)


def _statement(query: SearchQuery, before: Place | None) -> tuple[str, tuple[object, ...]]:
    """The statement for a query; "" where it can find nothing."""
    matched = _expression(query)
    if matched is None:
        return "", ()
    bounds: list[tuple[str, int]] = []
    if before is not None:
        bounds.append(("<", before))
    if query.before is not None:
        bounds.append(("<", from_time(query.before) // _UNIT))
    if query.after is not None:
        bounds.append((">=", from_time(query.after) // _UNIT))
    columns = ", ".join(f"message.{name.strip()}" for name in COLUMNS.split(","))
    source, key = (
        "search_index CROSS JOIN search_document ON search_document.id = search_index.rowid",
        "search_index.rowid",
    )
    if not matched:
        source, key = "search_document", "search_document.id"
    conditions = [*(["search_index MATCH ?"] if matched else []), *(f"{key} {sign} ?" for sign, _ in bounds)]
    said_by = [] if query.direction is None else [query.direction.value]
    conditions += ["message.direction = ?" for _ in said_by]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = (
        f"SELECT search_document.id, {columns} FROM {source}"
        f" CROSS JOIN message ON message.id = search_document.message_id{where} ORDER BY {key} DESC LIMIT ?"
    )
    return sql, (*([matched] if matched else []), *(value for _, value in bounds), *said_by)


def _expression(query: SearchQuery) -> str | None:
    """A query as FTS5 takes it; "" where it is only about times and who speaks, None where it can find nothing."""
    wanted = []
    for term in query.terms:
        if not (words := phrase(term.text, prefix=term.prefix)):
            return None
        wanted.append(f"words : {words}")
    if query.conversations is not None:
        if not query.conversations:
            return None
        wanted.append(_any_of(query.conversations))
    wanted += [f"tags : {tag}" for tag, asked in ((_FILE, query.has_file), (_LINK, query.has_link)) if asked]
    return " AND ".join(wanted)


def _any_of(conversations: Iterable[ConversationId]) -> str:
    return "(" + " OR ".join(f"tags : c{number}" for number in sorted(conversations)[:_MOST_CONVERSATIONS]) + ")"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
