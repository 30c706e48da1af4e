"""What was accepted, and whether every store has it: once, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.device import KEY
from tests.chaos.plan import CONTACTS, DEVICES, OWNER
from whimbrel.model.message import DeliveryState, Direction
from whimbrel.platform.paths import Profile
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore

_SENT = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A message in a store, in the order of the display."""

    body: str
    outgoing: bool
    state: DeliveryState


Store = Mapping[str, Sequence[Stored]]
"""A device's messages by conversation (the other's account)."""


def read_store(folder: Path) -> Store:
    """What a device, which does not run, has on disk."""
    database = Database.open(Profile.at(folder).database, KEY)
    try:
        messages = MessageStore(database)
        return {
            conversation.jid.local: [
                Stored(message.body, message.direction is Direction.OUT, message.state)
                for message in messages.list_latest(conversation.id, _ALL)
            ]
            for conversation in ConversationStore(database).list_conversations()
        }
    finally:
        database.close()


class Ledger:
    """What the devices were asked to send, and what they said to it.

    A message is accepted once its device says so. One that was handed to a device which died before it said anything
    may be there or not: the device is asked when it is back, as a person looks, and told again where it is not.
    """

    def __init__(self) -> None:
        self.asked: dict[str, tuple[str, str]] = {}  # body → device and account it goes to
        self.accepted: set[str] = set()
        self.refused = 0  # how often a device said so

    def ask(self, device: str, to: str, body: str) -> None:
        """A device is being told to send."""
        self.asked[body] = (device, to)

    def count_accepted(self, one: str, other: str) -> int:
        """How many messages between two accounts are accepted."""
        pair = {one, other}
        return sum({DEVICES[self.asked[body][0]], self.asked[body][1]} == pair for body in self.accepted)

    def judge(self, stores: Mapping[str, Store]) -> Verdict:
        """Look at all stores, by device."""
        verdict = Verdict(sent=len(self.accepted))
        for contact in (contact for contact in CONTACTS if contact in stores):
            pair = [device for device in stores if DEVICES[device] in (OWNER, contact)]
            held = {d: list(stores[d].get(contact if DEVICES[d] == OWNER else OWNER, ())) for d in pair}
            there = {stored.body for messages in held.values() for stored in messages}
            expected = {body for body in self.accepted if contact in self.asked[body]} | there
            for device, messages in held.items():
                self._judge_store(verdict, device, expected, messages)
        return verdict

    def _judge_store(self, verdict: Verdict, device: str, expected: set[str], messages: Sequence[Stored]) -> None:
        verdict.stored += len(messages)
        counts = Counter(stored.body for stored in messages)
        verdict.lost += [f"{device} lacks “{body}”" for body in sorted(expected - counts.keys())]
        verdict.duplicated += [f"{device} has “{body}” {n} times" for body, n in counts.items() if n > 1]
        unknown = [body for body in counts if body not in self.asked]
        verdict.invented += [f"{device} has “{body}”, which nobody sent" for body in unknown]
        last: dict[str, int] = {}
        for stored in messages:
            if stored.outgoing and stored.state not in _SENT:
                verdict.unsent.append(f"{device}: “{stored.body}” is {stored.state.value}")
            flow, _, number = stored.body.rpartition(": ")
            if int(number) < last.get(flow, 0):
                verdict.reordered.append(f"{device}: “{stored.body}” comes after {last[flow]}")
            last[flow] = max(int(number), last.get(flow, 0))


@dataclass(slots=True)
class Verdict:
    """What the stores hold at the end; each list says where and what."""

    sent: int = 0  # accepted
    stored: int = 0  # in all stores together
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.lost, *self.duplicated, *self.reordered, *self.unsent, *self.invented]
