"""The receive pipeline: named stages over one envelope, ordered by declared predecessors."""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Protocol

from whimbrel.core.standing import Standing
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope
from whimbrel.model.events import Event
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, Reference, ReferenceKind
from whimbrel.storage.references import Bearer


class Verdict(enum.Enum):
    """What a stage decides."""

    CONTINUE = "continue"
    CONSUMED = "consumed"  # done with; its changes are committed
    DROP = "drop"  # not for the person; logged at debug
    WAIT = "wait"  # it speaks of a message that is not here yet: it comes again with that (``Delivery.waits_for``)


@dataclass(frozen=True, slots=True)
class Reply:
    """A stanza without a body that answers a message once it is on disk (a receipt)."""

    to: JID
    type: str
    wire_id: str
    extensions: tuple[ET.Element, ...]


@dataclass(slots=True)
class Delivery:
    """An envelope on its way through the stages, with what they have found out so far."""

    envelope: Envelope
    standing: Standing  # shared by all in the transaction
    body: str | None = None
    outgoing: bool = False  # ours, written here or on another device
    peer: JID | None = None  # bare: with whom the conversation is
    references: list[Reference] = field(default_factory=list)
    bearers: list[Bearer] = field(default_factory=list)  # the stored messages with ids of it
    rank: int | None = None  # its place in our archive, where that is known
    conversation: Conversation | None = None
    message: Message | None = None
    shown: str = ""  # what the list of chats shows of it, where that is not how its text starts
    unread: bool = False  # it was counted as unread
    reason: str = ""  # of a DROP
    waits_for: str = ""  # of a WAIT: the id, of whatever kind, of the message that it speaks of
    overdue: bool = False  # it has waited, and that message will not come: what can be a message of its own is one
    events: list[Event] = field(default_factory=list)  # published after commit
    replies: list[Reply] = field(default_factory=list)  # sent after commit

    @property
    def stanza_id(self) -> str:
        """The id that our own archive gave it; "" where it gave none."""
        return next((r.value for r in self.references if r.kind is ReferenceKind.STANZA), "")


class Stage(Protocol):
    """The base of every step. Runs inside the transaction; must not wait, send or publish.

    ``name`` is unique among the stages; ``after`` names those that run before this one, ``before`` those after it.
    """

    name: str
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()

    def process(self, delivery: Delivery) -> Verdict:
        """Look at a delivery, note what was found in it, decide."""


class Pipeline:
    """Runs stages in an order that respects their predecessors; among equals, in the order given."""

    def __init__(self, stages: Iterable[Stage]) -> None:
        by_name: dict[str, Stage] = {}
        for stage in stages:
            if stage.name in by_name:
                raise ValueError(f"two stages are named {stage.name}")
            by_name[stage.name] = stage
        after = {name: set(stage.after) for name, stage in by_name.items()}
        for stage in by_name.values():
            if missing := (stage.after | stage.before) - by_name.keys():
                raise ValueError(f"stage {stage.name} comes before or after unknown {sorted(missing)}")
            for later in stage.before:
                after[later].add(stage.name)
        position = {name: index for index, name in enumerate(by_name)}
        sorter = TopologicalSorter(after)
        sorter.prepare()
        self._stages: list[Stage] = []
        ready = sorted(sorter.get_ready(), key=position.__getitem__)
        while ready:
            name = ready.pop(0)
            self._stages.append(by_name[name])
            sorter.done(name)
            ready = sorted([*ready, *sorter.get_ready()], key=position.__getitem__)

    @property
    def names(self) -> list[str]:
        """The stages in the order in which they run."""
        return [stage.name for stage in self._stages]

    def run(self, delivery: Delivery) -> Verdict:
        """Take a delivery through the stages until one consumes or drops it."""
        for stage in self._stages:
            verdict = stage.process(delivery)
            if verdict is not Verdict.CONTINUE:
                return verdict
        return Verdict.CONTINUE
