"""Fetching the files that messages tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from whimbrel.model.attachment import Attachment, AttachmentId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message, MessageId


class Files(Protocol):
    """Knows the files of messages, and fetches them. ``MessagesAnnotated`` tells when one is another now.

    ``TransferAdvanced`` tells how far one has come.
    """

    def files(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[Attachment]]:
        """The files of these messages. What has gone from the cache is REMOTE again."""

    def pictures(self, conversation_id: ConversationId) -> list[Attachment]:
        """The newest pictures of a conversation, the oldest of them first."""

    def progress(self, attachment_id: AttachmentId) -> tuple[int, int | None]:
        """How many bytes of one that is being fetched are here, of how many, if that is known."""

    def want(self, messages: Sequence[Message]) -> None:
        """These messages are on the screen: fetch their pictures, as far as that may be done unasked."""

    def fetch(self, attachment_id: AttachmentId, *, unencrypted: bool = False) -> None:
        """The person wants a file. ``unencrypted``: by an http address too."""

    def cancel(self, attachment_id: AttachmentId) -> None:
        """Do not fetch a file after all."""

    def use(self, attachment: Attachment) -> None:
        """Its copy is being looked at: of what is in the cache, others go first."""

    def lies_in_cache(self, path: Path) -> bool:
        """Whether a copy is the program's own, so that it may go at any time."""


class FetchedCopies(Protocol):
    """The copies of fetched files, all together. They can be fetched again, as long as their providers keep them."""

    async def size(self) -> int:
        """Their bytes; counted in a thread."""

    async def remove_all(self) -> None:
        """Remove them, but what is just being fetched."""
