"""XEP-0461 with XEP-0428: what is answered is kept, what stands there for older programs is taken out, exactly."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.replies import Replies
from whimbrel.features.replies import wire
from whimbrel.model.envelope import Source
from whimbrel.model.events import MessageChanged, MessagesAnnotated
from whimbrel.model.message import Message
from whimbrel.model.reply import Quote
from whimbrel.storage.database import Database, Row

FULL = "alice@example.net/phone"
REPLY = "<reply xmlns='urn:xmpp:reply:0' to='{0}' id='{1}'/>"
FALLBACK = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='{0}' end='{1}'/></fallback>"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("mallory@evil.example"))


def messages(core: Core, stream: FakeStream) -> list[Message]:
    return core.services.conversations.latest(core.services.conversations.open(stream.account_id, ALICE).id, 50)


def quote_of(core: Core, message: Message) -> Quote | None:
    return core.services.offer(Replies).quotes([message]).get(message.id)


def answer(core: Core, stream: FakeStream, original: Message, body: str) -> Message:
    hook = core.services.offer(Replies).answer(original)
    return core.services.outbox.submit(original.conversation_id, body, hook)


def original_of(core: Core, message: Message) -> str | None:
    quote = quote_of(core, message)
    return quote.original.body if quote is not None and quote.original is not None else None


def test_a_reply_is_kept_with_what_it_answers_and_says_only_its_own_words(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "a cake 🎂?", id_="m1")
    quoted = "> a cake 🎂?\n"
    extra = REPLY.format(ALICE, "m1") + FALLBACK.format(0, len(quoted))
    stream.receive_message(FULL, f"{quoted}\U0001f44d\U0001f3fd yes", id_="m2", extra=extra)
    first, second = messages(core, stream)
    assert second.body == "\U0001f44d\U0001f3fd yes"
    assert quote_of(core, second) == Quote(first, "a cake 🎂?")
    assert quote_of(core, first) is None
    assert core.services.conversations.find(first.conversation_id).preview == second.body  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("marks", "words", "quoted"),
    [
        ("<body start='0' end='6'/>", "own", "text"),
        ("<body end='6'/>", "own", "text"),
        ("<body start='0' end='3'/><body start='3' end='6'/>", "own", "text"),
        ("<body start='0' end='5'/><body start='2' end='6'/>", "own", "text"),
        ("<body start='6' end='9'/>", "> tex\n", "own"),
        ("<body start='0' end='10'/>", "> tex\nown", ""),
        ("<body start='7' end='3'/>", "> tex\nown", ""),
        ("<body start='-1' end='3'/>", "> tex\nown", ""),
        ("<body start='x'/>", "> tex\nown", ""),
        ("<body/>", "> tex\nown", ""),
        ("", "> tex\nown", ""),
        ("<subject/>", "> tex\nown", ""),
        ("<body start='99999999999999999999' end='3'/>", "> tex\nown", ""),
    ],
)
def test_exactly_the_marked_parts_are_taken_out(marks: str, words: str, quoted: str) -> None:
    body = "> tex\nown"
    fallback = f"<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>{marks}</fallback>"
    element = message_element(body, extra=fallback)
    assert wire.split_body(element, body) == (words, quoted.replace("text", "tex"))


def test_what_is_marked_for_something_else_stays(core: Core, stream: FakeStream) -> None:
    other = FALLBACK.format(0, 3).replace("reply:0'", "other:0'")
    stream.receive_message(FULL, "> q words", extra=REPLY.format(ALICE, "m1") + other)
    stream.receive_message(FULL, "> q words", extra=FALLBACK.format(0, 4))
    assert [message.body for message in messages(core, stream)] == ["> q words", "> q words"]


def test_what_is_answered_may_come_later_and_its_answers_are_told(core: Core, stream: FakeStream) -> None:
    extra = REPLY.format(ALICE, "late") + FALLBACK.format(0, 8)
    stream.receive_message(FULL, "> first\nwell", id_="m2", extra=extra)
    (reply,) = messages(core, stream)
    assert quote_of(core, reply) == Quote(None, "first")
    core.events.clear()
    stream.receive_message(FULL, "first", id_="late")
    (told,) = core.published(MessagesAnnotated)
    assert told.message_ids == {reply.id}
    assert original_of(core, reply) == "first"


def test_an_id_counts_within_its_conversation_only(core: Core, stream: FakeStream) -> None:
    stream.receive_message("mallory@evil.example/x", "not yours", id_="m1")
    stream.receive_message(FULL, "hm", extra=REPLY.format("mallory@evil.example", "m1"))
    (reply,) = messages(core, stream)
    assert quote_of(core, reply) == Quote(None, "")


def test_of_several_with_an_id_the_named_author_s_is_meant(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hers", id_="twice")
    ours = "me@example.org/phone"
    stream.receive_message(ours, "mine", id_="twice", to="alice@example.net", source=Source.CARBON)
    stream.receive_message(FULL, "one", id_="r1", extra=REPLY.format(FULL, "twice"))
    stream.receive_message(FULL, "two", id_="r2", extra=REPLY.format("me@example.org", "twice"))
    assert [original_of(core, message) for message in messages(core, stream)[2:]] == ["hers", "mine"]


def test_ours_leaves_with_the_quotation_and_what_it_answers(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "a 🎂?\nor two", id_="m1")
    sent = answer(core, stream, messages(core, stream)[0], "yes")
    assert messages(core, stream)[-1].body == "yes"
    assert original_of(core, sent) == "a 🎂?\nor two"
    (out,) = stream.sent
    assert out.body == "> a 🎂?\n> or two\nyes"
    (reply,) = [one for one in out.extensions if one.tag == "{urn:xmpp:reply:0}reply"]
    assert reply.attrib == {"id": "m1", "to": "alice@example.net"}
    element = message_element(out.body)
    element.extend(out.extensions)
    assert wire.split_body(ET.fromstring(ET.tostring(element)), out.body) == ("yes", "a 🎂?\nor two")


def test_ours_written_offline_is_a_reply_after_a_restart(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    stream.receive_message(FULL, "well?", id_="m1")
    stream.lose()
    answer(core, stream, messages(core, stream)[0], "yes")
    assert stream.sent == []
    core.close()
    again = Core(tmp_path)
    again.services.accounts.start_all()
    (stream,) = again.streams.values()
    stream.go_online(contact("alice@example.net"))
    assert [message.body for message in stream.sent] == ["> well?\nyes"]
    assert original_of(again, messages(again, stream)[-1]) == "well?"


def test_what_we_answered_elsewhere_is_a_reply_here(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "well?", id_="m1")
    extra = REPLY.format(ALICE, "m1") + FALLBACK.format(0, 8)
    ours = "me@example.org/phone"
    stream.receive_message(ours, "> well?\nyes", id_="o1", to="alice@example.net", extra=extra, source=Source.CARBON)
    last = messages(core, stream)[-1]
    assert (last.body, original_of(core, last)) == ("yes", "well?")


def test_a_correction_of_ours_answers_the_same(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "well?", id_="m1")
    sent = answer(core, stream, messages(core, stream)[0], "yse")
    core.services.offer(Corrector).correct(sent.id, "yes")
    assert original_of(core, messages(core, stream)[-1]) == "well?"
    assert [message.body for message in stream.sent] == ["> well?\nyse", "> well?\nyes"]
    for out in stream.sent:
        tags = [one.tag for one in out.extensions]
        assert "{urn:xmpp:reply:0}reply" in tags
        assert "{urn:xmpp:fallback:0}fallback" in tags


def test_a_correction_of_theirs_says_only_its_own_words(core: Core, stream: FakeStream) -> None:
    extra = REPLY.format(ALICE, "m1") + FALLBACK.format(0, 8)
    stream.receive_message(FULL, "well?", id_="m1")
    stream.receive_message(FULL, "> well?\nyse", id_="m2", extra=extra)
    replace = "<replace xmlns='urn:xmpp:message-correct:0' id='m2'/>"
    stream.receive_message(FULL, "> well?\nyes", id_="m3", extra=extra + replace)
    last = messages(core, stream)[-1]
    assert (last.body, original_of(core, last)) == ("yes", "well?")


def test_an_answer_is_told_when_what_it_answers_changes_or_goes(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "wel?", id_="m1")
    first = messages(core, stream)[0]
    sent = answer(core, stream, first, "yes")
    core.events.clear()
    changed = core.base.stores.messages.set_body(first.id, "well?")
    core.services.bus.publish(MessageChanged(changed))
    assert [event.message_ids for event in core.published(MessagesAnnotated)] == [{sent.id}]
    assert original_of(core, sent) == "well?"


def test_what_has_no_id_is_not_answered(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "no id")
    stream.receive_message(FULL, "id", id_="m1")
    offer = core.services.offer(Replies)
    assert [offer.can_answer(message) for message in messages(core, stream)] == [False, True]


def test_unclear_replies_are_plain_messages(core: Core, stream: FakeStream) -> None:
    for extra in ("<reply xmlns='urn:xmpp:reply:0'/>", REPLY.format("@@", "a") * 2, REPLY.format("", "x" * 2000)):
        stream.receive_message(FULL, "> q\nwords", extra=extra + FALLBACK.format(0, 4))
    assert [message.body for message in messages(core, stream)] == ["> q\nwords"] * 3
    assert not core.services.offer(Replies).quotes(messages(core, stream))


def test_one_id_for_all_messages_does_not_make_replies_slow(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several with one id the last is meant; a row for each was read, of each reply that shows."""
    with stream.together():
        for number in range(300):
            stream.receive_message(FULL, f"text {number}", id_="1")
        stream.receive_message(FULL, "why", id_="r", extra="<reply xmlns='urn:xmpp:reply:0' id='1'/>")
    meant, reply = messages(core, stream)[-2:]
    read: list[int] = []
    rows = Database.rows

    def count(self: Database, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        found = rows(self, sql, parameters)
        read.append(len(found))
        return found

    monkeypatch.setattr(Database, "rows", count)
    assert quote_of(core, reply) == Quote(meant, "")
    assert max(read) == 1
