"""Acknowledgements (XEP-0198): what is acknowledged has been handled, and what we sent is known to have arrived."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer
from tests.helpers.recorder import Recorder, connection

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.connection import Connection

SM = "<sm xmlns='urn:xmpp:sm:3'/>"
MESSAGE = "<message from='bob@example.test/x' id='{0}'><body>x</body></message>"
BOB = JID("bob", "example.test")


@asynccontextmanager
async def signed_in(authority: Authority, *offer: str) -> AsyncIterator[tuple[Connection, Recorder, Peer]]:
    """A connection that is online at a server with or without acknowledgements."""
    ready = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.bind("alice@example.test/desk", *offer)
        if offer:
            await peer.expect("<enable ")
            await peer.send("<enabled xmlns='urn:xmpp:sm:3'/>")
        await peer.give_roster()
        ready.set()
        await asyncio.Event().wait()

    recorder = Recorder()
    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        assert await recorder.outcome() is None
        await ready.wait()
        yield stream, recorder, server.peers[0]
        with contextlib.suppress(ConnectionError):
            await server.peers[0].send("</stream:stream>")
        await stream.stop()


async def test_every_stanza_counts_once_and_only_after_it_was_handled(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (_, recorder, peer):
        answered_before: list[bool] = []

        def store(_: Envelope) -> None:
            answered_before.append("<a " in peer.received)

        recorder.on_next_envelope = store
        await peer.send(
            MESSAGE.format(1),
            "<iq type='result' id='nobody-asked'/>",
            "<presence from='bob@example.test/x'/>",
            "<message from='@@'/>",
            MESSAGE.format(2),
            "<r xmlns='urn:xmpp:sm:3'/>",
        )
        match = await peer.expect('<a [^>]*h="([0-9]+)"')
        assert match[1] == "6"  # the roster's answer and these five
        assert len(recorder.envelopes) == 2
        assert answered_before == [False, False]


async def test_nothing_is_acknowledged_of_messages_that_cannot_be_kept(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (_, recorder, peer):

        def refuse_second(envelope: Envelope) -> None:
            if envelope.wire_id == "2":
                raise KnownError(ErrorKind.DISK_FULL)

        recorder.on_next_envelope = refuse_second
        await peer.send(MESSAGE.format(1), MESSAGE.format(2), MESSAGE.format(3), "<r xmlns='urn:xmpp:sm:3'/>")
        status = await recorder.wait_for_state(ConnectionState.FAILED)
        assert status.error is not None
        assert status.error.kind is ErrorKind.DISK_FULL
        assert "<a " not in peer.received


async def test_server_is_asked_after_each_message_and_its_answer_is_told(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        stream.send_message(OutgoingMessage(BOB, "one", "id1"))
        await peer.expect('id="id1".*<r ')
        stream.send_message(OutgoingMessage(BOB, "two", "id2"))
        await peer.expect('id="id2".*<r ')
        await peer.send("<a xmlns='urn:xmpp:sm:3' h='4'/>")  # roster, account, presence, the first message
        await recorder.wait_for(lambda: recorder.acknowledged == ["id1"])
        await peer.send("<a xmlns='urn:xmpp:sm:3' h='5'/>")
        await recorder.wait_for(lambda: recorder.acknowledged == ["id1", "id2"])


async def test_all_that_one_answer_confirms_is_told_at_once(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(Recorder, "on_acknowledged", lambda self, wire_ids: told.append(list(wire_ids)))
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        for name in ("one", "two", "three"):
            stream.send_message(OutgoingMessage(BOB, name, name))
        await peer.expect('id="three"')
        await peer.send("<a xmlns='urn:xmpp:sm:3' h='6'/>", MESSAGE.format(1))
        await recorder.wait_for(lambda: recorder.envelopes)
        assert told == [["one", "two", "three"]]


async def test_a_stream_that_is_closed_says_what_was_handled(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        await peer.send(MESSAGE.format(1), MESSAGE.format(2))
        await recorder.wait_for(lambda: len(recorder.envelopes) == 2)
        stopping = asyncio.ensure_future(stream.stop())
        match = await peer.expect('<a [^>]*h="([0-9]+)".*</stream:stream>')
        assert match[1] == "3"  # the roster's answer and these two
        await peer.send("</stream:stream>")
        await stopping


async def test_what_comes_after_our_farewell_is_kept(trusted: Authority) -> None:
    async with signed_in(trusted) as (stream, recorder, peer):
        stopping = asyncio.ensure_future(stream.stop())
        await peer.expect("</stream:stream>")
        await peer.send(MESSAGE.format("late"), "</stream:stream>")
        await stopping
        assert [envelope.wire_id for envelope in recorder.envelopes] == ["late"]


async def test_server_without_acknowledgements_is_pinged_instead(trusted: Authority) -> None:
    async with signed_in(trusted) as (stream, recorder, peer):
        stream.send_message(OutgoingMessage(BOB, "one", "id1"))
        match = await peer.expect('id="id1".*<iq [^>]*id="([^"]*)"[^>]*><ping')
        assert recorder.acknowledged == []
        await peer.send(f"<iq type='result' from='example.test' id='{match[1]}'/>")
        await recorder.wait_for(lambda: recorder.acknowledged == ["id1"])
