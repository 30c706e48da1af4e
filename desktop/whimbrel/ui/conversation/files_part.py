"""The files of one message, one beneath the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from whimbrel.ui.conversation.actions import Action
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.conversation.file_part import FileLayout
from whimbrel.ui.conversation.look import EDGE, PAD_X, Look
from whimbrel.ui.conversation.parts import Foot, Slot
from whimbrel.ui.conversation.picture_part import PictureLayout
from whimbrel.ui.joining import join_things

_GAP = 8.0
_PICTURE_GAP = 4.0  # between two pictures
_REACH = PAD_X - EDGE  # a picture goes so much further to either side than text
_LEAST_CAPTION = 240.0
_BEFORE_WORDS = 3.0


@dataclass(frozen=True, slots=True)
class FilesPart:
    """Pictures and files. ``instead``: the message says nothing else than where they are."""

    files: tuple[FileFacts, ...]
    instead: bool

    @property
    def slot(self) -> Slot:
        """Above what is said of them."""
        return Slot.ABOVE

    @property
    def text(self) -> str | None:
        """An address is nothing to be read."""
        return "" if self.instead else None

    @property
    def words(self) -> str:
        """What they are."""
        return join_things(file.words for file in self.files)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> FilesLayout:
        """Lay them out."""
        return FilesLayout(
            [
                PictureLayout(file, look, width + 2 * _REACH)
                if file.is_shown_as_picture
                else FileLayout(file, look, width)
                for file in self.files
            ],
            0.0 if self.instead else _BEFORE_WORDS,
        )


class FilesLayout:
    """One beneath the other; pictures reach nearer to the bubble's edge than files and words do."""

    def __init__(self, layouts: Sequence[PictureLayout | FileLayout], below: float) -> None:
        """``below``: pixels between the last of them and what follows."""
        self._layouts = layouts
        self._tops: list[float] = []
        bottom = 0.0
        for layout, following in zip(layouts, [*layouts[1:], None], strict=True):
            self._tops.append(bottom)
            bottom += layout.size.height()
            if following is not None:
                both = isinstance(layout, PictureLayout) and isinstance(following, PictureLayout)
                bottom += _PICTURE_GAP if both else _GAP
        self._pictures = [layout for layout in layouts if isinstance(layout, PictureLayout)]
        widths = [layout.size.width() - 2 * _reach(layout) for layout in layouts]
        self._size = QSizeF(max(widths), bottom + below)

    @property
    def size(self) -> QSizeF:
        """What they need, besides what pictures reach over to the sides."""
        return self._size

    @property
    def begins_with_picture(self) -> bool:
        """Whether the first is one."""
        return isinstance(self._layouts[0], PictureLayout)

    @property
    def caption_width(self) -> float:
        """Words beneath pictures are no wider than they are, so that these fill the bubble."""
        return max(self._size.width(), _LEAST_CAPTION) if self._pictures else 0.0

    @property
    def foot(self) -> Foot | None:
        """Over the last picture; beside what can be done with the last file."""
        last = self._layouts[-1]
        if isinstance(last, FileLayout):
            return Foot(taken=last.last_width)
        return Foot(over=self._size.width() + 2 * _REACH) if last.has_room_for_time else None

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """Of all of them."""
        return [action for layout, place in self._places(rect) for action in layout.actions(place)]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint them."""
        for layout, place in self._places(rect):
            painter.save()
            painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # as each text runs
            layout.paint(painter, place, marked)
            painter.restore()

    def _places(self, rect: QRectF) -> list[tuple[PictureLayout | FileLayout, QRectF]]:
        places = []
        for layout, top in zip(self._layouts, self._tops, strict=True):
            reach = _reach(layout)
            width = rect.width() + 2 * reach
            places.append((layout, QRectF(rect.left() - reach, rect.top() + top, width, layout.size.height())))
        return places


def _reach(layout: PictureLayout | FileLayout) -> float:
    return _REACH if isinstance(layout, PictureLayout) else 0.0
