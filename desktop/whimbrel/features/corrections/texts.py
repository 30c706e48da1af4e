"""The texts of a message: all are kept, the one that was sent last counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from whimbrel.model.message import Message
from whimbrel.model.version import Version
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.versions import VersionStore

_NEXT = timedelta(microseconds=1)


class Texts:
    """Writes texts in the caller's transaction. Raises KnownError as the stores do."""

    def __init__(self, messages: MessageStore, versions: VersionStore) -> None:
        self._messages = messages
        self._versions = versions

    def add(self, message: Message, correction_id: str, body: str, time: datetime) -> Message | None:
        """Keep a correction that was sent at a time. Returns the message as it is with it; None: it was known."""
        if not self._versions.add(message, Version(correction_id, body, time)):
            return None
        return self._settle(message)

    def remove(self, message: Message, correction_id: str) -> Message:
        """Forget a correction that did not reach anybody. Returns the message as it is without it."""
        self._versions.remove_version(message.id, correction_id)
        left = self._versions.list_versions(message.id)
        if len(left) != 1 or left[0].correction_id:
            return self._settle(message) if left else message
        self._versions.remove_all(message.id)
        return self._messages.set_unedited(message.id, left[0].body)

    def leave(self, message: Message, correction_id: str, time: datetime) -> Message:
        """A correction of ours leaves now: whoever sent one meanwhile was before."""
        self._versions.set_time(message.id, correction_id, max(time, self.after_all(message, time)))
        return self._settle(message)

    def after_all(self, message: Message, time: datetime) -> datetime:
        """A time that is not before that of any text."""
        newest = self._versions.find_newest_time(message.id)
        return time if newest is None else max(time, newest + _NEXT)

    def _settle(self, message: Message) -> Message:
        last = self._versions.find_last(message.id)
        return message if last is None else self._messages.set_body(message.id, last.body)
