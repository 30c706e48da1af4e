"""What is done without a connection goes out after a restart, once: to a friend on another library, on real servers."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_answers_path import find, there
from tests.e2e.test_two_devices import Device
from tests.helpers.friend import Friend
from tests.helpers.program import until
from tests.helpers.servers import Server

from whimbrel.core.offers.avatars import Avatars, OwnPicture
from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.forwarding import Forwarding
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.profiles import Profiles
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.replies import Replies
from whimbrel.core.offers.retractions import Eraser
from whimbrel.features.avatars.wire import hash_of
from whimbrel.model.jid import JID
from whimbrel.model.profile import Profile

pytestmark = pytest.mark.server

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
KINDS = {
    "{urn:xmpp:reply:0}reply": "answer",
    "{urn:xmpp:reactions:0}reactions": "reaction",
    "{urn:xmpp:message-correct:0}replace": "correction",
    "{urn:xmpp:message-retract:1}retract": "retraction",
    "{urn:xmpp:chat-markers:0}displayed": "read",
}


def heard(bob: Friend) -> list[tuple[str, str]]:
    """Of every message that came to Bob, of what kind it is, and its text where that is not for older programs."""
    told = []
    for event in bob.events:
        if event["event"] != "stanza" or not event["xml"].startswith("<message"):
            continue
        stanza = ET.fromstring(event["xml"])
        kind = next((KINDS[child.tag] for child in stanza if child.tag in KINDS), "")
        body = stanza.findtext("body", "") if kind in ("", "answer", "correction") else ""
        if kind or body:
            told.append((kind, body.splitlines()[-1] if body else ""))
    return told


async def published(bob: Friend, of: str, children: str) -> str:
    """What the server answers Bob who asks for something of somebody."""
    number = uuid.uuid4().hex
    await bob.send("raw", text=f"<iq type='get' id='{number}' to='{of}'>{children}</iq>")
    answer = await bob.wait_for(lambda event: event["event"] == "stanza" and number in event["xml"])
    return str(answer["xml"])


def items(node: str) -> str:
    """What asks for the items of a node."""
    return f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{node}'/></pubsub>"


async def test_all_that_was_done_offline_goes_out_once_after_a_restart(
    both: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(both.authority.ca_file))
    names = [f"{name}{uuid.uuid4().hex[:8]}" for name in ("alice", "bob")]
    for name in names:
        both.add_user(name, PASSWORD)
    both.make_contacts(names[0], names[1:])
    desk = Device(tmp_path / "desk", both, names[0])
    await desk.sign_in()
    async with Friend(both.host, both.starttls_port, both.domain, names[1], PASSWORD, both.ca_file) as bob:
        await _talk(desk, bob)
        await desk.core.services.accounts.stop_all()
        before = len(heard(bob))
        _act(desk, JID.parse(bob.jid))
        await desk.leave()
        assert len(heard(bob)) == before
        await desk.return_()
        await until(lambda: not desk.core.services.outbox.pending(desk.account_id))
        desk.say(JID.parse(bob.jid), "the end")
        await bob.wait_for(lambda event: event.get("body") == "the end")
        assert Counter(heard(bob)[before:]) == Counter(
            [
                ("answer", "yes"),
                ("reaction", ""),
                ("correction", "said best"),
                ("retraction", ""),
                ("", "shall we?"),
                ("read", ""),
                ("", "the end"),
            ]
        )
        assert "Ally" in await published(bob, str(desk.jid), items("http://jabber.org/protocol/nick"))
        assert hash_of(PICTURE) in await published(bob, str(desk.jid), items("urn:xmpp:avatar:metadata"))
        assert "Alice Offline" in await published(bob, str(desk.jid), "<vCard xmlns='vcard-temp'/>")
    await desk.leave()
    assert desk.core.faults == []


async def _talk(desk: Device, bob: Friend) -> None:
    """What there is to speak of."""
    to = JID.parse(bob.jid)
    desk.say(to, "said badly")
    desk.say(to, "said wrongly")
    await bob.wait_for(lambda event: event.get("body") == "said wrongly")
    await until(lambda: desk.states(to)[-2:] == ["delivered", "delivered"])
    ask = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
    text = f"<message to='{desk.jid}' type='chat' id='q1'><body>shall we?</body>{ask}</message>"
    await bob.send("raw", text=text)
    await until(lambda: find(desk, to, "shall we?"))
    await bob.wait_for(lambda event: event["event"] == "receipt" and event["id"] == "q1")


def _act(desk: Device, bob: JID) -> None:
    """All that can be done without a connection."""
    services, account_id = desk.core.services, desk.account_id
    question = there(desk, bob, "shall we?")
    services.outbox.submit(desk.conversation(bob).id, "yes", services.offer(Replies).answer(question))
    services.offer(Reactions).toggle(question.id, "👍")
    services.offer(Reactions).toggle(question.id, "🎉")
    badly = there(desk, bob, "said badly")
    for body in ("said better", "said best"):
        assert services.offer(Corrector).correct(badly.id, body)
    services.offer(Eraser).retract(there(desk, bob, "said wrongly").id, "/me deleted an earlier message")
    services.offer(Forwarding).forward(question, account_id, bob)
    desk.read(bob)
    services.offer(Nicknames).set_own(account_id, "Ally")
    services.offer(Avatars).set_own(account_id, OwnPicture(PICTURE, "image/png", 1, 1))
    services.offer(Profiles).set_own(account_id, Profile(full_name="Alice Offline"))
