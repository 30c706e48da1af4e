"""XEP-0444: one set a person, the newest; only emoji, only of the two who talk; ours by the outbox (S10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.deletion import Deletion
from whimbrel.core.offers.reactions import Reactions
from whimbrel.features.reactions import wire
from whimbrel.model.envelope import Source
from whimbrel.model.events import ConversationChanged, MessageAdded, MessagesAnnotated
from whimbrel.model.message import Message

FULL = "alice@example.net/phone"
OURS = "me@example.org/phone"
NOW = datetime.now(UTC)


def said(about: str, *emoji: str) -> str:
    inside = "".join(f"<reaction>{one}</reaction>" for one in emoji)
    return f"<reactions xmlns='urn:xmpp:reactions:0' id='{about}'>{inside}</reactions>"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("mallory@evil.example"))


def messages(core: Core, stream: FakeStream) -> list[Message]:
    return core.services.conversations.latest(core.services.conversations.open(stream.account_id, ALICE).id, 50)


def shown(core: Core, stream: FakeStream) -> dict[str, tuple[str, ...]]:
    """What is said of the first message, by the local part of who says it."""
    first = messages(core, stream)[0]
    sets = core.services.offer(Reactions).reactions([first]).get(first.id, ())
    return {one.sender.local: one.emoji for one in sets}


def sets_sent(stream: FakeStream) -> list[list[str | None]]:
    return [
        [one.text for one in element]
        for _, _, _, extensions in stream.extensions
        for element in extensions
        if element.tag == "{urn:xmpp:reactions:0}reactions"
    ]


def test_a_set_replaces_the_one_before_and_an_empty_one_removes(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    core.events.clear()
    stream.receive_message(FULL, None, extra=said("m1", "👍", "❤️", "👍"))
    assert shown(core, stream) == {"alice": ("👍", "❤️")}
    assert [event.message_ids for event in core.published(MessagesAnnotated)] == [{messages(core, stream)[0].id}]
    stream.receive_message("alice@example.net/desk", None, extra=said("m1", "😂"))
    assert shown(core, stream) == {"alice": ("😂",)}
    stream.receive_message(FULL, None, extra=said("m1"))
    assert shown(core, stream) == {}


def test_a_reaction_is_no_message(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    core.services.unread.set_viewed(messages(core, stream)[0].conversation_id, True)
    core.services.unread.set_viewed(messages(core, stream)[0].conversation_id, False)
    core.events.clear()
    stream.receive_message(FULL, None, extra=said("m1", "👍"))
    assert core.published(MessageAdded) == []
    assert core.published(ConversationChanged) == []
    assert core.services.unread.total() == 0


def test_it_waits_for_its_message(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, None, extra=said("late", "👍"))
    stream.receive_message("mallory@evil.example/x", None, extra=said("late", "😡"))
    assert core.services.conversations.list_conversations() == []
    stream.receive_message(FULL, "hi", id_="late")
    assert shown(core, stream) == {"alice": ("👍",)}


def test_of_an_archive_the_newest_set_counts_whatever_comes_first(core: Core, stream: FakeStream) -> None:
    delay = "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='{0}'/>"
    early, late = ((NOW - timedelta(hours=hours)).isoformat() for hours in (3, 2))
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message(FULL, None, id_="r2", extra=said("m1", "❤️") + delay.format(late))
    stream.receive_message(FULL, None, id_="r1", extra=said("m1", "😡") + delay.format(early))
    assert shown(core, stream) == {"alice": ("❤️",)}


def test_ours_from_elsewhere_are_ours(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message(OURS, None, to="alice@example.net", extra=said("m1", "👍"), source=Source.CARBON)
    stream.receive_message(FULL, None, extra=said("m1", "👍"))
    assert shown(core, stream) == {"me": ("👍",), "alice": ("👍",)}
    core.services.offer(Reactions).toggle(messages(core, stream)[0].id, "👍")
    assert shown(core, stream) == {"alice": ("👍",)}
    assert sets_sent(stream) == [[]]


def test_s10_only_the_two_who_talk_may_react(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message("mallory@evil.example/x", "mine", id_="m2")
    stream.receive_message("mallory@evil.example/x", None, extra=said("m1", "😡"))
    stream.receive_message("mallory@evil.example/x", None, extra=said("m1", "😡"), type_="error")
    stream.receive_message("me@example.org.evil.example/x", None, extra=said("m1", "😡"))
    assert shown(core, stream) == {}


def test_s10_two_sets_in_one_stanza_are_none(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message(FULL, None, extra=said("m1", "👍") + said("m1", "😡"))
    assert shown(core, stream) == {}


def test_s10_sets_are_capped_and_hold_emoji_only(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    many = [chr(0x1F400 + number) for number in range(60)]
    stream.receive_message(FULL, None, extra=said("m1", *many * 200))
    assert shown(core, stream) == {"alice": tuple(many[: wire.MOST])}
    bad = [
        "lol",
        "👍 ",
        "👍👍",
        "\u202e👍",
        "שלום",
        "a",
        "1",
        "",
        "👍" + "\u200d👍" * 2000,
        "\ufe0f",
        "\U0001f1e9",
        "👍\n",
    ]
    stream.receive_message(FULL, None, extra=said("m1", *bad, "🇩🇪"))
    assert shown(core, stream) == {"alice": ("🇩🇪",)}


@pytest.mark.parametrize(
    "emoji", ["👍", "❤️", "❤", "👍🏽", "1️⃣", "🇨🇳", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👩🏽‍❤️‍💋‍👨🏿", "👁️‍🗨️", "🏳️‍🌈", "⭐", "☺️", "🫶", "Ⓜ️"]
)
def test_sequences_are_one_emoji(emoji: str) -> None:
    assert wire.is_emoji(emoji)


def test_ours_leave_offline_later_and_only_the_last_set(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    stream.receive_message(FULL, "hi", id_="m1")
    stream.lose()
    first = messages(core, stream)[0]
    for emoji in ("👍", "😂", "👍"):
        core.services.offer(Reactions).toggle(first.id, emoji)
    assert shown(core, stream) == {"me": ("😂",)}
    assert stream.extensions == []
    core.close()
    again = Core(tmp_path)
    again.services.accounts.start_all()
    (stream,) = again.streams.values()
    stream.go_online(contact("alice@example.net"))
    assert sets_sent(stream) == [["😂"]]
    ((to, type_, _, extensions),) = stream.extensions
    assert (str(to), type_, extensions[0].get("id")) == ("alice@example.net", "chat", "m1")
    assert extensions[1].tag == "{urn:xmpp:hints}store"
    assert shown(again, stream) == {"me": ("😂",)}


def test_what_waits_to_be_sent_is_newer_than_what_the_archive_has_of_ours(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    stream.lose()
    core.services.offer(Reactions).toggle(messages(core, stream)[0].id, "👍")
    later = datetime.now(UTC) + timedelta(hours=1)
    old = said("m1", "😡")
    stream.receive_message(OURS, None, to="alice@example.net", extra=old, source=Source.CARBON, received=later)
    assert shown(core, stream) == {"me": ("👍",)}


def test_a_refused_set_is_taken_back(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    offer, first = core.services.offer(Reactions), messages(core, stream)[0]
    offer.toggle(first.id, "👍")
    offer.toggle(first.id, "😂")
    wire_id = stream.extensions[-1][2]
    error = "<error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    stream.receive_message("mallory@evil.example", None, type_="error", id_=wire_id, extra=error)
    assert shown(core, stream) == {"me": ("👍", "😂")}
    stream.receive_message("alice@example.net", None, type_="error", id_=wire_id, extra=error)
    assert shown(core, stream) == {"me": ("👍",)}
    offer.retry(first.id)
    assert shown(core, stream) == {"me": ("👍", "😂")}
    assert stream.extensions[-1][2] != wire_id
    offer.retry(first.id)
    assert shown(core, stream) == {"me": ("👍", "😂")}, "nothing of it was refused"


def test_words_for_programs_that_know_no_reactions_are_not_shown(core: Core, stream: FakeStream) -> None:
    fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reactions:0'><body/></fallback>"
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message(FULL, "reacted with 👍", id_="r1", extra=said("m1", "👍") + fallback)
    assert shown(core, stream) == {"alice": ("👍",)}
    stream.receive_message(FULL, "words of my own", id_="r2", extra=said("m1", "😂"))
    assert [message.body for message in messages(core, stream)] == ["hi", "words of my own"]
    assert shown(core, stream) == {"alice": ("😂",)}


def test_a_reaction_to_a_correction_is_one_to_its_message(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hj", id_="m1")
    stream.receive_message(FULL, "hi", id_="c1", extra="<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>")
    stream.receive_message(OURS, None, to="alice@example.net", extra=said("c1", "👍"), source=Source.CARBON)
    assert [message.body for message in messages(core, stream)] == ["hi"]
    assert shown(core, stream) == {"me": ("👍",)}


def test_nothing_but_an_emoji_is_given(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    stream.receive_message(FULL, "no id")
    first, second = messages(core, stream)
    offer = core.services.offer(Reactions)
    offer.toggle(first.id, "lol")
    offer.toggle(second.id, "👍")
    assert not offer.can_react(second)
    assert stream.extensions == []


async def test_what_waits_to_be_said_of_a_message_that_was_deleted_here_is_not_said(
    core: Core, stream: FakeStream
) -> None:
    stream.receive_message(FULL, "hi", id_="m1")
    message = messages(core, stream)[0]
    stream.lose()
    core.services.offer(Reactions).toggle(message.id, "👍")
    await core.services.offer(Deletion).delete_conversation(message.conversation_id, lambda _done: None)
    stream.go_online(contact("alice@example.net"))
    await core.settle()
    assert sets_sent(stream) == []
    assert core.services.outbox.pending(stream.account_id) == []
    await core.tasks.cancel_all()
    core.close()
