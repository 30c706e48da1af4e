"""XEP-0333: asked for with every message, believed only of its recipient, given only to whom the person lets know."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.features.reading.node import FEATURES
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.model.contact import Subscription
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.model.outbox import OutboxKind

ME = "me@example.org"
MARKABLE = "<markable xmlns='urn:xmpp:chat-markers:0'/>"
DISPLAYED = "{urn:xmpp:chat-markers:0}displayed"
STORE = "{urn:xmpp:hints}store"


def displayed(wire_id: str) -> str:
    return f"<displayed xmlns='urn:xmpp:chat-markers:0' id='{wire_id}'/>"


def own_marker(wire_id: str, to: str = "alice@example.net", sender: str = f"{ME}/phone") -> str:
    return (
        "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:client' from='{sender}' to='{to}' type='chat'>{displayed(wire_id)}</message>"
        "</forwarded></sent>"
    )


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("mallory@evil.example"))


def conversation(core: Core, jid: JID = ALICE) -> Conversation:
    found = core.services.conversations.open(core.base.stores.accounts.list_accounts()[0].id, jid)
    again = core.services.conversations.find(found.id)
    assert again is not None
    return again


def send(core: Core, body: str = "x") -> Message:
    return core.services.outbox.submit(conversation(core).id, body)


def states(core: Core) -> list[str]:
    return [row[0] for row in core.database.rows("SELECT state FROM message WHERE direction = 'out' ORDER BY time, id")]


def told(stream: FakeStream) -> list[tuple[str, str, str | None]]:
    """To whom, of what type, about which message: the markers that were sent."""
    return [
        (str(to), type_, element.get("id"))
        for to, type_, _, extensions in stream.extensions
        for element in extensions
        if element.tag == DISPLAYED
    ]


def test_every_message_asks_for_one(core: Core, stream: FakeStream) -> None:
    send(core)
    assert "{urn:xmpp:chat-markers:0}markable" in [element.tag for element in stream.sent[0].extensions]


def test_what_they_have_displayed_is_read_with_all_before(core: Core, stream: FakeStream) -> None:
    send(core, "one")
    two = send(core, "two")
    stream.acknowledges = False
    three = send(core, "three")
    stream.receive_message("alice@example.net/x", None, extra=displayed(two.wire_id))
    assert states(core) == ["read", "read", "in-flight"]
    stream.receive_message("alice@example.net/y", None, extra=displayed(three.wire_id))
    assert states(core) == ["read", "read", "read"], "who has seen it has it"
    assert core.services.outbox.pending(three.account_id) == []
    assert told(stream) == []


def test_s11_markers_count_from_the_recipient_only(core: Core, stream: FakeStream) -> None:
    message = send(core)
    for sender in ("mallory@evil.example/x", "stranger@example.net/x"):
        stream.receive_message(sender, None, extra=displayed(message.wire_id))
    stream.receive_message("alice@example.net/x", None, extra=displayed("never-sent"))
    stream.receive_message("alice@example.net/x", None, extra=displayed(""))
    stream.receive_message("alice@example.net/x", None, extra=displayed(message.wire_id), type_="error")
    assert states(core) == ["sent"]


def test_s11_a_marker_is_never_answered(core: Core, stream: FakeStream) -> None:
    message = send(core)
    stream.receive_message("alice@example.net/x", None, extra=MARKABLE + displayed(message.wire_id), id_="m1")
    core.services.unread.mark_read(message.conversation_id)
    assert told(stream) == []
    assert core.services.unread.total() == 0


def test_the_last_that_asked_is_told_when_the_person_reads(core: Core, stream: FakeStream) -> None:
    for number in (1, 2):
        stream.receive_message("alice@example.net/x", "hi", id_=f"m{number}", extra=MARKABLE)
    stream.receive_message("alice@example.net/x", "does not ask", id_="m3")
    assert told(stream) == []
    core.services.unread.mark_read(conversation(core).id)
    assert told(stream) == [("alice@example.net", "chat", "m2")]
    assert STORE in [element.tag for element in stream.extensions[-1][3]]
    core.services.unread.set_viewed(conversation(core).id, True)
    stream.receive_message("alice@example.net/x", "read at once", id_="m4", extra=MARKABLE)
    stream.receive_message("alice@example.net/x", "does not ask", id_="m5")
    assert [wire_id for *_, wire_id in told(stream)] == ["m2", "m4"], "once each"


@pytest.mark.parametrize("subscription", [Subscription.NONE, Subscription.TO])
def test_c18_who_does_not_see_us_is_told_nothing(core: Core, subscription: Subscription) -> None:
    stream = core.online(contact("alice@example.net", subscription=subscription))
    for sender in ("alice@example.net", "stranger@example.net"):
        stream.receive_message(f"{sender}/x", "hi", id_="m1", extra=MARKABLE)
        core.services.unread.mark_read(conversation(core, JID.parse(sender)).id)
    assert stream.extensions == []
    stream.push("stranger@example.net", contact("stranger@example.net"))
    core.services.unread.set_viewed(conversation(core, JID.parse("stranger@example.net")).id, True)
    assert stream.extensions == [], "nor later of what was read before"


def test_nobody_is_told_against_the_persons_will(core: Core, stream: FakeStream) -> None:
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE)
    stream.lose()
    core.services.unread.mark_read(conversation(core).id)
    core.choice.send_read_markers = False
    stream.resume()
    stream.receive_message("alice@example.net/x", "hi", id_="m2", extra=MARKABLE)
    core.services.unread.mark_read(conversation(core).id)
    core.choice.send_read_markers = True
    core.services.unread.set_viewed(conversation(core).id, True)
    assert told(stream) == []
    assert core.services.outbox.pending(stream.account_id) == []


def test_who_asked_is_known_after_a_restart_and_told_with_the_next_connection(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE)
    stream.receive_message("alice@example.net/x", "hi", id_="m2", extra=MARKABLE)
    core.close()
    core = Core(tmp_path)
    core.services.accounts.start_all()
    core.services.unread.mark_read(conversation(core).id)
    stream = core.stream(core.base.stores.accounts.list_accounts()[0].id)
    assert [row.kind for row in core.services.outbox.pending(stream.account_id)] == [OutboxKind.MARKER]
    stream.go_online(contact("alice@example.net"))
    assert told(stream) == [("alice@example.net", "chat", "m2")]


def test_a_newer_one_replaces_what_was_not_told_yet(core: Core, stream: FakeStream) -> None:
    stream.lose()
    for wire_id in ("m1", "m2"):
        stream.receive_message("alice@example.net/x", "hi", id_=wire_id, extra=MARKABLE)
        core.services.unread.mark_read(conversation(core).id)
    stream.resume()
    assert [wire_id for *_, wire_id in told(stream)] == ["m2"]


def test_what_another_device_has_displayed_is_read_here(core: Core, stream: FakeStream) -> None:
    for number in (1, 2, 3):
        stream.receive_message("alice@example.net/x", "hi", id_=f"m{number}", extra=MARKABLE)
    stream.receive_message(ME, None, extra=own_marker("m2"))
    assert conversation(core).unread == 1
    stream.receive_message(ME, None, extra=own_marker("m1"))
    assert conversation(core).unread == 1, "it never goes back"
    stream.receive_message(ME, None, extra=own_marker("never-received"))
    stream.receive_message(ME, None, extra=own_marker("m3", to="mallory@evil.example"))
    assert conversation(core).unread == 1, "only in the conversation that it was sent to"
    core.services.unread.mark_read(conversation(core).id)
    assert told(stream) == [("alice@example.net", "chat", "m3")]


@pytest.mark.parametrize("sender", [f"{ME}/evil", "mallory@evil.example/x"])
def test_s11_who_is_not_our_account_reads_nothing_for_us(core: Core, stream: FakeStream, sender: str) -> None:
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE)
    stream.receive_message(sender, None, extra=displayed("m1"))
    stream.receive_message(sender, None, extra=own_marker("m1"))
    to_alice = Envelope(
        stream.account_id,
        stream.full_jid,
        JID.parse(sender),
        ALICE,
        "chat",
        "",
        message_element(None, extra=displayed("m1")),
        datetime.now(UTC),
    )
    stream.receive(to_alice)
    assert conversation(core).unread == 1


def test_markers_of_the_archive_count_too(core: Core, stream: FakeStream) -> None:
    message = send(core)
    stream.receive_message("alice@example.net/x", None, extra=displayed(message.wire_id), source=Source.ARCHIVE)
    assert states(core) == ["read"]


class Killed(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("looking", [False, True])
def test_what_is_told_of_reading_is_on_disk_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looking: bool
) -> None:
    core = Core(tmp_path)
    stream = core.stream(core.add_account().id)
    stream.account_features |= FEATURES
    stream.go_online(contact("alice@example.net"))
    stream.lose()

    def kill(_: object) -> None:
        raise Killed

    def receive() -> None:
        archived = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='a1'/>"
        stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE + archived)

    open_id = conversation(core).id
    if looking:
        core.services.unread.set_viewed(open_id, True)
    else:
        receive()
    monkeypatch.setattr(core.base.bus, "publish", kill)  # right after the commit
    with pytest.raises(Killed):
        receive() if looking else core.services.unread.mark_read(open_id)
    core.close()
    core = Core(tmp_path)
    core.services.accounts.start_all()
    (stream,) = core.streams.values()
    assert conversation(core).unread == 0
    kinds = {row.kind for row in core.services.outbox.pending(stream.account_id)}
    assert kinds == {OutboxKind.MARKER, OutboxKind.READ_STATE}
    stream.go_online(contact("alice@example.net"))
    assert told(stream) == [("alice@example.net", "chat", "m1")]


def test_what_cannot_be_told_later_is_not_read(core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> None:
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE)

    def refuse(*_: object, **__: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    with monkeypatch.context() as patch:
        patch.setattr(core.base.stores.outbox, "add", refuse)
        with pytest.raises(KnownError, match="disk-full"):
            core.services.unread.mark_read(conversation(core).id)
    assert conversation(core).unread == 1
    core.services.unread.mark_read(conversation(core).id)
    assert told(stream) == [("alice@example.net", "chat", "m1")]
    assert core.faults == []


def test_a_fault_of_one_who_tells_keeps_nobody_from_reading(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream.receive_message("alice@example.net/x", "hi", id_="m1", extra=MARKABLE)

    def fail(*_: object) -> None:
        raise RuntimeError("our bug")

    monkeypatch.setattr("whimbrel.features.reading.positions.Positions.current", fail)
    stream.account_features |= FEATURES
    stream.lose()
    stream.resume()
    core.services.unread.mark_read(conversation(core).id)
    assert conversation(core).unread == 0
    assert told(stream) == [("alice@example.net", "chat", "m1")]
    assert [str(fault) for fault in core.faults] == ["our bug"]
