"""What was begun in a conversation and not sent."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.message import MessageId


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """A correction as far as it is written."""

    message_id: MessageId  # what it corrects
    body: str


@dataclass(frozen=True, slots=True)
class FileCopy:
    """Our copy of a file that is to be sent, as it was looked at."""

    path: str
    media_type: str
    size: int  # bytes
    sha256: str = ""  # Base64
    width: int | None = None  # pixels
    height: int | None = None
    thumbnail: bytes = b""  # a small JPEG


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that was chosen to be sent."""

    source: str  # where it was chosen; "": it was pasted
    name: str
    copy: FileCopy | None = None  # None: it was not made yet
    smaller: bool = False  # the copy is of a picture that was made smaller
