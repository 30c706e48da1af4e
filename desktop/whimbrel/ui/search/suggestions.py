"""What a filter may be completed to: people and chats, days, kinds of things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from whimbrel.core.search_words import Filter, FilterKind
from whimbrel.core.services import Services
from whimbrel.ui.collation import collator
from whimbrel.ui.names import list_names
from whimbrel.ui.search.filter_words import write_day

_MOST = 50
_AGES = (0, 1, 7, 30, 365)  # days


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line to choose. ``value``: what is typed then; None: a day is to be chosen in a calendar."""

    text: str
    detail: str
    value: str | None


class Suggestions:
    """Knows what may stand in filters. ``places``: whether ``in:`` is of use here."""

    def __init__(self, services: Services, *, places: bool = True) -> None:
        self._services = services
        self._places = places
        self._people: list[Suggestion] = []

    def refresh(self) -> None:
        """Look at the people and chats again: another filter is being typed."""
        self._people = list(self._list_people())

    def suggest(self, one: Filter) -> list[Suggestion]:
        """What fits a filter, as far as it is typed; nothing where it is complete."""
        needle, translate = one.value.casefold(), QCoreApplication.translate
        if one.kind is FilterKind.HAS:
            file, link = translate("Search", "Has a file"), translate("Search", "Has a link")
            return _narrow([Suggestion(file, "", "file"), Suggestion(link, "", "link")], needle)
        if one.kind in (FilterKind.BEFORE, FilterKind.AFTER):
            return _narrow(list(_list_days()), needle)
        if one.kind is FilterKind.IN and not self._places:
            return []
        me = [Suggestion(translate("Search", "Me"), "", "me")] if one.kind is FilterKind.FROM else []
        return _narrow([*me, *self._people], needle)

    def _list_people(self) -> Iterator[Suggestion]:
        """Chats as the list has them, then the other contacts by name. A name that two have is told by the address."""
        names = list_names(self._services)
        named = []
        for chat in self._services.conversations.list_conversations():
            address = str(chat.jid)
            named.append((names.pop((chat.account_id, address), address), address))
        left_out = {address for _, address in named}
        left_out |= {str(account.jid.bare) for account in self._services.accounts.list_accounts()}  # notes, if none
        others = [(name, address) for (_, address), name in names.items() if address not in left_out]
        by_name = collator().sortKey
        named += sorted(others, key=lambda one: by_name(one[0]))
        counts = Counter(name.casefold() for name, _ in named)
        for name, jid in dict.fromkeys(named):
            plain = counts[name.casefold()] == 1 and '"' not in name
            yield Suggestion(name, jid if jid != name else "", name if plain else jid)


def _narrow(found: list[Suggestion], needle: str) -> list[Suggestion]:
    if any(one.value is not None and one.value.casefold() == needle for one in found):
        return []
    fitting = [
        one
        for one in found
        if not needle or (one.value and needle in f"{one.text}\n{one.detail}\n{one.value}".casefold())
    ]
    fitting.sort(key=lambda one: not one.text.casefold().startswith(needle))
    return fitting[:_MOST]


def _list_days() -> Iterator[Suggestion]:
    today = datetime.now(UTC).astimezone().date()
    translate = QCoreApplication.translate
    words = (
        translate("Search", "Today"),
        translate("Search", "Yesterday"),
        translate("Search", "A week ago"),
        translate("Search", "A month ago"),
        translate("Search", "A year ago"),
    )
    yield Suggestion(translate("Search", "Choose a day…"), "", None)
    for word, days in zip(words, _AGES, strict=True):
        day: date = today - timedelta(days=days)
        yield Suggestion(word, write_day(day), day.isoformat())
