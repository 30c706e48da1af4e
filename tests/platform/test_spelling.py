"""Spelling by dictionaries that tests bring: in a thread, in several languages, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from whimbrel.platform.spelling import Dictionary, Speller, load_enchant


class Words:
    """A dictionary of a few words."""

    def __init__(self, *words: str, suggestions: Sequence[str] = ()) -> None:
        self.words = set(words)
        self.suggestions = suggestions
        self.threads: set[str] = set()

    def check(self, word: str) -> bool:
        self.threads.add(threading.current_thread().name)
        return word.encode() in {each.encode() for each in self.words}  # as libraries in C take it

    def suggest(self, word: str) -> Sequence[str]:
        return self.suggestions

    def add(self, word: str) -> None:
        self.words.add(word)


def make(*dictionaries: Dictionary) -> Speller:
    return Speller(load=lambda _languages: dictionaries)


def test_a_word_of_any_language_is_right_and_nothing_waits(qtbot: QtBot) -> None:
    english, german = Words("hello"), Words("Hallo")
    speller = make(english, german)
    assert speller.is_wrong("hello") is None
    speller.ask(["hello", "Hallo", "helo"])
    qtbot.waitUntil(lambda: speller.is_wrong("helo") is not None)
    assert [speller.is_wrong(word) for word in ("hello", "Hallo", "helo")] == [False, False, True]
    assert english.threads == {"spelling"}


def test_half_a_character_keeps_no_other_word_from_being_checked(qtbot: QtBot) -> None:
    speller = make(Words("hello"))
    speller.ask(["he\ud83d", "helo"])
    qtbot.waitUntil(lambda: speller.is_wrong("helo") is True)
    assert speller.is_wrong("he\ud83d") is False


def test_without_dictionaries_nothing_is_wrong(qtbot: QtBot) -> None:
    speller = make()
    speller.ask(["helo"])
    qtbot.waitUntil(lambda: not speller.is_active)
    assert speller.is_wrong("helo") is False


def test_it_can_be_switched_off(qtbot: QtBot) -> None:
    speller = make(Words())
    speller.ask(["helo"])
    qtbot.waitUntil(lambda: speller.is_wrong("helo") is True)
    with qtbot.waitSignal(speller.learnt):
        speller.set_enabled(False)
    assert speller.is_wrong("helo") is False


def test_suggestions_of_all_languages_and_words_of_ones_own(qtbot: QtBot) -> None:
    own = Words(suggestions=("hello", "help"))
    speller = make(own, Words(suggestions=("Hallo", "hello")))
    told: list[list[str]] = []
    speller.suggest("helo", told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [["hello", "Hallo", "help"]]
    speller.add("Whimbrel")
    assert speller.is_wrong("Whimbrel") is False
    qtbot.waitUntil(lambda: "Whimbrel" in own.words)


def test_a_language_that_nobody_has_a_dictionary_of() -> None:
    assert not load_enchant(["xx_XX", "tlh"])
