"""Connections to Prosody and ejabberd."""

from __future__ import annotations

import asyncio
import itertools
import xml.etree.ElementTree as ET

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.recorder import Recorder, connection
from tests.helpers.servers import Ejabberd, Prosody, Server

from whimbrel.features.nicknames.wire import build_nick
from whimbrel.model.account import ConnectionState, Security
from whimbrel.model.contact import Availability, OwnPresence, Subscription
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.connection import Connection

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("trusted")]

_names = (f"user{number}" for number in itertools.count())


def new_user(server: Server) -> JID:
    """An account that no other test uses."""
    name = next(_names)
    server.add_user(name, "secret")
    return JID(name, server.domain)


async def online(server: Server, jid: JID, security: Security = Security.STARTTLS) -> tuple[Connection, Recorder]:
    recorder = Recorder()
    port = server.direct_tls_port if security is Security.DIRECT_TLS else server.starttls_port
    stream = connection(recorder, jid=str(jid), port=port, security=security)
    stream.start()
    assert await recorder.outcome() is None
    return stream, recorder


@pytest.mark.parametrize("security", list(Security))
async def test_signs_in_and_out(any_server: Server, security: Security) -> None:
    jid = new_user(any_server)
    stream, recorder = await online(any_server, jid, security)
    full = stream.status.full_jid
    assert full is not None
    assert full.bare == jid
    await stream.stop()
    states = [status.state for status in recorder.statuses]
    in_order = list(ConnectionState)[1:8]
    assert list(dict.fromkeys(state for state in states if state in in_order)) == in_order
    assert states[-1] is ConnectionState.OFFLINE
    assert states[-2] is ConnectionState.ONLINE


async def test_wrong_password_stops_and_asks(any_server: Server) -> None:
    jid = new_user(any_server)
    recorder = Recorder()
    stream = connection(recorder, jid=str(jid), password="wrong", port=any_server.starttls_port)
    stream.start()
    error = await recorder.outcome()
    assert error is not None
    assert (error.kind, error.subject) == (ErrorKind.PASSWORD_WRONG, str(jid))
    assert stream.status.state is ConnectionState.FAILED
    await stream.stop()


async def test_a_server_of_another_provider_is_said_whatever_else_is_tried(any_server: Server) -> None:
    recorder = Recorder()
    stream = connection(
        recorder, jid="alice@elsewhere.test", port=any_server.starttls_port, security=Security.AUTOMATIC
    )
    stream.start()
    error = await recorder.outcome()
    assert error is not None
    assert error.kind is ErrorKind.HOST_UNKNOWN
    await stream.stop()


async def test_second_start_does_not_fetch_the_roster_again(any_server: Server) -> None:
    jid = new_user(any_server)
    friend = JID("friend", any_server.domain)
    stream, recorder = await online(any_server, jid)
    await stream.set_contact(friend, "Ünï & <co>", frozenset({"Friends", "Work"}))
    await recorder.wait_for(lambda: recorder.pushes)
    push = recorder.pushes[-1]
    assert push.contact is not None
    assert (push.contact.name, push.contact.groups) == ("Ünï & <co>", frozenset({"Friends", "Work"}))
    await stream.stop()
    stream.start()
    await recorder.wait_for(lambda: len(recorder.rosters) == 2)
    assert recorder.rosters[1].contacts is None
    assert recorder.rosters[1].version == push.version
    await stream.stop()


async def test_messages_and_acknowledgements_between_two(any_server: Server) -> None:
    alice, bob = new_user(any_server), new_user(any_server)
    a, at_alice = await online(any_server, alice)
    b, at_bob = await online(any_server, bob, Security.DIRECT_TLS)
    hint = ET.Element("{urn:xmpp:receipts}request")
    body = "Grüße\n你好 \x00\ud800 <b>&amp;" + "x" * 100_000
    a.send_message(OutgoingMessage(bob, body, "first", extensions=(hint,)))
    for number in range(20):
        a.send_message(OutgoingMessage(bob, f"{number}", f"n{number}"))
    await at_bob.wait_for(lambda: len(at_bob.envelopes) == 21)
    await at_alice.wait_for(lambda: len(at_alice.acknowledged) == 21)
    first = at_bob.envelopes[0]
    assert first.element.findtext("{jabber:client}body") == body.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert first.element.find("{urn:xmpp:receipts}request") is not None
    assert first.sender == a.status.full_jid
    assert (first.wire_id, first.type) == ("first", "chat")
    assert [envelope.wire_id for envelope in at_bob.envelopes[1:]] == [f"n{number}" for number in range(20)]
    assert at_alice.acknowledged == ["first", *(f"n{number}" for number in range(20))]
    with pytest.raises(KnownError) as caught:
        a.send_message(OutgoingMessage(bob, "x" * 300_000, "huge"))
    assert caught.value.kind is ErrorKind.TOO_LARGE
    assert a.status.state is ConnectionState.ONLINE
    await a.stop()
    await b.stop()
    with pytest.raises(KnownError):
        a.send_message(OutgoingMessage(bob, "late", "late"))


async def test_becoming_contacts_and_presence(any_server: Server) -> None:
    alice, bob = new_user(any_server), new_user(any_server)
    a, at_alice = await online(any_server, alice)
    b, at_bob = await online(any_server, bob)
    a.send_presence(OwnPresence(Availability.BUSY, "writing"))
    b.send_subscription(alice, "subscribe", "It is me", (build_nick("Robert"),))
    await at_alice.wait_for(lambda: at_alice.subscriptions)
    asked = at_alice.subscriptions[0]
    assert (asked.sender, asked.kind, asked.message, asked.nick) == (bob, "subscribe", "It is me", "Robert")
    a.send_subscription(bob, "subscribed")
    await at_bob.wait_for(lambda: at_bob.presences and at_bob.presences[-1].presence.status == "writing")
    seen = at_bob.presences[-1]
    assert (seen.sender, seen.presence.availability) == (a.status.full_jid, Availability.BUSY)
    assert any(push.contact and push.contact.subscription is Subscription.TO for push in at_bob.pushes)
    await a.stop()
    gone = Availability.OFFLINE
    await at_bob.wait_for(lambda: at_bob.presences[-1].presence.availability is gone)
    await b.remove_contact(alice)
    await at_bob.wait_for(lambda: at_bob.pushes[-1].contact is None)
    await b.stop()


async def test_change_from_another_client_arrives(any_server: Server) -> None:
    jid = new_user(any_server)
    one, _ = await online(any_server, jid)
    two, at_two = await online(any_server, jid)
    await one.set_contact(JID("x", any_server.domain), "X", frozenset())
    await at_two.wait_for(lambda: at_two.pushes)
    assert at_two.pushes[0].jid == JID("x", any_server.domain)
    await one.stop()
    await two.stop()


async def test_server_that_stops_is_waited_for(
    any_server: Server, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kind = Prosody if isinstance(any_server, Prosody) else Ejabberd
    server = kind(tmp_path_factory.mktemp("own"), authority=authority)
    try:
        stream, recorder = await online(server, new_user(server))
        await asyncio.to_thread(server.stop)
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.mends_itself
        assert status.retry_at is not None
        await stream.stop()
    finally:
        server.stop()
