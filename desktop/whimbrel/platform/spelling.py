"""Spelling, by the dictionaries that the system has: Enchant, in a thread of its own. Absent where there is none."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QLocale, QObject, Signal

from whimbrel.platform.threads import DaemonThreads

_log = logging.getLogger(__name__)

_MOST_KNOWN = 50_000  # verdicts that are remembered
_MOST_LANGUAGES = 4
_MOST_SUGGESTIONS = 6


class Dictionary(Protocol):
    """A language's words; used in one thread only."""

    def check(self, word: str) -> bool:
        """Whether a word is right."""

    def suggest(self, word: str) -> Sequence[str]:
        """What could be meant, the nearest first."""

    def add(self, word: str) -> None:
        """Keep a word in the person's own list, for all programs that use it."""


Load = Callable[[Sequence[str]], Sequence[Dictionary]]
"""Gives the dictionaries that there are for languages; called in the speller's thread, it may take its time."""


class Speller(QObject):
    """Knows which words are right. Nothing here waits: what is not known yet is found out in a thread.

    A word is right if any of the desktop's languages has it. ``learnt`` tells that more is known, or that all may be
    otherwise (a word was added, checking was switched). Where there is no dictionary every word is right.
    """

    learnt = Signal()
    _checked = Signal(object)  # from the thread: words and verdicts
    _suggested = Signal(object)  # from the thread: whom to tell, and what
    _loaded = Signal(bool)

    def __init__(self, parent: QObject | None = None, load: Load | None = None) -> None:
        super().__init__(parent)
        self._load = load or load_enchant
        self._thread = DaemonThreads("spelling", 1)
        self._dictionaries: Sequence[Dictionary] = ()  # the thread's alone
        self._known: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._is_enabled = True
        self._is_loading = False
        self._is_absent = False
        self._checked.connect(self._on_checked)
        self._suggested.connect(self._on_suggested)
        self._loaded.connect(self._on_loaded)

    @property
    def is_active(self) -> bool:
        """Whether words are checked: switched on, and there are dictionaries, as far as is known."""
        return self._is_enabled and not self._is_absent

    def set_enabled(self, enabled: bool) -> None:
        """Switch checking on or off."""
        if enabled != self._is_enabled:
            self._is_enabled = enabled
            self.learnt.emit()

    def is_wrong(self, word: str) -> bool | None:
        """Whether no dictionary has a word; None: not known yet, see :meth:`ask`."""
        if not self.is_active:
            return False
        right = self._known.get(word)
        return None if right is None else not right

    def ask(self, words: Iterable[str]) -> None:
        """Find out about words; ``learnt`` comes once that is done."""
        unknown = [word for word in dict.fromkeys(words) if word not in self._known and word not in self._asked]
        if not unknown or not self.is_active:
            return
        self._start()
        self._asked.update(unknown)
        self._thread.start(self._check, unknown)

    def suggest(self, word: str, tell: Callable[[list[str]], None]) -> None:
        """Find what could be meant; ``tell`` is called with it, later."""
        self._start()
        self._thread.start(self._find_suggestions, word, tell)

    def add(self, word: str) -> None:
        """A word is right from now on, on this computer."""
        self._known[word] = True
        self._start()
        self._thread.start(self._add, word)
        self.learnt.emit()

    def _start(self) -> None:
        if not self._is_loading:
            self._is_loading = True
            self._thread.start(self._load_all, desktop_languages())

    # in the thread

    def _load_all(self, languages: Sequence[str]) -> None:
        self._dictionaries = self._load(languages)
        self._emit(self._loaded, bool(self._dictionaries))

    def _check(self, words: Sequence[str]) -> None:
        verdicts = {word: self._is_right(word) for word in words}
        self._emit(self._checked, verdicts)

    def _is_right(self, word: str) -> bool:
        if not self._dictionaries or any("\ud800" <= char <= "\udfff" for char in word):  # half a character
            return True
        return any(dictionary.check(word) for dictionary in self._dictionaries)

    def _find_suggestions(self, word: str, tell: Callable[[list[str]], None]) -> None:
        lists = [list(dictionary.suggest(word)) for dictionary in self._dictionaries]
        mixed = [found[place] for place in range(_MOST_SUGGESTIONS) for found in lists if place < len(found)]
        self._emit(self._suggested, (tell, list(dict.fromkeys(mixed))[:_MOST_SUGGESTIONS]))

    def _add(self, word: str) -> None:
        for dictionary in self._dictionaries[:1]:
            dictionary.add(word)

    @staticmethod
    def _emit(signal: Any, value: object) -> None:
        try:
            signal.emit(value)
        except RuntimeError:
            _log.debug("the program has ended before its words were checked")

    # back on the event loop

    def _on_loaded(self, found: bool) -> None:
        self._is_absent = not found
        self.learnt.emit()

    def _on_checked(self, verdicts: dict[str, bool]) -> None:
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._asked.difference_update(verdicts)
        for word, right in verdicts.items():
            self._known.setdefault(word, right)  # one that was added meanwhile stays right
        self.learnt.emit()

    def _on_suggested(self, told: tuple[Callable[[list[str]], None], list[str]]) -> None:
        tell, words = told
        tell(words)


def desktop_languages() -> list[str]:
    """The desktop's languages, as dictionaries are named (``en_GB``), the most wanted first."""
    wanted = [name.replace("-", "_") for name in QLocale.system().uiLanguages(QLocale.TagSeparator.Dash)]
    wanted += [name.partition(".")[0] for name in os.environ.get("LANGUAGE", "").split(":") if name]
    return list(dict.fromkeys(wanted))


def load_enchant(languages: Sequence[str]) -> Sequence[Dictionary]:
    """Enchant's dictionaries for languages; none where Enchant is not installed.

    A language without a region ("de") is content with any dictionary of it.
    """
    try:
        import enchant  # a C library that may be missing; and not before somebody writes
    except ImportError as error:
        _log.debug("no spelling: %s", error)
        return ()
    broker = enchant.Broker()
    there = sorted(broker.list_languages())
    chosen: dict[str, str] = {}  # by language: one dictionary each
    for language in languages:
        base = language.partition("_")[0]
        fitting = [name for name in there if name == language or name.partition("_")[0] == base == language]
        for name in fitting[:1]:
            chosen.setdefault(base, name)
    try:
        return [broker.request_dict(name) for name in list(chosen.values())[:_MOST_LANGUAGES]]
    except enchant.errors.Error as error:
        _log.debug("no spelling: %s", error)
        return ()
