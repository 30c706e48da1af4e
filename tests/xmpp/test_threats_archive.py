"""S3: results of an archive count only while it is asked, from itself, and for the query that is open."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from tests.fuzz.world import GOOD, world
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
