"""Acknowledgements (XEP-0198): what is acknowledged has been handled, and what we sent is known to have arrived."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import SM, Peer
from tests.helpers.recorder import Recorder, signed_in

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID

MESSAGE = "<message from='bob@example.test/x' id='{0}'><body>x</body></message>"
ASK = "<r xmlns='urn:xmpp:sm:3'/>"
BOB = JID("bob", "example.test")


async def handled(peer: Peer) -> int:
    """How many stanzas the client says that it has handled."""
    await peer.send(ASK)
    return int((await peer.expect('<a [^>]*h="([0-9]+)"'))[1])


def came(peer: Peer) -> int:
    """How many stanzas of the client's have come to the server in this session."""
    return len(re.findall("<(?:message|presence|iq)[ >]", peer.received.rpartition("<enable ")[2]))


async def test_every_stanza_counts_once_and_only_after_it_was_handled(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (_, recorder, peer):
        before = await handled(peer)
        answers = peer.received.count("<a ")
        answered_before: list[bool] = []

        def store(_: Envelope) -> None:
            answered_before.append(peer.received.count("<a ") > answers)

        recorder.on_next_envelope = store
        await peer.send(
            MESSAGE.format(1),
            "<iq type='result' id='nobody-asked'/>",
            "<presence from='bob@example.test/x'/>",
            "<message from='@@'/>",
            MESSAGE.format(2),
            ASK,
        )
        match = await peer.expect('<a [^>]*h="([0-9]+)"')
        assert int(match[1]) - before == 5
        assert len(recorder.envelopes) == 2
        assert answered_before == [False, False]


async def test_nothing_is_acknowledged_of_messages_that_cannot_be_kept(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (_, recorder, peer):

        def refuse_second(envelope: Envelope) -> None:
            if envelope.wire_id == "2":
                raise KnownError(ErrorKind.DISK_FULL)

        recorder.on_next_envelope = refuse_second
        await peer.send(MESSAGE.format(1), MESSAGE.format(2), MESSAGE.format(3), ASK)
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.kind is ErrorKind.DISK_FULL
        assert "<a " not in peer.received


async def test_server_is_asked_after_each_message_and_its_answer_is_told(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        stream.send_message(OutgoingMessage(BOB, "one", "id1"))
        await peer.expect('id="id1".*<r ')
        stream.send_message(OutgoingMessage(BOB, "two", "id2"))
        await peer.expect('id="id2".*<r ')
        await peer.send(f"<a xmlns='urn:xmpp:sm:3' h='{came(peer) - 1}'/>")
        await recorder.wait_for(lambda: recorder.acknowledged == ["id1"])
        await peer.send(f"<a xmlns='urn:xmpp:sm:3' h='{came(peer)}'/>")
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
        await peer.send(f"<a xmlns='urn:xmpp:sm:3' h='{came(peer)}'/>", MESSAGE.format(1))
        await recorder.wait_for(lambda: recorder.envelopes)
        assert told == [["one", "two", "three"]]


async def test_a_stream_that_is_closed_says_what_was_handled(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        before = await handled(peer)
        await peer.send(MESSAGE.format(1), MESSAGE.format(2))
        await recorder.wait_for(lambda: len(recorder.envelopes) == 2)
        stopping = asyncio.ensure_future(stream.stop())
        match = await peer.expect('<a [^>]*h="([0-9]+)".*</stream:stream>')
        assert int(match[1]) - before == 2
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
