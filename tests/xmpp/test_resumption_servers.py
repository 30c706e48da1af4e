"""Resuming at Prosody and ejabberd: nothing is lost and nothing comes twice, after a cut and after a restart."""

from __future__ import annotations

import asyncio
import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from tests.helpers.proxy import Proxy
from tests.helpers.recorder import Recorder, connection
from tests.helpers.servers import Server

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import ResumableSession
from whimbrel.xmpp.connection import Connection

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("trusted")]

_names = (f"resumer{number}" for number in itertools.count())
_PING = "{urn:xmpp:ping}ping"


def new_user(server: Server) -> JID:
    """An account that no other test uses."""
    name = next(_names)
    server.add_user(name, "secret")
    return JID(name, server.domain)


async def online(jid: JID, port: int, saved: ResumableSession | None = None) -> tuple[Connection, Recorder]:
    recorder = Recorder()
    stream = connection(recorder, jid=str(jid), port=port, saved=saved)
    stream.start()
    assert await recorder.outcome() is None
    return stream, recorder


def bodies(recorder: Recorder) -> list[str]:
    return [envelope.element.findtext("{jabber:client}body") or "" for envelope in recorder.envelopes]


async def test_messages_of_both_ways_survive_a_cut_in_the_middle(any_server: Server) -> None:
    alice, bob = new_user(any_server), new_user(any_server)
    async with Proxy(any_server.host, any_server.starttls_port) as proxy:
        a, at_alice = await online(alice, proxy.port)
        b, at_bob = await online(bob, any_server.starttls_port)
        numbers = [str(number) for number in range(60)]
        for number in numbers[:20]:
            a.send_message(OutgoingMessage(bob, number, f"a{number}"))
            b.send_message(OutgoingMessage(alice, number, f"b{number}"))
        await at_bob.wait_for(lambda: len(at_bob.envelopes) >= 10)
        proxy.hold()
        asking = asyncio.ensure_future(a.request("get", JID("", any_server.domain), ET.Element(_PING)))
        for number in numbers[20:40]:
            a.send_message(OutgoingMessage(bob, number, f"a{number}"))
            b.send_message(OutgoingMessage(alice, number, f"b{number}"))
        await at_bob.wait_for(lambda: len(at_bob.acknowledged) >= 40)
        proxy.release(lose=True)
        await at_alice.wait_for(lambda: at_alice.statuses[-1].resumed)
        await asking
        for number in numbers[40:]:
            a.send_message(OutgoingMessage(bob, number, f"a{number}"))
            b.send_message(OutgoingMessage(alice, number, f"b{number}"))
        await at_bob.wait_for(lambda: len(at_bob.envelopes) >= 60)
        await at_alice.wait_for(lambda: len(at_alice.envelopes) >= 60 and len(at_alice.acknowledged) >= 60)
        assert bodies(at_bob) == numbers
        assert bodies(at_alice) == numbers
        assert at_alice.acknowledged == [f"a{number}" for number in numbers]
        assert len(at_alice.rosters) == 1
        assert all(status.state is not ConnectionState.WAITING for status in at_alice.statuses)
        await a.stop()
        await b.stop()


async def test_a_session_goes_on_after_the_program_was_killed(any_server: Server) -> None:
    alice, bob = new_user(any_server), new_user(any_server)
    other, _ = await online(alice, any_server.starttls_port)
    b, _ = await online(bob, any_server.starttls_port)
    async with Proxy(any_server.host, any_server.starttls_port) as proxy:
        a, at_alice = await online(alice, proxy.port)
        b.send_message(OutgoingMessage(a.status.full_jid or alice, "before", "b1"))
        await at_alice.wait_for(lambda: at_alice.envelopes)
        session = at_alice.sessions[-1]
        assert session is not None
        sequence = a.next_sequence
        a.send_message(OutgoingMessage(bob, "sent before the end", "a1"))
        await at_alice.wait_for(lambda: at_alice.acknowledged)
        handled = at_alice.counted[-1]
        proxy.set_refusing(True)
        proxy.reset()
        await at_alice.wait_for_state(ConnectionState.WAITING)
        await a.stop()
    b.send_message(OutgoingMessage(session.address, "meanwhile", "b2"))
    again, at_again = await online(alice, any_server.starttls_port, replace(session, handled=handled))
    await at_again.wait_for(lambda: at_again.envelopes)
    assert bodies(at_again) == ["meanwhile"]
    assert at_again.recovered == [sequence]
    assert again.status.full_jid == session.address
    assert not again.status.resumed
    assert len(at_again.rosters) == 1
    assert at_again.sessions == []
    await at_again.wait_for(lambda: other.status.full_jid in {stanza.sender for stanza in at_again.presences})
    again.send_message(OutgoingMessage(bob, "afterwards", "a2"))
    await at_again.wait_for(lambda: at_again.acknowledged == ["a2"])
    for stream in (again, other, b):
        await stream.stop()


async def test_a_session_that_the_server_does_not_know_any_more_is_no_trouble(any_server: Server) -> None:
    alice = new_user(any_server)
    saved = ResumableSession("long-gone", alice.with_resource("desk"), "", 12)
    stream, recorder = await online(alice, any_server.starttls_port, saved)
    assert recorder.recovered == []
    assert stream.status.full_jid == saved.address
    assert recorder.sessions[-1] is not None
    await stream.request("get", JID("", any_server.domain), ET.Element(_PING))
    await stream.stop()
    with pytest.raises(KnownError):
        await stream.request("get", None, ET.Element(_PING))
