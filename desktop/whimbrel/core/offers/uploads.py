"""Sending files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.attachment import Attachment
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message, MessageId


@dataclass(frozen=True, slots=True)
class UploadLimit:
    """What an account's provider takes."""

    known: bool  # whether it has been asked; nothing else means anything before
    offered: bool = False  # whether it takes files at all
    size: int | None = None  # the largest file, in bytes; None: not told


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A copy of ours of a file that is to be sent, without what tells where a picture or film was taken."""

    path: str
    name: str
    media_type: str
    size: int  # bytes
    sha256: str = ""  # Base64
    width: int | None = None  # pixels
    height: int | None = None
    thumbnail: bytes = b""  # a small JPEG (XEP-0264)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file on its way to the server: waiting, or so many of its bytes have gone."""

    attachment: Attachment
    done: int | None = None  # None: not under way


class Uploads(Protocol):
    """Keeps files, sends them. ``ServerSupportLearnt`` tells that a limit is another."""

    def limit(self, account_id: AccountId) -> UploadLimit:
        """What is known of the provider's limit."""

    async def keep(self, source: Path | bytes, name: str, media_type: str) -> FileToSend:
        """Copy a file into the profile's folder, so that nothing is lost when the original goes.

        Args:
            source: the file, or what is in it.

        Raises:
            KnownError: NOT_FOUND (not there, not a file), NOT_ALLOWED (not to be read), DISK_FULL.
        """

    def drop(self, file: FileToSend) -> None:
        """A kept file is not to be sent after all: its copy goes."""

    def send(
        self,
        conversation_id: ConversationId,
        files: Sequence[FileToSend],
        caption: str = "",
        also: Callable[[Message], None] | None = None,
    ) -> list[Message]:
        """Send kept files, a message each, and behind them what is said of them: on disk once this returns.

        Args:
            also: writes, in the same transaction, what a feature keeps with the caption's message.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
            ValueError: without a file, or where there is no such conversation.
        """

    def cancel(self, message_id: MessageId) -> None:
        """Do not send a file's message that has not left yet: message and copy go. Raises KnownError DISK_FULL."""

    def leaving(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Leaving]:
        """The uploads that are not done, of these messages. ``MessagesAnnotated`` tells when one gets on."""
