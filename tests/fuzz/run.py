"""A run: batches of mutated stanzas, honest messages between them, answers tampered with; findings made small."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz.mutate import Mutator, may_end_stream
from tests.fuzz.server import ENABLED, RESUMED
from tests.fuzz.streams import CLIENT, read_stanzas, to_text
from tests.fuzz.world import GOOD, Batch, Finding, World, world
from tests.helpers.certificates import Authority

_BATCH = 120  # with a fifth of them honest: 100 mutated ones
_RESULT = "{urn:xmpp:mam:2}result"
_MOST_FINDINGS = 20
_PLACES = ("127.0.0.1:1", "127.0.0.1", "[::1]:1", "", ":", "127.0.0.1:99999", "127.0.0.1:-1", "[::1", "@@", "x" * 5000)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: how to have it again, what it is, and the least that makes it."""

    seed: str
    batch: int
    what: str
    least: tuple[bytes, ...]


@dataclass(slots=True)
class Report:
    """What a run did and found."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Found] = field(default_factory=list)


class Run:
    """Sends ``count`` mutated stanzas. The same seed makes the same batches, whatever was found before.

    Args:
        folder: for databases; emptied by its owner.
    """

    def __init__(self, seed: str, count: int, authority: Authority, folder: Path) -> None:
        self._seed = seed
        self._batches = -(-count // 100)
        self._authority = authority
        self._folder = folder
        self._recorded = read_stanzas()
        self.report = Report()

    async def run(self, progress: Callable[[int, Report], None] = lambda done, report: None) -> Report:
        """Run all batches; each finding starts a new victim."""
        done = 0
        while done < self._batches and len(self.report.findings) < _MOST_FINDINGS:
            async with world(self._authority, self._new_folder()) as victim:
                done = await self._go_on(victim, done, progress)
                try:
                    victim.check_stored()
                except Finding as finding:
                    self.report.findings.append(Found(self._seed, done, str(finding), ()))
            self.report.counts.update(victim.counts)
            self.report.counts.update(victim.responder.answered)
        return self.report

    async def _go_on(self, victim: World, done: int, progress: Callable[[int, Report], None]) -> int:
        """Run batches until one finds something or all are done; returns how many are done."""
        while done < self._batches:
            random = Random(f"{self._seed}/{done}")
            batch, ends = self.batch(random)
            try:
                tampering = Tampering(self._mutator(random), random)
                victim.responder.tamper = tampering.tamper
                victim.responder.resumption = tampering.resumption
                victim.responder.enabled = tampering.enabled
                await self._one(victim, random, batch, ends)
            except Finding as finding:
                self.report.findings.append(await self._found(done, batch, str(finding)))
                return done + 1
            finally:
                done += 1
                self.report.counts["stanzas"] += len(batch) - batch.count(GOOD)
                progress(done, self.report)
        return done

    async def _one(self, victim: World, random: Random, batch: Batch, ends: bool) -> None:
        if random.random() < 0.4:
            victim.act(random)
        await victim.say(batch)
        if ends:
            self.report.counts["streams that bytes may end"] += 1
        elif not victim.online:
            raise Finding(f"the stream ended: {victim.status.error}")
        if ends or random.random() < 0.05:
            await victim.reconnect()
        if random.random() < 0.01:
            victim.check_stored()

    def batch(self, random: Random) -> tuple[list[bytes | None], bool]:
        """Mutated stanzas and honest messages; the last one may end the stream where the second value says so."""
        mutator = self._mutator(random)
        batch: list[bytes | None] = []
        ending = b""
        while len(batch) < _BATCH:
            text = mutator.stanza()
            data = mutator.bytes_of(text) if random.random() < 0.03 else text.encode("utf-8", "surrogatepass")
            if not may_end_stream(data):
                batch.append(data)
            elif not ending and random.random() < 0.25:
                ending = data
            if random.random() < 0.2:
                batch.append(GOOD)
        return [*batch, GOOD, *([ending] if ending else [])], bool(ending)

    def _mutator(self, random: Random) -> Mutator:
        return Mutator(self._recorded, random)

    async def _found(self, number: int, batch: Batch, what: str) -> Found:
        """A finding with the least of its batch that still makes one, by halving, then by leaving out one by one."""
        least = [piece for piece in batch if piece is not GOOD]
        if await self._fails(least):
            size = len(least) // 2
            while size:
                parts = [least[at : at + size] for at in range(0, len(least), size)]
                for index in range(len(parts)):
                    rest = [piece for part in parts[:index] + parts[index + 1 :] for piece in part]
                    if rest and await self._fails(rest):
                        least = rest
                        break
                else:
                    size //= 2
        else:
            least = []
        return Found(self._seed, number, what, tuple(piece for piece in least if piece is not None))

    async def _fails(self, pieces: Batch) -> bool:
        """Whether a new victim of an honest server finds something in these."""
        try:
            async with world(self._authority, self._new_folder()) as victim:
                ends = any(piece is not None and may_end_stream(piece) for piece in pieces)
                await victim.say([GOOD, *pieces] if ends else [GOOD, *pieces, GOOD])
                lost = not ends and not victim.online
                await victim.reconnect()
                return lost
        except Finding:
            return True

    def _new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder))


class Tampering:
    """Says something else than the honest answer, now and then."""

    def __init__(self, mutator: Mutator, random: Random) -> None:
        self._mutator = mutator
        self._random = random

    def tamper(self, honest: str) -> list[bytes]:
        """What to say instead of an answer; one that its asker can take for an answer is always among it."""
        answer = [honest.encode()]
        chance = self._random.random()
        if chance < 0.7:
            return answer
        element = ET.fromstring(f"<x xmlns='{CLIENT}'>{honest}</x>")[0]
        if element.tag == f"{{{CLIENT}}}message":
            return self._tamper_with_result(element, answer, chance)
        if chance < 0.9 and len(element):
            inside = self._mutator.tree(element)
            changed = ET.Element(element.tag, element.attrib)
            changed.extend(inside)
            return _safe(changed) or answer
        return [*_safe(self._mutator.tree(element)), *answer]

    def resumption(self, counted: int) -> str:
        """What to say when asked to resume: the session is not known, goes on, or nonsense."""
        chance = self._random.random()
        if chance < 0.4:
            return ""
        honest = RESUMED.format(counted)
        return honest if chance < 0.8 else self._distort(honest)

    def enabled(self) -> str:
        """What to say when acknowledgements are asked for; sometimes with another place to resume at, or nonsense."""
        chance = self._random.random()
        if chance < 0.6:
            return ENABLED
        if chance < 0.9:
            return ENABLED.replace("/>", f" location='{self._random.choice(_PLACES)}'/>")
        return self._distort(ENABLED)

    def _distort(self, honest: str) -> str:
        """Nonsense that is still the answer: what is none at all is waited for until a deadline."""
        original = ET.fromstring(honest)
        element = self._mutator.tree(original)
        element.tag = original.tag
        return to_text(element)

    def _tamper_with_result(self, element: ET.Element, answer: list[bytes], chance: float) -> list[bytes]:
        """A result of a query: the honest one stays as it is or is left out; false ones come before it."""
        if chance < 0.75:
            return []
        result = element.find(_RESULT)
        assert result is not None
        false = self._mutator.any_tree()
        for inner in false.iter(_RESULT):
            inner.set("queryid", result.get("queryid", ""))
        if self._random.random() < 0.5:
            false.set("from", self._random.choice(("mallory@evil.example/x", "me@example.test/evil", "example.test")))
        return [*_safe(false), *answer]


def _safe(element: ET.Element) -> list[bytes]:
    """An element on the wire; nothing where a client may end its stream over it."""
    data = to_text(element).encode("utf-8", "surrogatepass")
    return [] if may_end_stream(data) else [data]


def describe(report: Report) -> str:
    """The counts of a run, then its findings."""
    lines = [f"{name}: {number}" for name, number in sorted(report.counts.items())]
    lines.append(f"findings: {len(report.findings)}")
    for found in report.findings:
        lines.append(f"--seed {found.seed}, batch {found.batch}: {found.what}")
        lines += [f"    {piece[:2000]!r}" for piece in found.least] or ["    only with what came before it"]
    return "\n".join(lines) + "\n"
