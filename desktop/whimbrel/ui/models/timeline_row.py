"""What a row of a timeline tells: a message, and what its neighbours and the known gaps make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from whimbrel.model.archive import Gap
from whimbrel.model.message import DeliveryState, Message
from whimbrel.ui.joining import join_facts
from whimbrel.ui.words import (
    day_word,
    delivery_word,
    edited_word,
    failure_words,
    missing_words,
    retracted_words,
    unread_words,
)

if TYPE_CHECKING:
    from whimbrel.ui.conversation.parts import Part

ME = "/me"
_ONE_MINUTE = timedelta(minutes=1)
_DAYS_KEPT = 1600


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A message with what stands above it."""

    message: Message
    day: date | None
    unread: int
    starts_group: bool
    gap: Gap | None = None  # messages are missing just above
    parts: tuple[Part, ...] = ()  # what features show with it
    actor: str = ""  # who does what the text says, where that begins with /me (XEP-0245)
    is_styled: bool = True  # its sender has nothing against that (XEP-0393 section 6)

    @property
    def text(self) -> str:
        """What is shown and copied as its text."""
        if self.message.retracted:
            return retracted_words()
        return next((part.text for part in self.parts if part.text is not None), self.message.body)

    @property
    def drawn(self) -> str:
        """The text as it is drawn and read aloud: with who acts instead of ``/me``."""
        return self.actor + self.text[len(ME) :] if self.actor else self.text

    @property
    def description(self) -> str:
        """What assistive technology hears besides the words: the headings and how far the message has come."""
        words = []
        if self.gap is not None:
            words.append(missing_words())
        if self.day is not None:
            words.append(day_word(self.day))
        if self.unread:
            words.append(unread_words(self.unread))
        words += [part.words for part in self.parts if part.words]
        if self.message.edited:
            words.append(edited_word())
        if self.message.state is not DeliveryState.RECEIVED:
            words.append(delivery_word(self.message.state))
        if self.message.state is DeliveryState.FAILED and (why := failure_words(self.message.error)):
            words.append(why)
        return join_facts(words)


def order(message: Message) -> tuple[datetime, int]:
    """The place of a message in its conversation."""
    return message.time, message.id


def is_action(text: str) -> bool:
    """Whether a text says what its author does (XEP-0245 section 3)."""
    return text.startswith(f"{ME} ") and not text[len(ME) :].isspace()


def local_day(message: Message) -> date:
    """The day of a message where the person is."""
    return _local_day(message.time)


def belong_together(above: Message, below: Message) -> bool:
    """Whether two neighbours stand close: one sender, in the same or the next minute of the same day."""
    if above.direction is not below.direction or below.time - above.time >= 2 * _ONE_MINUTE:
        return False
    if above.sender.bare != below.sender.bare or local_day(above) != local_day(below):
        return False
    gap = below.time.replace(second=0, microsecond=0) - above.time.replace(second=0, microsecond=0)
    return gap <= _ONE_MINUTE


@lru_cache(maxsize=_DAYS_KEPT)
def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()
