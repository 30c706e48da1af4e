"""Sessions that go on (XEP-0198 section 5), or do not: what is sent again, what is told, what is not believed."""

from __future__ import annotations

import asyncio
import contextlib
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import BIND, SM, HostileServer, Peer
from tests.helpers.recorder import Recorder, connection

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import ResumableSession, RosterAnswer
from whimbrel.xmpp.connection import Connection

ME = "alice@example.test/desk"
BOB = JID("bob", "example.test")
MESSAGE = "<message from='bob@example.test/x' id='{0}'><body>x</body></message>"
SAVED = ResumableSession("old", JID.parse(ME), "", 7)
NOT_FOUND = "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

Then = Callable[[Peer], Awaitable[None]]


async def sign_in(peer: Peer, *, enabled: str = "id='s1' resume='true'") -> None:
    """A new session that can be resumed, up to its presence."""
    await peer.secure()
    await peer.authenticate()
    await peer.bind(ME, SM)
    await finish(peer, enabled)


async def finish(peer: Peer, enabled: str = "id='s1' resume='true'") -> None:
    """What follows binding."""
    await peer.expect("<enable ")
    await peer.send(f"<enabled xmlns='urn:xmpp:sm:3' {enabled}/>")
    await peer.give_roster()


async def resume(peer: Peer) -> str:
    """Wait for the request to resume; returns the count in it."""
    await peer.secure()
    await peer.authenticate()
    await peer.open(BIND, SM)
    return str((await peer.expect('<resume [^>]*h="([0-9]+)" previd="[^"]*"/>'))[1])


async def bind_anyway(peer: Peer) -> None:
    """Bind on the same stream, after the session was refused."""
    match = await peer.expect('<iq [^>]*id="([^"]*)"[^>]*><bind.*?</iq>')
    await peer.send(
        f"<iq type='result' id='{match[1]}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{ME}</jid></bind></iq>"
    )
    await finish(peer, "id='s2' resume='true'")


def resumed(h: int, previd: str = "s1") -> str:
    return f"<resumed xmlns='urn:xmpp:sm:3' h='{h}' previd='{previd}'/>"


@asynccontextmanager
async def served(
    authority: Authority, *scripts: Then, saved: ResumableSession | None = None, resource: str = ""
) -> AsyncIterator[tuple[Connection, Recorder, HostileServer]]:
    """A stream to a server that plays one script after another, a connection each; the last one stays."""
    turn = iter(scripts)

    async def script(peer: Peer) -> None:
        following = next(turn, None)
        if following is not None:
            await following(peer)

    recorder = Recorder()
    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, saved=saved, resource=resource)
        stream.start()
        yield stream, recorder, server
        for peer in server.peers:
            await peer.close()
        await stream.stop()
        assert not server.faults


def online(recorder: Recorder, *, resumed: bool) -> Callable[[], bool]:
    def condition() -> bool:
        status = recorder.statuses[-1] if recorder.statuses else None
        return status is not None and status.state is ConnectionState.ONLINE and status.resumed is resumed

    return condition


async def test_a_cut_session_goes_on_and_what_was_not_acknowledged_is_sent_again_in_order(trusted: Authority) -> None:
    go = asyncio.Event()

    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.send(MESSAGE.format("in1"))
        await peer.expect('id="three".*<r ')
        await peer.expect("urn:example:kept")

    async def second(peer: Peer) -> None:
        assert await resume(peer) == "4"  # the roster, two answers and a message
        await peer.send(resumed(5), MESSAGE.format("in2"))  # has three iqs, the presence and "one"
        match = await peer.expect(
            '<message [^>]*id="two".*?</message><message [^>]*id="three".*?</message><iq [^>]*id="([^"]*)".*?</iq>.*<r '
        )
        assert "<presence" not in peer.received
        await peer.send(f"<iq type='result' id='{match[1]}'/><a xmlns='urn:xmpp:sm:3' h='8'/>")
        go.set()
        await peer.forever()

    async with served(trusted, first, second) as (stream, recorder, _):
        assert await recorder.outcome() is None
        await recorder.wait_for(lambda: recorder.envelopes)
        for name in ("one", "two", "three"):
            stream.send_message(OutgoingMessage(BOB, name, name))
        assert stream.next_sequence == 8
        asking = asyncio.ensure_future(stream.request("set", None, ET.Element("{urn:example:kept}query")))
        await go.wait()
        await asking
        await recorder.wait_for(online(recorder, resumed=True))
        await recorder.wait_for(lambda: len(recorder.envelopes) == 2 and len(recorder.acknowledged) == 3)
        assert recorder.acknowledged == ["one", "two", "three"]
        assert [envelope.wire_id for envelope in recorder.envelopes] == ["in1", "in2"]
        assert len(recorder.rosters) == 1
        assert recorder.sessions == [ResumableSession("s1", JID.parse(ME))]
        assert stream.next_sequence == 9


@pytest.mark.parametrize(("count", "told"), [(" h='5'", ["one"]), ("", []), (" h='99'", [])])
async def test_a_session_that_is_refused_tells_what_was_acknowledged_and_another_begins(
    trusted: Authority, count: str, told: list[str]
) -> None:
    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.expect('id="two".*<r ')

    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(f"<failed xmlns='urn:xmpp:sm:3'{count}>{NOT_FOUND}</failed>")
        await bind_anyway(peer)
        await peer.forever()

    async with served(trusted, first, second) as (stream, recorder, server):
        assert await recorder.outcome() is None
        for name in ("one", "two"):
            stream.send_message(OutgoingMessage(BOB, name, name))
        asking = asyncio.ensure_future(stream.request("set", None, ET.Element("{urn:example:lost}query")))
        with pytest.raises(KnownError) as caught:
            await asking
        assert caught.value.kind is ErrorKind.NOT_CONNECTED
        await recorder.wait_for(lambda: len(recorder.rosters) == 2)
        await recorder.wait_for(online(recorder, resumed=False))
        assert recorder.acknowledged == told
        assert [session and session.session_id for session in recorder.sessions] == ["s1", "s2"]
        assert 'id="two"' not in server.peers[1].received
        assert recorder.recovered == []


async def test_the_session_of_before_the_start_goes_on_with_everything_found_out_anew(trusted: Authority) -> None:
    stamped = (
        "<message from='bob@example.test/x' id='kept'><body>x</body>"
        "<stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='a1'/></message>"
    )

    async def script(peer: Peer) -> None:
        assert await resume(peer) == "7"
        await peer.send(resumed(41, "old"), stamped)
        await peer.give_roster(account=["urn:xmpp:sid:0"])
        await peer.expect('type="unavailable".*<presence')
        await peer.send("<r xmlns='urn:xmpp:sm:3'/>")
        await peer.forever()

    async with served(trusted, script, saved=SAVED) as (stream, recorder, _):
        await recorder.wait_for(online(recorder, resumed=False))
        assert recorder.recovered == [41]
        assert recorder.statuses[-1].full_jid == JID.parse(ME)
        await recorder.wait_for(lambda: recorder.envelopes)
        assert recorder.envelopes[0].archive_ids  # although it came before anybody could know
        await recorder.wait_for(lambda: recorder.counted[-1] >= 8 + 3)
        assert stream.next_sequence is not None
        assert stream.next_sequence >= 41 + 5
        assert recorder.sessions == []


@pytest.mark.parametrize("saved", [None, SAVED], ids=["new", "of before the start"])
async def test_a_session_that_is_cut_before_its_roster_is_found_out_about_when_it_goes_on(
    trusted: Authority, saved: ResumableSession | None
) -> None:
    async def first(peer: Peer) -> None:
        if saved is None:
            await peer.secure()
            await peer.authenticate()
            await peer.bind(ME, SM)
            await peer.expect("<enable ")
            await peer.send("<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>")
        else:
            await resume(peer)
            await peer.send(resumed(41, "old"))
        await peer.send(MESSAGE.format("held"))
        await peer.expect("jabber:iq:roster")

    async def second(peer: Peer) -> None:
        assert await resume(peer) == ("0" if saved is None else "7")  # what was held back does not count
        await peer.send(resumed(0 if saved is None else 41, "s1" if saved is None else "old"), MESSAGE.format("held"))
        await peer.give_roster(account=["urn:xmpp:sid:0"])
        await peer.forever()

    async with served(trusted, first, second, saved=saved) as (stream, recorder, _):
        await recorder.wait_for_state(ConnectionState.WAITING)
        stream.retry_now()
        await recorder.wait_for(online(recorder, resumed=False))
        await recorder.wait_for(lambda: recorder.envelopes)
        assert [envelope.archive_ids for envelope in recorder.envelopes] == [True]
        assert len(recorder.rosters) == 1
        assert recorder.recovered == ([] if saved is None else [41])


@pytest.mark.parametrize(("count", "told"), [(" h='41'", [41]), ("", [])])
async def test_the_session_of_before_the_start_is_refused(trusted: Authority, count: str, told: list[int]) -> None:
    async def script(peer: Peer) -> None:
        await resume(peer)
        await peer.send(f"<failed xmlns='urn:xmpp:sm:3'{count}>{NOT_FOUND}</failed>")
        await bind_anyway(peer)
        await peer.forever()

    async with served(trusted, script, saved=SAVED) as (_, recorder, server):
        await recorder.wait_for(online(recorder, resumed=False))
        assert recorder.recovered == told
        assert "<resource>desk</resource>" in server.peers[0].received


@pytest.mark.parametrize(
    ("saved", "resource"),
    [(replace(SAVED, address=JID.parse("carol@example.test/desk")), ""), (SAVED, "sofa")],
    ids=["another account", "another resource"],
)
async def test_what_is_on_disk_of_others_is_not_used(
    trusted: Authority, saved: ResumableSession, resource: str
) -> None:
    async with served(trusted, sign_in, saved=saved, resource=resource) as (_, recorder, server):
        assert await recorder.outcome() is None
        assert "<resume " not in server.peers[0].received
        assert f"<resource>{resource}" in server.peers[0].received


async def test_the_place_that_the_server_named_is_tried_first(trusted: Authority) -> None:
    async def other(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(4))
        await peer.forever()

    async with HostileServer(other, certificate=trusted.issue("example.test")) as elsewhere:

        async def first(peer: Peer) -> None:
            await sign_in(peer, enabled=f"id='s1' resume='1' location='127.0.0.1:{elsewhere.port}'")

        async with served(trusted, first) as (_, recorder, server):
            await recorder.wait_for(online(recorder, resumed=True))
            assert len(server.peers) == 1
            assert recorder.sessions[0] is not None
            assert recorder.sessions[0].location == f"127.0.0.1:{elsewhere.port}"
            await elsewhere.peers[0].close()


async def test_the_place_that_the_server_named_must_prove_the_accounts_domain(trusted: Authority) -> None:
    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(4))
        await peer.forever()

    async with HostileServer(Peer.secure, certificate=trusted.issue("evil.test")) as elsewhere:

        async def first(peer: Peer) -> None:
            await sign_in(peer, enabled=f"id='s1' resume='true' location='127.0.0.1:{elsewhere.port}'")

        async with served(trusted, first, second) as (_, recorder, server):
            await recorder.wait_for(online(recorder, resumed=True))
            assert len(server.peers) == 2
            assert all("<auth" not in peer.received for peer in elsewhere.peers)


@pytest.mark.parametrize("where", ["answer", "resumption"])
async def test_a_server_that_acknowledges_too_much_is_told_and_its_session_forgotten(
    trusted: Authority, where: str
) -> None:
    told = asyncio.Event()

    async def wrong(peer: Peer) -> None:
        if where == "answer":
            await sign_in(peer)
            await peer.send("<a xmlns='urn:xmpp:sm:3' h='99'/>")
        else:
            await resume(peer)
            await peer.send(resumed(99))
        await peer.expect("handled-count-too-high")
        told.set()

    scripts = (wrong,) if where == "answer" else (sign_in, wrong)
    async with served(trusted, *scripts, sign_in) as (stream, recorder, server):
        await told.wait()
        await recorder.wait_for_state(ConnectionState.WAITING)
        stream.retry_now()
        await recorder.wait_for(lambda: len(recorder.rosters) == 2)
        assert "<resume " not in server.peers[-1].received
        assert recorder.acknowledged == []


async def test_a_session_that_is_resumed_twice_sends_nothing_twice(trusted: Authority) -> None:
    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.expect('id="one".*<r ')

    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(4), resumed(4), resumed(0), MESSAGE.format("after"))
        await peer.expect('id="two"')
        read.set()
        await peer.forever()

    read = asyncio.Event()

    async with served(trusted, first, second) as (stream, recorder, server):
        assert await recorder.outcome() is None
        stream.send_message(OutgoingMessage(BOB, "one", "one"))
        await recorder.wait_for(lambda: recorder.envelopes)
        await recorder.wait_for(online(recorder, resumed=True))
        stream.send_message(OutgoingMessage(BOB, "two", "two"))
        await read.wait()
        assert server.peers[1].received.count('<message to="bob@example.test" type="chat" id="one"') == 1


async def test_another_session_than_was_asked_for_is_not_taken(trusted: Authority) -> None:
    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(4, "another"), MESSAGE.format("theirs"))
        await peer.forever()

    async with served(trusted, sign_in, second) as (_, recorder, _):
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.kind is ErrorKind.STREAM_ERROR
        assert recorder.envelopes == []


async def test_what_the_disk_refused_comes_again_in_the_resumed_session(trusted: Authority) -> None:
    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.send(MESSAGE.format(1), "<r xmlns='urn:xmpp:sm:3'/>")
        await peer.expect('<a [^>]*h="4"')
        await peer.send(MESSAGE.format(2), MESSAGE.format(3), "<r xmlns='urn:xmpp:sm:3'/>")
        await peer.forever()
        assert 'h="5"' not in peer.received

    async def second(peer: Peer) -> None:
        assert await resume(peer) == "4"
        await peer.send(resumed(4), MESSAGE.format(2), MESSAGE.format(3), "<r xmlns='urn:xmpp:sm:3'/>")
        await peer.expect('<a [^>]*h="6"')
        await peer.forever()

    full = True

    def store(envelope: Envelope) -> None:
        if full and envelope.wire_id == "2":
            raise KnownError(ErrorKind.DISK_FULL)

    async with served(trusted, first, second) as (stream, recorder, _):
        recorder.on_next_envelope = store
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.kind is ErrorKind.DISK_FULL
        full = False
        stream.retry_now()
        await recorder.wait_for(online(recorder, resumed=True))
        await recorder.wait_for(lambda: len(recorder.envelopes) == 3)
        assert [envelope.wire_id for envelope in recorder.envelopes] == ["1", "2", "3"]
        await recorder.wait_for(lambda: recorder.counted[-1] == 6)


def refusing(method: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The disk refuses what a handler is told there, until what is returned is called."""
    tell = getattr(Recorder, method)
    full = True

    def told(recorder: Recorder, what: object) -> None:
        if full:
            raise KnownError(ErrorKind.DISK_FULL)
        tell(recorder, what)

    def make_room() -> None:
        nonlocal full
        full = False

    monkeypatch.setattr(Recorder, method, told)
    return make_room


async def wait_until_refused(recorder: Recorder) -> None:
    status = await recorder.wait_for_state(ConnectionState.WAITING)
    assert status.error is not None
    assert status.error.kind is ErrorKind.DISK_FULL


async def test_an_acknowledgement_that_could_not_be_kept_is_told_again(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.expect('id="two".*<r ')
        await peer.send("<a xmlns='urn:xmpp:sm:3' h='5'/>")  # three iqs, the presence and "one"
        await peer.forever()

    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(5))
        await peer.expect('id="two".*<r ')
        assert 'id="one"' not in peer.received
        await peer.forever()

    make_room = refusing("on_acknowledged", monkeypatch)
    async with served(trusted, first, second) as (stream, recorder, _):
        assert await recorder.outcome() is None
        for name in ("one", "two"):
            stream.send_message(OutgoingMessage(BOB, name, name))
        await wait_until_refused(recorder)
        make_room()
        stream.retry_now()
        await recorder.wait_for(online(recorder, resumed=True))
        assert recorder.acknowledged == ["one"]


async def test_what_a_recovered_session_acknowledged_is_told_again_where_it_could_not_be_kept(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(peer: Peer) -> None:
        assert await resume(peer) == "7"
        await peer.send(resumed(3, "old"))
        await peer.forever()

    async def second(peer: Peer) -> None:
        assert await resume(peer) == "7"
        await peer.send(resumed(3, "old"))
        await peer.give_roster()
        await peer.forever()

    make_room = refusing("on_recovered", monkeypatch)
    async with served(trusted, first, second, saved=SAVED) as (stream, recorder, _):
        await wait_until_refused(recorder)
        make_room()
        stream.retry_now()
        await recorder.wait_for(online(recorder, resumed=False))
        assert recorder.recovered == [3]
        assert stream.next_sequence == 9  # after three iqs, and presence twice: unavailable first


@pytest.mark.parametrize("method", ["on_session", "on_roster"])
async def test_a_session_whose_beginning_could_not_be_kept_begins_again(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def first(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.bind(ME, SM)
        await peer.expect("<enable ")
        await peer.send("<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>")
        with contextlib.suppress(EOFError, ConnectionError):
            await peer.give_roster()

    async def second(peer: Peer) -> None:
        if method == "on_session":
            await sign_in(peer, enabled="id='s2' resume='true'")
        else:
            await resume(peer)
            await peer.send(resumed(3))
            await peer.give_roster()
        await peer.forever()

    make_room = refusing(method, monkeypatch)
    async with served(trusted, first, second) as (stream, recorder, _):
        await wait_until_refused(recorder)
        make_room()
        stream.retry_now()
        await recorder.wait_for(online(recorder, resumed=False))
        assert len(recorder.rosters) == 1
        assert [session.session_id for session in recorder.sessions if session] == [
            "s2" if method == "on_session" else "s1"
        ]


async def test_a_session_that_was_cut_before_it_was_online_is_new_where_it_goes_on(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(peer: Peer) -> None:
        with contextlib.suppress(EOFError, ConnectionError):
            await sign_in(peer)

    async def second(peer: Peer) -> None:
        await resume(peer)
        await peer.send(resumed(3))
        await peer.forever()

    async with served(trusted, first, second) as (stream, recorder, _):
        take = recorder.on_roster

        def cut(answer: RosterAnswer) -> None:
            take(answer)
            client = stream._sessions.session.client  # type: ignore[union-attr]
            assert client is not None
            client.fail(ErrorKind.CONNECTION_LOST)

        monkeypatch.setattr(recorder, "on_roster", cut)
        await recorder.wait_for_state(ConnectionState.WAITING)
        stream.retry_now()
        await recorder.wait_for_state(ConnectionState.ONLINE)
        assert not recorder.statuses[-1].resumed


async def test_what_is_counted_is_on_disk_also_where_messages_were_from_nobody(trusted: Authority) -> None:
    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.send("<message from='@@'/>", "<r xmlns='urn:xmpp:sm:3'/>")
        await peer.expect('<a [^>]*h="4"')
        await peer.forever()

    async with served(trusted, first) as (_, recorder, _):
        assert await recorder.outcome() is None
        await recorder.wait_for(lambda: recorder.counted and recorder.counted[-1] == 4)


async def test_a_farewell_that_is_given_up_ends_the_stream_too(trusted: Authority) -> None:
    said, heard = asyncio.Event(), asyncio.Event()

    async def first(peer: Peer) -> None:
        await sign_in(peer)
        await peer.expect("</stream:stream>")
        said.set()
        with contextlib.suppress(EOFError, ConnectionError):
            await peer.forever()
        heard.set()

    async with served(trusted, first) as (stream, recorder, _):
        assert await recorder.outcome() is None
        stopping = asyncio.ensure_future(stream.stop())
        await said.wait()
        stopping.cancel()
        async with asyncio.timeout(2.5):  # the farewell itself waits for 3 seconds
            await asyncio.wait({stopping})
            await heard.wait()
