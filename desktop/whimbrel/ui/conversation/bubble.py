"""Where everything of one row goes: headings, bubble, text, time, links and what can be done. No painting here."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainterPath, QTextLayout

from whimbrel.model.message import DeliveryState, Direction
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.failure import Aside, FailureLayout, lay_out_failure
from whimbrel.ui.conversation.look import (
    EDGE,
    MARGIN,
    MARGIN_RIGHT,
    META_GAP,
    PAD_X,
    PART_GAP,
    WIDEST,
    Look,
)
from whimbrel.ui.conversation.message_text import MessageText
from whimbrel.ui.conversation.parts import FilledLayout, Foot, PartLayout, Slot
from whimbrel.ui.conversation.text import (
    COLLAPSED_CHARACTERS,
    COLLAPSED_LINES,
    shown_text,
)
from whimbrel.ui.models.timeline_row import TimelineRow
from whimbrel.ui.words import day_word, edited_word, time_word, unread_words

_ICON_GAP = 3.0
_ON_PICTURE = 6.0  # between the time and the picture's edges, where it stands on one
PILL_X = 7.0  # around the time, where it stands on a picture
PILL_Y = 2.0
_OF_PICTURE = 1.5  # a picture that is not so much wider than the time would be hidden by it
_GAP_HEIGHT = 40  # about


def delivery_icon(state: DeliveryState) -> str:
    """The name of the icon of a delivery state; "" for incoming messages."""
    if state.is_waiting:
        return "clock"
    return {
        DeliveryState.SENT: "check",
        DeliveryState.DELIVERED: "check-double",
        DeliveryState.READ: "check-read",  # not by its colour alone
        DeliveryState.FAILED: "alert",
    }.get(state, "")


def estimated_height(row: TimelineRow, width: int, look: Look) -> int:
    """The height that a row will about have, without laying it out."""
    body = row.drawn
    room = max(max_text_width(width) / look.character, 1.0)
    head = min(len(body), COLLAPSED_CHARACTERS)
    lines = min(head / room + 1 + body.count("\n", 0, head), COLLAPSED_LINES + head / room) if body else 0
    before = look.room.group if row.starts_group else look.room.tight
    height = int(lines) * look.line_height + 2 * look.room.pad + before
    headings = (row.day is not None) + bool(row.unread)
    height += _GAP_HEIGHT if row.gap is not None else 0
    outgoing = row.message.direction is Direction.OUT
    for part in row.parts:  # exactly: a picture makes too much of a difference
        height += int(part.lay_out(look, max_text_width(width), outgoing=outgoing).size.height()) + PART_GAP
    return int(height + headings * (look.small_height + 2 * look.room.heading))


def max_text_width(width: int) -> float:
    """The widest that a text may be in a timeline of this width: bubbles take at most 70 %."""
    return max(min((width - MARGIN - MARGIN_RIGHT) * 0.7, WIDEST) - 2 * PAD_X, 60.0)


@dataclass(slots=True)
class PlacedPart:
    """A part of a row, and where it is."""

    slot: Slot
    layout: PartLayout
    rect: QRectF = field(default_factory=QRectF)


class BubbleLayout:
    """One row, laid out for one width. All places are in the row's own pixels, from its upper left."""

    def __init__(
        self, row: TimelineRow, width: int, look: Look, *, step: int = 0, gap: int = 0, aside: Aside = Aside.NONE
    ) -> None:
        self.row = row
        self.width = width
        self.look = look
        self._made_for = (width, step, gap, aside)
        self.gap_rect = QRectF(0, 0, width, gap)  # room for what says that messages are missing
        self.is_outgoing = row.message.direction is Direction.OUT
        self.is_at_right = self.is_outgoing is not look.mirrored
        self.day = day_word(row.day) if row.day is not None else ""
        self.unread = unread_words(row.unread)
        self.time = time_word(row.message.time)
        if row.message.edited and not row.message.retracted:
            self.time = f"{edited_word()} {self.time}"
        self.icon = delivery_icon(row.message.state)
        self.actions: list[Action] = []
        self.outline: QPainterPath | None = None  # kept by who paints it
        self.failure = FailureLayout()
        shown = shown_text(row.drawn, step)
        self.is_whole = shown.is_whole
        room = max_text_width(width)
        told = row.text if row.actor else ""
        layouts = [(part, part.lay_out(look, room, outgoing=self.is_outgoing)) for part in row.parts]
        self.parts = [PlacedPart(part.slot, layout) for part, layout in layouts]
        widths = [part.layout.caption_width for part in self.parts if isinstance(part.layout, FilledLayout)]
        room = min([room, *filter(None, widths)])
        self.words = MessageText(shown.text, room, look, actor=row.actor, direction=told, is_styled=row.is_styled)
        self.actions += self.words.links
        self.is_time_on_picture = False
        self._place(aside)

    def is_for(self, width: int, step: int, gap: int, aside: Aside) -> bool:
        """Whether it was laid out for these."""
        return self._made_for == (width, step, gap, aside)

    @property
    def text(self) -> str:
        """The text as it is drawn."""
        return self.words.text

    @property
    def length(self) -> int:
        """The length of the drawn text, as Qt counts."""
        return self.words.length

    @property
    def layout(self) -> QTextLayout:
        """The text's layout."""
        return self.words.layout

    @property
    def text_origin(self) -> QPointF:
        """Where the text layout is drawn."""
        return self._origin

    def position_at(self, point: QPointF) -> int:
        """The position in the text that is nearest to a point."""
        return self.words.position_at(point - self._origin)

    def is_over_text(self, point: QPointF) -> bool:
        """Whether a point is on the text, where a press starts a selection."""
        return self.text_rect.adjusted(-4, -2, 4, 2).contains(point)

    def action_at(self, point: QPointF) -> Action | None:
        """The link or button under a point."""
        for action in self.actions:
            if action.rect is not None:
                if action.rect.adjusted(-3, -3, 3, 3).contains(point):
                    return action
            elif any(rect.contains(point) for rect in self.link_rects(action)):
                return action
        return None

    def link_rects(self, action: Action) -> list[QRectF]:
        """The places of a link's text, one a line."""
        return [rect.translated(self._origin) for rect in self.words.places(action.start, action.end)]

    def _place(self, aside: Aside) -> None:
        self._place_bubble(self._place_headings())
        bottom = self._place_beneath(self.bubble_rect.bottom())
        self.actions += [action for part in self.parts for action in part.layout.actions(part.rect)]
        if self.row.message.state is DeliveryState.FAILED:
            self.failure = lay_out_failure(self.row.message.error, aside, bottom, self.width, self.look)
            self.actions += self.failure.actions
            bottom = self.failure.bottom
        self.height = int(bottom + 0.5)

    def _place_headings(self) -> float:
        """The gap, the day and the unread divider; returns where the bubble begins."""
        room = self.look.room
        heading = self.look.small_height + 2 * room.heading
        gap = room.group / 2 if self.unread else room.group if self.row.starts_group else room.tight
        gap = room.tight if self.gap_rect.height() else gap
        top = self.gap_rect.bottom() + (0.0 if self.day else gap)
        self.day_rect = QRectF(0, top, self.width, heading if self.day else 0)
        self.unread_rect = QRectF(0, self.day_rect.bottom(), self.width, heading if self.unread else 0)
        return self.unread_rect.bottom()

    def _place_inside(self, parts: list[PlacedPart], inner: QRectF, content: float) -> None:
        """What stands above the text, and beneath it. Each is as wide as the bubble lets it."""
        tops = {Slot.ABOVE: inner.top(), Slot.BELOW: self.text_rect.bottom() + PART_GAP}
        for part in parts:
            height = part.layout.size.height()
            part.rect = QRectF(inner.left(), tops[part.slot], content, height)
            tops[part.slot] += height + PART_GAP

    def _place_beneath(self, bottom: float) -> float:
        """What hangs under the bubble, on its side; returns where it ends."""
        for part in self.parts:
            if part.slot is Slot.BENEATH:
                size = part.layout.size
                bubble = self.bubble_rect
                left = bubble.right() - size.width() if self.is_at_right else bubble.left()
                part.rect = QRectF(left, bottom + PART_GAP, size.width(), size.height())
                bottom = part.rect.bottom()
        return bottom

    def _place_bubble(self, top: float) -> None:
        """The bubble, its text, and at the foot *Show more* and the time: beside the last line where there is room."""
        look, words = self.look, self.words
        metrics = QFontMetricsF(look.small)
        meta_width = metrics.horizontalAdvance(self.time) + (look.icon + _ICON_GAP if self.icon else 0)
        more = "" if self.is_whole else QCoreApplication.translate("Timeline", "Show more")
        more_width = QFontMetricsF(look.small_bold).horizontalAdvance(more) if more else 0.0
        inside = [part for part in self.parts if part.slot is not Slot.BENEATH]
        above = sum(part.layout.size.height() + PART_GAP for part in inside if part.slot is Slot.ABOVE)
        below = sum(part.layout.size.height() + PART_GAP for part in inside if part.slot is Slot.BELOW)
        foot = self._find_foot(inside, meta_width)
        self.is_time_on_picture = foot is not None and foot.over > 0
        beside = (foot.taken if foot is not None else words.last_width) + META_GAP + meta_width
        inline = not more and not words.ends_in_block and beside <= words.max_width
        foot_width = beside if inline else more_width + 2 * META_GAP + meta_width if more else meta_width
        inline = foot is not None or (inline and not below and bool(self.text))
        content = max(words.natural_width, foot_width, *(part.layout.size.width() for part in inside))
        width = content + 2 * PAD_X
        pad_top, pad_bottom = self._pads(inside)
        height = above + words.height + below + (0.0 if inline else look.small_height + 4) + pad_top + pad_bottom
        height -= 0.0 if foot is None else PART_GAP
        at_left, at_right = look.margins
        left = self.width - at_right - width if self.is_at_right else float(at_left)
        self.bubble_rect = QRectF(round(left), round(top), round(width), round(height))
        inner = self.bubble_rect.adjusted(PAD_X, pad_top, -PAD_X, -pad_bottom)
        text_top = inner.top() + above
        # Right-to-left lines stand at the right end of the width that they were given.
        self._origin = QPointF(inner.left() + (content - words.max_width if words.is_rtl else 0.0), text_top)
        self.text_rect = QRectF(inner.left(), text_top, content, words.height)
        self._place_inside(inside, inner, content)
        meta_left = inner.left() if words.is_rtl and not more else inner.right() - meta_width
        bottom = (inner.bottom() if foot is None else inside[-1].rect.bottom()) - look.small_height
        if self.is_time_on_picture:
            meta_left = self.bubble_rect.right() - EDGE - _ON_PICTURE - PILL_X - meta_width
            bottom -= _ON_PICTURE + PILL_Y
        elif inline and foot is None and not words.is_emoji:
            bottom = min(bottom, text_top + words.last_baseline - metrics.ascent())
        self.meta_rect = QRectF(meta_left, bottom, meta_width, look.small_height)
        if more:
            rect = QRectF(inner.left(), bottom, more_width, look.small_height)
            self.actions.append(Action(ActionKind.MORE, more, rect=rect))

    def _find_foot(self, inside: list[PlacedPart], meta_width: float) -> Foot | None:
        """Where on the last part the time stands, if nothing follows that and there is room."""
        if self.text or not inside or inside[-1].slot is not Slot.ABOVE:
            return None
        layout = inside[-1].layout
        foot = layout.foot if isinstance(layout, FilledLayout) else None
        if foot is None:
            return None
        if foot.over:
            return foot if foot.over >= _OF_PICTURE * (meta_width + 2 * PILL_X) else None
        return foot if foot.taken + META_GAP + meta_width <= self.words.max_width else None

    def _pads(self, inside: list[PlacedPart]) -> tuple[float, float]:
        """What is left free above and beneath what is inside."""
        first = inside[0].layout if inside and inside[0].slot is Slot.ABOVE else None
        # None is asked for by itself: whether something keeps a protocol takes long to find out, and each bubble asks.
        is_filled = first is not None and isinstance(first, FilledLayout) and first.begins_with_picture
        pad = self.look.room.pad
        return EDGE if is_filled else pad, EDGE if self.is_time_on_picture else pad
