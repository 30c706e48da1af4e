"""What was said of a message and came back: kept with it, sent again, undone; only of whom it was said to (S7, S8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.refusals import Refusals
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, MessageAdded, MessagesAnnotated
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.model.outbox import OutboxKind

ALICE = "alice@example.net"
BLOCKED = (
    "<error xmlns='jabber:client' type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
)


class World:
    """Us and Alice, online."""

    def __init__(self, folder: Path) -> None:
        self.core = Core(folder)
        self.stream: FakeStream = self.core.online(contact(ALICE, "Alice"))
        account = self.core.services.accounts.list_accounts()[0]
        self.talk: Conversation = self.core.services.conversations.open(account.id, JID.parse(ALICE))
        self.corrector = self.core.services.offer(Corrector)
        self.eraser = self.core.services.offer(Eraser)
        self.reactions = self.core.services.offer(Reactions)
        self.refusals = self.core.services.offer(Refusals)

    async def say(self, body: str) -> Message:
        message = self.core.services.outbox.submit(self.talk.id, body)
        await self.core.settle()
        return message

    async def correct(self, message: Message, body: str) -> str:
        """Returns the id of the correction's stanza."""
        assert self.corrector.correct(message.id, body)
        await self.core.settle()
        return self.stream.sent[-1].wire_id

    def bounce(self, wire_id: str, sender: str = ALICE) -> None:
        self.stream.receive_message(sender, None, type_="error", id_=wire_id, extra=BLOCKED)

    def last(self) -> Message:
        return self.core.services.conversations.latest(self.talk.id, 1)[0]

    def told(self) -> list[tuple[OutboxKind, str]]:
        found = self.refusals.refusals([self.last()]).get(self.last().id, ())
        return [(one.kind, one.reason) for one in found]

    def preview(self) -> str:
        found = self.core.services.conversations.find(self.talk.id)
        return "" if found is None else found.preview


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    assert made.core.faults == []
    made.core.close()


async def test_a_correction_that_comes_back_is_kept_with_its_message_and_undone(world: World) -> None:
    message = await world.say("helo")
    wire_id = await world.correct(message, "hello")
    assert world.told() == []
    world.bounce(wire_id)
    assert world.told() == [(OutboxKind.CORRECTION, "not-acceptable")]
    assert (world.last().body, world.last().edited) == ("hello", True)
    assert world.core.published(MessagesAnnotated)[-1].message_ids == {message.id}
    world.corrector.undo(message.id)
    assert world.told() == []
    assert (world.last().body, world.last().edited, world.preview()) == ("helo", False, "helo")
    assert world.corrector.versions(message.id) == []
    again = await world.correct(message, "hello")
    assert again != wire_id
    assert (world.last().body, len(world.corrector.versions(message.id))) == ("hello", 2)


async def test_undoing_the_second_correction_leaves_the_first(world: World) -> None:
    message = await world.say("one")
    await world.correct(message, "two")
    wire_id = await world.correct(message, "three")
    world.bounce(wire_id)
    world.corrector.undo(message.id)
    assert (world.last().body, world.last().edited) == ("two", True)


async def test_a_refused_correction_is_sent_again_under_another_id(world: World) -> None:
    message = await world.say("helo")
    wire_id = await world.correct(message, "hello")
    world.bounce(wire_id)
    sent = len(world.stream.sent)
    world.corrector.retry(message.id)
    await world.core.settle()
    assert [one.body for one in world.stream.sent[sent:]] == ["hello"]
    assert world.stream.sent[-1].wire_id != wire_id
    assert (world.told(), world.last().body, world.last().edited) == ([], "hello", True)
    assert [one.body for one in world.corrector.versions(message.id)] == ["helo", "hello"]
    world.bounce(wire_id)  # the old one comes back again: that is known
    assert world.told() == []
    assert world.core.published(MessageAdded)[-1].message.id == message.id  # none of it is shown as speech


async def test_s7_an_error_of_somebody_else_refuses_nothing(world: World) -> None:
    message = await world.say("helo")
    correction = await world.correct(message, "hello")
    for stranger in ("mallory@evil.example/x", "evil.example", "example.net"):
        world.bounce(correction, stranger)
    assert world.told() == []
    world.stream.receive_message(ALICE, None, type_="chat", id_=correction, extra=BLOCKED)  # no error at all
    assert world.told() == []
    world.bounce(correction, f"{ALICE}/phone")
    assert len(world.told()) == 1


async def test_our_own_server_may_refuse(world: World) -> None:
    message = await world.say("helo")
    world.bounce(await world.correct(message, "hello"), "example.org")
    assert len(world.told()) == 1


async def test_a_refused_retraction_is_told_and_asked_for_again(world: World) -> None:
    message = await world.say("a secret")
    world.eraser.retract(message.id, "gone")
    await world.core.settle()
    wire_id = world.stream.sent[-1].wire_id
    world.bounce(wire_id, "mallory@evil.example")  # S8
    assert world.told() == []
    world.bounce(wire_id)
    assert world.told() == [(OutboxKind.RETRACTION, "not-acceptable")]
    world.eraser.retry(message.id, "gone")
    await world.core.settle()
    assert world.stream.sent[-1].wire_id != wire_id
    assert "retract" in [one.tag.rpartition("}")[2] for one in world.stream.sent[-1].extensions]
    assert world.told() == []
    world.bounce(world.stream.sent[-1].wire_id)
    world.refusals.dismiss(message.id, OutboxKind.RETRACTION)
    assert world.told() == []


async def test_a_refused_reaction_is_taken_back_with_a_word(world: World) -> None:
    world.stream.receive_message(f"{ALICE}/x", "Shall we?", id_="a1")
    message = world.last()
    world.reactions.toggle(message.id, "👍")
    await world.core.settle()
    _, _, wire_id, _ = world.stream.extensions[-1]
    world.bounce(wire_id, "mallory@evil.example")
    assert world.told() == []
    assert world.reactions.reactions([message])
    world.bounce(wire_id)
    assert world.told() == [(OutboxKind.REACTION, "not-acceptable")]
    assert not world.reactions.reactions([message])
    world.reactions.toggle(message.id, "🎉")  # another one: the former is of no matter
    assert world.told() == []


async def test_what_cannot_leave_at_all_is_told_the_same_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await world.say("helo")

    def refuse(*_: object) -> None:
        raise KnownError(ErrorKind.TOO_LARGE)

    monkeypatch.setattr(world.stream, "send_message", refuse)
    monkeypatch.setattr(world.stream, "send_extension", refuse)
    world.corrector.correct(message.id, "hello")
    world.reactions.toggle(message.id, "👍")
    await world.core.settle()
    assert {kind for kind, _ in world.told()} == {OutboxKind.CORRECTION, OutboxKind.REACTION}
    assert not world.reactions.reactions([message])
    assert world.core.published(ActionFailed) == []


async def test_it_is_told_after_a_restart(world: World, tmp_path: Path) -> None:
    message = await world.say("helo")
    world.bounce(await world.correct(message, "hello"))
    world.core.close()  # as kill -9 does
    again = Core(tmp_path)
    refusals = again.services.offer(Refusals).refusals([message])
    assert [one.kind for one in refusals[message.id]] == [OutboxKind.CORRECTION]
    again.services.offer(Corrector).undo(message.id)
    assert again.services.conversations.latest(world.talk.id, 1)[0].body == "helo"
    again.close()
