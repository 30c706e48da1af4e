"""A picture in a bubble: at its final size from the start, whatever is there of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from whimbrel.model.attachment import AttachmentState
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.file_facts import FileFacts, paint_frame
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import grown

WIDEST = 400.0
HIGHEST = 320.0
_LEAST = 56.0  # a smaller one stands in a box of this side
_UNKNOWN = QSizeF(240.0, 160.0)
RADIUS = 8.0
_BUTTON = 44.0
_ICON = 22.0
_RING = 3.0
_FRAME = 3.0  # how far around the picture the mark of keyboard and pointer goes
_FOOT = 28.0  # kept free beneath what is said over it, for the time
_PAD = 10.0
_OF_WIDTH = 0.85  # of a picture may be taken by words
_FULL_TURN = 16 * 360
_SHADE = QColor(0, 0, 0, 140)
_ON_SHADE = QColor(255, 255, 255)
_TRACK = QColor(255, 255, 255, 70)  # the part of the ring that is not done yet


def picture_size(width: int | None, height: int | None, room: float) -> QSizeF:
    """How large a picture of so many pixels is painted, in at most ``room`` pixels; never larger than it is."""
    widest = min(WIDEST, room)
    if not width or not height:
        return QSizeF(min(_UNKNOWN.width(), room), _UNKNOWN.height())
    scale = min(widest / width, HIGHEST / height, 1.0)
    return QSizeF(max(round(width * scale), 1), max(round(height * scale), 1))


class PictureLayout:
    """The picture within its box; over it, while it is not here, what can be done about that."""

    def __init__(self, facts: FileFacts, look: Look, width: float) -> None:
        self._facts = facts
        self._look = look
        attachment = facts.attachment
        self._picture = picture_size(attachment.width, attachment.height, width)
        self._size = self._picture.expandedTo(QSizeF(min(_LEAST, width), _LEAST))
        self._is_waiting = not facts.is_here

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    @property
    def has_room_for_time(self) -> bool:
        """Whether it is not so small that the time would hide it."""
        return self._picture.height() >= _LEAST or self._picture.width() >= 4 * _LEAST

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """A click shows it large, fetches it, or ends that."""
        facts, handler = self._facts, self._facts.handler
        if handler is None:
            return []
        translate = QCoreApplication.translate
        if facts.is_here:
            label, run = translate("Files", "Show {name}"), handler.view
        elif facts.attachment.state is AttachmentState.FETCHING:
            label, run = translate("Files", "Cancel fetching {name}"), handler.cancel
        elif facts.attachment.state is AttachmentState.FAILED:
            label, run = translate("Files", "Try again to fetch {name}"), handler.fetch
        else:
            label, run = translate("Files", "Fetch {name}"), handler.fetch
        label = label.replace("{name}", facts.name)
        return [Action(ActionKind.PART, label, rect=self._box(rect), run=partial(run, facts.attachment))]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint it."""
        box = self._box(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        has_image = self._paint_picture(painter, box)
        if self._is_waiting:
            self._paint_state(painter, box, has_image)
        if marked is not None and marked.rect == box:
            paint_frame(painter, box.adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME), self._look, RADIUS + _FRAME / 2)

    def _paint_picture(self, painter: QPainter, box: QRectF) -> bool:
        facts, handler = self._facts, self._facts.handler
        ratio = painter.device().devicePixelRatioF()
        place = QRectF(QPointF(), self._picture)
        place.moveCenter(box.center())
        # One that is narrower than its box stands on a ground with round corners: it touches none of them.
        apart = max(box.width() - place.width(), box.height() - place.height())
        fills, radius = apart < 1, RADIUS if apart < 2 * RADIUS else 0.0
        image = None
        if handler is not None:
            pixels = self._picture * ratio
            image = handler.find_image(
                facts.attachment, max(round(pixels.width()), 1), max(round(pixels.height()), 1), radius * ratio
            )
        shown = QRectF(place)
        if image is not None:  # what was told of its form may be untrue
            shown.setSize(QSizeF(image.size()).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio))
            shown.moveCenter(place.center())
        is_exact = max(place.width() - shown.width(), place.height() - shown.height()) <= 1
        if image is None or not fills or not is_exact:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.code_ground)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if image is None:
            return False
        painter.drawImage(place if is_exact else shown, image)
        return True

    def _paint_state(self, painter: QPainter, box: QRectF, has_image: bool) -> None:
        """A round button in the middle; what is to be said beneath it, where there is room."""
        facts, look = self._facts, self._look
        state = facts.attachment.state
        side = min(grown(_BUTTON), box.width() - 8, box.height() - 8)
        button = QRectF(0, 0, side, side)
        button.moveCenter(box.center())
        words = facts.state_words
        is_failed = state is AttachmentState.FAILED
        room = box.width() * _OF_WIDTH - 2 * _PAD
        metrics = QFontMetricsF(look.small)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        needed = metrics.boundingRect(QRectF(0, 0, room, 10_000), flags, words)
        fits = bool(words) and room > 2 * side and needed.height() + side + 8 <= box.height() - 2 * _FOOT
        if fits:
            button.moveTop(box.center().y() - (side + 8 + needed.height()) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawEllipse(button)
        icon = "close" if state is AttachmentState.FETCHING else "retry" if is_failed else "download"
        place = QRectF(0, 0, side * _ICON / _BUTTON, side * _ICON / _BUTTON)
        place.moveCenter(button.center())
        paint_icon(painter, place, icon, _ON_SHADE)
        if state is AttachmentState.FETCHING:
            pen = QPen(_ON_SHADE, _RING)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            ring = button.adjusted(_RING, _RING, -_RING, -_RING)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(_TRACK, _RING))
            painter.drawEllipse(ring)
            painter.setPen(pen)
            painter.drawArc(ring, _FULL_TURN // 4, -round(max(facts.share, 0.02) * _FULL_TURN))
        if not fits:
            return
        text = QRectF(box.center().x() - room / 2, button.bottom() + 8, room, needed.height() + 2)
        painter.setFont(look.small)
        if has_image:
            ground = QRectF(0, 0, needed.width() + 16, needed.height() + 6)
            ground.moveCenter(text.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_SHADE)
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        plain = look.tokens.error_text if is_failed else look.tokens.text
        painter.setPen(_ON_SHADE if has_image else plain)
        painter.drawText(text, flags, words)

    def _box(self, rect: QRectF) -> QRectF:
        return QRectF(rect.left(), rect.top(), max(rect.width(), self._size.width()), self._size.height())
