"""A picture and a file that were shared with a contact, as buttons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.platform.pictures import read_picture, read_thumbnail
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import SMALL, font, grown, theme
from whimbrel.ui.widgets.label import plain_tip

SIDE = 72
_RADIUS = 6.0
_ICON = 20
_PAD = 6
_GAP = 10


class _Item(QAbstractButton):
    """What can be pressed. ``attachment`` is what it shows."""

    def __init__(self, facts: FileFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_facts(facts)

    @property
    def attachment(self) -> Attachment:
        """The picture or file."""
        return self.facts.attachment

    def show_facts(self, facts: FileFacts) -> None:
        """It has come further."""
        self.facts = facts
        self.setAccessibleName(facts.words)
        self.setToolTip(plain_tip(facts.name))
        self.update()

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme().tokens
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)

    def _paint_focus(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().tokens.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)


class SharedPicture(_Item):
    """A square cut out of the middle of a picture."""

    def __init__(self, facts: FileFacts, parent: QWidget | None = None) -> None:
        self._image = QImage()
        super().__init__(facts, parent)
        keep_size(self, SIDE, SIDE)

    def show_image(self, image: QImage) -> None:
        """It has been decoded, in pixels of the screen."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tokens, rect = theme().tokens, QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setClipPath(path)
        painter.fillRect(rect, tokens.bubble_in)
        if not self._image.isNull():
            painter.drawImage(rect, self._image)
        if self._image.isNull() or not self.facts.is_here:
            place = QRectF(0, 0, grown(_ICON), grown(_ICON))
            place.moveCenter(rect.center())
            if not self._image.isNull():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tokens.background)
                painter.drawEllipse(place.adjusted(-_PAD, -_PAD, _PAD, _PAD))
            paint_icon(painter, place, "file" if self.facts.is_here else "download", tokens.second_text)
        painter.setClipping(False)
        self._paint_focus(painter)


class SharedFile(_Item):
    """A file by its name, with its size or what is the matter with it."""

    def __init__(self, facts: FileFacts, parent: QWidget | None = None) -> None:
        super().__init__(facts, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt: two lines high."""
        height = QFontMetrics(font()).height() + QFontMetrics(font(SMALL)).height()
        return QSize(grown(SIDE) * 3, height + 2 * _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_ground(painter)
        tokens, facts = theme().tokens, self.facts
        failed = facts.attachment.state is AttachmentState.FAILED and bool(facts.attachment.url)
        side = grown(_ICON)
        room = self.rect().adjusted(_PAD + side + _GAP, _PAD, -_PAD, -_PAD)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            room.moveLeft(_PAD)
        place = QRectF(self._mirrored(QRect(_PAD, 0, side, self.height())))
        place = QRectF(place.left(), place.center().y() - side / 2, side, side)
        sign = "alert" if failed else "file" if facts.is_here else "download"
        paint_icon(painter, place, sign, tokens.error if failed else tokens.second_text)
        height = QFontMetrics(font()).height()
        at_start = Qt.AlignmentFlag.AlignAbsolute | (
            Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        )
        flags = int(at_start | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        name = QFontMetricsF(font()).elidedText(facts.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setFont(font())
        painter.setPen(tokens.text)
        painter.drawText(QRect(room.left(), room.top(), room.width(), height), flags, name)
        words = QFontMetricsF(font(SMALL)).elidedText(facts.state_words, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font(SMALL))
        painter.setPen(tokens.error_text if failed else tokens.second_text)
        painter.drawText(QRect(room.left(), room.top() + height, room.width(), room.height() - height), flags, words)
        self._paint_focus(painter)

    def _mirrored(self, rect: QRect) -> QRect:
        if self.isRightToLeft():
            rect.moveRight(self.width() - 1 - rect.left())
        return rect


def read_square(attachment: Attachment, side: int) -> QImage | None:
    """The middle of a picture, or of its thumbnail, ``side`` pixels wide and high; None: it cannot be shown. Blocks."""
    box = QSize(2 * side, 2 * side)
    image = read_picture(Path(attachment.path), box) if attachment.path else None
    if image is None and attachment.thumbnail:
        image = read_thumbnail(attachment.thumbnail, box)
    if image is None:
        return None
    wide = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    filling = image.scaled(side, side, wide, Qt.TransformationMode.SmoothTransformation)
    middle = QRect(0, 0, side, side)
    middle.moveCenter(QPointF(filling.width() / 2, filling.height() / 2).toPoint())
    return filling.copy(middle)
