"""Which files are fetched, for whom, and what becomes of them (C3)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.program import until

from whimbrel.core.offers.fetching import Files
from whimbrel.features.fetching.tools import Advance
from whimbrel.features.upload import wire
from whimbrel.features.upload.service import Upload
from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttachmentChanged, MessageRemoved, MessagesAnnotated, TransferAdvanced
from whimbrel.model.fetched import Fetched
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.platform.media_cache import MediaCache
from whimbrel.storage.attachments import AttachmentStore

ALICE = "alice@example.net/phone"
URL = "https://files.example/summit.png"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNkYPjPAAMscBYADxMBA1kEZHgAAAAASUVORK5CYII="
)


class ScriptedFetcher:
    """Gives ``body`` once ``gate`` is open, or fails with ``error``."""

    def __init__(self) -> None:
        self.body = PNG
        self.error: KnownError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.began = asyncio.Semaphore(0)
        self.asked: list[tuple[str, int, bool]] = []

    async def fetch(self, url: str, target: Path, most: int, advance: Advance, *, unencrypted: bool = False) -> Fetched:
        self.asked.append((url, most, unencrypted))
        advance(1, len(self.body))
        self.began.release()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        if len(self.body) > most:
            raise KnownError(ErrorKind.TOO_LARGE)
        await asyncio.to_thread(target.write_bytes, self.body)
        return Fetched(len(self.body), "image/png", base64.b64encode(hashlib.sha256(self.body).digest()).decode())


class World:
    """A core that is online with Alice, and what came in."""

    def __init__(self, folder: Path, fetcher: ScriptedFetcher | None = None) -> None:
        self.fetcher = fetcher or ScriptedFetcher()
        self.core = Core(folder, fetcher=self.fetcher)
        self.stream = self.core.online(contact("alice@example.net"))
        self.files = self.core.services.offer(Files)
        self.store = AttachmentStore(self.core.database)

    def receive(self, url: str = URL, sender: str = ALICE, told: str = "") -> Message:
        extra = (
            "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>"
            f"<media-type>image/png</media-type>{told}</file><sources>"
            f"<url-data xmlns='http://jabber.org/protocol/url-data' target='{url}'/></sources></file-sharing>"
        )
        self.stream.receive_message(sender, url, extra=extra)
        row = self.core.database.row("SELECT max(id) FROM message")
        assert row is not None
        found = self.core.base.stores.messages.find_message(row[0])
        assert found is not None
        return found

    def file(self, message: Message) -> Attachment:
        return self.files.files([message])[message.id][0]

    async def wait(self) -> None:
        await self.core.tasks.wait_all()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    yield made
    await made.core.tasks.cancel_all()
    assert made.core.faults == []
    made.core.close()


async def test_a_contacts_picture_is_fetched_unasked_and_measured(world: World) -> None:
    message = world.receive()
    assert world.file(message).state is AttachmentState.REMOTE
    world.files.want([message])
    await world.wait()
    file = world.file(message)
    assert (file.state, file.width, file.height, file.size) == (AttachmentState.HERE, 3, 2, len(PNG))
    assert await asyncio.to_thread(Path(file.path).read_bytes) == PNG
    assert Path(file.path).name == "summit.png"
    assert world.fetcher.asked == [(URL, 10_000_000, False)]
    assert {event.conversation_id for event in world.core.published(MessagesAnnotated)} == {message.conversation_id}
    world.files.want([message])
    await world.wait()
    assert len(world.fetcher.asked) == 1


async def test_c3_nothing_is_fetched_unasked_for_strangers_without_encryption_or_above_the_limit(world: World) -> None:
    wanted = [
        world.receive(sender="mallory@evil.example/x"),
        world.receive(url="http://files.example/x.png"),
        world.receive(told="<size>10000001</size>"),
    ]
    world.core.choice.fetch_up_to = 0
    wanted.append(world.receive())
    world.files.want(wanted[-1:])
    world.core.choice.fetch_up_to = 10_000_000
    world.files.want(wanted[:-1])
    await world.wait()
    assert world.fetcher.asked == []


async def test_what_blocked_contacts_send_waits_for_a_click(world: World) -> None:
    message = world.receive()
    world.core.services.blocker.block(message.account_id, message.sender.bare)
    world.files.want([message])
    await world.wait()
    assert world.fetcher.asked == []


async def test_what_turns_out_too_large_waits_for_a_click(world: World) -> None:
    world.core.choice.fetch_up_to = 10
    message = world.receive()
    for _ in range(2):
        world.files.want([message])
        await world.wait()
    assert world.file(message).state is AttachmentState.REMOTE
    assert len(world.fetcher.asked) == 1
    world.files.fetch(world.file(message).id)
    await world.wait()
    assert world.file(message).state is AttachmentState.HERE


async def test_a_stranger_s_file_comes_on_a_click_and_failing_is_told(world: World) -> None:
    message = world.receive(sender="mallory@evil.example/x", url="http://files.example/x.png")
    world.fetcher.error = KnownError(ErrorKind.ADDRESS_PRIVATE, "127.0.0.1")
    world.files.fetch(world.file(message).id, unencrypted=True)
    await world.wait()
    file = world.file(message)
    assert (file.state, file.error) == (AttachmentState.FAILED, "address-private: 127.0.0.1")
    world.fetcher.error = None
    world.files.fetch(file.id, unencrypted=True)
    await world.wait()
    assert world.file(message).state is AttachmentState.HERE
    assert [unencrypted for _, _, unencrypted in world.fetcher.asked] == [True, True]


async def test_another_file_than_the_one_told_of_is_not_taken(world: World) -> None:
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    message = world.receive(told=f"<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{wrong}</hash>")
    world.files.want([message])
    await world.wait()
    file = world.file(message)
    assert file.error.startswith("file-altered")
    assert list((world.core.path.parent / "cache" / "media").glob("*/*")) == []


async def test_progress_is_told_and_a_fetch_can_be_cancelled(world: World) -> None:
    world.fetcher.gate.clear()
    message = world.receive()
    file = world.file(message)
    world.files.want([message])
    await world.fetcher.began.acquire()
    assert [event.done for event in world.core.published(TransferAdvanced)] == [1]
    assert world.file(message).state is AttachmentState.FETCHING
    assert world.files.progress(file.id) == (1, len(PNG))
    world.files.cancel(file.id)
    await world.wait()
    assert world.file(message).state is AttachmentState.REMOTE
    world.files.want([message])
    assert len(world.fetcher.asked) == 1


async def test_what_is_seen_last_is_fetched_first_few_at_once(world: World) -> None:
    world.fetcher.gate.clear()
    messages = [world.receive(url=f"https://files.example/{number}.png") for number in range(8)]
    for message in messages:
        world.files.want([message])
    await world.core.settle()
    assert len(world.fetcher.asked) <= 4
    world.fetcher.gate.set()
    await world.wait()
    begun = [event.attachment.url for event in world.core.published(AttachmentChanged) if _is_begun(event)]
    assert [url.rpartition("/")[2][0] for url in begun] == list("01237654")


def _is_begun(event: AttachmentChanged) -> bool:
    return event.attachment.state is AttachmentState.FETCHING


async def test_what_has_gone_from_the_cache_is_fetched_again(world: World) -> None:
    message = world.receive()
    world.files.fetch(world.file(message).id)
    await world.wait()
    await asyncio.to_thread(Path(world.file(message).path).unlink)
    assert world.file(message).state is AttachmentState.REMOTE
    world.files.want([message])
    await world.wait()
    assert world.file(message).state is AttachmentState.HERE


async def test_copies_go_with_their_messages(world: World) -> None:
    message, other = world.receive(), world.receive(url="https://files.example/other.png")
    for one in (message, other):
        world.files.fetch(world.file(one).id)
    await world.wait()
    gone, kept = Path(world.file(message).path), Path(world.file(other).path)
    world.core.base.stores.messages.remove_message(message.id)
    world.core.services.bus.publish(MessageRemoved(message))
    await world.wait()
    assert [await asyncio.to_thread(path.exists) for path in (gone, kept)] == [False, True]


async def test_what_was_under_way_when_the_program_ended_is_to_be_fetched(tmp_path: Path) -> None:
    first = World(tmp_path)
    message = first.receive()
    first.store.set_state(first.file(message).id, AttachmentState.FETCHING)
    first.core.close()
    second = Core(tmp_path)
    assert second.services.offer(Files).files([message])[message.id][0].state is AttachmentState.REMOTE
    second.close()


async def test_nothing_is_begun_while_the_program_ends(world: World) -> None:
    world.fetcher.gate.clear()
    messages = [world.receive(url=f"https://files.example/{number}.png") for number in range(8)]
    world.files.want(messages)
    for _ in range(4):
        await world.fetcher.began.acquire()
    await world.core.tasks.cancel_all()
    await world.core.settle()
    assert len(world.fetcher.asked) == 4
    assert {world.file(message).state for message in messages} == {AttachmentState.REMOTE}


async def test_what_is_begun_while_the_cache_is_swept_keeps_its_folder(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    list_folders = MediaCache.list_folders

    def list_then_begin(cache: MediaCache) -> list[Path]:
        there = list_folders(cache)
        begun.append(cache.place("https://files.example/begun.png", "begun.png"))
        return there

    monkeypatch.setattr(MediaCache, "list_folders", list_then_begin)
    message = world.receive()
    world.core.services.bus.publish(MessageRemoved(message))
    await world.wait()
    assert [path.parent.is_dir() for path in begun] == [True]


async def test_the_list_of_chats_names_the_file_once_what_came_after_it_is_taken_back(world: World) -> None:
    message = world.receive(told="<name>summit.png</name>")
    world.stream.receive_message(ALICE, "oops", id_="m2")
    retract = "<retract xmlns='urn:xmpp:message-retract:1' id='m2'/>"
    world.stream.receive_message(ALICE, None, id_="m3", extra=retract)
    conversation = world.core.services.conversations.find(message.conversation_id)
    assert conversation is not None
    assert conversation.preview == "summit.png"


class HomeFetcher(ScriptedFetcher):
    """Finds every host in a private network; reaches there only for the one that it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.error = KnownError(ErrorKind.ADDRESS_PRIVATE)
        self.origins: list[str] = []

    def at_home(self, origin: str) -> ScriptedFetcher:
        self.origins.append(origin)
        return ScriptedFetcher()


async def test_c3_files_come_from_our_own_providers_house_and_from_no_other_there(tmp_path: Path) -> None:
    """A contact names what they like: only the host, at the port, of which our own service gave us a slot counts."""
    fetcher = HomeFetcher()
    world = World(tmp_path, fetcher)
    core, stream = world.core, world.stream
    namespace, service = "urn:xmpp:http:upload:0", JID.parse("upload.example.org")
    info, items = (f"http://jabber.org/protocol/disco#{what}" for what in ("info", "items"))
    stream.answers = {
        (f"{{{items}}}query", JID.parse("example.org")): f"<query xmlns='{items}'><item jid='{service}'/></query>",
        (f"{{{info}}}query", service): f"<query xmlns='{info}'><feature var='{namespace}'/></query>",
        (f"{{{namespace}}}request", service): f"<slot xmlns='{namespace}'><put url='https://up.home/1'/>"
        "<get url='https://files.home:5443/1'/></slot>",
    }
    stream.lose()
    stream.go_online()
    addresses = ["https://files.home:5443/a.png", "https://files.home/b.png", "https://router.home:5443/c.png"]
    messages = [world.receive(url) for url in addresses]
    await world.wait()
    for message in messages:
        world.files.fetch(world.file(message).id)
        await world.wait()
    states = [world.file(message).state for message in messages]
    assert states == [AttachmentState.HERE, AttachmentState.FAILED, AttachmentState.FAILED]
    assert fetcher.origins == ["https://files.home:5443"]
    asked = [payload for _kind, to, payload in stream.requests if to == service and payload.tag.endswith("}request")]
    assert len(asked) == 1, "once a session"
    assert core.faults == []
    core.close()


async def test_c3_a_service_that_gives_no_slot_is_asked_once_a_session(tmp_path: Path) -> None:
    """Whoever sends many addresses of private networks makes us no nuisance to our own provider."""
    world = World(tmp_path, HomeFetcher())
    core, stream = world.core, world.stream
    namespace, service = "urn:xmpp:http:upload:0", JID.parse("upload.example.org")
    info, items = (f"http://jabber.org/protocol/disco#{what}" for what in ("info", "items"))
    stream.answers = {
        (f"{{{items}}}query", JID.parse("example.org")): f"<query xmlns='{items}'><item jid='{service}'/></query>",
        (f"{{{info}}}query", service): f"<query xmlns='{info}'><feature var='{namespace}'/></query>",
    }
    stream.lose()
    stream.go_online()
    messages = [world.receive(f"https://router.home/{number}.png") for number in range(3)]
    await world.wait()
    for message in messages:
        world.files.fetch(world.file(message).id)
        await world.wait()
    asked = [payload for _kind, to, payload in stream.requests if to == service and payload.tag.endswith("}request")]
    assert len(asked) == 1
    assert core.faults == []
    core.close()


async def test_a_provider_that_does_not_answer_holds_up_no_other_account(tmp_path: Path) -> None:
    world = World(tmp_path, HomeFetcher())
    core, found = world.core, []
    upload = next(feature for feature in core.features if isinstance(feature, Upload))
    for name in ("silent.example", "quick.example"):
        server = JID.parse(name)
        stream = core.stream(core.add_account(f"me@{name}").id)
        stream.features.add(wire.NAMESPACE)
        info = "http://jabber.org/protocol/disco#info"
        stream.answers[f"{{{info}}}query", server] = f"<query xmlns='{info}'><feature var='{wire.NAMESPACE}'/></query>"
        slot = f"<put url='https://{name}/1'/><get url='https://files.{name}/1'/>"
        stream.answers[f"{{{wire.NAMESPACE}}}request", server] = f"<slot xmlns='{wire.NAMESPACE}'>{slot}</slot>"
        stream.go_online()
        await until(lambda account_id=stream.account_id: upload.limit(account_id).known)
        if name == "silent.example":
            stream.hangs.add(server)
        found.append(asyncio.ensure_future(upload.find_origin(stream.account_id)))
    async with asyncio.timeout(20):
        assert await found[1] == "https://files.quick.example:443"
    assert not found[0].done()
    found[0].cancel()
    assert core.faults == []
    core.close()
