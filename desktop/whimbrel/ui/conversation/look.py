"""What the theme means for a timeline: its fonts, measures and colours, gathered once per theme."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from whimbrel.ui.theme.theme import LARGE, NORMAL, SMALL, font, theme
from whimbrel.ui.theme.tokens import Tokens

MARGIN = 20  # pixels between a bubble and the edge of the timeline
MARGIN_RIGHT = 10  # the scroll bar stands beside it; at the left where the interface runs from right to left
PAD_X = 11  # between a bubble's edge and its text
RADIUS = 12
TAIL = 4  # the radius of the corner on the sender's side
EDGE = 4  # between a bubble's edge and a picture
PART_GAP = 4  # between the text and what stands above or beneath it
META_GAP = 10  # between the text and the time
WIDEST = 720  # a line longer than this is hard to read


@dataclass(frozen=True, slots=True)
class Room:
    """How far apart messages and their lines stand, in pixels.

    Args:
        pad: between a bubble's edge and its text, above and beneath.
        group: between the messages of one and those of another.
        tight: between messages of one.
        heading: above and beneath a day.
        line: the height of a line, in times the font's.
    """

    pad: int
    group: int
    tight: int
    heading: int
    line: float


COMFORTABLE = Room(pad=7, group=10, tight=2, heading=10, line=1.1)
COMPACT = Room(pad=3, group=5, tight=1, heading=5, line=1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts, colours and distances of a timeline."""

    tokens: Tokens
    text: QFont
    small: QFont
    small_bold: QFont
    emoji: QFont
    room: Room
    line_height: float
    small_height: float
    icon: float  # the side of the icons beside small text
    character: float
    mono_families: list[str]
    code_ground: QColor  # behind code, over either bubble
    styled: bool  # whether messages are shown with their styling (XEP-0393)
    outlined: bool  # whether bubbles have an edge: where high contrast is wanted
    mirrored: bool  # whether the interface runs from right to left: one's own messages stand at the left then

    @property
    def margins(self) -> tuple[int, int]:
        """What is left free at the left and at the right."""
        return (MARGIN_RIGHT, MARGIN) if self.mirrored else (MARGIN, MARGIN_RIGHT)

    @classmethod
    def current(cls) -> Look:
        """The look of the application's theme, as it is now."""
        text, small = font(NORMAL), font(SMALL)
        emoji = QFont(font(LARGE))
        emoji.setPointSizeF(font(NORMAL).pointSizeF() * 2.4)
        metrics = QFontMetricsF(text)
        tokens = theme().tokens
        room = COMPACT if theme().is_compact else COMFORTABLE
        ground = QColor(tokens.text)
        ground.setAlphaF(0.08)
        return cls(
            tokens=tokens,
            text=text,
            small=small,
            small_bold=font(SMALL, bold=True),
            emoji=emoji,
            room=room,
            line_height=round(metrics.height() * room.line),
            small_height=QFontMetricsF(small).height(),
            icon=max(round(QFontMetricsF(small).height() * 0.9), 12),
            character=max(metrics.averageCharWidth(), 1.0),
            mono_families=QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families(),
            code_ground=ground,
            styled=theme().message_styling,
            outlined=theme().is_contrasting,
            mirrored=QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft,
        )
