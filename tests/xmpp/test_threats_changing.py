"""S7: nobody corrects what another one said. S8: nobody takes it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, Victim, victim

from whimbrel.model.jid import JID

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example/x"
ITEM = f"<item jid='{ALICE}' name='Alice' subscription='both'/>"
REPLACE = "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>"
RETRACT = (
    "<retract xmlns='urn:xmpp:message-retract:1' id='{}'/>"
    "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
)
ORIGINAL = f"<message from='{ALICE}/x' to='{ME}/desk' type='chat' id='a1'><body>true</body></message>"
SPEAKING = (MALLORY, "alice@evil.example/x", "alice@example.net.evil.example/x")
STRANGERS = (*SPEAKING, "example.net", f"{ALICE}@evil.example")


def message(sender: str, body: str, inside: str, *, to: str = f"{ME}/desk", id_: str = "x1") -> str:
    return f"<message from='{sender}' to='{to}' type='chat' id='{id_}'><body>{body}</body>{inside}</message>"


def sent_copy(inner: str) -> str:
    """A message that another device of ours sent (XEP-0280)."""
    carried = inner.replace("<message ", "<message xmlns='jabber:client' ", 1)
    return (
        f"<message from='{ME}'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"{carried}</forwarded></sent></message>"
    )


def changed(me: Victim) -> list[tuple[int, int]]:
    return me.core.database.rows("SELECT DISTINCT edited, retracted FROM message")


@pytest.mark.parametrize("sender", STRANGERS)
@pytest.mark.parametrize("before", [False, True])
async def test_s7_a_strangers_correction_is_a_message_of_their_own(
    trusted: Authority, tmp_path: Path, sender: str, before: bool
) -> None:
    forged = message(sender, "false", REPLACE.format("a1"))
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(*((forged, ORIGINAL) if before else (ORIGINAL, forged)))
        assert changed(me) == [(0, 0)]
        assert (f"{ALICE}/x", "true") in me.spoken()
        assert me.core.database.rows("SELECT * FROM version") == []
        conversations = me.core.services.conversations
        alice = conversations.find(conversations.open(me.account_id, JID.parse(ALICE)).id)
        assert alice is not None
        assert (alice.preview, alice.unread) == ("true", 1)
        if sender in SPEAKING:
            assert (sender, "false") in me.spoken()


async def test_s7_the_contact_does_not_correct_what_we_said(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        conversation = me.core.services.conversations.open(me.account_id, JID.parse(ALICE))
        ours = me.core.services.outbox.submit(conversation.id, "ours")
        await me.peer.expect(f'id="{ours.wire_id}".*?</message>')
        await me.receive(message(f"{ALICE}/x", "put into our mouth", REPLACE.format(ours.wire_id)))
        assert changed(me) == [(0, 0)]
        assert [body for _, body in me.spoken()] == ["ours", "put into our mouth"]


async def test_s7_s8_what_we_said_to_one_is_not_changed_in_another_conversation(
    trusted: Authority, tmp_path: Path
) -> None:
    mine = f"{ME}/phone"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            sent_copy(message(mine, "to Alice", "", to=ALICE, id_="p1")),
            sent_copy(message(mine, "to Bob", REPLACE.format("p1"), to="bob@example.net", id_="p2")),
            sent_copy(message(mine, "fallback", RETRACT.format("p1"), to="bob@example.net", id_="p3")),
        )
        assert changed(me) == [(0, 0)]
        assert [body for _, body in me.spoken()] == ["to Alice", "to Bob"]


@pytest.mark.parametrize("sender", [*STRANGERS, f"{ME}/evil"])
@pytest.mark.parametrize("before", [False, True])
async def test_s8_a_strangers_retraction_is_ignored(
    trusted: Authority, tmp_path: Path, sender: str, before: bool
) -> None:
    forged = message(sender, "fallback", RETRACT.format("a1"))
    bare = f"<message from='{sender}' to='{ME}/desk'><retract xmlns='urn:xmpp:message-retract:1' id='a1'/></message>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(*((forged, bare, ORIGINAL) if before else (ORIGINAL, forged, bare)))
        assert changed(me) == [(0, 0)]
        assert me.spoken() == [(f"{ALICE}/x", "true")]
        assert len(me.told()) == 1


async def test_s8_the_contact_does_not_take_back_what_we_said(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        conversation = me.core.services.conversations.open(me.account_id, JID.parse(ALICE))
        ours = me.core.services.outbox.submit(conversation.id, "ours")
        await me.peer.expect(f'id="{ours.wire_id}".*?</message>')
        await me.receive(message(f"{ALICE}/x", "fallback", RETRACT.format(ours.wire_id)))
        assert changed(me) == [(0, 0)]
        assert [body for _, body in me.spoken()] == ["ours"]


async def test_s7_s8_an_id_of_any_length_does_no_harm(trusted: Authority, tmp_path: Path) -> None:
    long = "y" * 100_000
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            message(f"{ALICE}/x", "kept", REPLACE.format(long)),
            message(f"{ALICE}/x", "fallback", RETRACT.format(long), id_="x2"),
        )
        assert [body for _, body in me.spoken()] == ["kept"]
        assert me.core.database.rows("SELECT * FROM waiting") == []
