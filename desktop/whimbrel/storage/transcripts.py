"""Conversations read from beginning to end, a page at a time, beside the connection that writes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.columns import from_time, to_jid
from whimbrel.storage.messages import COLUMNS, to_message
from whimbrel.storage.reader import Errand, Reader


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation to be read: between whom, and how many messages it has."""

    id: ConversationId
    account: JID
    jid: JID
    count: int
    nick: str = ""  # what the person calls themself


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its files, as (name, address), and the emoji that were given it, by whom."""

    message: Message
    files: tuple[tuple[str, str], ...] = ()
    reactions: tuple[tuple[JID, tuple[str, ...]], ...] = ()


class TranscriptReader:
    """Raises KnownError as :meth:`Database.transaction` does, Interrupted where the errand was given up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def list_talks(self, conversation_id: ConversationId | None, errand: Errand) -> list[Talk]:
        """One conversation, or all that have a message, by address."""
        with self._reader.use(errand):
            rows = self._reader.rows(
                "SELECT conversation.id, account.jid, conversation.jid,"
                " (SELECT count(*) FROM message WHERE conversation_id = conversation.id) AS number,"
                " coalesce((SELECT nick FROM person WHERE account_id = account.id AND person.jid = account.jid), '')"
                " FROM conversation JOIN account ON account.id = account_id"
                " WHERE (?1 IS NULL OR conversation.id = ?1) AND number > 0 ORDER BY account.jid, conversation.jid",
                (conversation_id,),
            )
        return [Talk(ConversationId(row[0]), to_jid(row[1]), to_jid(row[2]), row[3], row[4]) for row in rows]

    def read_page(
        self, conversation_id: ConversationId, after: Message | None, limit: int, errand: Errand
    ) -> list[Said]:
        """The messages that follow one, or the first ones, in order."""
        where = (from_time(after.time), after.id) if after is not None else (-(2**62), 0)
        with self._reader.use(errand):
            rows = self._reader.rows(
                f"SELECT {COLUMNS} FROM message WHERE conversation_id = ? AND (time, id) > (?, ?)"
                " ORDER BY time, id LIMIT ?",
                (conversation_id, *where, limit),
            )
            messages = [to_message(row) for row in rows]
            files, reactions = self._files(messages), self._reactions(messages)
        return [Said(message, files.get(message.id, ()), reactions.get(message.id, ())) for message in messages]

    def _reactions(self, messages: list[Message]) -> dict[int, tuple[tuple[JID, tuple[str, ...]], ...]]:
        found: dict[int, tuple[tuple[JID, tuple[str, ...]], ...]] = {}
        for message_id, sender, emoji in self._reader.rows(
            f"SELECT message_id, sender, emoji FROM reaction WHERE message_id IN ({', '.join('?' * len(messages))})"
            " AND emoji <> '[]' ORDER BY message_id, time, sender",
            [message.id for message in messages],
        ):
            found[message_id] = (*found.get(message_id, ()), (to_jid(sender), tuple(json.loads(emoji))))
        return found

    def _files(self, messages: list[Message]) -> dict[int, tuple[tuple[str, str], ...]]:
        found: dict[int, tuple[tuple[str, str], ...]] = {}
        for message_id, name, url in self._reader.rows(
            f"SELECT message_id, name, url FROM attachment WHERE message_id IN ({', '.join('?' * len(messages))})"
            " ORDER BY message_id, position",
            [message.id for message in messages],
        ):
            found[message_id] = (*found.get(message_id, ()), (name, url))
        return found
