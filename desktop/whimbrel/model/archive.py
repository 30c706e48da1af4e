"""What is here of a conversation's archive (XEP-0313), and what is known to be missing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Beginning(enum.Enum):
    """What lies before the oldest message that is here."""

    UNKNOWN = "unknown"  # not asked yet, or not online
    MORE = "more"  # the archive has, or may have, older ones
    REACHED = "reached"  # nothing older was ever archived
    NO_ARCHIVE = "no-archive"  # the provider keeps none, or it is switched off


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages are missing between two times. A message of the very time ``after`` or ``before`` is here."""

    after: datetime  # aware, UTC
    before: datetime
    loading: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is here of one conversation. ``gaps`` ascend and do not touch."""

    since: datetime | None = None  # complete from here until now, as far as the server tells; None: not known
    gaps: tuple[Gap, ...] = ()
    beginning: Beginning = Beginning.UNKNOWN
    loading: bool = False  # older ones are being fetched now


@dataclass(frozen=True, slots=True)
class Point:
    """A place in an archive: the id that the archive gave there, and the time under which it stands here.

    ``rank`` grows with the order of the whole archive, whatever clocks say; 0 where only one peer's part was asked for.
    """

    id: str
    time: datetime  # aware, UTC
    rank: int = 0


@dataclass(frozen=True, slots=True)
class ArchiveRange:
    """A part of an archive that is here without a hole."""

    first: Point
    last: Point
    stamp: datetime  # by the archive's own clock, nothing after ``last`` is older than this
    first_stamp: datetime  # by that clock, nothing before ``first`` is newer than this
    reaches_start: bool = False  # nothing older was ever archived
