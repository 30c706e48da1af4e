"""Whether the program ended the last time, or was ended: by a fault, or by somebody who killed it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

LASTING = 60_000
"""Milliseconds after which a start is no failed one any more."""

_SAFE_AFTER = 3  # starts in a row that did not last
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MOST_BYTES = 4096


class LastRun:
    """A file that is there while the program runs: whoever finds it at the start knows that it did not end.

    It names the start of the computer, so that one that lost its power is not taken for a crash (Linux; elsewhere it
    is). ``crashed``: the last run did not end. ``short_runs``: so many in a row did not last a minute.
    """

    def __init__(self, path: Path, boot: Path = _BOOT) -> None:
        self._path = path
        self._boot = _read(boot).strip()
        found = _parse(_read(path))
        self.crashed = found is not None and found.get("boot") == self._boot
        before = found.get("short") if found is not None and self.crashed else 0
        was_short = self.crashed and found is not None and found.get("lasted") is not True
        self.short_runs = min(before if type(before) is int and before > 0 else 0, _SAFE_AFTER) + 1 if was_short else 0

    @property
    def offers_safe_start(self) -> bool:
        """Whether it crashed so often at once that what was open may be the cause."""
        return self.short_runs >= _SAFE_AFTER

    def begin(self) -> None:
        """Note that the program runs."""
        self._write(lasted=False)

    def last(self) -> None:
        """Note that it has run for :data:`LASTING`."""
        self._write(lasted=True)

    def end(self) -> None:
        """Note that it ended."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _write(self, *, lasted: bool) -> None:
        text = json.dumps({"boot": self._boot, "lasted": lasted, "short": 0 if lasted else self.short_runs})
        try:
            with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            log.warning("it cannot be noted that the program runs: %s", error.strerror)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return ""


def _parse(text: str) -> dict[str, object] | None:
    """What the file holds; None where there is none; one that is cut off tells nothing."""
    if not text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
