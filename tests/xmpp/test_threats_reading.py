"""Attacks by copies, markers and read state on the real receive path. Names begin with the threat's id."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, Victim, victim

from whimbrel.model.jid import JID

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example/x"
ITEM = f"<item jid='{ALICE}' name='Alice' subscription='both'/>"
PUBSUB = "http://jabber.org/protocol/pubsub"
PRIVATE_NODES = (f"{PUBSUB}#publish-options", f"{PUBSUB}#persistent-items")
MDS = "urn:xmpp:mds:displayed:0"
MARKERS = "urn:xmpp:chat-markers:0"
_FETCHES = '<iq [^>]*id="([^"]*)"[^>]*><pubsub[^>]*><items node="urn:xmpp:mds:displayed:0"'


def message(sender: str, to: str, content: str = "<body>forged</body>", type_: str = "chat") -> str:
    return f"<message xmlns='jabber:client' from='{sender}' to='{to}' id='f1' type='{type_}'>{content}</message>"


def copy(kind: str, *messages: str) -> str:
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{''.join(messages)}</forwarded>"
    return f"<{kind} xmlns='urn:xmpp:carbons:2'>{forwarded}</{kind}>"


def marked(wire_id: str, sender: str = f"{ALICE}/x") -> str:
    """Words that ask to be told when they are read."""
    asks = f"<markable xmlns='{MARKERS}'/><stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{wire_id}'/>"
    return f"<message from='{sender}' to='{ME}/desk' id='{wire_id}' type='chat'><body>x</body>{asks}</message>"


def displayed(sender: str, wire_id: str) -> str:
    return f"<message from='{sender}' type='chat'><displayed xmlns='{MARKERS}' id='{wire_id}'/></message>"


def event(sender: str, stanza_id: str, jid: str = ALICE) -> str:
    """What was read, as the account tells it."""
    from_ = f"from='{sender}'" if sender else ""
    item = f"<displayed xmlns='{MDS}'><stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{stanza_id}'/></displayed>"
    items = f"<items node='{MDS}'><item id='{jid}'>{item}</item></items>"
    return f"<message {from_} type='headline'><event xmlns='{PUBSUB}#event'>{items}</event></message>"


def unread(me: Victim, jid: str = ALICE) -> int:
    found = me.core.services.conversations.find(me.core.services.conversations.open(me.account_id, JID.parse(jid)).id)
    assert found is not None
    return found.unread


def states(me: Victim) -> list[str]:
    return [row[0] for row in me.core.database.rows("SELECT state FROM message WHERE direction = 'out' ORDER BY id")]


async def say(me: Victim, jid: str = ALICE) -> str:
    """Send a message and wait until the server has all that was sent before, too."""
    conversation = me.core.services.conversations.open(me.account_id, JID.parse(jid))
    sent = me.core.services.outbox.submit(conversation.id, "hello")
    await me.peer.expect(f'id="{sent.wire_id}".*?</message>')
    return sent.wire_id


@pytest.mark.parametrize("kind", ["received", "sent"])
async def test_s1c_copies_within_group_chats_are_dropped(trusted: Authority, tmp_path: Path, kind: str) -> None:
    ours, theirs = message(f"{ME}/phone", ALICE), message(f"{ALICE}/x", f"{ME}/phone")
    carried = copy(kind, theirs if kind == "received" else ours)
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            f"<message from='room@muc.example.net/nick' type='groupchat'>{carried}</message>",
            f"<message from='room@muc.example.net' type='groupchat'>{carried}</message>",
            f"<message from='{ME}' type='groupchat'>{carried}</message>",
        )
        assert me.spoken() == []


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param(copy("sent", message(f"{ALICE}/x", "bob@example.net")), id="sent by others"),
        pytest.param(copy("received", message(f"{ALICE}/x", "bob@example.net")), id="to others"),
        pytest.param(copy("received", message("room@muc.example.net/a", f"{ME}", type_="groupchat")), id="group chat"),
        pytest.param(copy("sent", message(f"{ME}/phone", ALICE, type_="error")), id="error"),
        pytest.param(copy("sent", message(f"{ME}/phone", ALICE), message(f"{ME}/phone", ALICE)), id="two"),
        pytest.param(
            copy("received", message(MALLORY, f"{ME}", copy("received", message(f"{ALICE}/x", f"{ME}")))), id="nested"
        ),
        pytest.param(
            copy("sent", message(f"{ME}/phone", ALICE)) + copy("received", message(f"{ALICE}/x", f"{ME}")), id="both"
        ),
        pytest.param(
            copy(
                "received", message("room@muc.example.net/a", f"{ME}", f"<body>x</body><x xmlns='{PUBSUB}'/>")
            ).replace(PUBSUB, "http://jabber.org/protocol/muc#user"),
            id="private in a group chat",
        ),
    ],
)
async def test_s1e_copies_that_are_not_ours_are_dropped(trusted: Authority, tmp_path: Path, carried: str) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(f"<message from='{ME}' to='{ME}/desk' type='chat'>{carried}</message>")
        assert me.spoken() == []
        assert me.core.faults == []


async def test_s14_what_a_copied_message_forwards_is_nobodys_words(trusted: Authority, tmp_path: Path) -> None:
    forwards = f"<forwarded xmlns='urn:xmpp:forward:0'>{message(f'{ALICE}/x', str(ME))}</forwarded>"
    with_words = message(MALLORY, str(ME), f"<body>look</body>{forwards}")
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            f"<message from='{ME}'>{copy('received', with_words)}</message>",
            f"<message from='{ME}'>{forwards}</message>",
            f"<message from='{ME}'>{copy('received', message(MALLORY, str(ME), forwards))}</message>",
        )
        assert me.spoken() == [(MALLORY, "look")]


@pytest.mark.parametrize("sender", [MALLORY, ALICE, f"{ME}/evil", "example.test"])
async def test_s4_only_our_account_tells_what_was_read(trusted: Authority, tmp_path: Path, sender: str) -> None:
    async with victim(trusted, tmp_path, items=ITEM, archive_ids=True) as me:
        await me.receive(marked("a1"), event(sender, "a1"), event(sender, "a2"), marked("a2"))
        wrapped = event(str(ME), "a2").replace("<message", "<message xmlns='jabber:client'", 1)
        await me.receive(f"<message from='{sender}'>{copy('received', wrapped)}</message>")
        assert unread(me) == 2
        await me.receive(event(str(ME), "a1"))
        assert unread(me) == 1
        await me.receive(event("", "a2"))
        assert unread(me) == 0


@pytest.mark.parametrize("account", [(), PRIVATE_NODES[:1], PRIVATE_NODES[1:], PRIVATE_NODES])
async def test_s5_what_was_read_is_published_only_where_it_stays_private(
    trusted: Authority, tmp_path: Path, account: tuple[str, ...]
) -> None:
    async with victim(trusted, tmp_path, items=ITEM, archive_ids=True, account=account) as me:
        await me.receive(marked("a1").replace("markable", "something"))
        me.core.services.unread.mark_read(me.core.services.conversations.open(me.account_id, JID.parse(ALICE)).id)
        if account == PRIVATE_NODES:
            match = await me.peer.expect(_FETCHES)
            await me.peer.send(f"<iq type='error' id='{match[1]}'><error type='cancel'/></iq>")
            publishes = (await me.peer.expect('<publish node="urn:xmpp:mds:displayed:0".*?</iq>'))[0]
            assert "<value>whitelist</value>" in publishes.partition("<publish-options>")[2]
        else:
            await say(me)
            assert PUBSUB + '">' not in me.peer.received


async def test_s11_markers_count_from_the_recipient_only(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        wire_id = await say(me)
        await me.receive(
            displayed(MALLORY, wire_id),
            displayed(f"{ME}/evil", wire_id),
            displayed(f"{ALICE}/x", "never-sent"),
            f"<message from='{MALLORY}'>{copy('sent', message(ALICE, str(ME), '<body/>'))}</message>",
        )
        assert states(me) != ["read"]
        await me.receive(displayed(f"{ALICE}/x", wire_id))
        assert states(me) == ["read"]


async def test_s11_no_marker_answers_a_marker(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        wire_id = await say(me)
        loop = f"<displayed xmlns='{MARKERS}' id='{wire_id}'/><markable xmlns='{MARKERS}'/>"
        alice = me.core.services.conversations.open(me.account_id, JID.parse(ALICE))
        me.core.services.unread.set_viewed(alice.id, True)
        await me.receive(f"<message from='{ALICE}/x' id='m1' type='chat'>{loop}</message>")
        await say(me)
        assert "<displayed" not in me.peer.received


async def test_s11_only_our_own_devices_read_for_us(trusted: Authority, tmp_path: Path) -> None:
    read = message(f"{ME}/phone", ALICE, f"<displayed xmlns='{MARKERS}' id='m1'/>")
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            marked("m1"),
            displayed(MALLORY, "m1"),
            displayed(f"{ME}/evil", "m1"),
            f"<message from='{ME}/evil'>{copy('sent', read)}</message>",
            f"<message from='{MALLORY}'>{copy('sent', read)}</message>",
        )
        assert unread(me) == 1
        await me.receive(f"<message from='{ME}'>{copy('sent', read)}</message>")
        assert unread(me) == 0


async def test_c18_strangers_do_not_learn_what_was_read(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(marked("m1", MALLORY), marked("m2"))
        for jid in ("mallory@evil.example", ALICE):
            conversation = me.core.services.conversations.open(me.account_id, JID.parse(jid))
            me.core.services.unread.mark_read(conversation.id)
        await me.peer.expect(f'<message [^>]*to="{ALICE}"[^>]*><displayed [^>]*id="m2"')
        await say(me, "mallory@evil.example")
        assert 'id="m1"' not in me.peer.received
