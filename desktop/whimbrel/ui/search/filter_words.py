"""Filters in the person's words and language: days, names, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.search_meaning import Language, Trouble, TroubleKind
from whimbrel.core.search_words import Filter, FilterKind, find_days
from whimbrel.core.services import Services
from whimbrel.ui.names import conversation_name, list_names

_BETWEEN = re.compile(r"[\s./\-\u060c\u5e74\u6708\u65e5]+")
_UNSEEN = re.compile("[\u200e\u200f\u061c]")
_CENTURY = 100
_LONGEST = 24  # characters of a value that are shown


def read_day(text: str) -> date | None:
    """A day of three numbers, in the order in which the language has them, or year first."""
    parts = [part for part in _BETWEEN.split(_UNSEEN.sub("", text)) if part]
    if len(parts) != len("dmy") or not all(part.isdecimal() for part in parts):
        return None
    order = _order() if len(parts[0]) <= 2 else "yMd"
    numbers = dict(zip(order, (int(part) for part in parts), strict=True))
    year = numbers["y"] + (_today().year // _CENTURY * _CENTURY if numbers["y"] < _CENTURY else 0)
    try:
        return date(year, numbers["M"], numbers["d"])
    except ValueError:
        return None


def write_day(day: date) -> str:
    """A day as the language writes it in short, with the whole year."""
    return QLocale().toString(QDate(day.year, day.month, day.day), _format())


def make_language(services: Services) -> Language:
    """What the core needs to understand the person."""
    return Language(read_day, lambda: list_names(services), lambda: list(_own_names(services)))


def _own_names(services: Services) -> Iterator[str]:
    """What the person is called: addresses, the first part of them, nicknames."""
    for account in services.accounts.list_accounts():
        yield str(account.jid.bare)
        yield account.jid.local
        yield services.offer(Nicknames).find(account.id, account.jid.bare)


class FilterWords:
    """What a chip says, and what is said beneath the chips."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self, one: Filter) -> str:
        """A filter, as a chip shows it."""
        translate = QCoreApplication.translate
        if one.kind is FilterKind.HAS:
            value = one.value.lower().removesuffix("s")
            words = {"file": translate("Search", "Has a file"), "link": translate("Search", "Has a link")}
            return words.get(value, translate("Search", "Has %1").replace("%1", _short(one.value)))
        pattern = {
            FilterKind.FROM: translate("Search", "From %1"),
            FilterKind.IN: translate("Search", "In %1"),
            FilterKind.BEFORE: translate("Search", "Before %1"),
            FilterKind.AFTER: translate("Search", "After %1"),
        }[one.kind]
        return pattern.replace("%1", _short(self._value(one)))

    def explain(self, trouble: Trouble) -> str:
        """What is wrong with a filter, and what to do."""
        translate = QCoreApplication.translate
        example = _in_one_word(write_day(_today() - timedelta(days=30)))
        words = {
            TroubleKind.NOBODY: translate("Search", "No chat and no contact is called “%1”."),
            TroubleKind.NOTHING_SAID: translate("Search", "Nothing has been said with “%1” yet."),
            TroubleKind.NO_DAY: translate("Search", "“%1” is no day, so it does not count: write %2 or %3.")
            .replace("%2", example)
            .replace("%3", (_today() - timedelta(days=30)).isoformat()),
            TroubleKind.NO_THING: translate(
                "Search", "“%1” cannot be looked for: only files (has:file) and links (has:link)."
            ),
            TroubleKind.NO_TIME: translate("Search", "No day is after the one and before the other."),
        }
        return words[trouble.kind].replace("%1", _short(trouble.filter.value))

    def _value(self, one: Filter) -> str:
        if one.kind in (FilterKind.BEFORE, FilterKind.AFTER):
            days = find_days(one.value, read_day=read_day)
            whole = days is not None and (days[1] - days[0]) < timedelta(days=2)
            return write_day(days[0].astimezone().date()) if days is not None and whole else one.value
        if one.kind is FilterKind.FROM and one.value.lower() == "me":
            return QCoreApplication.translate("Search", "me")
        for conversation in self._services.conversations.list_conversations() if "@" in one.value else ():
            if str(conversation.jid) == one.value:
                return conversation_name(self._services, conversation.account_id, conversation.jid)
        return one.value


def _order() -> str:
    """In which order the language has day, month and year."""
    return "".join(sorted("dMy", key=_format().index))


def _format() -> str:
    short = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return short if "yyyy" in short else short.replace("yy", "yyyy")


def _in_one_word(day: str) -> str:
    """A day without blanks: what stands after one would not belong to the filter."""
    return re.sub(r"\s+", "-", re.sub(r"(?<=[./-])\s+", "", day))


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
