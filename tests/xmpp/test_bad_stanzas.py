"""Stanzas that no honest party sends: no crash, no answer that harms, and what follows arrives (S2, S6, C16)."""

from __future__ import annotations

import asyncio
import logging
import time
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.recorder import signed_in

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.errors import stanza_error

LAST = "<message from='bob@example.test/x' id='last'><body>last</body></message>"


BAD = [
    "<message from='a@@b' id='1'><body>x</body></message>",
    "<message from='' id='1'><body>x</body></message>",
    "<message/>",
    "<message from='bob@example.test/x' id=''/>",
    "<message from='bob@example.test/x' id='1' type='strange'><body>a</body><body>b</body></message>",
    "<message from='bob@example.test/x' id='1'><what xmlns='urn:nobody:knows'><ever/></what></message>",
    "<message from='bob@example.test/x' to='@@' id='1'><body/></message>",
    "<message from='bob@example.test/x' type='error' id='1'><body>x</body></message>",
    "<presence from='room@muc.example.test'/>",
    "<presence from='@@@' type='subscribe'/>",
    "<presence from='bob@example.test/x'><priority>many</priority><show>strange</show></presence>",
    "<presence type='error' from='bob@example.test'/>",
    "<presence type='probe' from='bob@example.test'/>",
    "<iq type='result' id='nobody-asked'/>",
    "<iq type='error' id='nobody-asked' from='x@@y'/>",
    "<iq/>",
    "<iq type='set' id='9' from='bob@example.test/x'/>",
    "<strange xmlns='urn:nobody:knows'/>",
    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
]


@pytest.mark.parametrize("stanza", BAD)
async def test_c16_what_follows_a_bad_stanza_arrives(trusted: Authority, stanza: str) -> None:
    async with signed_in(trusted) as (stream, recorder, peer):
        await peer.send(stanza, LAST)
        await recorder.wait_for(lambda: any(envelope.wire_id == "last" for envelope in recorder.envelopes))
        assert stream.status.state is ConnectionState.ONLINE
        await peer.send("<iq type='get' id='sync' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")
        await peer.expect('<iq [^>]*id="sync"')
        assert "<message" not in peer.received


async def test_fault_of_ours_is_loud_and_tells_the_friend_nothing(
    trusted: Authority, logged_errors: list[logging.LogRecord]
) -> None:
    def fail_once(envelope: Envelope) -> None:
        recorder.on_next_envelope = None
        raise RuntimeError("our bug")

    async with signed_in(trusted) as (_, recorder, peer):
        recorder.on_next_envelope = fail_once
        await peer.send(LAST.replace("last", "first"), "<presence from='bob@example.test/x'/>", LAST)
        await recorder.wait_for(lambda: recorder.envelopes)
        assert [record.name for record in logged_errors] == ["whimbrel.xmpp.boundary"]
        logged_errors.clear()
        assert recorder.envelopes[0].wire_id == "last"
        await peer.send("<iq type='get' id='sync' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")
        await peer.expect('<iq [^>]*id="sync"')
        assert "error" not in peer.received


async def test_what_cannot_be_kept_ends_the_stream(trusted: Authority) -> None:
    def refuse(envelope: Envelope) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    async with signed_in(trusted) as (_, recorder, peer):
        recorder.on_next_envelope = refuse
        await peer.send(LAST)
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.kind is ErrorKind.DISK_FULL


async def test_s2_roster_push_from_a_stranger_is_refused(trusted: Authority) -> None:
    push = (
        "<iq type='set' id='{0}' {1}><query xmlns='jabber:iq:roster'><item jid='{2}' subscription='both'/></query></iq>"
    )
    async with signed_in(trusted) as (_, recorder, peer):
        for number, sender in enumerate(("mallory@evil.test/x", "alice@example.test/other", "example.test", "@@")):
            await peer.send(push.format(f"p{number}", f"from='{sender}'", "evil@evil.test"))
        await peer.send(push.format("good1", "", "bob@example.test"))
        await peer.send(push.format("good2", "from='alice@example.test'", "carol@example.test"))
        await peer.send(push.format("bad", "", "@@"))
        await peer.expect('<iq [^>]*id="bad"[^>]*>')
        assert [str(item.jid) for item in recorder.pushes] == ["bob@example.test", "carol@example.test"]
        for number in range(3):
            assert f'id="p{number}"' in peer.received
        assert peer.received.count("service-unavailable") == 3


async def test_s6_answers_count_only_from_whom_was_asked(trusted: Authority) -> None:
    async with signed_in(trusted) as (stream, _, peer):
        bob = JID.parse("bob@example.test/x")
        asking = asyncio.ensure_future(stream.request("get", bob, ET.Element("{urn:test}q"), timeout=10))
        match = await peer.expect('<iq [^>]*id="([^"]*)"[^>]*><q')
        for sender in ("mallory@evil.test/x", "bob@example.test", "example.test"):
            await peer.send(f"<iq type='result' id='{match[1]}' from='{sender}'><forged/></iq>")
        await peer.send(f"<iq type='error' id='{match[1]}'/>")
        await peer.send(f"<iq type='result' id='{match[1]}' from='{bob}'><true/></iq>")
        answer = await asking
        assert answer[0].tag == "{jabber:client}true"
        asking = asyncio.ensure_future(stream.request("set", None, ET.Element("{urn:test}q"), timeout=10))
        match = await peer.expect('<iq [^>]*id="([^"]*)"[^>]*><q')
        await peer.send(f"<iq type='result' id='{match[1]}' from='mallory@evil.test'/>")
        await peer.send(
            f"<iq type='error' id='{match[1]}'><error type='cancel'>"
            "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
        with pytest.raises(KnownError) as caught:
            await asking
        assert caught.value.kind is ErrorKind.NOT_FOUND


@pytest.mark.parametrize(
    ("type_", "condition", "kind"),
    [
        ("wait", "resource-constraint", ErrorKind.TRY_LATER),
        ("wait", "policy-violation", ErrorKind.TRY_LATER),
        ("wait", "internal-server-error", ErrorKind.TRY_LATER),
        ("wait", "remote-server-timeout", ErrorKind.NO_ANSWER),
        ("cancel", "resource-constraint", ErrorKind.REFUSED),
        ("auth", "forbidden", ErrorKind.NOT_ALLOWED),
    ],
)
def test_what_asks_to_wait_mends_itself(type_: str, condition: str, kind: ErrorKind) -> None:
    error = stanza_error(
        ET.fromstring(
            f"<iq xmlns='jabber:client' type='error'><error type='{type_}'>"
            f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
    )
    assert (error.kind, error.mends_itself) == (kind, type_ == "wait")


async def test_long_roster_and_burst_leave_the_event_loop_free(trusted: Authority) -> None:
    items = "".join(
        f"<item jid='contact{n}@example{n % 50}.test' name='C{n}' subscription='both'><group>G{n % 9}</group></item>"
        for n in range(1000)
    )
    async with signed_in(trusted, items=items) as (_, recorder, peer):
        assert len(recorder.rosters[0].contacts or ()) == 1000
        turn = 0
        handled_in: Counter[int] = Counter()

        def store(_: Envelope) -> None:
            """As slow as a disk."""
            handled_in[turn] += 1
            until = time.perf_counter() + 0.001
            while time.perf_counter() < until:
                pass

        async def count_turns() -> None:
            nonlocal turn
            while len(recorder.envelopes) < 500:
                turn += 1
                await asyncio.sleep(0)

        recorder.on_next_envelope = store
        counting = asyncio.ensure_future(count_turns())
        await peer.send("".join(LAST.replace("last", f"m{n}") for n in range(500)))
        await recorder.wait_for(lambda: len(recorder.envelopes) == 500)
        await counting
        assert [envelope.wire_id for envelope in recorder.envelopes] == [f"m{n}" for n in range(500)]
        assert max(handled_in.values()) < 40
