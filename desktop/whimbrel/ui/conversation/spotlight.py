"""What a timeline points at after a jump: a message, lit for a moment, and the words in it that were looked for."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.model.message import MessageId
from whimbrel.ui.conversation.text import utf16_length
from whimbrel.ui.theme.theme import theme

_LIT = 1_800  # ms
_STEPS = (0.66, 0.33, 0.0)  # of the light, as it goes out; only the last where things are to stand still
_STEP = 45  # ms: 135 ms in all


class Spotlight(QObject):
    """At most one message. The light goes out by itself; the marked words stay until :meth:`clear`."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.message_id: MessageId | None = None
        self.mark = ""
        self._strength = 0.0
        self._left: list[float] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._fade)

    def point(self, message_id: MessageId, mark: str = "") -> None:
        """Light a message, and mark every place of ``mark`` in it."""
        self.message_id, self.mark, self._strength = message_id, mark, 1.0
        self._left = list(_STEPS[-1:] if theme().is_still else _STEPS)
        self._timer.start(_LIT)
        self.changed.emit()

    def clear(self) -> None:
        """Point at nothing."""
        if self.message_id is not None:
            self._timer.stop()
            self.message_id, self.mark, self._strength = None, "", 0.0
            self.changed.emit()

    def strength(self, message_id: MessageId) -> float:
        """How brightly a message is lit, 0 to 1."""
        return self._strength if message_id == self.message_id else 0.0

    def places(self, message_id: MessageId, text: str) -> tuple[tuple[int, int], ...]:
        """What is marked in the drawn text of a message, as Qt counts."""
        return find_places(text, self.mark) if self.mark and message_id == self.message_id else ()

    def _fade(self) -> None:
        self._strength = self._left.pop(0)
        if self._left:
            self._timer.start(_STEP)
        self.changed.emit()


@lru_cache(maxsize=4)
def find_places(text: str, mark: str) -> tuple[tuple[int, int], ...]:
    """Where a text has ``mark``, without regard to case and accents; its words one by one where it has them apart."""
    folded, starts = _folded(text)
    wanted, _ = _folded(" ".join(mark.split()))
    found = _occurrences(folded, wanted)
    if not found:
        found = sorted(place for word in set(wanted.split()) for place in _occurrences(folded, word))
    places, position, passed = [], 0, 0
    for first, last in found:
        start, end = starts[first], starts[last]
        if start >= passed and end > start:
            position += utf16_length(text[passed:start])
            length = utf16_length(text[start:end])
            places.append((position, position + length))
            position, passed = position + length, end
    return tuple(places)


def _occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    places = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        places.append((at, at + len(wanted)))
        at = text.find(wanted, at + len(wanted))
    return places


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and for each of its characters (and the end) the place in the original."""
    folded, starts = [], []
    for index, char in enumerate(text):
        for plain in unicodedata.normalize("NFKD", char.casefold()):
            if not unicodedata.combining(plain):
                folded.append(" " if plain.isspace() else plain)
                starts.append(index)
    starts.append(len(text))
    return "".join(folded), starts
