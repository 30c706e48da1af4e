"""The files and pictures of messages."""

from __future__ import annotations

import json
import os
from collections.abc import Collection

from whimbrel.model.attachment import Attachment, AttachmentId, AttachmentState, NewAttachment
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import MessageId
from whimbrel.storage.database import Database, Row

_NAMES = (
    "id, message_id, position, url, name, media_type, size, width, height, thumbnail, description, hashes, state, path,"
    " error"
)
_COLUMNS = ", ".join(f"attachment.{name.strip()}" for name in _NAMES.split(","))


class AttachmentStore:
    """The table ``attachment``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewAttachment) -> Attachment:
        """Store a file of a message; one that is at its position already is replaced."""
        row = self._database.row(
            f"INSERT OR REPLACE INTO attachment ({_NAMES.removeprefix('id, ')})"
            f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') RETURNING {_NAMES}",
            (
                new.message_id,
                new.position,
                new.url,
                new.name,
                new.media_type,
                new.size,
                new.width,
                new.height,
                new.thumbnail,
                new.description,
                json.dumps(new.hashes),
                new.state.value,
                new.path,
            ),
        )
        return _attachment(_present(row))

    def find_attachment(self, attachment_id: AttachmentId) -> Attachment | None:
        """One file."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM attachment WHERE id = ?", (attachment_id,))
        return _attachment(row) if row else None

    def list_of_messages(self, message_ids: Collection[MessageId]) -> dict[MessageId, list[Attachment]]:
        """The files of messages, in the order of their positions; messages without any are left out."""
        found: dict[MessageId, list[Attachment]] = {}
        for row in self._database.rows_among(
            f"SELECT {_COLUMNS} FROM attachment WHERE message_id IN ({{ids}}) ORDER BY message_id, position",
            message_ids,
        ):
            attachment = _attachment(row)
            found.setdefault(attachment.message_id, []).append(attachment)
        return found

    def list_of_message(self, message_id: MessageId) -> list[Attachment]:
        """The files of one message."""
        return self.list_of_messages([message_id]).get(message_id, [])

    def list_in_conversation(
        self, conversation_id: ConversationId, media_type: str = "", limit: int = -1
    ) -> list[Attachment]:
        """The files of a conversation, the newest first; ``media_type``: what theirs begins with ("image/").

        Where there are few files in all, it is they that are gone through: a long conversation may have none.
        """
        counted = self._database.row("SELECT count(*) FROM (SELECT 1 FROM attachment LIMIT ?)", (_FEW,))
        few = counted is not None and counted[0] < _FEW
        tables = "attachment CROSS JOIN message" if few else "message CROSS JOIN attachment"  # in this order
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM {tables} ON message.id = message_id"
            " WHERE conversation_id = ?1 AND substr(media_type, 1, length(?2)) = ?2"
            " ORDER BY time DESC, message.id DESC, position DESC LIMIT ?3",
            (conversation_id, media_type, limit),
        )
        return [_attachment(row) for row in rows]

    def list_on_the_way(self, state: AttachmentState) -> list[Attachment]:
        """All files in a state that is neither HERE nor REMOTE, the oldest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM attachment WHERE state = ? AND state NOT IN ('remote', 'here') ORDER BY id",
            (state.value,),
        )
        return [_attachment(row) for row in rows]

    def list_paths(self) -> set[str]:
        """Where all local copies lie."""
        return {path for (path,) in self._database.rows("SELECT path FROM attachment WHERE path <> ''")}

    def list_sent_copies(self, folder: str) -> list[tuple[AttachmentId, int]]:
        """The files that a server has and of which a copy lies below a folder, with their bytes; the newest first."""
        rows = self._database.rows(
            "SELECT id, coalesce(size, 0) FROM attachment WHERE state = 'here' AND url <> '' AND path <> ''"
            " AND path > ?1 AND path < ?2 ORDER BY id DESC",
            (folder + os.sep, folder + chr(ord(os.sep) + 1)),
        )
        return [(AttachmentId(attachment_id), size) for attachment_id, size in rows]

    def set_state(
        self, attachment_id: AttachmentId, state: AttachmentState, *, path: str | None = None, error: str = ""
    ) -> Attachment:
        """Write where a file is (``path`` None: as before); raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE attachment SET state = ?, path = coalesce(?, path), error = ? WHERE id = ? RETURNING {_NAMES}",
            (state.value, path, error, attachment_id),
        )
        return _attachment(_present(row))

    def set_uploaded(self, attachment_id: AttachmentId, url: str) -> Attachment:
        """The server has a file of ours, at an address; raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE attachment SET state = 'here', url = ?, error = '' WHERE id = ? RETURNING {_NAMES}",
            (url, attachment_id),
        )
        return _attachment(_present(row))

    def set_measures(
        self, attachment_id: AttachmentId, *, size: int | None, width: int | None, height: int | None
    ) -> Attachment:
        """Write what a file really measures (None: as before); raises LookupError where it is gone."""
        row = self._database.row(
            "UPDATE attachment SET size = coalesce(?, size), width = coalesce(?, width), height = coalesce(?, height)"
            f" WHERE id = ? RETURNING {_NAMES}",
            (size, width, height, attachment_id),
        )
        return _attachment(_present(row))

    def set_thumbnail(self, attachment_id: AttachmentId, thumbnail: bytes) -> Attachment:
        """Write the small picture that came later than its message; raises LookupError where the file is gone."""
        row = self._database.row(
            f"UPDATE attachment SET thumbnail = ? WHERE id = ? RETURNING {_NAMES}", (thumbnail, attachment_id)
        )
        return _attachment(_present(row))

    def remove_of_message(self, message_id: MessageId) -> list[Attachment]:
        """A message's files are not known any more (it was retracted). Returns them: their copies lie on disk still."""
        rows = self._database.rows(f"DELETE FROM attachment WHERE message_id = ? RETURNING {_NAMES}", (message_id,))
        return [_attachment(row) for row in rows]


_FEW = 4_000


def _present(row: Row | None) -> Row:
    if row is None:
        raise LookupError("the attachment is gone")
    return row


def _attachment(row: Row) -> Attachment:
    attachment_id, message_id, *told, thumbnail, description, hashes, state, path, error = row
    position, url, name, media_type, size, width, height = told
    return Attachment(
        AttachmentId(attachment_id),
        MessageId(message_id),
        position,
        url,
        name,
        media_type,
        size,
        width,
        height,
        bytes(thumbnail),
        description,
        tuple((str(algorithm), str(value)) for algorithm, value in json.loads(hashes)),
        AttachmentState(state),
        path,
        error,
    )
