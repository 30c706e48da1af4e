"""The files of messages, as they are kept."""

import pytest

from tests.storage.conftest import History
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.storage.attachments import AttachmentStore
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
    assert store.list_in_state(AttachmentState.WAITING) == [stored]
    failed = store.set_state(stored.id, AttachmentState.FAILED, error="why")
    assert (failed.path, failed.error) == ("/a", "why")
    there = store.set_uploaded(stored.id, "https://u.example/a")
    assert (there.state, there.url, there.error) == (AttachmentState.HERE, "https://u.example/a", "")
    assert store.set_measures(stored.id, size=9, width=None, height=None).size == 9
    assert store.remove_of_message(stored.message_id)[0].id == stored.id
    with pytest.raises(LookupError):
        store.set_state(stored.id, AttachmentState.HERE)
