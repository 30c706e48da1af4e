"""What people publish of themselves, on the real receive path. Names begin with the threat's id."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.real_core import ME, Victim, victim

from whimbrel.core.offers.avatars import Avatars
from whimbrel.model.jid import JID

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example"
ITEMS = f"<item jid='{ALICE}' subscription='both'/><item jid='bob@example.net' subscription='both'/>"
PUBSUB = "http://jabber.org/protocol/pubsub"
NICK = "http://jabber.org/protocol/nick"
METADATA = "urn:xmpp:avatar:metadata"
HASH = hashlib.sha1(b"x", usedforsecurity=False).hexdigest()


def event(sender: str, node: str, content: str, more: str = "") -> str:
    items = f"<items node='{node}'><item id='{HASH}'>{content}</item></items>"
    return f"<message from='{sender}' type='headline'><event xmlns='{PUBSUB}#event'>{items}</event>{more}</message>"


def nick(sender: str, text: str) -> str:
    return event(sender, NICK, f"<nick xmlns='{NICK}'>{text}</nick>")


def avatar(sender: str, more: str = "") -> str:
    info = f"<info id='{HASH}' bytes='1' type='image/png'/>"
    return event(sender, METADATA, f"<metadata xmlns='{METADATA}'>{info}</metadata>", more)


def told(me: Victim) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in me.core.database.rows("SELECT jid, nick, avatar FROM person ORDER BY jid")]


@pytest.mark.parametrize("sender", [MALLORY, f"{MALLORY}/x", f"{ALICE}/x", f"{ME}/other", "example.test"])
async def test_s4_events_count_only_from_the_account_of_a_contact(
    trusted: Authority, tmp_path: Path, sender: str
) -> None:
    async with victim(trusted, tmp_path, items=ITEMS) as me:
        await me.receive(nick(sender, "Alice"), avatar(sender, "<body>and words</body>"))
        assert told(me) == []
        assert me.spoken() == []


async def test_s4b_what_somebody_publishes_is_of_nobody_else(trusted: Authority, tmp_path: Path) -> None:
    names_bob = "<nick xmlns='http://jabber.org/protocol/nick' jid='bob@example.net'>Not Bob</nick>"
    reply_to = "<address type='replyto' jid='bob@example.net'/>"
    address = f"<addresses xmlns='http://jabber.org/protocol/address'>{reply_to}</addresses>"
    async with victim(trusted, tmp_path, items=ITEMS) as me:
        await me.receive(event(ALICE, NICK, names_bob, address), avatar(ALICE, address))
        assert told(me) == [(ALICE, "Not Bob", HASH)]
        avatars = me.core.services.offer(Avatars)
        assert avatars.find_hash(JID.parse("bob@example.net")) == ""
        avatars.want(JID.parse(ALICE))
        asked = await me.peer.expect('<iq [^>]*to="([^"]*)"[^>]*><pubsub[^>]*><items node="urn:xmpp:avatar:data"')
        assert asked[1] == ALICE


async def test_s4_forwarded_and_copied_events_count_for_nothing(trusted: Authority, tmp_path: Path) -> None:
    carried = f"<forwarded xmlns='urn:xmpp:forward:0'>{nick(ALICE, 'Forged')}</forwarded>"
    copied = f"<received xmlns='urn:xmpp:carbons:2'>{carried}</received>"
    async with victim(trusted, tmp_path, items=ITEMS) as me:
        await me.receive(
            f"<message from='{MALLORY}/x'>{carried}</message>",
            f"<message from='{MALLORY}/x'>{copied}</message>",
            f"<message from='{ME}'>{copied}</message>",
        )
        assert told(me) == []


@pytest.mark.parametrize("namespace", ["jabber:iq:version", "jabber:iq:last"])
async def test_c18_strangers_are_told_neither_program_nor_activity(
    trusted: Authority, tmp_path: Path, namespace: str
) -> None:
    async with victim(trusted, tmp_path, items=ITEMS) as me:
        me.core.choice.send_last_seen = True
        for sender, kind in ((f"{MALLORY}/x", "error"), (f"{ALICE}/x", "result")):
            await me.peer.send(f"<iq from='{sender}' id='q1' type='get'><query xmlns='{namespace}'/></iq>")
            answer = await me.peer.expect('<iq [^>]*id="q1"[^>]*>')
            assert f'type="{kind}"' in answer[0]
