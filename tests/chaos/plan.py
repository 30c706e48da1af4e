"""What happens in a chaos run, drawn from a seed before it begins: the same seed is the same draw."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.helpers.crash import Point
from tests.helpers.proxy import BOTH, Way

DEVICES = {"ann-1": "ann", "ann-2": "ann", "bob": "bob", "cara": "cara", "dan": "dan"}
"""Device → account."""
OWNER = "ann"
CONTACTS = ("bob", "cara", "dan")

_BURST_SHARE = 0.02  # of the messages begin one
_BURST = (5, 40)
_QUIET_START = 0.02  # of the messages pass before the first fault
_RUNNING_POINTS = (
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT,
    Point.BEFORE_SEND,
    Point.AFTER_SEND,
    Point.BEFORE_ACKNOWLEDGE,
    Point.BEFORE_STORE,
    Point.AFTER_STORE,
)
_STARTING_POINTS = (
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT,
    Point.BEFORE_SEND,
    Point.AFTER_PAGE,
    Point.IN_PAGE,
    Point.AFTER_PAGE_COMMIT,
)


class Kind(enum.Enum):
    """What goes wrong. The values are the names in the report."""

    CUT = "cut"
    RESET = "reset"
    CUT_IN_THE_MIDDLE = "cut in the middle"
    BLACK_HOLE = "black hole"
    DELAY = "delay"
    TRICKLE = "trickle"
    NO_NETWORK = "no network"
    SUSPEND = "suspend"
    KILL = "kill -9"
    KILL_AT_POINT = "kill -9 at a point"
    KILL_WHILE_STARTING = "kill -9 while starting"
    QUIT = "quit and start"
    DISK_FULL = "disk full"
    SERVER_RESTART = "server restart"
    SERVER_KILL = "server kill -9"


_DECK = (
    [Kind.CUT, Kind.RESET, Kind.KILL, Kind.BLACK_HOLE] * 3
    + [Kind.CUT_IN_THE_MIDDLE, Kind.KILL_AT_POINT, Kind.KILL_WHILE_STARTING] * 4
    + [Kind.DELAY, Kind.TRICKLE, Kind.NO_NETWORK, Kind.SUSPEND, Kind.QUIT, Kind.DISK_FULL]
    + [Kind.SERVER_RESTART, Kind.SERVER_KILL]
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. What of it a kind does not need means nothing."""

    kind: Kind
    device: str
    seconds: float  # how long it lasts
    ways: tuple[Way, ...]
    count: int  # bytes
    point: Point
    passing: int
    hard: bool  # with a RST; what was held is lost


@dataclass(frozen=True, slots=True)
class Step:
    """After ``gap`` seconds the faults begin, then the message is handed to its device."""

    gap: float
    device: str
    to: str  # an account
    body: str
    faults: tuple[Fault, ...]


def draw_plan(seed: int, messages: int, faults: int, *, rate: float) -> list[Step]:
    """Draw a run: so many messages (about ``rate`` a second, some in bursts) and faults among them."""
    chance = random.Random(seed)
    kinds = _deal(chance)
    at: dict[int, list[Fault]] = {}
    for index in sorted(chance.randrange(int(messages * _QUIET_START), messages) for _ in range(faults)):
        at.setdefault(index, []).append(_draw_fault(chance, next(kinds)))
    numbers: dict[tuple[str, str], int] = {}
    steps = []
    burst = 0
    for index in range(messages):
        if not burst and chance.random() < _BURST_SHARE:
            burst = chance.randint(*_BURST)
        burst = max(0, burst - 1)
        device, to = _draw_way(chance)
        number = numbers[device, to] = numbers.get((device, to), 0) + 1
        gap = 0.0 if burst else chance.expovariate(rate * 0.7)
        steps.append(Step(gap, device, to, f"{device} to {to}: {number}", tuple(at.get(index, ()))))
    return steps


def _deal(chance: random.Random) -> Iterator[Kind]:
    """Every kind comes in its share, in an order that nobody knows."""
    while True:
        yield from chance.sample(_DECK, len(_DECK))


def _draw_way(chance: random.Random) -> tuple[str, str]:
    contact = chance.choice(CONTACTS)
    if chance.random() < 0.5:
        return contact, OWNER
    return chance.choice([device for device, account in DEVICES.items() if account == OWNER]), contact


def _draw_fault(chance: random.Random, kind: Kind) -> Fault:
    starting = kind is Kind.KILL_WHILE_STARTING
    return Fault(
        kind=kind,
        device=chance.choice(list(DEVICES)),
        seconds=chance.choice((0.2, 1.0, 3.0, 6.0, 15.0)) * chance.uniform(0.5, 1.5),
        ways=chance.choice(((Way.TO_SERVER,), (Way.TO_CLIENT,), BOTH)),
        count=chance.randint(1, 4000),
        point=chance.choice(_STARTING_POINTS if starting else _RUNNING_POINTS),
        passing=chance.randint(1, 4 if starting else 12),
        hard=chance.random() < 0.5,
    )
