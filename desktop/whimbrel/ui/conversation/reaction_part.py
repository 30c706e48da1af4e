"""The chips under a bubble: each an emoji and how many gave it; those of the person stand out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import Slot
from whimbrel.ui.joining import join_things, list_words

_PAD_X = 8.0
_PAD_Y = 3.0
_GAP = 4.0
_BETWEEN = 4.0  # emoji and count
_AFTER = 4.0  # the next bubble stands clear of them


@dataclass(frozen=True, slots=True)
class Chip:
    """An emoji, and who gave it."""

    emoji: str
    names: tuple[str, ...]
    is_own: bool

    @property
    def words(self) -> str:
        """Who gave it, for tooltips and assistive technology."""
        told = QCoreApplication.translate("Reacting", "{emoji} from {names}")
        return told.replace("{emoji}", self.emoji).replace("{names}", list_words(self.names))


@dataclass(frozen=True, slots=True)
class ReactionPart:
    """What was said of a message with emoji."""

    chips: tuple[Chip, ...]
    toggle: Callable[[str], None] = field(default=lambda _emoji: None, compare=False)

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
        """Who gave what."""
        told = QCoreApplication.translate("Reacting", "Reactions: {list}")
        return told.replace("{list}", join_things(chip.words for chip in self.chips))

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> ReactionLayout:
        """Lay it out."""
        return ReactionLayout(self, look, width, outgoing=outgoing)


class ReactionLayout:
    """Chips in lines that are no wider than they may be, at the bubble's side."""

    def __init__(self, part: ReactionPart, look: Look, width: float, *, outgoing: bool) -> None:
        self._part = part
        self._look = look
        text, small = QFontMetricsF(look.text), QFontMetricsF(look.small_bold)
        self._emoji = [text.horizontalAdvance(chip.emoji) for chip in part.chips]
        counts = [small.horizontalAdvance(str(len(chip.names))) for chip in part.chips]
        height = round(look.line_height + 2 * _PAD_Y)
        lines: list[list[QRectF]] = [[]]
        x = y = 0.0
        for emoji, count in zip(self._emoji, counts, strict=True):
            needed = round(emoji + _BETWEEN + count + 2 * _PAD_X)
            if x and x + needed > width:
                lines.append([])
                x, y = 0.0, y + height + _GAP
            lines[-1].append(QRectF(x, y, needed, height))
            x += needed + _GAP
        widest = max(line[-1].right() for line in lines if line)
        if outgoing:
            for line in lines:
                shift = widest - line[-1].right()
                for rect in line:
                    rect.translate(shift, 0)
        self._rects = [rect for line in lines for rect in line]
        self._size = QSizeF(widest, y + height + _AFTER)

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """A click gives the emoji, or takes it back."""
        return [
            Action(
                ActionKind.PART,
                chip.words,
                rect=place.translated(rect.topLeft()),
                run=partial(self._part.toggle, chip.emoji),
            )
            for chip, place in zip(self._part.chips, self._rects, strict=True)
        ]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Pills; one under the pointer or the keyboard has a frame."""
        tokens, look = self._look.tokens, self._look
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for chip, own, width in zip(self._part.chips, self._rects, self._emoji, strict=True):
            place = own.translated(rect.topLeft())
            is_marked = marked is not None and marked.rect == place
            frame = tokens.focus if is_marked else tokens.accent if chip.is_own else tokens.line
            painter.setPen(QPen(frame, 2 if is_marked or chip.is_own else 1))  # not by colour alone
            painter.setBrush(tokens.selection if chip.is_own else tokens.hover if is_marked else tokens.side_pane)
            radius = place.height() / 2
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)
            inner = place.adjusted(_PAD_X, 0, -_PAD_X, 0)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setPen(tokens.text)
            painter.setFont(look.text)
            painter.drawText(QRectF(inner.left(), inner.top(), width + 2, inner.height()), int(middle), chip.emoji)
            painter.setFont(look.small_bold if chip.is_own else look.small)
            painter.setPen(tokens.accent if chip.is_own else tokens.second_text)
            painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), str(len(chip.names)))
