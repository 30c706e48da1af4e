"""What features show with a message: a quote above its text, a picture in its place, reactions beneath the bubble."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.actions import Action
    from whimbrel.ui.conversation.look import Look


class Slot(enum.Enum):
    """Where a part stands."""

    ABOVE = "above"  # in the bubble, above the text
    BELOW = "below"  # in the bubble, beneath the text
    BENEATH = "beneath"  # under the bubble


class PartLayout(Protocol):
    """A part, laid out for one width."""

    @property
    def size(self) -> QSizeF:
        """What it needs, in pixels; known at once and for good, so that nothing jumps."""

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """What can be done with it, where it is placed at ``rect``; in the order of the keyboard."""

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint it. ``marked``: the action under the pointer or the keyboard."""


@dataclass(frozen=True, slots=True)
class Foot:
    """Where the time may stand on a part: beside what its last line has, or over the picture that is its end.

    In pixels: ``taken``, from the left, of the last line; ``over``, the width of that picture.
    """

    taken: float = 0.0
    over: float = 0.0


@runtime_checkable
class FilledLayout(PartLayout, Protocol):
    """A part that fills its bubble as pictures do: nearer to the edge than text, with the time on it."""

    @property
    def begins_with_picture(self) -> bool:
        """Whether nothing but the edge belongs above it."""

    @property
    def caption_width(self) -> float:
        """How wide words beneath it may be, in pixels; 0: as wide as elsewhere."""

    @property
    def foot(self) -> Foot | None:
        """Where the time may stand if nothing follows; None: only beneath."""


class Part(Protocol):
    """What is to be shown: facts only, compared by value; another value is laid out again."""

    @property
    def slot(self) -> Slot:
        """Where it stands."""

    @property
    def text(self) -> str | None:
        """What is shown as the message's text instead of its body; None: the body."""

    @property
    def words(self) -> str:
        """What assistive technology hears."""

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> PartLayout:
        """Lay it out in at most so many pixels."""


class PartSource(Protocol):
    """Whoever has parts for messages. ``MessagesAnnotated`` tells that they are others now."""

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """The parts of these messages; of many at once, since each costs a query."""
