"""What links ask for is asked one after the other, however many come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from whimbrel.ui.links import XmppLink

_MOST = 10  # that wait


@dataclass(frozen=True, slots=True)
class _Question:
    link: XmppLink
    make: Callable[[], QDialog]
    gives_way: bool


class LinkQuestions(QObject):
    """Shows one dialog at a time. What only tells something gives way to what comes next: nobody has to answer it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[_Question] = deque()
        self._asked: _Question | None = None
        self._dialog: QDialog | None = None

    def ask(self, link: XmppLink, make: Callable[[], QDialog], *, gives_way: bool = False) -> None:
        """Show a dialog, after those that wait for an answer.

        Args:
            gives_way: it asks nothing.
        """
        if len(self._waiting) < _MOST:
            self._waiting.append(_Question(link, make, gives_way))
        if self._dialog is None:
            self._ask_next()
        elif self._asked is not None and self._asked.gives_way:
            self._dialog.reject()  # the next follows it
        else:
            _bring_forward(self._dialog)  # that it must be answered first is seen

    def end(self) -> list[XmppLink]:
        """Ask nothing any more; returns the links whose questions nobody has answered."""
        questions = [*([self._asked] if self._asked is not None else []), *self._waiting]
        self._waiting.clear()
        return [question.link for question in questions]

    def _ask_next(self) -> None:
        if self._dialog is None and self._waiting:
            self._asked = self._waiting.popleft()
            self._dialog = dialog = self._asked.make()
            dialog.finished.connect(self._on_finished)
            dialog.show()
            _bring_forward(dialog)

    def _on_finished(self) -> None:
        self._dialog = self._asked = None
        self._ask_next()


def _bring_forward(dialog: QDialog) -> None:
    dialog.raise_()
    dialog.activateWindow()
