"""XEP-0280: what one's other devices send and receive is one's own; every other copy is dropped (S1 to S1e)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.features.carbons.service import Carbons
from whimbrel.model.envelope import Source
from whimbrel.model.message import DeliveryState, Direction
from whimbrel.model.stream import Support

ME = "me@example.org"
FORWARDED = "<forwarded xmlns='urn:xmpp:forward:0'>{0}</forwarded>"
REQUEST = "<request xmlns='urn:xmpp:receipts'/>"


def inner(
    sender: str = f"{ME}/phone",
    to: str = "alice@example.net",
    body: str = "copied",
    type_: str = "chat",
    extra: str = "",
) -> str:
    return (
        f"<message xmlns='jabber:client' from='{sender}' to='{to}' id='w1' type='{type_}'>"
        f"<body>{body}</body>{extra}</message>"
    )


def carbon(kind: str, *messages: str) -> str:
    return f"<{kind} xmlns='urn:xmpp:carbons:2'>{FORWARDED.format(''.join(messages))}</{kind}>"


THEIRS = inner("alice@example.net/x", f"{ME}/phone")
SENT = carbon("sent", inner())
RECEIVED = carbon("received", THEIRS)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"))


def stored(core: Core) -> list[tuple[object, ...]]:
    return core.database.rows("SELECT direction, sender, body, state FROM message ORDER BY id")


def test_copies_are_asked_for_where_there_are_any() -> None:
    feature = Carbons()
    for support in (Support(server=frozenset({"urn:xmpp:carbons:2"})), Support(frozenset({"urn:xmpp:carbons:2"}))):
        assert [element.tag for element in feature.prelude(support)] == ["{urn:xmpp:carbons:2}enable"]
    assert feature.prelude(Support(server=frozenset({"urn:xmpp:carbons:rules:0"}))) == ()


@pytest.mark.parametrize("account", [ME, None])
def test_what_another_device_sent_is_ours(core: Core, stream: FakeStream, account: str | None) -> None:
    stream.receive_message(account, None, extra=SENT)
    assert stored(core) == [(Direction.OUT.value, f"{ME}/phone", "copied", DeliveryState.SENT.value)]
    (conversation,) = core.services.conversations.list_conversations()
    assert (conversation.jid, conversation.unread, conversation.preview_outgoing) == (ALICE, 0, True)
    stream.receive_message(account, None, extra=SENT)
    assert len(stored(core)) == 1, "the same copy comes once"


def test_what_another_device_received_is_theirs_and_answered_by_nobody_here(core: Core, stream: FakeStream) -> None:
    copy = carbon("received", inner("alice@example.net/x", f"{ME}/phone", extra=REQUEST))
    stream.receive_message(ME, None, extra=copy)
    assert stored(core) == [(Direction.IN.value, "alice@example.net/x", "copied", DeliveryState.RECEIVED.value)]
    assert core.services.unread.total() == 1
    assert stream.extensions == [], "a copy is not answered (section 10.4)"


def test_an_id_of_our_archive_in_a_copy_counts(core: Core, stream: FakeStream) -> None:
    stanza_id = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='a1'/>"
    stream.receive_message(ME, None, extra=carbon("received", inner("alice@example.net/x", ME, extra=stanza_id)))
    assert core.database.rows("SELECT scope, value FROM reference WHERE kind = 'stanza'") == [(ME, "a1")]
    stream.receive_message("alice@example.net/x", "copied", extra=stanza_id)
    assert len(stored(core)) == 1, "the copy and the message are one"


@pytest.mark.parametrize(
    "sender", ["mallory@evil.example/x", "alice@example.net/x", f"{ME}/evil", "example.org", "room@muc.example.net/me"]
)
@pytest.mark.parametrize("copy", [SENT, RECEIVED], ids=["sent", "received"])
@pytest.mark.parametrize("type_", ["chat", "groupchat", "headline"])
def test_s1_copies_of_others_are_dropped(core: Core, stream: FakeStream, sender: str, copy: str, type_: str) -> None:
    stream.receive_message(sender, None, extra=copy, type_=type_)
    stream.receive_message(sender, "words around it", extra=copy, type_=type_)
    assert stored(core) == []
    assert core.services.conversations.list_conversations() == []


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(SENT + SENT, id="two wrappers"),
        pytest.param(SENT + RECEIVED, id="both kinds"),
        pytest.param(carbon("sent", inner(), inner()), id="two messages"),
        pytest.param(carbon("sent"), id="no message"),
        pytest.param("<sent xmlns='urn:xmpp:carbons:2'/>", id="nothing forwarded"),
        pytest.param(f"<sent xmlns='urn:xmpp:carbons:2'>{inner()}</sent>", id="not forwarded"),
        pytest.param(
            f"<sent xmlns='urn:xmpp:carbons:2'>{FORWARDED.format(inner())}{FORWARDED.format(inner())}</sent>",
            id="forwarded twice",
        ),
        pytest.param(carbon("sent", inner("alice@example.net/x")), id="sent by somebody else"),
        pytest.param(
            carbon("received", inner("alice@example.net/x", "bob@example.net")), id="received by other people"
        ),
        pytest.param(carbon("received", inner()), id="received, but sent by us to them"),
        pytest.param(carbon("sent", inner("")), id="no sender"),
        pytest.param(carbon("sent", inner(f"{ME}/phone", "@@")), id="no recipient"),
        pytest.param(carbon("sent", inner(type_="error")), id="an error"),
        pytest.param(carbon("received", inner("room@muc.example.net/a", ME, type_="groupchat")), id="a group chat's"),
        pytest.param(carbon("sent", inner(extra=RECEIVED)), id="nested"),
        pytest.param(
            carbon(
                "received",
                inner("room@muc.example.net/a", ME, extra="<x xmlns='http://jabber.org/protocol/muc#user'/>"),
            ),
            id="private in a group chat",
        ),
    ],
)
def test_s1e_unsound_copies_are_dropped(core: Core, stream: FakeStream, copy: str) -> None:
    stream.receive_message(ME, None, extra=copy)
    assert stored(core) == []


def test_s1_a_copy_in_the_archive_is_no_copy(core: Core, stream: FakeStream) -> None:
    stream.receive_message(ME, None, extra=SENT, source=Source.ARCHIVE)
    assert stored(core) == []


def test_s14_what_a_copied_message_forwards_is_not_taken_for_it(core: Core, stream: FakeStream) -> None:
    stream.receive_message(ME, None, extra=carbon("sent", inner(extra=FORWARDED.format(THEIRS))))
    assert [(sender, body) for _, sender, body, _ in stored(core)] == [(f"{ME}/phone", "copied")]
