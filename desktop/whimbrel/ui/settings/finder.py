"""Finds controls of *Settings* by words, in the person's language and in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from whimbrel.ui.settings.page import Entry, Page, folded

_SHOWN_FOR = 2500  # milliseconds that a found control stays marked
_BEYOND = 6  # pixels that the mark stands out


@dataclass(frozen=True, slots=True)
class Hit:
    """A control that was found, and the page that it is on; none where the page itself was."""

    page: type[Page]
    entry: Entry | None = None

    @property
    def words(self) -> str:
        """What to call it."""
        return self.entry.words if self.entry is not None else self.page.title()


def find(pages: Sequence[type[Page]], build: Callable[[type[Page]], Page], query: str) -> list[Hit]:
    """The controls whose words have every word of a query, those first whose own label has them."""
    words = folded(query).split()
    hits: list[tuple[int, Hit]] = []
    for kind in pages:
        titles = folded(f"{kind.title()} {kind.name}")
        if words and all(word in titles for word in words):
            hits.append((0, Hit(kind)))
        for entry in build(kind).entries:
            if words and all(word in entry.found_by for word in words):
                label = folded(entry.words)
                hits.append((0 if all(word in label for word in words) else 1, Hit(kind, entry)))
    return [hit for _rank, hit in sorted(hits, key=lambda each: each[0])]


class Mark(QFrame):
    """A frame around a control for a moment, behind it."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place.parentWidget())
        self._place = place
        self.setProperty("surface", "mark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        place.installEventFilter(self)
        self._follow()
        self.lower()
        self.show()
        QTimer.singleShot(_SHOWN_FOR, self, self.deleteLater)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the control takes another place."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        self.setGeometry(self._place.geometry().adjusted(-_BEYOND, -_BEYOND, _BEYOND, _BEYOND))
