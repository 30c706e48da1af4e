"""A file in a bubble: icon, name, size, how far it has come, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.file_facts import FileFacts, paint_buttons
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import grown

_WIDTH = 300.0
_WIDEST = 420.0  # for a long name
_DISC = 36  # where letters have their usual size, as the icon on it
_ICON = 20
_GAP = 4.0
_BESIDE = 10.0
_APART = 16.0
_BAR = 4.0
_MOST_TRACK = 60  # of 255: the part of the bar that is not done yet
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute  # beside the icon, whatever the direction
_WRAPPED = int(_AT_LEFT | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class FileLayout:
    """An icon beside two lines of words; beneath them words that can be clicked."""

    def __init__(self, facts: FileFacts, look: Look, width: float) -> None:
        self._facts = facts
        self._look = look
        self._disc = float(grown(_DISC))
        name = QFontMetricsF(look.text).horizontalAdvance(facts.name) + 1 + self._disc + _BESIDE
        self._width = min(width, max(_WIDTH, 18 * look.character, min(name, _WIDEST)))
        self._is_failed = facts.attachment.state is AttachmentState.FAILED and bool(facts.attachment.url)
        self._text_room = self._width - self._disc - _BESIDE
        self._words_height = self._measure_words()
        self._head = max(look.line_height + self._words_height, self._disc)
        self._buttons = self._place_buttons(self._head + 2 * _GAP)
        bottom = max((rect.bottom() for _, rect, _ in self._buttons), default=self._head)
        self._size = QSizeF(self._width, bottom)

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    @property
    def last_width(self) -> float:
        """How much of its last line is taken, from the left."""
        bottom = self._size.height()
        if not self._buttons:
            return self._width
        return max(rect.right() for _, rect, _ in self._buttons if rect.bottom() >= bottom)

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """What can be done with it, as things stand."""
        return [
            Action(
                ActionKind.PART,
                label,
                rect=place.translated(rect.topLeft()),
                run=partial(run, self._facts.attachment),
                about=self._facts.name,
            )
            for label, place, run in self._buttons
        ]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint it."""
        look, facts, tokens = self._look, self._facts, self._look.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(rect.left(), rect.top() + (self._head - self._disc) / 2, self._disc, self._disc)
        if self._is_failed:
            circle.moveTop(rect.top())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.code_ground)
        painter.drawEllipse(circle)
        icon = QRectF(0, 0, grown(_ICON), grown(_ICON))
        icon.moveCenter(circle.center())
        paint_icon(
            painter, icon, "alert" if self._is_failed else "file", tokens.error if self._is_failed else tokens.accent
        )
        left = circle.right() + _BESIDE
        line = QRectF(left, rect.top(), self._text_room, look.line_height)
        words = facts.state_words
        if not words:
            line.setHeight(self._head)
        name = QFontMetricsF(look.text).elidedText(facts.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.setFont(look.text)
        painter.setPen(tokens.text)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | _AT_LEFT), name)
        painter.setFont(look.small)
        painter.setPen(tokens.error_text if self._is_failed else tokens.second_text)
        painter.drawText(QRectF(left, line.bottom(), self._text_room, self._words_height), _WRAPPED, words)
        if facts.attachment.state is AttachmentState.FETCHING:
            self._paint_bar(painter, QRectF(rect.left(), rect.top() + self._head + _GAP / 2, self._width, _BAR))
        paint_buttons(painter, self.actions(rect), look, marked)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        track = QColor(self._look.tokens.text)
        track.setAlpha(_MOST_TRACK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(track)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        done = QRectF(bar)
        done.setWidth(max(bar.width() * self._facts.share, _BAR))
        painter.setBrush(self._look.tokens.accent)
        painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)

    def _measure_words(self) -> float:
        metrics = QFontMetricsF(self._look.small)
        words = self._facts.state_words if self._is_failed or self._facts.unreadable else ""
        needed = metrics.boundingRect(QRectF(0, 0, self._text_room, 10_000), _WRAPPED, words).height() if words else 0
        return max(needed, self._look.small_height)

    def _place_buttons(self, top: float) -> list[tuple[str, QRectF, Callable[[Attachment], None]]]:
        """As many to a line as there is room for."""
        metrics = QFontMetricsF(self._look.small_bold)
        placed = []
        x, y = 0.0, top + _GAP
        for label, run in self._choices():
            width = metrics.horizontalAdvance(label) + 1
            if x and x + width > self._width:
                x, y = 0.0, y + self._look.small_height + _GAP
            placed.append((label, QRectF(x, y, width, self._look.small_height), run))
            x += width + _APART
        return placed

    def _choices(self) -> list[tuple[str, Callable[[Attachment], None]]]:
        handler, translate = self._facts.handler, QCoreApplication.translate
        if handler is None:
            return []
        state = self._facts.attachment.state
        if state is AttachmentState.FETCHING:
            return [(translate("Files", "Cancel"), handler.cancel)]
        if self._facts.is_here:
            return [
                (translate("Files", "Open"), handler.open),
                (translate("Files", "Save as…"), handler.save_as),
                (translate("Files", "Open folder"), handler.open_folder),
            ]
        if not self._facts.attachment.url:
            return []
        if state is AttachmentState.FAILED:
            return [(translate("Files", "Try again"), handler.fetch)]
        return [(translate("Files", "Fetch"), handler.fetch)]
