"""Files through a real server: chosen, uploaded, told of, known by the other side; as large as the server takes."""

from __future__ import annotations

import ssl
import urllib.request
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.e2e.test_two_devices import Device
from tests.e2e.test_whole_path import friend_of
from tests.helpers.certificates import Authority
from tests.helpers.program import until
from tests.helpers.servers import Prosody, prosody_missing

from whimbrel.core.offers.fetching import Files
from whimbrel.core.offers.uploads import UploadLimit, Uploads
from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.fetched import Fetched
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState
from whimbrel.platform.fetch import Fetcher
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.sending_files import SendingFiles

pytestmark = pytest.mark.server
LARGEST = 300_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Prosody]:
    """Prosody that takes files."""
    if missing := prosody_missing():
        pytest.skip(f"NOT TESTED: {missing}")
    made = Prosody(tmp_path_factory.mktemp("files"), authority=authority, largest_file=LARGEST)
    yield made
    made.stop()


def people(server: Prosody) -> tuple[str, str]:
    alice, bob = (f"{name}{uuid.uuid4().hex[:8]}" for name in ("alice", "bob"))
    for user in (alice, bob):
        server.add_user(user, PASSWORD)
    server.make_contacts(alice, [bob])
    return alice, bob


def fetch(url: str, server: Prosody) -> bytes:
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    with urllib.request.urlopen(url, timeout=20, context=trust) as answer:
        data: bytes = answer.read()
    return data


@pytest.fixture
async def pair(
    server: Prosody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Device, Device]]:
    """Alice and Bob, online."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
    async with AsyncExitStack() as stack:
        devices = [Device(tmp_path / user, server, user) for user in people(server)]
        for device in devices:
            await device.sign_in()
            stack.push_async_callback(device.leave)
        yield devices[0], devices[1]


def attachments(device: Device, peer: JID) -> list[Attachment]:
    return AttachmentStore(device.core.database).list_in_conversation(device.conversation(peer).id)


async def test_a_file_comes_whole_and_described_to_the_other_side(pair: tuple[Device, Device], server: Prosody) -> None:
    alice, bob = pair
    uploads = alice.core.services.offer(Uploads)
    await until(lambda: uploads.limit(alice.account_id) == UploadLimit(True, True, LARGEST))
    data = bytes(range(256)) * 1000
    kept = await uploads.keep(data, "größer & <b>.bin", "application/octet-stream")
    uploads.send(alice.conversation(bob.jid).id, [kept], "all bytes")
    await until(lambda: len(bob.said(alice.jid)) == 2)
    (found,) = attachments(bob, alice.jid)
    assert (found.name, found.size, found.state) == ("größer & <b>.bin", len(data), AttachmentState.REMOTE)
    assert bob.said(alice.jid) == [("in", found.url), ("in", "all bytes")]
    assert found.hashes == (("sha-256", kept.sha256),)
    assert fetch(found.url, server) == data


async def test_more_than_the_server_takes_is_refused_in_words(pair: tuple[Device, Device]) -> None:
    alice, bob = pair
    uploads = alice.core.services.offer(Uploads)
    kept = await uploads.keep(b"x" * (LARGEST + 1), "large.bin", "")
    (message,) = uploads.send(alice.conversation(bob.jid).id, [kept])
    await until(lambda: alice.states(bob.jid) == ["failed"])
    failed = alice.core.base.stores.messages.find_message(message.id)
    assert failed is not None
    assert failed.error.startswith("too-large:")


async def test_c3_a_contact_s_picture_is_fetched_once_for_good_a_stranger_s_on_a_click(
    server: Prosody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests is on loopback, which is refused elsewhere: this one address is allowed to the reader."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
    alice, bob = people(server)
    server.add_user(mallory := f"mallory{uuid.uuid4().hex[:8]}", PASSWORD)
    async with AsyncExitStack() as stack:
        fetcher = CountingFetcher()
        reader = Device(tmp_path / alice, server, alice, fetcher)
        friend, stranger = (Device(tmp_path / user, server, user) for user in (bob, mallory))
        for device in (reader, friend, stranger):
            await device.sign_in()
            stack.push_async_callback(device.leave)
        for sender in (friend, stranger):
            await send_picture(sender, reader.jid)
            await until(lambda sender=sender: attachments(reader, sender.jid))  # type: ignore[misc]
        (known,), (unknown,) = attachments(reader, friend.jid), attachments(reader, stranger.jid)

        want(reader, friend.jid, stranger.jid)
        await until(lambda: attachments(reader, friend.jid)[0].state is AttachmentState.HERE)
        assert QImage(attachments(reader, friend.jid)[0].path).width() == 64
        assert fetcher.asked == [known.url]
        await reader.leave()
        await reader.return_()
        want(reader, friend.jid, stranger.jid)
        assert attachments(reader, stranger.jid)[0].state is AttachmentState.REMOTE

        reader.core.services.offer(Files).fetch(unknown.id)
        await until(lambda: attachments(reader, stranger.jid)[0].state is AttachmentState.HERE)
        assert fetcher.asked == [known.url, unknown.url]


async def send_picture(sender: Device, to: JID) -> None:
    uploads = sender.core.services.offer(Uploads)
    await until(lambda: uploads.limit(sender.account_id).known)
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    buffer = QBuffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    uploads.send(sender.conversation(to).id, [await uploads.keep(bytes(buffer.data().data()), "sea.png", "image/png")])


def want(reader: Device, *senders: JID) -> None:
    """All of these conversations are on the screen."""
    for sender in senders:
        shown = reader.core.services.conversations.latest(reader.conversation(sender).id, 10)
        reader.core.services.offer(Files).want(shown)


class CountingFetcher(Fetcher):
    """Fetches from the server of the tests too; ``asked`` holds the addresses."""

    def __init__(self) -> None:
        super().__init__(allows=lambda address: address == "127.0.0.1")
        self.asked: list[str] = []

    async def fetch(
        self,
        url: str,
        target: Path,
        most: int,
        advance: Callable[[int, int | None], None],
        *,
        unencrypted: bool = False,
    ) -> Fetched:
        self.asked.append(url)
        return await super().fetch(url, target, most, advance, unencrypted=unencrypted)


def test_a_picture_from_the_window_reaches_a_friend(server: Prosody, start: StartProgram, tmp_path: Path) -> None:
    alice, bob = people(server)
    program = start()
    program.sign_in(server, alice, PASSWORD)
    picture = tmp_path / "sea.png"
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    image.save(str(picture))

    async def meet() -> None:
        async with friend_of(server, bob) as friend:
            jid = JID.parse(f"{bob}@{server.domain}")
            account = program.services.accounts.list_accounts()[0]
            conductor = program.window.conductor
            assert conductor is not None
            conductor.open(account.id, jid)
            pane = next(p for p in program.window.findChildren(ConversationPane) if p.isVisible())
            sending = next(one for one in pane.extensions if isinstance(one, SendingFiles))
            sending.add([picture])
            pane.composer.editor.setPlainText("look")
            pane.composer.send()
            heard = await friend.wait_for(lambda e: e["event"] == "message")
            await friend.wait_for(lambda e: e["event"] == "message" and e["body"] == "look")
            assert QImage.fromData(fetch(heard["body"], server)).size() == image.size()
            await until(lambda: pane.model.message(0).state is not DeliveryState.QUEUED)

    program.run(meet(), timeout=60)
