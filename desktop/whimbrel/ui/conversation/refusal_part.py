"""What stands beneath a message of which a change was refused: what, why, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from whimbrel.model.outbox import OutboxKind
from whimbrel.model.refusal import Refusal
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import Slot
from whimbrel.ui.joining import join_things
from whimbrel.ui.words import failure_words

_APART = 16.0  # between two buttons
_BETWEEN = 4.0  # between two lines
_AFTER = 4.0
_FLAGS = int(Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Way:
    """What can be done: a button's label, and what it does."""

    label: str
    run: Callable[[], None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """One thing that was refused."""

    refusal: Refusal
    ways: tuple[Way, ...]

    @property
    def words(self) -> str:
        """What was refused, and why, in plain words."""
        bare, told = {
            OutboxKind.CORRECTION: (
                QCoreApplication.translate("Refusing", "Not corrected: they still see the former text"),
                QCoreApplication.translate("Refusing", "Not corrected: {reason}. They still see the former text."),
            ),
            OutboxKind.RETRACTION: (
                QCoreApplication.translate("Refusing", "Not deleted for them: they may still see it"),
                QCoreApplication.translate("Refusing", "Not deleted for them: {reason}. They may still see it."),
            ),
        }.get(
            self.refusal.kind,
            (
                QCoreApplication.translate("Refusing", "Your reaction was not taken"),
                QCoreApplication.translate("Refusing", "Your reaction was not taken: {reason}"),
            ),
        )
        reason = failure_words(self.refusal.reason)
        return told.replace("{reason}", reason) if reason else bare


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """All that was refused of a message."""

    lines: tuple[RefusalLine, ...]

    @property
    def slot(self) -> Slot:
        """Under the bubble."""
        return Slot.BENEATH

    @property
    def text(self) -> str | None:
        """The message says its own words."""
        return None

    @property
    def words(self) -> str:
        """What was refused, and why."""
        return join_things(line.words for line in self.lines)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> RefusalLayout:
        """Lay it out."""
        return RefusalLayout(self, look, width, outgoing=outgoing)


class RefusalLayout:
    """For each line its words, wrapped, and its buttons beneath them, at the bubble's side."""

    def __init__(self, part: RefusalPart, look: Look, width: float, *, outgoing: bool) -> None:
        self._look = look
        side = Qt.AlignmentFlag.AlignRight if outgoing else Qt.AlignmentFlag.AlignLeft
        self._flags = _FLAGS | int(side)
        small, bold = QFontMetricsF(look.small), QFontMetricsF(look.small_bold)
        needed = [small.boundingRect(QRectF(0, 0, width, 10_000), self._flags, line.words) for line in part.lines]
        rows = [[bold.horizontalAdvance(way.label) + 1 for way in line.ways] for line in part.lines]
        widest = max(
            *(rect.width() + 1 for rect in needed), *(sum(row) + _APART * max(len(row) - 1, 0) for row in rows)
        )
        self._texts: list[tuple[str, QRectF]] = []
        self._buttons: list[tuple[Way, QRectF]] = []
        y = 0.0
        for line, rect, row in zip(part.lines, needed, rows, strict=True):
            height = max(rect.height(), look.small_height)
            self._texts.append((line.words, QRectF(0, y, widest, height)))
            y += height + _BETWEEN
            x = widest - sum(row) - _APART * (len(row) - 1) if outgoing else 0.0
            for way, taken in zip(line.ways, row, strict=True):
                self._buttons.append((way, QRectF(x, y, taken, look.small_height)))
                x += taken + _APART
            y += look.small_height + _BETWEEN
        self._size = QSizeF(widest, y - _BETWEEN + _AFTER)

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """What can be done, in order."""
        return [
            Action(ActionKind.PART, way.label, rect=place.translated(rect.topLeft()), run=way.run)
            for way, place in self._buttons
        ]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Words in the colour of errors, buttons in the accent."""
        tokens, look = self._look.tokens, self._look
        painter.setFont(look.small)
        painter.setPen(tokens.error)
        for words, place in self._texts:
            painter.drawText(place.translated(rect.topLeft()), self._flags, words)
        for way, place in self._buttons:
            at = place.translated(rect.topLeft())
            bold = QFont(look.small_bold)
            bold.setUnderline(marked is not None and marked.rect == at)
            painter.setFont(bold)
            painter.setPen(tokens.accent)
            painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), way.label)
