"""S10: who may react, and with how much. S14: what is wrapped speaks, answers and reacts for nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, Victim, victim

from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.replies import Replies
from whimbrel.features.reactions import wire
from whimbrel.model.jid import JID
from whimbrel.model.message import Message

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example/x"
ITEM = f"<item jid='{ALICE}' name='Alice' subscription='both'/>"
SAID = f"<message from='{ALICE}/x' to='{ME}/desk' id='m1' type='chat'><body>said</body></message>"


def stanza(sender: str, payload: str, kind: str = "chat") -> str:
    return f"<message from='{sender}' to='{ME}/desk' type='{kind}' id='r1'>{payload}</message>"


def reactions(*emoji: str, about: str = "m1") -> str:
    inside = "".join(f"<reaction>{one}</reaction>" for one in emoji)
    return f"<reactions xmlns='urn:xmpp:reactions:0' id='{about}'>{inside}</reactions>"


def first(me: Victim) -> Message:
    conversations = me.core.services.conversations
    return conversations.latest(conversations.open(me.account_id, JID.parse(ALICE)).id, 50)[0]


def shown(me: Victim) -> dict[str, tuple[str, ...]]:
    message = first(me)
    sets = me.core.services.offer(Reactions).reactions([message]).get(message.id, ())
    return {str(one.sender): one.emoji for one in sets}


async def test_s10_only_the_two_who_talk_react(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        bad = reactions("😡")
        await me.receive(
            stanza(MALLORY, bad),
            SAID,
            stanza(MALLORY, bad),
            stanza(MALLORY, bad, "groupchat"),
            stanza(f"{ALICE}/x", bad, "error"),
            stanza(f"{ALICE}.evil.example/x", bad),
            f"<message from='{MALLORY}'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
            f"<message xmlns='jabber:client' from='{ME}/x' to='{ALICE}'>{bad}</message></forwarded></sent></message>",
        )
        assert shown(me) == {}
        await me.receive(stanza(f"{ALICE}/y", reactions("👍")))
        assert shown(me) == {ALICE: ("👍",)}
        assert [body for _, body in me.spoken()] == ["said"]
        assert len(me.told()) == 1
        assert me.core.faults == []


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(reactions("👍") + reactions("😡"), ("❤️",), id="two-sets"),
        pytest.param(
            reactions(*map(chr, range(0x1F400, 0x1F43F))),
            tuple(map(chr, range(0x1F400, 0x1F400 + wire.MOST))),
            id="many",
        ),
        pytest.param(reactions(*["👍"] * 10_000), ("👍",), id="ten-thousand"),
        pytest.param(
            reactions("no", "\u202eabc", "שלום", "👍" * 1000, "&lt;img src='x'/&gt;", "🎉"), ("🎉",), id="no-emoji"
        ),
        pytest.param(reactions("👍", about=""), ("❤️",), id="no-id"),
        pytest.param(reactions("👍", about="x" * 4000), ("❤️",), id="long-id"),
    ],
)
async def test_s10_sets_are_bounded(
    trusted: Authority, tmp_path: Path, payload: str, expected: tuple[str, ...]
) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        before = stanza(f"{ALICE}/x", reactions("❤️")).replace("'r1'", "'r0'")
        await me.receive(SAID, before, stanza(f"{ALICE}/x", payload))
        assert shown(me) == {ALICE: expected}
        assert me.core.faults == []


async def test_s14_what_is_wrapped_answers_and_reacts_for_nobody(trusted: Authority, tmp_path: Path) -> None:
    wrapped = (
        "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"
        f"<message xmlns='jabber:client' from='{ALICE}/x' to='{ME}' type='chat' id='f1'><body>forged</body>"
        f"<reply xmlns='urn:xmpp:reply:0' id='m1'/>{reactions('😡')}</message></forwarded>"
    )
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            SAID,
            *(stanza(sender, wrapped) for sender in (MALLORY, f"{ALICE}/x", f"{ME}/phone")),
            stanza(f"{ALICE}/x", f"<body>look</body>{wrapped}"),
        )
        assert [body for _, body in me.spoken()] == ["said", "look"]
        assert shown(me) == {}
        messages = me.core.services.conversations.latest(first(me).conversation_id, 50)
        assert me.core.services.offer(Replies).quotes(messages) == {}
