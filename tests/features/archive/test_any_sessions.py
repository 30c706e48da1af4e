"""Sessions, cuts, kills, live messages, offline storage in any order: in the end everything is here once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.features.archive.scripted import ALICE, BOB, ArchiveCore, Entry, ScriptedArchive

PEERS = (ALICE, BOB, "carol@example.net")


class Life:
    """What happens to an account, drawn from a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.archive = ScriptedArchive(limit=self.random.choice([7, 20, 50]), seconds=self.random.random() < 0.7)
        self.slow = seed % 2 == 0  # our clock is an hour ahead
        self.archive.now = datetime.now(UTC) - timedelta(hours=self.slow)
        self.kept: list[Entry] = []  # by offline storage
        self.core = ArchiveCore(folder, self.archive)

    async def live(self) -> None:
        """One stretch of it."""
        self.archive.cut_after = self.random.choice([None, None, 0, 1, 2, 5])
        if self.random.random() < 0.5:
            await self.core.kill()
            self.core = ArchiveCore(self.folder, self.archive)
        self.core.me.go_online()
        for _ in range(self.random.randrange(4)):
            await self._hear_something()
        await self.core.caught_up()
        for _ in range(self.random.randrange(4)):
            await self._hear_something()
        if self.random.random() < 0.3:
            self.core.me.lose()
            self.archive.cut_after = None
            self.core.me.resume()
            await self.core.caught_up()
        self.check()
        self.core.me.lose()
        self._miss_something()

    async def end(self) -> None:
        """A last session in which nothing goes wrong."""
        self.archive.cut_after = None
        await self.core.session()
        self.check()
        here, there = self.core.said(), self.archive.said()
        assert {peer: sorted(bodies) for peer, bodies in here.items()} == {p: sorted(b) for p, b in there.items()}
        assert here == there
        assert len(self.core.ranges()) == 1
        await self.core.kill()
        assert not self.core.faults

    def check(self) -> None:
        """What the ranges say is here is here."""
        here = set(self.core.bodies())
        ranges = self.core.ranges()
        ids = [entry.id for entry in self.archive.entries]
        spans = [(ids.index(one.first.id), ids.index(one.last.id)) for one in ranges]
        assert spans == sorted(spans)
        for first, last in spans:
            assert here.issuperset(self.archive.bodies()[first : last + 1])

    async def _hear_something(self) -> None:
        what = self.random.randrange(3)
        if what == 0:
            await self.core.settle()
        elif what == 1:
            self.core.receive_live(self._archive_one())
        elif self.kept:
            for entry in self.kept:
                self.core.receive_live(entry, delayed=True)
            self.kept.clear()

    def _miss_something(self) -> None:
        for _ in range(self.random.choice([0, 3, 30, 130])):
            entry = self._archive_one()
            if self.random.random() < 0.1 and not self.slow:
                self.kept.append(entry)

    def _archive_one(self) -> Entry:
        step = self.random.choice([0.0, 0.001, 0.3, 2.0]) if self.slow else 0.0
        if not self.slow:
            self.archive.now = max(self.archive.now, datetime.now(UTC))
        return self.archive.add(self.random.choice(PEERS), step=step)


@pytest.mark.parametrize("seed", range(12))
async def test_in_the_end_everything_is_here_once(tmp_path: Path, seed: int) -> None:
    life = Life(tmp_path, seed)
    for _ in range(8):
        await life.live()
    await life.end()
