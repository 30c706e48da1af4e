"""Who may write: what strangers say is not taken in while the person wants that, whichever way it comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.features.archive.scripted import ArchiveCore, ScriptedArchive
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.deletion import Deletion
from whimbrel.core.offers.retractions import Eraser
from whimbrel.core.requests import ContactRequest
from whimbrel.core.retention import Retention
from whimbrel.model.events import MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState

STRANGER = "mallory@evil.example"
ASKS = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
CARBON = (
    "<{0} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'"
    " from='{1}' to='{2}' type='chat' id='c1'><body>{3}</body></message></forwarded></{0}>"
)
ME = "me@example.org"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    core = Core(tmp_path)
    core.choice.strangers_may_write = False
    return core


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("gateway.example.org"))


def said(core: Core) -> list[str]:
    return [body for (body,) in core.database.rows("SELECT body FROM message ORDER BY id")]


def test_strangers_are_neither_shown_nor_told_of_nor_answered(core: Core, stream: FakeStream) -> None:
    for type_ in ("chat", "normal", "headline"):
        stream.receive_message(f"{STRANGER}/x", "buy", type_=type_, id_="m1", extra=ASKS)
    stream.receive_message(ME, None, extra=CARBON.format("received", f"{STRANGER}/x", f"{ME}/phone", "buy"))
    stream.receive_message("evil.example", "buy")
    assert core.database.rows("SELECT * FROM conversation") == core.database.rows("SELECT * FROM waiting") == []
    assert said(core) == core.published(MessageAdded) == stream.extensions == []
    assert not core.faults
    core.choice.strangers_may_write = True
    stream.receive_message(f"{STRANGER}/x", "hello")
    assert said(core) == ["hello"]


def test_known_are_contacts_gateways_contacts_and_our_provider(core: Core, stream: FakeStream) -> None:
    stream.receive_message("alice@example.net/x", "contact")
    stream.receive_message("bob%old.example@gateway.example.org", "through a gateway")
    stream.receive_message("example.org", "we restart tonight")
    assert said(core) == ["contact", "through a gateway", "we restart tonight"]


def test_requests_of_strangers_come_all_the_same(core: Core, stream: FakeStream) -> None:
    stream.subscription(STRANGER, message="It is me")
    (request,) = core.services.requests.list_requests()
    assert isinstance(request, ContactRequest)
    assert str(request.jid) == STRANGER
    core.services.requests.accept(stream.account_id, request.jid, "", frozenset())
    stream.receive_message(f"{STRANGER}/x", "thanks")
    assert said(core) == ["thanks"]


async def test_whom_one_wrote_to_may_answer(core: Core, stream: FakeStream) -> None:
    """From here, and from another device; their receipts and errors concern what one wrote."""
    outbox, open_ = core.services.outbox, core.services.conversations.open
    message = outbox.submit(open_(stream.account_id, JID.parse(STRANGER)).id, "hello?")
    await core.settle()
    stream.receive_message(f"{STRANGER}/x", None, extra=f"<received xmlns='urn:xmpp:receipts' id='{message.wire_id}'/>")
    stream.receive_message(f"{STRANGER}/x", "yes?")
    stream.receive_message(ME, None, extra=CARBON.format("sent", f"{ME}/phone", "carol@example.com", "from my phone"))
    stream.receive_message("carol@example.com/x", "got it")
    assert said(core) == ["hello?", "yes?", "from my phone", "got it"]
    found = core.base.stores.messages.find_message(message.id)
    assert found is not None
    assert found.state is DeliveryState.DELIVERED
    second = outbox.submit(open_(stream.account_id, ALICE).id, "x")
    await core.settle()
    stream.receive_message(
        "alice@example.net",
        None,
        type_="error",
        id_=second.wire_id,
        extra="<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    )
    found = core.base.stores.messages.find_message(second.id)
    assert found is not None
    assert found.state is DeliveryState.FAILED


def test_who_answers_for_years_does_not_become_a_stranger(core: Core, stream: FakeStream) -> None:
    """A service that was asked once, and has told something every day since."""
    conversation = core.services.conversations.open(stream.account_id, JID.parse("alerts@services.example"))
    core.services.outbox.submit(conversation.id, "subscribe")
    with core.database.transaction():
        core.database.execute(
            "WITH RECURSIVE day (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM day WHERE n < 1100)"
            " INSERT INTO message (account_id, conversation_id, direction, sender, body, time, state, wire_id)"
            " SELECT ?, ?, 'in', 'alerts@services.example', n,"
            " (SELECT max(time) FROM message) + n, 'received', n FROM day",
            (stream.account_id, conversation.id),
        )
    stream.receive_message("alerts@services.example/x", "the roof is on fire")
    assert said(core)[-1] == "the roof is on fire"


async def test_whom_one_wrote_to_may_answer_also_when_what_was_written_is_deleted(
    core: Core, stream: FakeStream
) -> None:
    """By the person, all of it or that one message; or by itself, being older than messages are kept."""
    open_, deletion = core.services.conversations.open, core.services.offer(Deletion)
    written = {}
    for name in ("whole", "single", "old"):
        conversation = open_(stream.account_id, JID.parse(f"{name}@services.example"))
        written[name] = core.services.outbox.submit(conversation.id, "subscribe")
    stream.receive_message(ME, None, extra=CARBON.format("sent", f"{ME}/phone", "mine@services.example", "my phone"))
    await core.settle()
    await deletion.delete_conversation(written["whole"].conversation_id, lambda _done: None)
    core.services.offer(Eraser).delete_here(written["single"].id)
    core.database.execute("UPDATE message SET time = time - 8 * 86400000000")
    core.choice.keep_days = 7
    assert await core.services.offer(Retention).apply() == 2
    assert said(core) == []
    for name in ("whole", "single", "old", "mine", "nobody"):
        stream.receive_message(f"{name}@services.example/x", name)
    assert said(core) == ["whole", "single", "old", "mine"]
    for conversation in core.services.conversations.list_conversations():
        await deletion.delete_conversation(conversation.id, lambda _done: None)
    stream.receive_message("whole@services.example/x", "still here")
    assert said(core) == ["still here"]


async def test_whose_messages_are_deleted_is_a_stranger_still(core: Core, stream: FakeStream) -> None:
    core.choice.strangers_may_write = True
    stream.receive_message(f"{STRANGER}/x", "buy")
    core.choice.strangers_may_write = False
    (conversation,) = core.services.conversations.list_conversations()
    await core.services.offer(Deletion).delete_conversation(conversation.id, lambda _done: None)
    stream.receive_message(f"{STRANGER}/x", "buy now")
    assert said(core) == []


async def test_an_archive_brings_no_strangers_and_no_holes(tmp_path: Path) -> None:
    archive = ScriptedArchive(limit=100)
    archive.fill(30)
    core = ArchiveCore(tmp_path, archive)
    core.choice.strangers_may_write = False
    await core.session(contact("bob@example.net"))
    await core.caught_up()
    assert set(core.said()) == {"bob@example.net"}
    assert core.said()["bob@example.net"] == archive.bodies("bob@example.net")
    await core.kill()
    assert not core.faults
