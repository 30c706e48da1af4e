"""Online means that the server answers: black holes, wrong addresses, conflicts; and what each session is told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import SM, STARTTLS, HostileServer, Peer, mechanisms
from tests.helpers.recorder import Recorder, connection, signed_in

from whimbrel.core.feature import Feature
from whimbrel.model.account import ConnectionState
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import Support
from whimbrel.xmpp.session import Watch

ME = "alice@example.test/desk"
BOB = JID("bob", "example.test")
CSI = "<csi xmlns='urn:xmpp:csi:0'/>"
RESULT = (
    "<message from='{0}' id='{1}'><result xmlns='urn:example:archive' queryid='q'>"
    "<forwarded xmlns='urn:xmpp:forward:0'/></result></message>"
)
LIVE = "<message from='bob@example.test/x' id='{0}'><body>x</body></message>"
SOON = Watch(interval=100, deadline=0.3)


def stream_error(condition: str) -> str:
    return f"<stream:error>{condition.format('xmlns=' + repr('urn:ietf:params:xml:ns:xmpp-streams'))}</stream:error>"


@pytest.mark.parametrize("offer", [(SM,), ()], ids=["counting", "not counting"])
async def test_a_black_hole_is_noticed_after_sending(trusted: Authority, offer: tuple[str, ...]) -> None:
    async def script(peer: Peer) -> None:
        await peer.sign_in(ME, "", *offer)
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, watch=SOON)
        stream.start()
        assert await recorder.outcome() is None
        stream.send_message(OutgoingMessage(BOB, "into the hole", "one"))
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert (status.error.kind, recorder.acknowledged) == (ErrorKind.CONNECTION_LOST, [])
        with pytest.raises(KnownError):
            stream.send_message(OutgoingMessage(BOB, "late", "two"))
        await stream.stop()


async def test_a_server_that_answers_one_after_the_other_is_there(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.sign_in(ME, "", SM)
        for _ in range(5):
            await peer.expect("<r ")
        for handled in range(1, 6):
            await asyncio.sleep(0.2)  # it has much to do, and takes longer for all than it may take for one
            await peer.send(f"<a xmlns='urn:xmpp:sm:3' h='{handled + 4}'/>")
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, watch=SOON)
        stream.start()
        assert await recorder.outcome() is None
        for number in range(5):
            stream.send_message(OutgoingMessage(BOB, "x", str(number)))
        await recorder.wait_for(lambda: "4" in recorder.acknowledged)
        assert stream.status.state is ConnectionState.ONLINE
        await stream.stop()


async def test_what_else_comes_is_no_answer_and_a_quiet_server_is_asked(trusted: Authority) -> None:
    asked = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.sign_in(ME, "", SM)
        await peer.expect("<r ")
        await peer.send("<a xmlns='urn:xmpp:sm:3' h='4'/>")
        await peer.expect("<r ")
        await peer.send(LIVE.format("one"))
        asked.set()
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, watch=Watch(interval=0.2, deadline=0.4))
        stream.start()
        await asked.wait()
        await recorder.wait_for_state(ConnectionState.WAITING)
        assert recorder.envelopes
        await stream.stop()


async def test_the_network_changed_so_the_server_is_asked_or_the_wait_is_over(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.sign_in(ME, "", SM)
        await peer.expect("<r ")
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, watch=SOON)
        stream.start()
        assert await recorder.outcome() is None
        stream.check_now()
        await recorder.wait_for_state(ConnectionState.WAITING)
        stream.check_now()
        await recorder.wait_for_state(ConnectionState.ONLINE)
        assert len(server.peers) == 2
        await stream.stop()


async def test_conflict_does_not_come_back_by_itself(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (stream, recorder, peer):
        await peer.send(stream_error("<conflict {0}/>"), "</stream:stream>")
        status = await recorder.wait_for_state(ConnectionState.FAILED)
        assert status.error is not None
        assert status.error.kind is ErrorKind.RESOURCE_CONFLICT
        stream.check_now()
        assert stream.status.state is ConnectionState.FAILED


async def test_a_server_that_sends_us_round_in_circles_is_followed_three_times(trusted: Authority) -> None:
    recorder = Recorder()

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.expect("<stream:stream[^>]*>")
        there = f"<see-other-host {{0}}>127.0.0.1:{server.port}</see-other-host>"
        await peer.send(
            "<?xml version='1.0'?><stream:stream from='example.test' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>",
            stream_error(there),
            "</stream:stream>",
        )

    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.error is not None
        assert status.error.mends_itself
        assert len(server.peers) == 4
        await stream.stop()


@pytest.mark.parametrize("domain", ["example.test", "evil.test"])
async def test_see_other_host_is_followed_at_once_to_who_proves_the_domain(trusted: Authority, domain: str) -> None:
    recorder = Recorder()

    async def target(peer: Peer) -> None:
        await peer.sign_in(ME)
        await peer.forever()

    async with HostileServer(target, certificate=trusted.issue(domain)) as other:
        there = stream_error(f"<see-other-host {{0}}>127.0.0.1:{other.port}</see-other-host>")

        async def script(peer: Peer) -> None:
            if len(server.peers) == 1:
                await peer.secure()
                await peer.open(mechanisms("PLAIN"))
                await peer.send(there)
            else:
                await peer.sign_in(ME)
            await peer.forever()

        async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
            stream = connection(recorder, port=server.port)
            stream.start()
            await recorder.wait_for_state(ConnectionState.ONLINE)
            assert len(server.peers) == (1 if domain == "example.test" else 2)
            assert domain == "example.test" or all("<auth" not in peer.received for peer in other.peers)
            await stream.stop()


async def test_see_other_host_in_clear_text_is_not_followed(trusted: Authority) -> None:
    async with HostileServer(Peer.forever) as other:
        there = stream_error(f"<see-other-host {{0}}>127.0.0.1:{other.port}</see-other-host>")

        async def script(peer: Peer) -> None:
            await peer.open(STARTTLS)
            await peer.send(there)

        recorder = Recorder()
        async with HostileServer(script) as server:
            stream = connection(recorder, port=server.port)
            stream.start()
            await recorder.wait_for_state(ConnectionState.WAITING)
            assert not other.peers
            await stream.stop()


async def test_many_questions_get_one_answer_after_all_that_came_with_them(trusted: Authority) -> None:
    async with signed_in(trusted, SM) as (_, recorder, peer):
        before = len(recorder.counted)
        await peer.send("<r xmlns='urn:xmpp:sm:3'/>" * 5000, LIVE.format("last"), "<r xmlns='urn:xmpp:sm:3'/>")
        await recorder.wait_for(lambda: recorder.envelopes)
        await peer.expect('<a [^>]*h="4"')
        assert peer.received.count("<a ") < 500
        assert recorder.counted[before:] == []  # it cannot be resumed: nobody keeps the count


async def test_an_answer_of_many_messages_is_gathered_and_all_else_goes_on(trusted: Authority) -> None:
    def belongs(element: ET.Element) -> bool:
        return element.find("{urn:example:archive}result") is not None

    async with signed_in(trusted, SM) as (stream, recorder, peer):
        asking = asyncio.ensure_future(stream.collect(None, ET.Element("{urn:example:archive}query"), belongs))
        match = await peer.expect('<iq [^>]*id="([^"]*)"[^>]*><query xmlns="urn:example:archive"')
        await peer.send(
            LIVE.format("live1"),
            RESULT.format("alice@example.test", 1),
            RESULT.format("bob@example.test", "forged"),
            RESULT.format("alice@example.test/other", "forged too"),
            LIVE.format("live2"),
            RESULT.format("alice@example.test", 2),
            f"<iq type='result' id='{match[1]}'/>",
            LIVE.format("live3"),
            "<r xmlns='urn:xmpp:sm:3'/>",
        )
        answer, gathered = await asking
        assert answer.get("type") == "result"
        assert [element.get("id") for element in gathered] == ["1", "2"]
        assert (await peer.expect('<a [^>]*h="([0-9]+)"'))[1] == "11"  # three answers before, and these eight
        ids = [envelope.wire_id for envelope in recorder.envelopes]
        assert ids == ["live1", "forged", "forged too", "live2", "live3"]
        with pytest.raises(KnownError) as caught:
            await stream.collect(None, ET.Element("{urn:example:archive}query"), belongs, timeout=0.1)
        assert caught.value.kind is ErrorKind.NO_ANSWER


class Extension(Feature):
    """A feature that wants something before presence."""

    namespaces = ("urn:example:x+notify",)

    def __init__(self) -> None:
        self.asked: list[Support] = []

    def prelude(self, support: Support) -> Sequence[ET.Element]:
        self.asked.append(support)
        return [ET.Element("{urn:xmpp:carbons:2}enable")]


async def test_a_session_is_told_what_we_can_and_asked_what_it_can_before_presence(trusted: Authority) -> None:
    inactive, active = asyncio.Event(), asyncio.Event()
    names = ["http://jabber.org/protocol/caps", "http://jabber.org/protocol/disco#info"]
    names += ["urn:example:x+notify", "urn:xmpp:ping"]
    text = "client/pc//Whimbrel<" + "".join(f"{name}<" for name in names)
    version = base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.bind(ME, CSI)
        await peer.give_roster(account=["urn:example:account"], server=["urn:example:server"])
        node = (await peer.expect('<c [^>]*node="([^"]*)" ver="' + re.escape(version)))[1]
        await peer.expect("<inactive ")
        query = f"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}#{version}'/>"
        await peer.send(f"<iq type='get' id='d' from='example.test'>{query}</iq>")
        await peer.expect(f'node="{re.escape(node)}#{re.escape(version)}".*urn:example:x.notify')
        inactive.set()
        await peer.expect("<active ")
        active.set()
        await peer.forever()

    recorder, extension = Recorder(), Extension()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, features=[extension])
        stream.send_presence(OwnPresence(Availability.AWAY))
        stream.set_active(False)
        stream.start()
        await inactive.wait()
        stream.set_active(True)
        await active.wait()
        received = server.peers[0].received
        assert received.index("urn:xmpp:carbons:2") < received.index("<presence")
        assert extension.asked == [stream.support]
        assert stream.support.account == {"urn:example:account"}
        assert stream.support.server == {"urn:example:server"}
        assert "{urn:xmpp:csi:0}csi" in stream.support.stream
        await stream.stop()
        assert not server.faults
