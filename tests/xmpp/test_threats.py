"""Attacks on the real receive path: XML in, database, events and answers out. Names begin with the threat's id."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer
from tests.helpers.real_core import ME, RealCore, Victim, victim

from whimbrel.core import stages
from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState

ALICE = "alice@example.net"
MALLORY = "mallory@evil.example/x"
ITEM = f"<item jid='{ALICE}' name='Alice' subscription='both'/>"
FORGED = (
    f"<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{ALICE}/x' to='{ME}/desk' type='chat'>"
    "<body>forged</body></message></forwarded>"
)


@pytest.mark.parametrize("sender", [MALLORY, f"{ALICE}/x", f"{ME}/evil", f"{ME}/desk", "example.test", "@@"])
@pytest.mark.parametrize("kind", ["received", "sent"])
async def test_s1_s1b_s1d_copies_count_from_our_account_only(
    trusted: Authority, tmp_path: Path, sender: str, kind: str
) -> None:
    """A foreign address, a contact's, a device of ours or our server's makes no copy; our bare address does."""
    mine = FORGED.replace(f"from='{ALICE}/x' to='{ME}/desk'", f"from='{ME}/phone' to='{ALICE}'")
    copy = f"<{kind} xmlns='urn:xmpp:carbons:2'>{FORGED if kind == 'received' else mine}</{kind}>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            f"<message from='{sender}'>{copy}</message>",
            f"<message from='{sender}' type='groupchat'>{copy}</message>",
            f"<message from='{sender}' type='chat'><body>with words of its own</body>{copy}</message>",
        )
        assert me.spoken() == []
        assert me.told() == []
        await me.receive(f"<message from='{ME}'>{copy}</message>")
        assert [body for _, body in me.spoken()] == ["forged"]


async def test_s2_rosters_of_strangers_change_nothing(trusted: Authority, tmp_path: Path) -> None:
    push = "<iq type='set' from='{0}' id='{1}'><query xmlns='jabber:iq:roster'>{2}</query></iq>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        before = me.core.services.roster.list_contacts()
        await me.receive(
            push.format(MALLORY, "p1", "<item jid='evil@evil.example' subscription='both'/>"),
            push.format(MALLORY, "p2", f"<item jid='{ALICE}' name='Mallory' subscription='both'/>"),
            push.format(f"{ME}/evil", "p3", f"<item jid='{ALICE}' subscription='remove'/>"),
        )
        assert me.core.services.roster.list_contacts() == before
        for number in (1, 2, 3):
            await me.peer.expect(f'<iq [^>]*id="p{number}".*?service-unavailable')


async def test_s11_receipts_count_from_the_recipient_only(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        wire_id = await sent(me)
        receipt = "<message from='{0}'><received xmlns='urn:xmpp:receipts' id='{1}'/></message>"
        await me.receive(receipt.format(MALLORY, wire_id), receipt.format(f"{ALICE}/x", "never-sent"))
        assert state(me) != DeliveryState.DELIVERED
        await me.receive(receipt.format(f"{ALICE}/x", wire_id))
        assert state(me) == DeliveryState.DELIVERED
        assert me.peer.received.count("urn:xmpp:receipts") == 1, "asked once, and no receipt for a receipt"


REPLACE = "<replace xmlns='urn:xmpp:message-correct:0' id='{0}'/>"
RETRACT = "<retract xmlns='urn:xmpp:message-retract:1' id='{0}'/><fallback xmlns='urn:xmpp:fallback:0'/>"
MODERATE = (
    "<retract xmlns='urn:xmpp:message-retract:1' id='{0}'><moderated xmlns='urn:xmpp:message-moderate:1' "
    f"by='{MALLORY}'/></retract>"
)
REACT = f"<reactions xmlns='urn:xmpp:reactions:0' id='{{0}}'>{'<reaction>x</reaction>' * 1000}</reactions>"


@pytest.mark.parametrize(
    ("payload", "speaks"),
    [
        pytest.param(f"<body>other words</body>{REPLACE}", True, id="test_s7"),
        pytest.param(f"<body>removed</body>{RETRACT}", False, id="test_s8"),
        pytest.param(MODERATE, False, id="test_s8_moderated"),
        pytest.param(REACT, False, id="test_s10"),
    ],
)
async def test_s7_s8_s10_strangers_change_nothing_of_what_was_said(
    trusted: Authority, tmp_path: Path, payload: str, speaks: bool
) -> None:
    """Other words are a message of their own."""
    async with victim(trusted, tmp_path, items=ITEM) as me:
        mine = await sent(me)
        await me.receive(f"<message from='{ALICE}/x' id='w1' type='chat'><body>said</body></message>")
        before = me.spoken()
        for target in ("w1", mine):
            await me.receive(f"<message from='{MALLORY}' type='chat' id='w2'>{payload.format(target)}</message>")
        assert me.spoken()[: len(before)] == before
        assert len(me.spoken()) == len(before) + 2 * speaks
        assert me.core.faults == []


@pytest.mark.parametrize("archive_ids", [False, True])
async def test_s12_archive_ids_count_only_where_the_account_gives_them(
    trusted: Authority, tmp_path: Path, archive_ids: bool
) -> None:
    message = (
        f"<message from='{ALICE}/x'><body>{{0}}</body><stanza-id xmlns='urn:xmpp:sid:0' by='{{1}}' id='7'/></message>"
    )
    async with victim(trusted, tmp_path, items=ITEM, archive_ids=archive_ids) as me:
        await me.receive(message.format("one", ME), message.format("two", ME))
        bodies = [body for _, body in me.spoken()]
        assert bodies == (["one"] if archive_ids else ["one", "two"])
        stored = me.core.database.rows("SELECT value FROM reference WHERE kind = 'stanza'")
        assert stored == ([("7",)] if archive_ids else [])
        await me.receive(message.format("three", "evil.example"), message.format("four", "evil.example"))
        assert [body for _, body in me.spoken()][-2:] == ["three", "four"]


async def test_s12_ids_of_one_sender_suppress_nothing_of_another(trusted: Authority, tmp_path: Path) -> None:
    message = "<message from='{0}' id='w1'><body>{1}</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(message.format(MALLORY, "poison"), message.format(f"{ALICE}/x", "real"))
        assert [body for _, body in me.spoken()] == ["poison", "real"]


async def test_s14_forwarded_messages_are_nobodys_words(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            f"<message from='{MALLORY}'>{FORGED}</message>",
            f"<message from='{MALLORY}'><body>look</body>{FORGED}</message>",
            f"<message from='{MALLORY}'><result xmlns='urn:xmpp:mam:2' id='1'>{FORGED}</result></message>",
        )
        assert me.spoken() == [(MALLORY, "look")]


@pytest.mark.parametrize("by", [ALICE, "example.net", "", "@@", f"{ME}/desk"])
@pytest.mark.parametrize("stamp", ["2010-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "nonsense"])
async def test_s15_delays_of_others_do_not_move_a_message(
    trusted: Authority, tmp_path: Path, by: str, stamp: str
) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        delay = f"<delay xmlns='urn:xmpp:delay' from='{by}' stamp='{stamp}'/>"
        await me.receive(f"<message from='{ALICE}/x'><body>now</body>{delay}</message>")
        (event,) = me.told()
        assert isinstance(event, MessageAdded)
        assert abs(event.message.time - datetime.now(UTC)) < timedelta(minutes=1)


async def test_s15_a_contact_writes_nothing_into_the_past(trusted: Authority, tmp_path: Path) -> None:
    """Servers pass on a delay that a sender claims in their name: it comes before nothing that was said before."""
    delay = "<delay xmlns='urn:xmpp:delay' from='example.test' stamp='2010-01-01T00:00:00Z'/>"
    message = f"<message from='{ALICE}/x' type='chat'><body>{{0}}</body>{{1}}</message>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(message.format("first", ""))
        me.core.database.execute("UPDATE message SET time = time - 61000000")
        await me.receive(message.format("I said so then", delay))
        conversation = me.core.services.conversations.open(me.account_id, JID.parse(ALICE))
        shown = me.core.services.conversations.latest(conversation.id, 10)
        assert [message.body for message in shown] == ["first", "I said so then"]


async def test_s16_errors_count_from_the_recipient_only_and_say_nothing(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        wire_id = await sent(me)
        error = (
            "<message type='error' from='{0}' id='{1}'><body>spoken</body><error type='cancel'>"
            "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
        await me.receive(error.format(MALLORY, wire_id), error.format(f"{ALICE}/x", "never-sent"))
        assert state(me) != DeliveryState.FAILED
        await me.receive(error.format(ALICE, wire_id))
        assert state(me) == DeliveryState.FAILED
        assert [body for _, body in me.spoken()] == ["hello"]


async def test_c14_a_server_that_proved_itself_gets_no_plain_password_after_a_restart(
    trusted: Authority, tmp_path: Path
) -> None:
    async def script(peer: Peer) -> None:
        if len(server.peers) == 1:
            await peer.secure()
            await peer.authenticate_scram("secret")
            await peer.bind(f"{ME}/desk")
            await peer.give_roster()
            await peer.expect("</stream:stream>")
            await peer.send("</stream:stream>")
        else:
            await peer.sign_in(f"{ME}/desk")

    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        core = RealCore(tmp_path)
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        await core.services.accounts.sign_in(ME, "secret", settings, True)
        await core.services.accounts.stop_all()
        await core.tasks.cancel_all()
        core.close()

        again = RealCore(tmp_path)
        again.keeper.kept[ME] = "secret"
        stopped: asyncio.Future[KnownError | None] = asyncio.get_running_loop().create_future()
        again.services.bus.subscribe(
            ConnectionChanged,
            lambda event: stopped.set_result(event.status.error) if event.status.error and not stopped.done() else None,
        )
        again.services.accounts.start_all()
        async with asyncio.timeout(20):
            error = await stopped
        assert error is not None
        assert error.kind is ErrorKind.WEAKER_MECHANISM
        assert "<auth" not in server.peers[1].received
        await again.services.accounts.stop_all()
        again.close()


async def test_c16_what_makes_no_sense_harms_nothing(trusted: Authority, tmp_path: Path) -> None:
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(
            "<message from='a@@b'><body>x</body></message>",
            "<message><body>from nowhere</body></message>",
            "<message/>",
            f"<message from='{ALICE}/x' id=''><body>empty id</body></message>",
            f"<message from='{ALICE}/x' id='1'><body>same id</body></message>" * 2,
            f"<message from='{ALICE}/x'><body>first</body><body>second</body></message>",
            f"<message from='{ALICE}/x'><what xmlns='urn:nobody:knows'><body>x</body></what></message>",
            f"<message from='{ALICE}/x' type='strange' to='@@'><body>strange type</body></message>",
            f"<message from='{ALICE}/x' id='{'i' * 100_000}'><body>long id</body></message>",
            f"<message from='{ALICE}/x'><body>&#x202e;&#xfdd0;</body></message>",
            "<presence from='room@muc.example.net'/>",
            "<presence from='@@' type='subscribe'/>",
            f"<presence from='{ALICE}/x'><priority>999999999999</priority></presence>",
            "<iq type='result' id='nobody-asked'/>",
        )
        bodies = [body for _, body in me.spoken()]
        assert bodies[:6] == ["empty id", "same id", "same id", "first", "strange type", "long id"]
        assert len(bodies) == 7
        assert me.core.faults == []
        assert 'type="error"' not in me.peer.received


async def test_c16_a_fault_of_ours_loses_nothing_and_tells_nobody(
    trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(element: ET.Element) -> str | None:
        if element.get("id") == "unlucky":
            raise RuntimeError("our bug")
        return find_body(element)

    find_body = stages.find_body
    message = f"<message from='{ALICE}/x' id='{{0}}'><body>{{0}}</body></message>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        with monkeypatch.context() as patch:
            patch.setattr(stages, "find_body", fail)
            await me.receive(message.format("unlucky"), message.format("lucky"))
        assert [body for _, body in me.spoken()] == ["lucky"]
        assert [str(fault) for fault in me.core.faults] == ["our bug"]
        assert 'type="error"' not in me.peer.received
    again = RealCore(tmp_path)
    again.base.presences.set_own(OwnPresence(Availability.OFFLINE))
    again.services.accounts.start_all()
    await again.tasks.wait_all()
    assert [event.message.body for event in again.published(MessageAdded)] == ["unlucky"]
    await again.services.accounts.stop_all()
    await again.tasks.cancel_all()
    again.close()


async def test_c7_nobody_commands_the_program(trusted: Authority, tmp_path: Path) -> None:
    forward = "http://jabber.org/protocol/rc#forward"
    command = f"<command xmlns='http://jabber.org/protocol/commands' node='{forward}' action='execute'/>"
    asks = f"<iq type='set' from='{{0}}' id='{{1}}'>{command}</iq>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(asks.format(f"{ALICE}/x", "q1"), asks.format(f"{ME}/evil", "q2"))
        for number in (1, 2):
            await me.peer.expect(f'<iq [^>]*id="q{number}".*?service-unavailable')


async def test_c17_a_flood_of_requests_is_kept_without_a_word_to_anybody(trusted: Authority, tmp_path: Path) -> None:
    flood = "".join(f"<presence type='subscribe' from='x{n}@evil.example'/>" for n in range(1000))
    async with victim(trusted, tmp_path, items=ITEM) as me:
        sent_before = len(me.peer.received)
        await me.receive(flood, flood)
        assert len(me.core.services.requests.list_requests()) == 1000
        assert "evil.example" not in me.peer.received[sent_before:]
        assert [contact.jid for contact in me.core.services.roster.list_contacts()] == [JID.parse(ALICE)]


@pytest.mark.parametrize(
    "payload",
    [
        "<query xmlns='jabber:iq:version'/>",
        "<time xmlns='urn:xmpp:time'/>",
        "<query xmlns='jabber:iq:last'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<vCard xmlns='vcard-temp'/>",
        "<ping xmlns='urn:xmpp:ping'/>",
    ],
)
async def test_c18_strangers_learn_nothing(trusted: Authority, tmp_path: Path, payload: str) -> None:
    asks = f"<iq type='get' from='{{0}}' id='{{1}}'>{payload}</iq>"
    request = "<message from='{0}' type='chat' id='m1'><body>x</body><request xmlns='urn:xmpp:receipts'/></message>"
    async with victim(trusted, tmp_path, items=ITEM) as me:
        await me.receive(asks.format(MALLORY, "q1"), request.format(MALLORY))
        match = await me.peer.expect('<iq [^>]*id="q1".*?</iq>')
        answer = ET.fromstring(match[0])
        assert answer.get("type") == "error"
        assert [child.tag for child in answer] == ["error"]
        assert "service-unavailable" in match[0]
        assert "<received" not in me.peer.received
        await me.receive(asks.format(f"{ALICE}/x", "q2"))
        match = await me.peer.expect('<iq [^>]*id="q2"[^>]*>')
        assert ('type="result"' in match[0]) == any(told in payload for told in ("disco", "ping", "version"))


async def sent(me: Victim) -> str:
    """Send a message to Alice; its id."""
    services = me.core.services
    conversation = services.conversations.open(me.account_id, JID.parse(ALICE))
    message = services.outbox.submit(conversation.id, "hello")
    await me.peer.expect(f'id="{message.wire_id}".*?</message>')
    return message.wire_id


def state(me: Victim) -> DeliveryState:
    """How far the message to Alice has come."""
    services = me.core.services
    conversation = services.conversations.open(me.account_id, JID.parse(ALICE))
    return services.conversations.latest(conversation.id, 100)[0].state
