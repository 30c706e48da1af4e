"""Two devices of one account and a contact, on real servers: said once, read once, told to whom it concerns."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD
from tests.helpers.program import settings_for, until
from tests.helpers.real_core import RealCore
from tests.helpers.servers import Server

from whimbrel.core.offers.typing import Typing
from whimbrel.features.fetching.tools import Fetcher
from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.typing import ChatState

pytestmark = pytest.mark.server


class Device:
    """A core of its own, with a profile of its own, of one person."""

    def __init__(self, folder: Path, server: Server, user: str, fetcher: Fetcher | None = None) -> None:
        self.jid = JID.parse(f"{user}@{server.domain}")
        self._folder = folder
        self._server = server
        self._fetcher = fetcher
        self.core = RealCore(folder, fetcher=fetcher)

    @property
    def account_id(self) -> AccountId:
        return self.core.base.stores.accounts.list_accounts()[0].id

    @property
    def is_online(self) -> bool:
        return self.core.services.accounts.status(self.account_id).state is ConnectionState.ONLINE

    async def sign_in(self) -> None:
        await self.core.services.accounts.sign_in(self.jid, PASSWORD, settings_for(self._server), True)
        await until(lambda: self.is_online)

    async def leave(self) -> None:
        await self.core.services.accounts.stop_all()
        await self.core.tasks.cancel_all()
        self.core.close()

    async def return_(self) -> None:
        """The program starts again."""
        keeper = self.core.keeper
        self.core = RealCore(self._folder, fetcher=self._fetcher)
        self.core.keeper.kept.update(keeper.kept)
        self.core.services.accounts.start_all()
        await until(lambda: self.is_online)

    def conversation(self, jid: JID) -> Conversation:
        found = self.core.services.conversations.find(self.core.services.conversations.open(self.account_id, jid).id)
        assert found is not None
        return found

    def say(self, jid: JID, body: str) -> None:
        self.core.services.outbox.submit(self.conversation(jid).id, body)

    def read(self, jid: JID) -> None:
        self.core.services.unread.mark_read(self.conversation(jid).id)

    def said(self, jid: JID) -> list[tuple[str, str]]:
        """Direction and text of all that is here of a conversation, in order."""
        latest = self.core.services.conversations.latest(self.conversation(jid).id, 100)
        return [(message.direction.value, message.body) for message in latest]

    def states(self, jid: JID) -> list[str]:
        """How far the messages that were sent have come."""
        latest = self.core.services.conversations.latest(self.conversation(jid).id, 100)
        return [message.state.value for message in latest if message.direction.value == "out"]


@pytest.fixture
async def people(
    both: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Device, Device, Device, Device]]:
    """Alice's desk and phone, Bob, who is her contact, and a stranger; online but for the stranger."""
    monkeypatch.setenv("SSL_CERT_FILE", str(both.authority.ca_file))
    alice, bob, stranger = (f"{name}{uuid.uuid4().hex[:8]}" for name in ("alice", "bob", "stranger"))
    for user in (alice, bob, stranger):
        both.add_user(user, PASSWORD)
    both.make_contacts(alice, [bob])
    async with AsyncExitStack() as stack:
        devices = [
            await stack.enter_async_context(_device(tmp_path / name, both, user))
            for name, user in (("desk", alice), ("phone", alice), ("bob", bob), ("stranger", stranger))
        ]
        yield (devices[0], devices[1], devices[2], devices[3])


@asynccontextmanager
async def _device(folder: Path, server: Server, user: str) -> AsyncIterator[Device]:
    device = Device(folder, server, user)
    await device.sign_in()
    yield device
    await device.leave()
    assert device.core.faults == []


People = tuple[Device, Device, Device, Device]


async def test_what_one_device_sends_and_receives_is_on_the_other(people: People) -> None:
    desk, phone, bob, _ = people
    phone.say(bob.jid, "from the phone")
    await until(lambda: desk.said(bob.jid) == [("out", "from the phone")])
    await until(lambda: bob.said(desk.jid) == [("in", "from the phone")])
    bob.say(desk.jid, "an answer")
    expected = [("out", "from the phone"), ("in", "an answer")]
    await until(lambda: [device.said(bob.jid) for device in (desk, phone)] == [expected, expected])
    desk.say(bob.jid, "from the desk")
    expected.append(("out", "from the desk"))
    await until(lambda: [device.said(bob.jid) for device in (desk, phone)] == [expected, expected])
    await until(lambda: desk.states(bob.jid)[-1] == "delivered")


async def test_what_is_read_on_one_device_is_read_on_the_other_and_told_once(people: People) -> None:
    desk, phone, bob, _ = people
    for number in range(3):
        bob.say(desk.jid, f"question {number}")
    await until(lambda: desk.conversation(bob.jid).unread == phone.conversation(bob.jid).unread == 3)
    phone.read(bob.jid)
    await until(lambda: desk.conversation(bob.jid).unread == 0)
    await until(lambda: bob.states(desk.jid) == ["read", "read", "read"])
    await until(lambda: not phone.core.services.outbox.pending(phone.account_id))
    bob.say(desk.jid, "and now?")
    await until(lambda: desk.conversation(bob.jid).unread == phone.conversation(bob.jid).unread == 1)


async def test_what_was_read_meanwhile_is_not_unread_for_who_comes_back(people: People) -> None:
    desk, phone, bob, _ = people
    bob.say(desk.jid, "before")
    await until(lambda: desk.conversation(bob.jid).unread == phone.conversation(bob.jid).unread == 1)
    await desk.leave()
    bob.say(phone.jid, "read on the phone")
    await until(lambda: phone.conversation(bob.jid).unread == 2)
    phone.core.choice.send_read_markers = False  # so that only XEP-0490 can tell
    phone.read(bob.jid)
    await until(lambda: not phone.core.services.outbox.pending(phone.account_id))
    bob.say(phone.jid, "not read yet")
    await until(lambda: phone.conversation(bob.jid).unread == 1)
    await desk.return_()
    everything = [("in", "before"), ("in", "read on the phone"), ("in", "not read yet")]
    await until(lambda: desk.said(bob.jid) == everything and desk.conversation(bob.jid).unread == 1)
    assert "read" not in bob.states(desk.jid)


async def test_who_writes_is_seen_by_contacts_on_every_device_until_it_is_said(people: People) -> None:
    desk, phone, bob, stranger = people

    def writes(device: Device) -> bool:
        return device.core.services.offer(Typing).is_typing(device.account_id, bob.jid)

    def press_key(device: Device, to: Device) -> bool:
        device.core.services.offer(Typing).tell(device.conversation(to.jid), ChatState.COMPOSING)
        return True

    stranger.say(desk.jid, "hello")
    await until(lambda: desk.said(stranger.jid) == [("in", "hello")])
    await until(lambda: press_key(bob, desk) and press_key(stranger, desk) and writes(desk))
    await until(lambda: writes(phone))
    assert not desk.core.services.offer(Typing).is_typing(desk.account_id, stranger.jid)
    bob.say(desk.jid, "done")
    await until(lambda: not writes(desk) and not writes(phone))
    await until(lambda: press_key(bob, desk) and writes(desk))
    await bob.core.services.accounts.stop_all()
    await until(lambda: not writes(desk) and not writes(phone))
    assert [device.said(bob.jid) for device in (desk, phone)] == [[("in", "done")], [("in", "done")]]


async def test_a_note_to_oneself_is_on_every_device_once(people: People, both: Server, tmp_path: Path) -> None:
    desk, phone, _, _ = people
    expected = []
    for device, text in ((desk, "buy oranges"), (phone, "and milk"), (desk, "and a note that is long enough")):
        device.say(desk.jid, text)
        expected.append(("out", text))
        await until(lambda: [each.said(desk.jid) for each in (desk, phone)] == [expected, expected])
    await until(lambda: desk.states(desk.jid) == phone.states(desk.jid) == ["sent"] * 3)
    assert desk.conversation(desk.jid).unread == phone.conversation(desk.jid).unread == 0
    async with _device(tmp_path / "tablet", both, desk.jid.local) as tablet:  # all of it from the archive
        await until(lambda: tablet.said(desk.jid) == expected)
        desk.say(desk.jid, "the last one")
        expected.append(("out", "the last one"))
        await until(lambda: tablet.said(desk.jid) == phone.said(desk.jid) == expected)


async def test_c18_a_stranger_is_told_nothing(people: People) -> None:
    desk, phone, _, stranger = people
    stranger.say(desk.jid, "are you there?")
    await until(lambda: desk.conversation(stranger.jid).unread == phone.conversation(stranger.jid).unread == 1)
    desk.read(stranger.jid)
    await until(lambda: phone.conversation(stranger.jid).unread == 0)
    desk.say(stranger.jid, "who asks?")
    await until(lambda: stranger.said(desk.jid)[-1] == ("in", "who asks?"))
    assert stranger.states(desk.jid) == ["sent"]
