"""S11 and C18 of what is said in passing: strangers are neither heard nor told, nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, Victim, victim

from whimbrel.core.offers.typing import Typing
from whimbrel.model.events import AttentionAsked, TypingChanged
from whimbrel.model.jid import JID
from whimbrel.model.typing import ChatState

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example/x"
ITEM = f"<item jid='{ALICE}' name='Alice' subscription='both'/>"
STATES = "http://jabber.org/protocol/chatstates"
COMPOSING = f"<composing xmlns='{STATES}'/>"
ATTENTION = "<attention xmlns='urn:xmpp:attention:0'/>"


def message(sender: str, inside: str, *, type_: str = "chat") -> str:
    return f"<message from='{sender}' to='{ME}/desk' type='{type_}' id='x1'>{inside}</message>"


def copy(kind: str, inner: str, *, sender: str) -> str:
    carried = inner.replace("<message ", "<message xmlns='jabber:client' ", 1)
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{carried}</forwarded>"
    return f"<message from='{sender}'><{kind} xmlns='urn:xmpp:carbons:2'>{forwarded}</{kind}></message>"


def kept(me: Victim) -> list[object]:
    tables = ("message", "waiting", "deferred", "outbox")
    return [row for table in tables for row in me.core.database.rows(f"SELECT * FROM {table}")]


FORGED = [
    pytest.param(message(MALLORY, "{}"), id="a stranger"),
    pytest.param(message("alice@example.net.evil.example/x", "{}"), id="a lookalike"),
    pytest.param(message("room@muc.example.net/alice", "{}", type_="groupchat"), id="a group chat"),
    pytest.param(copy("received", message(f"{ALICE}/x", "{}"), sender=MALLORY), id="a forged copy"),
    pytest.param(
        f"<message from='{MALLORY}' type='chat'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:client' from='{ALICE}/x' type='chat'>{{}}</message></forwarded></message>",
        id="something forwarded",
    ),
    pytest.param(message(f"{ALICE}/x", "{}", type_="error"), id="an error"),
]


@pytest.mark.parametrize("forged", FORGED)
async def test_s11_nobody_writes_or_calls_in_anothers_name(trusted: Authority, tmp_path: Path, forged: str) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        me.core.choice.accept_attention = True
        await me.receive(forged.format(COMPOSING), forged.format(ATTENTION))
        assert me.core.published(TypingChanged) == me.core.published(AttentionAsked) == []
        assert me.spoken() == []


async def test_s11_a_flood_of_them_is_told_of_once_and_never_kept(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        me.core.choice.accept_attention = True
        await me.receive(*[message(f"{ALICE}/x", COMPOSING) for _ in range(100)])
        await me.receive(*[message(f"{ALICE}/x", ATTENTION, type_="headline") for _ in range(100)])
        assert len(me.core.published(TypingChanged)) == 1
        assert len(me.core.published(AttentionAsked)) == 1
        assert me.spoken() == []


async def test_c18_strangers_are_not_told_that_we_write(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(message(MALLORY, f"<body>hi</body><active xmlns='{STATES}'/>"))
        conversations = me.core.services.conversations
        mallory = conversations.open(me.account_id, JID.parse(MALLORY))
        alice = conversations.open(me.account_id, JID.parse(ALICE))
        await me.receive(message(f"{ALICE}/x", f"<active xmlns='{STATES}'/>"))
        typing = me.core.services.offer(Typing)
        for conversation in (mallory, alice):
            typing.tell(conversation, ChatState.COMPOSING)
        sent = await me.peer.expect("<message [^>]*>.*?</message>")
        assert f'to="{ALICE}"' in sent[0]
        assert "composing" in sent[0]
        assert len(kept(me)) == len(me.core.database.rows("SELECT * FROM message"))


async def test_c18_of_strangers_nothing_is_heard_where_only_contacts_may_write(
    trusted: Authority, tmp_path: Path
) -> None:
    asks = "<body>buy</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
    received = copy("received", f"<message from='{MALLORY}' to='{ME}/phone' type='chat'>{asks}</message>", sender=ME)
    honest = "<item jid='last@example.test' subscription='both'/>"
    async with victim(trusted, tmp_path, items=ITEM + honest) as me:
        me.core.choice.strangers_may_write = False
        await me.receive(message(MALLORY, asks), message(MALLORY, asks, type_="normal"), received)
        assert (me.spoken(), me.told()) == ([], [])
        assert len(kept(me)) == 1, "the honest one"
        assert "urn:xmpp:receipts" not in me.peer.received
        await me.receive(message(f"{ALICE}/x", "<body>hello</body>"))
        assert [body for _, body in me.spoken()] == ["hello"]
