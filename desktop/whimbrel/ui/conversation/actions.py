"""What can be done with a part of a row: links and buttons."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from whimbrel.ui.joining import join_facts


class ActionKind(enum.Enum):
    """What a click on a part of a row, or Enter, does."""

    LINK = "link"
    MORE = "more"
    RETRY = "retry"
    EDIT = "edit"
    DISCARD = "discard"  # asks first
    DETAILS = "details"
    DISCARD_NOW = "discard-now"
    KEEP = "keep"
    PART = "part"  # what a part of the row says (``run``)


@dataclass(frozen=True, slots=True)
class Action:
    """Something in a row that can be activated. ``start`` and ``end`` are the link's place, as Qt counts."""

    kind: ActionKind
    label: str
    url: str = ""
    start: int = 0
    end: int = 0
    rect: QRectF | None = None  # None for links: their place is in the text
    run: Callable[[], None] | None = field(default=None, compare=False)  # of a PART
    about: str = ""  # what it is done to, where a row has several such

    @property
    def words(self) -> str:
        """What assistive technology hears, and what its tooltip says."""
        return join_facts((self.label, self.about))
