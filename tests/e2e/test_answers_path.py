"""Replies, reactions, corrections and retractions between devices of an account and a contact, on real servers."""

from __future__ import annotations

import pytest
from tests.e2e.test_two_devices import Device, People, people
from tests.helpers.program import until

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.forwarding import Forwarding
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.replies import Replies
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.jid import JID
from whimbrel.model.message import Message

__all__ = ["people"]
pytestmark = pytest.mark.server


def find(device: Device, jid: JID, body: str) -> Message | None:
    latest = device.core.services.conversations.latest(device.conversation(jid).id, 100)
    return next((message for message in latest if message.body == body), None)


def there(device: Device, jid: JID, body: str) -> Message:
    message = find(device, jid, body)
    assert message is not None
    return message


def quoted(device: Device, jid: JID, body: str) -> str | None:
    """What the message with this text answers."""
    message = find(device, jid, body)
    if message is None:
        return None
    quote = device.core.services.offer(Replies).quotes([message]).get(message.id)
    return quote.original.body if quote is not None and quote.original is not None else None


def given(device: Device, jid: JID, body: str) -> set[tuple[JID, tuple[str, ...]]]:
    """The emoji of the message with this text, and whose they are."""
    message = find(device, jid, body)
    sets = device.core.services.offer(Reactions).reactions([message]) if message is not None else {}
    return {(one.sender, one.emoji) for found in sets.values() for one in found}


def toggle(device: Device, jid: JID, body: str, emoji: str) -> None:
    device.core.services.offer(Reactions).toggle(there(device, jid, body).id, emoji)


async def test_answers_reach_all_devices_also_those_that_were_away(people: People) -> None:
    desk, phone, bob, _ = people
    bob.say(desk.jid, "the early 🚂?")
    await until(lambda: find(desk, bob.jid, "the early 🚂?") and find(phone, bob.jid, "the early 🚂?"))
    await phone.leave()
    hook = desk.core.services.offer(Replies).answer(there(desk, bob.jid, "the early 🚂?"))
    desk.core.services.outbox.submit(desk.conversation(bob.jid).id, "yes", hook)
    toggle(desk, bob.jid, "the early 🚂?", "👍")
    toggle(desk, bob.jid, "the early 🚂?", "😂")
    ours = (desk.jid, ("👍", "😂"))
    await until(lambda: quoted(bob, desk.jid, "yes") == "the early 🚂?")
    await until(lambda: given(bob, desk.jid, "the early 🚂?") == {ours})
    toggle(bob, desk.jid, "yes", "❤️")
    await until(lambda: given(desk, bob.jid, "yes") == {(bob.jid, ("❤️",))})
    await phone.return_()
    await until(lambda: quoted(phone, bob.jid, "yes") == "the early 🚂?")
    await until(lambda: given(phone, bob.jid, "the early 🚂?") == {ours})
    await until(lambda: given(phone, bob.jid, "yes") == {(bob.jid, ("❤️",))})
    toggle(phone, bob.jid, "the early 🚂?", "👍")
    for device, other in ((desk, bob.jid), (phone, bob.jid), (bob, desk.jid)):
        await until(lambda device=device, other=other: given(device, other, "the early 🚂?") == {(desk.jid, ("😂",))})
    assert bob.said(desk.jid) == [("out", "the early 🚂?"), ("in", "yes")], "reactions are no messages"


async def test_what_is_passed_on_is_a_message_of_ones_own(people: People) -> None:
    desk, _, bob, _ = people
    bob.say(desk.jid, "see you at ten")
    await until(lambda: find(desk, bob.jid, "see you at ten"))
    message = there(desk, bob.jid, "see you at ten")
    desk.core.services.offer(Forwarding).forward(message, desk.account_id, bob.jid)
    await until(lambda: bob.said(desk.jid) == [("out", "see you at ten"), ("in", "see you at ten")])


def states(device: Device, jid: JID) -> list[tuple[str, bool, bool]]:
    """What was said, and whether it was edited or deleted."""
    latest = device.core.services.conversations.latest(device.conversation(jid).id, 100)
    return [("" if message.retracted else message.body, bool(message.edited), message.retracted) for message in latest]


async def test_what_was_edited_and_deleted_is_so_everywhere_also_where_one_was_away(people: People) -> None:
    desk, phone, bob, _ = people
    for body in ("tomorow at ten", "forget this", "bring tea"):
        desk.say(bob.jid, body)
    await until(lambda: len(states(bob, desk.jid)) == len(states(phone, bob.jid)) == 3)
    await phone.leave()
    await bob.leave()
    edit, erase = desk.core.services.offer(Corrector), desk.core.services.offer(Eraser)
    assert edit.correct(there(desk, bob.jid, "tomorow at ten").id, "tomorrow at ten")
    assert edit.correct(there(desk, bob.jid, "tomorrow at ten").id, "tomorrow at eleven")
    erase.retract(there(desk, bob.jid, "forget this").id, "/me deleted a message")
    whole = [("tomorrow at eleven", True, False), ("", False, True), ("bring tea", False, False)]
    assert states(desk, bob.jid) == whole
    await bob.return_()
    await phone.return_()
    await until(lambda: states(bob, desk.jid) == whole)
    await until(lambda: states(phone, bob.jid) == whole)
    assert phone.core.services.offer(Corrector).correct(there(phone, bob.jid, "bring tea").id, "bring cake")
    whole[2] = ("bring cake", True, False)
    for device, other in ((desk, bob.jid), (phone, bob.jid), (bob, desk.jid)):
        await until(lambda device=device, other=other: states(device, other) == whole)
    original = there(bob, desk.jid, "tomorrow at eleven").id
    texts = [version.body for version in bob.core.services.offer(Corrector).versions(original)]
    assert texts[0] == "tomorow at ten"
    assert texts[-1] == "tomorrow at eleven"
