"""S3: results of an archive count only while it is asked. S12: forged ids of an archive lose and repeat nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fuzz.world import GOOD, World, world
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, victim

from whimbrel.model.events import CaughtUp

ALICE = "alice@example.test"
RESULT = (
    "<message {0}><result xmlns='urn:xmpp:mam:2' {1} id='{2}'><forwarded xmlns='urn:xmpp:forward:0'>"
    "<delay xmlns='urn:xmpp:delay' stamp='2026-11-01T00:00:00Z'/><message xmlns='jabber:client' "
    "from='alice@example.test/x' to='me@example.test' type='chat' id='f'><body>forged {2}</body></message>"
    "</forwarded></result></message>"
)
STRANGERS = ("mallory@evil.example/x", f"{ALICE}/x", f"{ME}/evil", "example.test", "@@")


async def test_s3_results_that_nobody_asked_for_are_dropped(trusted: Authority, tmp_path: Path) -> None:
    froms = [*(f"from='{sender}'" for sender in STRANGERS), f"from='{ME}'", ""]
    queries = ("queryid='0'", "queryid=''", "")
    forged = [RESULT.format(from_, query, f"f{len(from_)}") for from_ in froms for query in queries]
    async with victim(trusted, tmp_path, archive_ids=True) as me:
        await me.receive(*forged)
        assert me.spoken() == []
        assert me.told() == []
        assert me.core.database.rows("SELECT * FROM reference WHERE value LIKE 'f%'") == []


@pytest.mark.parametrize("sender", [*STRANGERS, "another query"])
async def test_s3b_while_one_asks_nobody_else_answers(trusted: Authority, tmp_path: Path, sender: str) -> None:
    async with world(trusted, tmp_path) as me:
        caught_up = asyncio.Event()
        queries: list[str] = []

        def inject(honest: str) -> list[bytes]:
            """Put forged results around each honest one."""
            asked = re.search("queryid='([^']*)'", honest)
            if asked is None:
                return [honest.encode()]
            queries.append(asked[1])
            place = f"x{len(queries)}"
            if sender == "another query":
                wrong = ("queryid='0'", f"queryid='{asked[1]}0'", "")
                false = "".join(RESULT.format("", query, place) for query in wrong)
            else:
                false = RESULT.format(f"from='{sender}'", f"queryid='{asked[1]}'", place)
            return [false.encode(), honest.encode(), false.encode()]

        me.responder.tamper = inject
        me.core.services.bus.subscribe(CaughtUp, lambda _: caught_up.set())
        await me.reconnect()
        async with asyncio.timeout(20):
            await caught_up.wait()
        late = [RESULT.format("", f"queryid='{query}'", "late").encode() for query in set(queries)]
        await me.say([*late, GOOD])
        bodies = [str(body) for (body,) in me.core.database.rows("SELECT body FROM message")]
        assert any(body.startswith("old ") for body in bodies), "the honest ones came"
        assert not [body for body in bodies if body.startswith("forged")]


@pytest.fixture
async def caught_up(trusted: Authority, tmp_path: Path) -> AsyncIterator[World]:
    """A victim whose newest range reaches to now."""
    async with world(trusted, tmp_path) as me:
        await catch_up(me)
        yield me


async def catch_up(me: World) -> None:
    """Have a new session, and wait until what was missed is there."""
    done = asyncio.Event()
    unsubscribe = me.core.services.bus.subscribe(CaughtUp, lambda _: done.set())
    await me.reconnect()
    async with asyncio.timeout(20):
        await done.wait()
    unsubscribe()


def count(me: World, body: str) -> int:
    """How often a text is on disk."""
    ((number,),) = me.core.database.rows("SELECT COUNT(*) FROM message WHERE body = ?", (body,))
    return int(number)


STANZA_ID = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{{0}}'/>"


async def test_s12_a_forged_archive_id_hides_nothing_that_is_missed(caught_up: World) -> None:
    """Some servers pass on what a sender claims of our archive: it must not become the point to go on from."""
    poison = (
        f"<message from='mallory@evil.example/x' type='headline'><body>x</body>{STANZA_ID.format('forged')}</message>"
    )
    await caught_up.say([GOOD, poison.encode(), GOOD, poison.encode()])
    for number in range(120):
        words = f"<message xmlns='jabber:client' from='{ALICE}/x' to='{ME}'><body>missed {number}</body></message>"
        caught_up.archive.add(f"missed{number}", ALICE, words)
    await catch_up(caught_up)
    assert [count(caught_up, f"missed {number}") for number in range(120)] == [1] * 120


@pytest.mark.parametrize("true_id_first", [False, True])
async def test_s12_a_forged_archive_id_beside_the_true_one_brings_nothing_twice(
    caught_up: World, true_id_first: bool
) -> None:
    """Prosody 0.12 passes on what the sender claims, beside its own."""
    head = f"<message from='{ALICE}/x' to='{ME}/desk' type='chat' id='w1'"
    caught_up.archive.add("true", ALICE, f"{head} xmlns='jabber:client'><body>evil words</body></message>")
    ids = [STANZA_ID.format("forged"), STANZA_ID.format("true")]
    claimed = "".join(reversed(ids) if true_id_first else ids)
    await caught_up.say([f"{head}><body>evil words</body>{claimed}</message>".encode(), GOOD])
    caught_up.archive.add(
        "later", ALICE, f"{head.replace('w1', 'w2')} xmlns='jabber:client'><body>later</body></message>"
    )
    await catch_up(caught_up)
    assert count(caught_up, "later") == 1
    assert count(caught_up, "evil words") == 1
