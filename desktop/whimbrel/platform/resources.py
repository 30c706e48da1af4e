"""The files that come with the program: icons, themes, sounds, translations."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _root() -> Path:
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent.parent / "resources"


def path(name: str) -> Path:
    """Where a resource is, in the wheel or in the source tree; ``name`` is like ``icons/plus.svg``.

    Raises:
        FileNotFoundError: where there is no such resource.
    """
    found = _root() / name
    if not found.exists():
        raise FileNotFoundError(f"no resource {name}")
    return found


def read_bytes(name: str) -> bytes:
    """The content of a resource; raises FileNotFoundError."""
    return path(name).read_bytes()
