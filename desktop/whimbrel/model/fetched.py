"""What came of fetching a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is here whole. ``media_type`` is what its server calls it."""

    size: int  # bytes
    media_type: str
    sha256: str  # Base64
