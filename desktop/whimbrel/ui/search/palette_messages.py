"""Messages for the palette: a few that contain what is typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from whimbrel.core.search import Search
from whimbrel.core.services import Services
from whimbrel.model.errors import KnownError
from whimbrel.model.search import Hits
from whimbrel.ui.palette import Entry
from whimbrel.ui.search.asking import Asking
from whimbrel.ui.search.naming import Naming
from whimbrel.ui.search.results import Result

_MOST = 8
_SHORTEST = 2  # letters; one character of Chinese is a word
_LONGEST = 80


class PaletteMessages(QObject):
    """Finds messages while one types in the palette; ``open_result`` shows the one that is chosen."""

    def __init__(self, services: Services, open_result: Callable[[Result], None], parent: QObject) -> None:
        super().__init__(parent)
        self._naming = Naming(services)
        self._open_result = open_result
        self._answer: Callable[[list[Entry]], None] | None = None
        self._asking = Asking(services.offer(Search), self, self._on_found, self._on_failed, _MOST)

    def find(self, text: str, answer: Callable[[list[Entry]], None]) -> None:
        """Find messages, soon; only the last question is answered."""
        self._answer = answer
        words = text.strip()
        self._asking.ask(words if len(words) >= _SHORTEST or not words.isascii() else "")

    def _on_found(self, hits: Hits) -> None:
        if self._answer is not None and hits.hits:
            results = self._naming.results(hits.hits, self._asking.query.terms)
            self._answer([self._entry(result) for result in results])

    def _on_failed(self, _error: KnownError) -> None:
        """The palette goes on without messages; the search page tells why."""

    def _entry(self, result: Result) -> Entry:
        detail = f"\u2068{result.name}\u2069 · {result.when}"  # isolated: a name may run the other way
        return Entry(result.text[:_LONGEST], detail, partial(self._open_result, result))
