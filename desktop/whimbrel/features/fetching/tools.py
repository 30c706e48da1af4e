"""What fetching needs of the machine; ``platform`` has it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whimbrel.model.fetched import Fetched

Advance = Callable[[int, int | None], None]
"""Is told how many bytes are here, and of how many, if that is known."""


class Fetcher(Protocol):
    """Fetches from the web (``platform/fetch.py``)."""

    async def fetch(self, url: str, target: Path, most: int, advance: Advance, *, unencrypted: bool = False) -> Fetched:
        """Fetch a file of at most so many bytes; ``target`` is there only once it is whole. Raises KnownError."""


class Cache(Protocol):
    """Keeps copies up to a size (``platform/media_cache.py``)."""

    def locate(self, url: str, name: str) -> Path:
        """Where a file goes."""

    def place(self, url: str, name: str) -> Path:
        """The same, with its folder made. Raises OSError."""

    def holds(self, path: Path) -> bool:
        """Whether a path is one of its copies."""

    def use(self, path: Path) -> None:
        """Note that a copy was used just now."""

    def remove(self, path: Path) -> None:
        """A copy is not wanted any more."""

    def trim(self, spare: Path | None = None) -> None:
        """Remove what is too much, but not ``spare``."""

    def size(self) -> int:
        """The bytes of all copies."""

    def list_folders(self) -> list[Path]:
        """The folders of all copies."""

    def sweep(self, there: Iterable[Path], known: Collection[Path]) -> None:
        """Remove every copy in these folders but the known ones."""


@dataclass(frozen=True, slots=True)
class FetchTools:
    """All of it."""

    fetcher: Fetcher
    cache: Cache
    measure: Callable[[Path], tuple[int, int] | None]
    """Width and height of a picture in pixels, from its header; None: it is none, or not to be looked at."""
    at_home: Callable[[str], Fetcher] | None = None
    """A fetcher for one host (``model.origin.secure_origin``) that may be in a private network."""
