"""A file or picture that belongs to a message."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NewType

from whimbrel.model.message import MessageId

AttachmentId = NewType("AttachmentId", int)

_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})  # no SVG: that is a document (C9)
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp")


class AttachmentState(enum.Enum):
    """Where the file is."""

    REMOTE = "remote"  # known by its address only
    FETCHING = "fetching"
    HERE = "here"  # ``path`` is the local copy; its address may be known too
    WAITING = "waiting"  # ours, to be uploaded; ``path`` is our copy
    UPLOADING = "uploading"
    FAILED = "failed"  # with an address: fetching it failed; without: uploading it

    @property
    def is_leaving(self) -> bool:
        """Whether it is on its way to the server: its message is not sent before that is done."""
        return self in (AttachmentState.WAITING, AttachmentState.UPLOADING)


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file before it has a row: what is told of it (XEP-0446). None and "" mean: not told.

    What others tell is a claim: ``size``, ``width`` and ``height`` (pixels) are positive but may be untrue, ``name`` is
    as it was sent (see ``safe_name`` before it becomes a file's), ``thumbnail`` is an encoded picture not yet decoded.
    """

    message_id: MessageId
    position: int = 0  # among those of its message
    url: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None  # bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""
    description: str = ""
    hashes: tuple[tuple[str, str], ...] = ()  # algorithm (XEP-0300) and Base64
    state: AttachmentState = AttachmentState.REMOTE
    path: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file of a message; the fields are those of :class:`NewAttachment`."""

    id: AttachmentId
    message_id: MessageId
    position: int = 0
    url: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""
    description: str = ""
    hashes: tuple[tuple[str, str], ...] = ()
    state: AttachmentState = AttachmentState.REMOTE
    path: str = ""
    error: str = ""  # technical text of a FAILED one; of fetching, one of ``ErrorKind``'s values comes first

    @property
    def is_picture(self) -> bool:
        """Whether it says that it is a picture of a kind that is shown; by its name where it tells no kind."""
        if self.media_type:
            return self.media_type.partition(";")[0].strip() in _PICTURES
        return self.name.lower().endswith(_PICTURE_ENDINGS)
