"""What was begun and not sent: texts, corrections, answers, chosen files."""

from __future__ import annotations

from collections.abc import Sequence

from whimbrel.model.conversation import ConversationId
from whimbrel.model.draft import DraftEdit, DraftFile, FileCopy
from whimbrel.model.message import MessageId
from whimbrel.storage.database import Database

_EDIT, _ANSWER = "edit", "answer"


class DraftStore:
    """The tables ``draft``, ``draft_message`` and ``draft_file``. Its methods raise KnownError as
    :meth:`Database.transaction` does; none keeps anything of a conversation that is gone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_draft(self, conversation_id: ConversationId) -> str:
        """The draft of a conversation, or nothing."""
        row = self._database.row("SELECT body FROM draft WHERE conversation_id = ?", (conversation_id,))
        return str(row[0]) if row else ""

    def set_draft(self, conversation_id: ConversationId, text: str) -> None:
        """Keep a draft; an empty one is removed."""
        if text:
            self._database.execute(
                "INSERT OR REPLACE INTO draft (conversation_id, body) SELECT id, ? FROM conversation WHERE id = ?",
                (text, conversation_id),
            )
        else:
            self._database.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))

    def find_edit(self, conversation_id: ConversationId) -> DraftEdit | None:
        """The correction that is being written."""
        row = self._find_message(conversation_id, _EDIT)
        return DraftEdit(*row) if row else None

    def set_edit(self, conversation_id: ConversationId, edit: DraftEdit | None) -> None:
        """Keep a correction; None removes it. None is kept of a message that is gone."""
        self._set_message(conversation_id, _EDIT, edit)

    def find_answered(self, conversation_id: ConversationId) -> MessageId | None:
        """The message that is being answered."""
        row = self._find_message(conversation_id, _ANSWER)
        return row[0] if row else None

    def set_answered(self, conversation_id: ConversationId, message_id: MessageId | None) -> None:
        """Keep which message is being answered; None: none is."""
        self._set_message(conversation_id, _ANSWER, None if message_id is None else DraftEdit(message_id, ""))

    def list_files(self, conversation_id: ConversationId) -> list[DraftFile]:
        """The files that were chosen, in their order."""
        rows = self._database.rows(
            "SELECT source, name, smaller, path, media_type, size, sha256, width, height, thumbnail FROM draft_file"
            " WHERE conversation_id = ? ORDER BY position",
            (conversation_id,),
        )
        return [
            DraftFile(source, name, FileCopy(*copy) if copy[0] else None, bool(smaller))
            for source, name, smaller, *copy in rows
        ]

    def set_files(self, conversation_id: ConversationId, files: Sequence[DraftFile]) -> None:
        """Keep which files were chosen, instead of those before."""
        none = FileCopy("", "", 0)
        with self._database.transaction():
            self._database.execute("DELETE FROM draft_file WHERE conversation_id = ?", (conversation_id,))
            for position, file in enumerate(files):
                copy = file.copy or none
                self._database.execute(
                    "INSERT INTO draft_file (conversation_id, position, source, name, smaller, path, media_type, size,"
                    " sha256, width, height, thumbnail) SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM conversation"
                    " WHERE id = ?",
                    (
                        position,
                        file.source,
                        file.name,
                        int(file.smaller),
                        copy.path,
                        copy.media_type,
                        copy.size,
                        copy.sha256,
                        copy.width,
                        copy.height,
                        copy.thumbnail,
                        conversation_id,
                    ),
                )

    def list_copies(self) -> list[str]:
        """The paths of all copies of chosen files."""
        return [path for (path,) in self._database.rows("SELECT path FROM draft_file WHERE path <> ''")]

    def remove_all(self, conversation_id: ConversationId) -> None:
        """Forget all that was begun in a conversation."""
        for table in ("draft", "draft_message", "draft_file"):
            self._database.execute(f"DELETE FROM {table} WHERE conversation_id = ?", (conversation_id,))

    def _find_message(self, conversation_id: ConversationId, purpose: str) -> tuple[MessageId, str] | None:
        row = self._database.row(
            "SELECT message_id, body FROM draft_message WHERE conversation_id = ? AND purpose = ?",
            (conversation_id, purpose),
        )
        return (MessageId(row[0]), row[1]) if row else None

    def _set_message(self, conversation_id: ConversationId, purpose: str, edit: DraftEdit | None) -> None:
        if edit is None:
            self._database.execute(
                "DELETE FROM draft_message WHERE conversation_id = ? AND purpose = ?", (conversation_id, purpose)
            )
        else:
            self._database.execute(
                "INSERT OR REPLACE INTO draft_message (conversation_id, purpose, message_id, body)"
                " SELECT conversation_id, ?, id, ? FROM message WHERE id = ? AND conversation_id = ?",
                (purpose, edit.body, edit.message_id, conversation_id),
            )
