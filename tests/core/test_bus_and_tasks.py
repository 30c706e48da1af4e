"""The bus delivers in order and past faults; tasks are cancelled together and loud."""

from __future__ import annotations

import asyncio

import pytest

from whimbrel.core.bus import Bus
from whimbrel.core.pipeline import Delivery, Pipeline, Stage, Verdict
from whimbrel.core.tasks import Tasks
from whimbrel.model.account import AccountId
from whimbrel.model.events import AccountRemoved, RosterReplaced

A, B = AccountId(1), AccountId(2)


def test_everybody_sees_the_same_order_and_a_fault_starves_nobody() -> None:
    faults: list[BaseException] = []
    bus = Bus(faults.append)
    seen: list[object] = []

    def broken(_: AccountRemoved) -> None:
        bus.publish(RosterReplaced(B))
        raise ZeroDivisionError

    bus.subscribe(AccountRemoved, broken)
    end = bus.subscribe(AccountRemoved, seen.append)
    bus.subscribe(RosterReplaced, seen.append)
    bus.publish(AccountRemoved(A))
    assert seen == [AccountRemoved(A), RosterReplaced(B)]
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    end()
    end()
    bus.publish(AccountRemoved(A))
    assert seen.count(AccountRemoved(A)) == 1


async def test_tasks_report_faults_and_cancel_together() -> None:
    faults: list[BaseException] = []
    tasks = Tasks(faults.append)

    async def fail() -> None:
        raise ZeroDivisionError

    tasks.start(fail(), name="fails")
    waiting = tasks.start(asyncio.Event().wait(), name="waits")
    await asyncio.sleep(0)
    await tasks.cancel_all()
    assert waiting.cancelled()
    assert [type(fault) for fault in faults] == [ZeroDivisionError]


class _Stage(Stage):
    def __init__(self, name: str, *after: str, verdict: Verdict = Verdict.CONTINUE) -> None:
        self.name = name
        self.after = frozenset(after)
        self.verdict = verdict

    def process(self, delivery: Delivery) -> Verdict:
        delivery.reason += self.name
        return self.verdict


def test_stages_respect_predecessors_and_else_the_order_given() -> None:
    assert Pipeline([_Stage("d", "c"), _Stage("a"), _Stage("c", "a"), _Stage("b")]).names == ["a", "c", "d", "b"]


def test_a_feature_puts_its_stage_before_the_cores() -> None:
    early = _Stage("early")
    early.before = frozenset({"a"})
    assert Pipeline([_Stage("a"), _Stage("b"), early]).names == ["b", "early", "a"]


@pytest.mark.parametrize("stages", [[_Stage("a"), _Stage("a")], [_Stage("a", "missing")]])
def test_stages_that_make_no_sense(stages: list[_Stage]) -> None:
    with pytest.raises(ValueError, match="stage"):
        Pipeline(stages)


def test_a_verdict_ends_the_run() -> None:
    delivery = Delivery(envelope=None, standing=None)  # type: ignore[arg-type]
    assert Pipeline([_Stage("a", verdict=Verdict.DROP), _Stage("b")]).run(delivery) is Verdict.DROP
    assert delivery.reason == "a"
