"""XEP-0363: kept, uploaded, then told of; whatever ends the program in between, once."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.features.upload.https_server import FileServer, file_server
from tests.helpers.builders import ALICE, contact
from tests.helpers.certificates import Authority
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream
from tests.helpers.program import until

from whimbrel.core.offers.retractions import Eraser
from whimbrel.core.offers.uploads import FileToSend, UploadLimit, Uploads
from whimbrel.features.upload import wire
from whimbrel.features.upload.clearing import Clearing
from whimbrel.features.upload.service import Upload
from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttachmentChanged, TransferAdvanced
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.attachments import AttachmentStore

SERVICE = JID.parse("upload.example.org")
SERVER = JID.parse("example.org")
ITEMS = "http://jabber.org/protocol/disco#items"
INFO = "http://jabber.org/protocol/disco#info"


def info(*features: str, largest: int | None = None) -> str:
    form = f"""<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>{wire.NAMESPACE}</value></field>
        <field var='max-file-size'><value>{largest}</value></field></x>"""
    named = "".join(f"<feature var='{feature}'/>" for feature in features)
    return f"<query xmlns='{INFO}'>{named}{form if largest is not None else ''}</query>"


class World:
    """A core whose server has an upload service; its files go to a real web server."""

    def __init__(self, folder: Path, http: FileServer) -> None:
        self.folder = folder
        self.http = http
        self.core = Core(folder)
        self.account = self.core.add_account()
        self.stream: FakeStream = self.core.stream(self.account.id)
        self.largest: int | None = 1_000_000
        self.headers = ""

    @property
    def uploads(self) -> Uploads:
        return self.core.services.offer(Uploads)

    def answer(self) -> None:
        """Say what the service offers, and which slot it gives."""
        answers = self.stream.answers
        items = f"<query xmlns='{ITEMS}'><item jid='chat.example.org'/><item jid='{SERVICE}'/><item jid='@'/></query>"
        answers[f"{{{ITEMS}}}query", SERVER] = items
        answers[f"{{{INFO}}}query", JID.parse("chat.example.org")] = info("jabber:iq:gateway")
        answers[f"{{{INFO}}}query", SERVICE] = info(wire.NAMESPACE, largest=self.largest)
        put = f"<put url='{self.http.address}/up/a%20b?k=v'>{self.headers}</put>"
        slot = f"<slot xmlns='{wire.NAMESPACE}'>{put}<get url='https://get.example.org/a%20b.txt'/></slot>"
        answers[f"{{{wire.NAMESPACE}}}request", SERVICE] = slot

    async def online(self) -> None:
        self.answer()
        self.stream.go_online(contact(str(ALICE)))
        await until(lambda: self.uploads.limit(self.account.id).known)

    async def kept(self, name: str = "a b.txt", data: bytes = b"what is in it") -> FileToSend:
        return await self.uploads.keep(data, name, "text/plain")

    def send(self, *files: FileToSend, caption: str = "") -> list[Message]:
        conversation = self.core.services.conversations.open(self.account.id, ALICE)
        return self.uploads.send(conversation.id, files, caption)

    def attachment(self, message: Message) -> Attachment:
        (attachment,) = AttachmentStore(self.core.database).list_of_message(message.id)
        return attachment

    def find(self, message: Message) -> Message:
        found = self.core.base.stores.messages.find_message(message.id)
        assert found is not None
        return found

    def restart(self) -> None:
        """As after kill -9: nothing is written at the end."""
        self.core.close()
        self.core = Core(self.folder)
        self.core.services.accounts.start_all()
        self.stream = self.core.stream(self.account.id)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    authority = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    async with file_server(authority.issue("localhost")) as http:
        made = World(tmp_path / "profile", http)
        yield made
        await made.core.tasks.cancel_all()
        assert made.core.faults == []
        made.core.close()


def content(path: str) -> bytes:
    return Path(path).read_bytes()


def mode(path: str) -> int:
    return Path(path).stat().st_mode & 0o777


def slots_asked(world: World) -> int:
    return sum(payload.tag == f"{{{wire.NAMESPACE}}}request" for _, _, payload in world.stream.requests)


def urls(element: ET.Element) -> list[str | None]:
    return [url.text for url in element.iter("{jabber:x:oob}url")]


async def test_a_file_goes_up_and_then_its_address_is_said(world: World) -> None:
    await world.online()
    assert world.uploads.limit(world.account.id) == UploadLimit(True, True, 1_000_000)
    (message,) = world.send(await world.kept())
    assert (message.body, world.attachment(message).state) == ("a b.txt", AttachmentState.WAITING)
    await until(lambda: world.stream.sent)
    ((path, headers, body),) = world.http.taken
    assert (path, body) == ("/up/a%20b?k=v", b"what is in it")
    assert (headers["Content-Length"], headers["Content-Type"]) == ("13", "text/plain")
    assert "Transfer-Encoding" not in headers
    (said,) = world.stream.sent
    assert (said.to, said.body, said.wire_id) == (ALICE, "https://get.example.org/a%20b.txt", message.wire_id)
    assert [url for element in said.extensions for url in urls(element)] == [said.body]
    done = world.attachment(message)
    assert (done.state, done.url, content(done.path)) == (AttachmentState.HERE, said.body, b"what is in it")
    assert [event.done for event in world.core.published(TransferAdvanced)] == [13]
    states = [event.attachment.state for event in world.core.published(AttachmentChanged)]
    assert states == [AttachmentState.UPLOADING, AttachmentState.HERE]


async def test_what_is_said_of_several_files_comes_after_them(world: World) -> None:
    world.send(await world.kept("1"), await world.kept("2"), caption="both of today")
    await world.online()
    await until(lambda: len(world.stream.sent) == 3)
    assert [message.body for message in world.stream.sent] == ["https://get.example.org/a%20b.txt"] * 2 + [
        "both of today"
    ]


async def test_kill_at_any_point_sends_once(world: World) -> None:
    (message,) = world.send(await world.kept(), caption="")
    world.restart()  # before anything went
    world.http.gate.clear()
    await world.online()
    await world.http.began.wait()
    await until(lambda: world.attachment(message).state is AttachmentState.UPLOADING)
    await world.core.tasks.cancel_all()
    world.restart()  # in the middle
    assert world.attachment(message).state is AttachmentState.WAITING
    world.http.gate.set()
    AttachmentStore(world.core.database).set_uploaded(world.attachment(message).id, "https://get.example.org/up")
    world.restart()  # the server has it, and nothing was said
    await world.online()
    await until(lambda: world.find(message).state is DeliveryState.SENT)
    assert slots_asked(world) == 0
    assert [said.body for said in world.stream.sent] == ["https://get.example.org/up"]
    assert world.core.services.outbox.pending(world.account.id) == []


async def test_nothing_is_lost_when_the_original_goes(world: World, tmp_path: Path) -> None:
    original = tmp_path / "original.txt"
    original.write_text("words")
    (message,) = world.send(await world.uploads.keep(original, original.name, "text/plain"))
    original.unlink()
    assert mode(world.attachment(message).path) == 0o600
    await world.online()
    await until(lambda: world.stream.sent)
    assert world.http.taken[0][2] == b"words"


async def test_a_cancelled_upload_leaves_nothing(world: World) -> None:
    world.http.gate.clear()
    await world.online()
    first, second = world.send(await world.kept("one", b"1"), await world.kept("two", b"2"))
    await world.http.began.wait()
    await until(lambda: world.uploads.leaving([first.id])[first.id].done == 1)
    assert world.uploads.leaving([second.id])[second.id].done is None
    path = Path(world.attachment(first).path)
    world.uploads.cancel(first.id)
    world.http.gate.set()
    await until(lambda: world.find(second).state is DeliveryState.SENT)
    await until(lambda: not path.parent.exists())
    assert [said.wire_id for said in world.stream.sent] == [second.wire_id]
    assert world.uploads.leaving([first.id, second.id]) == {}


async def test_a_refusal_fails_the_message_and_retry_uploads_again(world: World) -> None:
    world.http.statuses = [403]
    await world.online()
    file, caption = world.send(await world.kept(), caption="look")
    await until(lambda: world.find(caption).state is DeliveryState.SENT)
    failed = world.find(file)
    assert (failed.state, failed.body) == (DeliveryState.FAILED, "a b.txt")
    assert failed.error.startswith("refused: HTTP 403")
    assert world.attachment(file).state is AttachmentState.FAILED
    world.core.services.outbox.retry(file.id)
    assert world.core.services.outbox.find(world.account.id, OutboxKind.MESSAGE, file.wire_id) is None
    await until(lambda: world.find(file).state is DeliveryState.SENT)
    assert len(world.http.taken) == 2


async def test_what_is_too_large_is_not_even_asked_for(world: World) -> None:
    world.largest = 5
    await world.online()
    (message,) = world.send(await world.kept())
    await until(lambda: world.find(message).state is DeliveryState.FAILED)
    assert world.find(message).error.startswith("too-large:")
    assert slots_asked(world) == 0


async def test_a_server_that_takes_no_files_is_known_for_that(world: World) -> None:
    world.stream.go_online()
    await until(lambda: world.uploads.limit(world.account.id).known)
    assert not world.uploads.limit(world.account.id).offered
    (message,) = world.send(await world.kept())
    await until(lambda: world.find(message).state is DeliveryState.FAILED)


async def test_what_the_server_asks_to_wait_with_is_tried_again(world: World) -> None:
    world.http.statuses = [503]
    await world.online()
    (message,) = world.send(await world.kept())
    await until(lambda: world.attachment(message).error)
    assert (world.attachment(message).state, world.find(message).state) == (
        AttachmentState.WAITING,
        DeliveryState.QUEUED,
    )


async def test_copies_that_nobody_needs_go_with_the_next_start(world: World) -> None:
    (message,) = world.send(await world.kept("sent"))
    await world.kept("never sent")
    folder = world.folder / "uploads"
    world.restart()
    chosen_since = await world.kept("chosen since")
    await world.online()
    await until(lambda: len(list(folder.iterdir())) == 2)
    assert content(chosen_since.path) == content(world.attachment(message).path)


async def test_c10_only_allowed_headers_go_out_each_in_one_line(world: World) -> None:
    world.headers = """<header name='Host'>evil.example</header><header name='X-Evil'>1</header>
        <header name='AUTHoriz&#10;ation'>Basic&#13;&#10;X-Evil: 2</header><header name='Cookie'>a=b</header>
        <header name='cookie'>c=d</header><header name='Content-Length'>3</header>"""
    await world.online()
    world.send(await world.kept())
    await until(lambda: world.stream.sent)
    headers = world.http.taken[0][1]
    assert headers["Authorization"] == "BasicX-Evil: 2"
    assert headers.getall("Cookie") == ["a=b", "c=d"]
    assert headers["Content-Length"] == "13"
    assert headers["Host"].startswith("localhost:")
    assert "X-Evil" not in headers


@pytest.mark.parametrize(
    ("put", "get"),
    [
        ("http://u.example/a", "https://u.example/a"),
        ("https://u.example/a", "http://u.example/a"),
        ("https://u.example/a", "file:///etc/passwd"),
        ("https://me:secret@u.example/a", "https://u.example/a"),
        ("https:///a", "https://u.example/a"),
        ("https://u.example/a", "https://u.example/a&#10;b"),
        ("https://u.example/a", "https://u.example/a b"),
        ("", "https://u.example/a"),
    ],
)
def test_c10_a_slot_without_https_is_none(put: str, get: str) -> None:
    slot = f"<iq><slot xmlns='{wire.NAMESPACE}'><put url='{put}'/><get url='{get}'/></slot></iq>"
    with pytest.raises(KnownError) as caught:
        wire.parse_slot(ET.fromstring(slot))
    assert caught.value.kind is ErrorKind.REFUSED


async def test_c10_a_put_that_is_sent_elsewhere_does_not_follow(world: World) -> None:
    world.http.statuses = [307]
    await world.online()
    (message,) = world.send(await world.kept())
    await until(lambda: world.find(message).state is DeliveryState.FAILED)
    assert len(world.http.taken) == 1


async def test_c10_a_certificate_that_nobody_vouches_for_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").ca_file))
    await world.online()
    (message,) = world.send(await world.kept())
    await until(lambda: world.find(message).state is DeliveryState.FAILED)
    assert world.http.taken == []
    assert world.find(message).error.startswith("certificate-invalid:")


async def test_an_upload_under_way_waits_for_the_next_connection(world: World) -> None:
    world.http.gate.clear()
    await world.online()
    (message,) = world.send(await world.kept())
    await world.http.began.wait()
    world.stream.lose()
    await until(lambda: world.attachment(message).state is AttachmentState.WAITING)
    world.http.gate.set()
    world.stream.go_online()
    await until(lambda: world.find(message).state is DeliveryState.SENT)
    assert len(world.stream.sent) == 1


# copies of sent files


async def sent(world: World, name: str, data: bytes) -> Message:
    """Send a file; returns its message once the server has it."""
    (message,) = world.send(await world.kept(name, data))
    await until(lambda: world.attachment(message).state is AttachmentState.HERE)
    return message


def there(world: World) -> list[str]:
    """The names of the copies on the disk."""
    return sorted(path.name for path in (world.folder / "uploads").glob("*/*"))


@pytest.mark.parametrize("way", ["delete_here", "retract"])
async def test_the_copy_of_a_sent_file_goes_with_its_message(world: World, way: str) -> None:
    await world.online()
    first = await sent(world, "first", b"1")
    await sent(world, "second", b"2")
    chosen = await world.kept("chosen")
    eraser = world.core.services.offer(Eraser)
    if way == "retract":
        await until(lambda: world.find(first).state is not DeliveryState.QUEUED)
        eraser.retract(first.id, "words")
    else:
        eraser.delete_here(first.id)
    await until(lambda: there(world) == ["chosen", "second"])
    assert AttachmentStore(world.core.database).list_of_message(first.id) == []
    assert content(chosen.path)


async def test_a_copy_that_another_message_needs_stays(world: World) -> None:
    await world.online()
    first, second = await sent(world, "same", b"1"), await sent(world, "other", b"2")
    store = AttachmentStore(world.core.database)
    store.set_state(world.attachment(second).id, AttachmentState.HERE, path=world.attachment(first).path)
    world.core.services.offer(Eraser).delete_here(first.id)
    await until(lambda: there(world) == ["same"])


async def test_beyond_a_size_the_oldest_sent_copies_go_but_none_that_waits(world: World) -> None:
    (waiting,) = world.send(await world.kept("waiting", bytes(900)))
    await world.online()
    await until(lambda: world.attachment(waiting).state is AttachmentState.HERE)
    old, new = await sent(world, "old", bytes(400)), await sent(world, "new", bytes(400))
    world.http.gate.clear()
    (leaving,) = world.send(await world.kept("leaving", bytes(2000)))
    core = world.core
    upload = next(one for one in core.features if isinstance(one, Upload))
    clearing = Clearing(core.base.bus, core.tasks, upload._tables, upload._keeper, lambda: (), most=900)
    clearing.clear_soon()
    await until(lambda: there(world) == ["leaving", "new", "old"])
    gone = world.attachment(waiting)
    assert (gone.state, gone.path, gone.url != "") == (AttachmentState.REMOTE, "", True)
    assert world.attachment(old).path
    assert world.attachment(new).path
    assert world.attachment(leaving).path
    world.http.gate.set()
    await until(lambda: world.find(leaving).state is DeliveryState.SENT)
