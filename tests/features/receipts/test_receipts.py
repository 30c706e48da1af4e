"""XEP-0184: asked for with every message, believed only of its recipient, given only to who may see us (S11, C18)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.features.receipts import wire
from whimbrel.model.contact import Subscription
from whimbrel.model.envelope import Source
from whimbrel.model.message import DeliveryState, Message

REQUEST = "<request xmlns='urn:xmpp:receipts'/>"


def received(wire_id: str) -> str:
    return f"<received xmlns='urn:xmpp:receipts' id='{wire_id}'/>"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("mallory@evil.example"))


def send(core: Core, stream: FakeStream) -> Message:
    return core.services.outbox.submit(core.services.conversations.open(stream.account_id, ALICE).id, "x")


def state(core: Core, message: Message) -> DeliveryState:
    found = core.base.stores.messages.find_message(message.id)
    assert found is not None
    return found.state


def test_every_message_asks_for_one(core: Core, stream: FakeStream) -> None:
    send(core, stream)
    assert "{urn:xmpp:receipts}request" in [element.tag for element in stream.sent[0].extensions]


def test_a_receipt_counts_from_the_recipient_only(core: Core, stream: FakeStream) -> None:
    message = send(core, stream)
    stream.receive_message("mallory@evil.example/x", None, extra=received(message.wire_id))
    stream.receive_message("alice@example.net/x", None, extra=received("never-sent"))
    stream.receive_message("alice@example.net/x", None, extra=received(""))
    stream.receive_message("alice@example.net/x", None, extra=received(message.wire_id), type_="error")
    assert state(core, message) is DeliveryState.SENT
    stream.receive_message("alice@example.net/x", None, extra=received(message.wire_id))
    assert state(core, message) is DeliveryState.DELIVERED
    assert stream.extensions == []


def test_a_receipt_with_words_is_a_message_too(core: Core, stream: FakeStream) -> None:
    message = send(core, stream)
    stream.receive_message("alice@example.net/x", "words", extra=received(message.wire_id))
    assert state(core, message) is DeliveryState.DELIVERED
    assert core.services.unread.total() == 1


def test_the_answer_names_the_message_and_goes_to_its_sender(core: Core, stream: FakeStream) -> None:
    stream.receive_message("alice@example.net/phone", "hi", id_="m1", extra=REQUEST)
    ((to, type_, _, extensions),) = stream.extensions
    assert (str(to), type_) == ("alice@example.net/phone", "chat")
    assert [(e.tag, e.get("id")) for e in extensions] == [("{urn:xmpp:receipts}received", "m1")]


@pytest.mark.parametrize("subscription", [Subscription.NONE, Subscription.TO])
def test_who_does_not_see_us_gets_none(core: Core, subscription: Subscription) -> None:
    stream = core.online(contact("alice@example.net", subscription=subscription))
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=REQUEST)
    stream.receive_message("stranger@example.net/x", "hi", id_="m2", extra=REQUEST)
    assert stream.extensions == []


@pytest.mark.parametrize(
    ("body", "id_", "extra", "type_", "source"),
    [
        ("hi", "m1", "", "chat", Source.LIVE),  # not asked for
        (None, "m1", REQUEST, "chat", Source.LIVE),  # nothing was delivered
        ("hi", "", REQUEST, "chat", Source.LIVE),  # nothing to name
        ("hi", "m1", REQUEST, "headline", Source.LIVE),
        ("hi", "m1", REQUEST, "error", Source.LIVE),
        ("hi", "m1", REQUEST, "groupchat", Source.LIVE),
        ("hi", "m1", REQUEST + received("x"), "chat", Source.LIVE),  # never a receipt for a receipt
        ("hi", "m1", REQUEST, "chat", Source.CARBON),
    ],
)
def test_no_answer(
    core: Core, stream: FakeStream, body: str | None, id_: str, extra: str, type_: str, source: Source
) -> None:
    stream.receive_message("alice@example.net/x", body, id_=id_, extra=extra, type_=type_, source=source)
    assert stream.extensions == []


def test_an_answer_that_cannot_leave_waits_for_the_next_connection(core: Core, stream: FakeStream) -> None:
    stream.lose()
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=REQUEST)
    assert stream.extensions == []
    stream.go_online()
    ((_, _, _, extensions),) = stream.extensions
    assert wire.parse_received(wrapped(extensions)) == "m1"
    assert core.base.outbox.pending(stream.account_id) == []


def wrapped(extensions: tuple[object, ...]):  # type: ignore[no-untyped-def]
    message = wire.build_request()
    message.extend(extensions)  # type: ignore[arg-type]
    return message


async def test_a_receipt_that_was_handed_over_and_lost_goes_out_in_the_next_session(core: Core) -> None:
    stream = core.online(contact("alice@example.net", subscription=Subscription.BOTH))
    stream.next_sequence = 5
    stream.acknowledges = False
    with stream.together():
        for number in (1, 2):
            stream.receive_message("alice@example.net/x", "hi", id_=f"m{number}", extra=REQUEST)
    rows = core.base.outbox.pending(stream.account_id)
    assert [(row.in_flight, row.sequence) for row in rows] == [(True, 5), (True, 6)]
    assert len(stream.extensions) == 2
    stream.lose()
    stream.extensions.clear()
    stream.acknowledges = True
    stream.go_online()
    await core.settle()
    assert [wire.parse_received(wrapped(extensions)) for *_, extensions in stream.extensions] == ["m1", "m2"]
    assert core.base.outbox.pending(stream.account_id) == []
