"""What a person's search means: who and what the filters name, and what is wrong with them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from whimbrel.core.roster import Roster
from whimbrel.core.search_words import Filter, FilterKind, ReadDay, Typed, add_times, find_days, take_apart
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.message import Direction
from whimbrel.model.search import SearchQuery
from whimbrel.storage.conversations import ConversationStore

ME = ("me", "myself")
"""Whom ``from:`` may name beside the others."""
THINGS = ("file", "link")
"""What ``has:`` may name."""
_DAYS = (FilterKind.BEFORE, FilterKind.AFTER)
_PEOPLE = (FilterKind.FROM, FilterKind.IN)


Names = Mapping[tuple[AccountId, str], str]
"""What contacts, and one's own notes, are called: by account and address."""


class TroubleKind(enum.Enum):
    """Why a filter is of no use."""

    NOBODY = "nobody"  # no contact and no conversation has that name
    NOTHING_SAID = "nothing said"  # a contact has, but there is no conversation
    NO_DAY = "no day"  # it is left out
    NO_THING = "no thing"  # it is left out
    NO_TIME = "no time"  # what is after the one day is not before the other


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the person should know of a filter."""

    kind: TroubleKind
    filter: Filter


@dataclass(frozen=True, slots=True)
class Language:
    """How the person reads days, and what is called how on the screen."""

    read_day: ReadDay | None = None
    names: Callable[[], Names] | None = None  # None: as the contacts are called
    own: Callable[[], Collection[str]] = tuple  # what the person is called


@dataclass(frozen=True, slots=True)
class Meaning:
    """A query, and what is wrong with what was typed."""

    query: SearchQuery
    troubles: tuple[Trouble, ...] = ()


class Interpreter:
    """Knows the people and conversations that filters may name. Raises KnownError as the stores do."""

    def __init__(self, conversations: ConversationStore, roster: Roster) -> None:
        self._conversations = conversations
        self._roster = roster

    def interpret(self, text: str, within: ConversationId | None, language: Language) -> Meaning:
        """What a person typed; ``within``: the only conversation that is meant."""
        typed = take_apart(text)
        people = [one for one in typed.filters if one.kind in _PEOPLE]
        names = self._names(language) if people else {}
        chats = self._conversations.list_conversations() if people else []
        named = {one: _find(one.value, chats, names) for one in people}
        mine = _find_mine(named, chats, {one.casefold() for one in language.own()} if people else set())
        chosen, direction = _choose(named, mine)
        if within is not None:
            chosen = frozenset({within}) if chosen is None else chosen & {within}
        has = {_thing(one) for one in typed.filters if one.kind is FilterKind.HAS}
        query = add_times(SearchQuery(typed.terms), typed.filters, read_day=language.read_day)
        query = replace(
            query, conversations=chosen, direction=direction, has_file="file" in has, has_link="link" in has
        )
        explained = {one: found for one, found in named.items() if one not in mine}
        return Meaning(query, tuple(_troubles(typed, explained, names, query, language)))

    def _names(self, language: Language) -> Names:
        return self._roster.list_names() if language.names is None else language.names()


def _find(name: str, chats: Iterable[Conversation], names: Names) -> frozenset[ConversationId]:
    """The conversations with whom a name or address may mean; exactly that one where there is one."""
    needle = name.casefold()
    found, exact = set(), set()
    for chat in chats:
        address = str(chat.jid)
        called = (address, names.get((chat.account_id, address), address).casefold())
        if any(needle in one for one in called):
            found.add(chat.id)
        if needle in called:
            exact.add(chat.id)
    return frozenset(exact or found)


def _troubles(
    typed: Typed,
    named: Mapping[Filter, frozenset[ConversationId]],
    names: Names,
    query: SearchQuery,
    language: Language,
) -> Iterable[Trouble]:
    for one in typed.filters:
        if one in named and not named[one]:
            needle = one.value.casefold()
            known = any(needle in address or needle in label.casefold() for (_, address), label in names.items())
            yield Trouble(TroubleKind.NOTHING_SAID if known else TroubleKind.NOBODY, one)
        elif one.kind in _DAYS and find_days(one.value, read_day=language.read_day) is None:
            yield Trouble(TroubleKind.NO_DAY, one)
        elif one.kind is FilterKind.HAS and _thing(one) not in THINGS:
            yield Trouble(TroubleKind.NO_THING, one)
    if query.before is not None and query.after is not None and query.after >= query.before:
        yield Trouble(TroubleKind.NO_TIME, next(one for one in typed.filters if one.kind in _DAYS))


def _choose(
    named: Mapping[Filter, frozenset[ConversationId]], mine: Collection[Filter]
) -> tuple[frozenset[ConversationId] | None, Direction | None]:
    """In which conversations, and who of both speaks; None: any."""
    chosen: frozenset[ConversationId] | None = None
    direction = None
    for one, found in named.items():
        if one in mine:
            direction = Direction.OUT
            continue
        chosen = found if chosen is None else chosen & found
        if one.kind is FilterKind.FROM:
            direction = direction or Direction.IN
    return chosen, direction


def _find_mine(
    named: Mapping[Filter, frozenset[ConversationId]], chats: Iterable[Conversation], own: Collection[str]
) -> frozenset[Filter]:
    """The filters that name the person; what others are called as well means these."""
    others = {chat.id for chat in chats if str(chat.jid) not in own}
    return frozenset(
        one
        for one, found in named.items()
        if one.kind is FilterKind.FROM
        and (one.value.casefold() in ME or (one.value.casefold() in own and not found & others))
    )


def _thing(one: Filter) -> str:
    return one.value.lower().removesuffix("s")
