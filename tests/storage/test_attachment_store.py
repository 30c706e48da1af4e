"""The files of messages, as they are kept."""

from collections.abc import Sequence

import pytest

from tests.storage.conftest import History
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.database import Row
from whimbrel.storage.deletion import DeletionStore
from whimbrel.storage.messages import MessageStore


def test_a_file_comes_back_whole_and_goes_with_its_message(history: History) -> None:
    store, message = AttachmentStore(history.database), history.add()
    new = NewAttachment(
        message.id, 1, "https://u.example/a", "ä.jpg", "image/jpeg", 5, 3, 4, b"\0\xff", "Katze", (("sha-256", "aa="),)
    )
    stored = store.add(new)
    assert store.find_attachment(stored.id) == stored
    assert all(getattr(stored, name) == getattr(new, name) for name in new.__dataclass_fields__)
    MessageStore(history.database).remove_message(message.id)
    assert store.find_attachment(stored.id) is None


def test_files_are_listed_by_their_message_and_the_newest_of_a_conversation_first(history: History) -> None:
    store = AttachmentStore(history.database)
    first, second, bare = history.add("a", 0), history.add("b", 1), history.add("c", 2)
    later = store.add(NewAttachment(second.id, 0, "u", media_type="image/png"))
    two = [store.add(NewAttachment(first.id, n, "u", media_type=kind)) for n, kind in ((1, "text/a"), (0, "image/b"))]
    assert store.list_of_messages([first.id, second.id, bare.id]) == {first.id: two[::-1], second.id: [later]}
    assert store.list_in_conversation(history.conversation.id, "image/") == [later, two[1]]
    assert store.list_in_conversation(history.conversation.id, limit=2) == [later, two[0]]


def test_what_becomes_of_a_file_is_written(history: History) -> None:
    store = AttachmentStore(history.database)
    stored = store.add(NewAttachment(history.add().id, state=AttachmentState.WAITING, path="/a"))
    assert store.list_on_the_way(AttachmentState.WAITING) == [stored]
    failed = store.set_state(stored.id, AttachmentState.FAILED, error="why")
    assert (failed.path, failed.error) == ("/a", "why")
    there = store.set_uploaded(stored.id, "https://u.example/a")
    assert (there.state, there.url, there.error) == (AttachmentState.HERE, "https://u.example/a", "")
    assert store.set_measures(stored.id, size=9, width=None, height=None).size == 9
    assert store.remove_of_message(stored.message_id)[0].id == stored.id
    with pytest.raises(LookupError):
        store.set_state(stored.id, AttachmentState.HERE)


def test_copies_below_a_folder_are_found(history: History) -> None:
    store = AttachmentStore(history.database)
    paths = ["/up/a/x.jpg", "/up/b/x.jpg", "/up2/x.jpg", "/uo/x.jpg", ""]
    made = [
        store.add(NewAttachment(history.add().id, url="u", size=7, state=AttachmentState.HERE, path=path))
        for path in paths
    ]
    store.add(NewAttachment(history.add().id, state=AttachmentState.WAITING, path="/up/c/x.jpg"))
    assert store.list_sent_copies("/up") == [(made[1].id, 7), (made[0].id, 7)]
    assert store.list_paths() == {*paths[:4], "/up/c/x.jpg"}


def test_copies_are_found_without_going_through_all_rows(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row has a thumbnail: with some thousand of them the program stood still whenever a message went."""
    asked: list[tuple[str, Sequence[object]]] = []

    def rows(sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        asked.append((sql, parameters))
        return []

    def row(sql: str, parameters: Sequence[object] = ()) -> None:
        rows(sql, parameters)

    explain, store = history.database.rows, AttachmentStore(history.database)
    monkeypatch.setattr(history.database, "rows", rows)
    monkeypatch.setattr(history.database, "row", row)
    store.list_paths()
    store.list_sent_copies("/up")
    store.list_on_the_way(AttachmentState.FETCHING)
    DeletionStore(history.database).is_used("/up/a")
    plans = [explain(f"EXPLAIN QUERY PLAN {sql}", parameters) for sql, parameters in asked]
    assert len(plans) == 4
    assert all("INDEX attachment_by_" in str(plan[0][3]) for plan in plans), plans
