"""Attacks with files (C3, C10), on the real receive path: XML in, database out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import Peer
from tests.helpers.program import until
from tests.helpers.real_core import Victim, victim

from whimbrel.core.offers.uploads import UploadLimit, Uploads
from whimbrel.features.upload.wire import NAMESPACE
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState
from whimbrel.storage.attachments import AttachmentStore

ALICE = JID.parse("alice@example.net")
SERVICE = "upload.example.test"
URL = "https://files.example.net/a.jpg"


@pytest.fixture
async def me(trusted: Authority, tmp_path: Path) -> AsyncIterator[Victim]:
    async with victim(trusted, tmp_path) as made:
        yield made


async def answer(peer: Peer, about: str, sender: str, payload: str) -> str:
    """Wait for a request and answer it; returns its id."""
    match = await peer.expect(
        rf"<iq(?=[^>]*\bto=[\"']{sender}[\"'])[^>]*\bid=[\"']([^\"']+)[\"'][^>]*>\s*<[^>]*{about}"
    )
    await peer.send(f"<iq type='result' id='{match[1]}' from='{sender}' to='me@example.test/desk'>{payload}</iq>")
    return match[1]


async def test_c10_s6_a_slot_counts_only_from_whom_was_asked(me: Victim) -> None:
    items, info = (f"http://jabber.org/protocol/disco#{what}" for what in ("items", "info"))
    await answer(me.peer, "disco#items", "example.test", f"<query xmlns='{items}'><item jid='{SERVICE}'/></query>")
    await answer(me.peer, "disco#info", SERVICE, f"<query xmlns='{info}'><feature var='{NAMESPACE}'/></query>")
    uploads = me.core.services.offer(Uploads)
    await until(lambda: uploads.limit(me.account_id) == UploadLimit(True, True, None))
    conversation = me.core.services.conversations.open(me.account_id, ALICE)
    (message,) = uploads.send(conversation.id, [await uploads.keep(b"secret", "a.txt", "text/plain")])
    match = await me.peer.expect(r"<iq[^>]*\bid=[\"']([^\"']+)[\"'][^>]*>\s*<request[^>]*upload")
    evil = "<put url='https://127.0.0.1:9/x'/><get url='https://evil.example/x'/>"
    slot = f"<slot xmlns='{NAMESPACE}'>{evil}</slot>"
    to = f"id='{match[1]}' to='me@example.test/desk'"
    for sender in ("mallory@evil.example/x", "evil.example", "me@example.test", "example.test", f"{SERVICE}/x"):
        await me.peer.send(f"<iq type='result' {to} from='{sender}'>{slot}</iq>")
    refusal = "<not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    await me.peer.send(f"<iq type='error' {to} from='{SERVICE}'><error type='cancel'>{refusal}</error></iq>")
    messages = me.core.base.stores.messages

    def state() -> DeliveryState | None:
        found = messages.find_message(message.id)
        return None if found is None else found.state

    await until(lambda: state() is DeliveryState.FAILED)
    assert me.core.database.rows("SELECT error FROM message WHERE error LIKE 'not-allowed%'")


async def test_c3_what_is_not_said_in_words_is_no_file(me: Victim) -> None:
    for body, url in (
        ("look", URL),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("smb://evil.example/x", "smb://evil.example/x"),
        (URL, URL),
    ):
        oob = f"<x xmlns='jabber:x:oob'><url>{url}</url></x>"
        await me.receive(f"<message type='chat' from='{ALICE}/x'><body>{body}</body>{oob}</message>")
    kept = me.core.database.rows("SELECT url, body FROM attachment JOIN message ON message.id = message_id")
    assert kept == [(URL, URL)]
    assert len(me.spoken()) == 4
    assert AttachmentStore(me.core.database).list_paths() == set()
