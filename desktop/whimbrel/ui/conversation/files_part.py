"""The files of one message, one beneath the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from whimbrel.ui.conversation.actions import Action
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.conversation.file_part import FileLayout
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import PartLayout, Slot
from whimbrel.ui.conversation.picture_part import PictureLayout

_GAP = 8.0


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
        return ", ".join(file.words for file in self.files)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> FilesLayout:
        """Lay them out."""
        return FilesLayout(
            [
                PictureLayout(file, look, width) if file.is_shown_as_picture else FileLayout(file, look, width)
                for file in self.files
            ]
        )


class FilesLayout:
    """One beneath the other."""

    def __init__(self, layouts: Sequence[PartLayout]) -> None:
        self._layouts = layouts
        self._tops: list[float] = []
        bottom = 0.0
        for layout in layouts:
            self._tops.append(bottom)
            bottom += layout.size.height() + _GAP
        self._size = QSizeF(max(layout.size.width() for layout in layouts), bottom - _GAP)

    @property
    def size(self) -> QSizeF:
        """What they need."""
        return self._size

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """Of all of them."""
        return [action for layout, place in self._places(rect) for action in layout.actions(place)]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """Paint them."""
        for layout, place in self._places(rect):
            painter.save()
            layout.paint(painter, place, marked)
            painter.restore()

    def _places(self, rect: QRectF) -> list[tuple[PartLayout, QRectF]]:
        return [
            (layout, QRectF(rect.left(), rect.top() + top, rect.width(), layout.size.height()))
            for layout, top in zip(self._layouts, self._tops, strict=True)
        ]
