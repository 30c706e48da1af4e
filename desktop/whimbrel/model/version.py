"""The texts that a message had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a message that was corrected. ``correction_id`` is "" of the first one."""

    correction_id: str
    body: str
    time: datetime  # of sending; aware, UTC
