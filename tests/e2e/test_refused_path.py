"""What a real server sends back (a friend blocks us) is shown with its message, and goes out once it may."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_answers_path import there
from tests.e2e.test_offline_path import heard
from tests.e2e.test_two_devices import Device
from tests.helpers.friend import Friend
from tests.helpers.program import until
from tests.helpers.servers import Server

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.refusals import Refusals
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.model.outbox import OutboxKind

pytestmark = pytest.mark.server


async def block(bob: Friend, jid: JID, kind: str = "block") -> None:
    """Bob blocks somebody (XEP-0191), or no longer."""
    number = uuid.uuid4().hex
    item = f"<{kind} xmlns='urn:xmpp:blocking'><item jid='{jid}'/></{kind}>"
    await bob.send("raw", text=f"<iq type='set' id='{number}'>{item}</iq>")
    await bob.wait_for(lambda event: event["event"] == "stanza" and number in event["xml"])


async def test_what_comes_back_is_told_and_can_be_sent_again(
    both: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(both.authority.ca_file))
    names = [f"{name}{uuid.uuid4().hex[:8]}" for name in ("alice", "bob")]
    for name in names:
        both.add_user(name, PASSWORD)
    both.make_contacts(names[0], names[1:])
    desk = Device(tmp_path / "desk", both, names[0])
    await desk.sign_in()

    def refused(message_id: MessageId) -> set[OutboxKind]:
        message = desk.core.services.conversations.message(message_id)
        assert message is not None
        told = desk.core.services.offer(Refusals).refusals([message])
        return {one.kind for one in told.get(message_id, ())}

    async with Friend(both.host, both.starttls_port, both.domain, names[1], PASSWORD, both.ca_file) as bob:
        to = JID.parse(bob.jid).bare
        for body in ("helo", "a secret"):
            desk.say(to, body)
        await bob.wait_for(lambda event: event.get("body") == "a secret")
        await until(lambda: desk.states(to)[-2:] == ["delivered", "delivered"])
        helo, secret = there(desk, to, "helo"), there(desk, to, "a secret")
        await block(bob, desk.jid)
        services = desk.core.services
        services.offer(Corrector).correct(helo.id, "hello")
        services.offer(Reactions).toggle(helo.id, "👍")
        services.offer(Eraser).retract(secret.id, "gone")
        await until(lambda: refused(helo.id) == {OutboxKind.CORRECTION, OutboxKind.REACTION})
        await until(lambda: refused(secret.id) == {OutboxKind.RETRACTION})
        assert not services.offer(Reactions).reactions([helo])
        await block(bob, desk.jid, "unblock")
        before = len(heard(bob))
        services.offer(Corrector).retry(helo.id)
        services.offer(Eraser).retry(secret.id, "gone")
        await until(lambda: len(heard(bob)) >= before + 2)
        assert heard(bob)[before:] == [("correction", "hello"), ("retraction", "")]
        assert refused(helo.id) == {OutboxKind.REACTION}
        assert refused(secret.id) == set()
    await desk.leave()
    assert desk.core.faults == []
