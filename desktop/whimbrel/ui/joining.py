"""What is said one after another in one line, joined as the language does it: Chinese has other commas."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLocale


def list_words(names: Iterable[str]) -> str:
    """Names as the language lists them: "A, B, and C"."""
    return QLocale().createSeparatedList(list(names))


def join_facts(facts: Iterable[str]) -> str:
    """What is told of one thing, "Online, 3 unread"; what is empty is left out."""
    return QCoreApplication.translate("Joining", ", ", "between facts of one thing: Online, 3 unread").join(
        filter(None, facts)
    )


def join_things(things: Iterable[str]) -> str:
    """Several things, of each of which several facts are told; what is empty is left out."""
    return QCoreApplication.translate("Joining", "; ", "between things that have commas within them").join(
        filter(None, things)
    )


def told_of(name: str, words: str) -> str:
    """What is told of somebody or something, "Bob: Not sent"; only the words where there is no name."""
    colon = QCoreApplication.translate("Joining", ": ", "between a name and what is told of it: Bob: Not sent")
    return colon.join(filter(None, (name, words)))
