"""How far a file of ours is on its way: a bar, words, and *Cancel*; beneath what stands for the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.attachment_strip import size_words
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import Slot

_BAR = 4.0
_GAP = 4.0
_APART = 16.0
_WIDTH = 280.0
_MOST_TRACK = 60  # of 255: the part of the bar that is not done yet


@dataclass(frozen=True, slots=True)
class UploadPart:
    """An upload. ``done`` None: it waits; else so many bytes of ``size`` have gone. ``failed_before``: it was tried."""

    size: int
    done: int | None = None
    failed_before: bool = False
    cancel: Callable[[], None] = field(default=lambda: None, compare=False)

    @property
    def slot(self) -> Slot:
        """Beneath the file."""
        return Slot.BELOW

    @property
    def text(self) -> str | None:
        """The file's name stays."""
        return None

    @property
    def words(self) -> str:
        """How far it is."""
        if self.done is not None:
            told = QCoreApplication.translate("SendingFiles", "Sending {done} of {size}")
            return told.replace("{done}", size_words(self.done)).replace("{size}", size_words(self.size))
        if self.failed_before:
            return QCoreApplication.translate("SendingFiles", "Not sent yet, tried again soon")
        return QCoreApplication.translate("SendingFiles", "Waiting to be sent")

    @property
    def share(self) -> float:
        """How much of it has gone, of 1."""
        return min((self.done or 0) / max(self.size, 1), 1.0)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> UploadLayout:
        """Lay it out."""
        return UploadLayout(self, look, width)


class UploadLayout:
    """The bar above a line with words and *Cancel*; as wide whatever the words are, so that nothing jitters."""

    def __init__(self, part: UploadPart, look: Look, width: float) -> None:
        self._part = part
        self._look = look
        self._size = QSizeF(min(width, _WIDTH), _BAR + 2 * _GAP + look.small_height)
        self._label = QCoreApplication.translate("SendingFiles", "Cancel")
        self._label_width = QFontMetricsF(look.small_bold).horizontalAdvance(self._label) + 1

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """*Cancel*."""
        return [Action(ActionKind.PART, self._label, rect=self._button(rect), run=self._part.cancel)]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint it."""
        tokens, look = self._look.tokens, self._look
        bar = QRectF(rect.left(), rect.top() + _GAP, rect.width(), _BAR)
        track = QColor(tokens.text)
        track.setAlpha(_MOST_TRACK)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(track)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        done = QRectF(bar)
        done.setWidth(bar.width() * self._part.share)
        if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            done.moveRight(bar.right())
        painter.setBrush(tokens.accent)
        if done.width() >= _BAR:
            painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)
        button = self._button(rect)
        line = QRectF(rect.left(), button.top(), button.left() - rect.left() - _APART, look.small_height)
        words = QFontMetricsF(look.small).elidedText(self._part.words, Qt.TextElideMode.ElideRight, line.width())
        painter.setFont(look.small)
        painter.setPen(tokens.text)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        bold = look.small_bold
        if marked is not None and marked.rect == button:
            bold = QFont(bold)
            bold.setUnderline(True)
        painter.setFont(bold)
        painter.setPen(tokens.accent)
        painter.drawText(button, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._label)

    def _button(self, rect: QRectF) -> QRectF:
        top = rect.top() + _GAP + _BAR + _GAP
        return QRectF(rect.right() - self._label_width, top, self._label_width, self._look.small_height)
