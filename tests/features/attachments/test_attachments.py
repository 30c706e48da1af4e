"""What messages tell of files, as Conversations, Dino, Gajim and others write it, on the receive path."""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.features.attachments import wire
from whimbrel.model.attachment import Attachment, AttachmentState, NewAttachment
from whimbrel.model.contact import Subscription
from whimbrel.model.envelope import Source
from whimbrel.model.events import AttachmentChanged, ConversationChanged, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.attachments import AttachmentStore

ALICE = "alice@example.net/phone"
URL = "https://download.montague.lit/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/summit.jpg"
PICTURE = b"\x89PNG small"
OOB = f"<x xmlns='jabber:x:oob'><url>{URL}</url></x>"
FALLBACK = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body{}/></fallback>"


def file(namespace: str, thumbnail: str = "") -> str:
    return f"""<file xmlns='{namespace}'><media-type>image/jpeg</media-type><name>summit.jpg</name>
        <size>3032449</size><width>4096</width><height>2160</height>
        <hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=</hash>
        <desc>Photo from the summit.</desc>{thumbnail}</file>"""


def thumbnail(uri: str) -> str:
    return f"<thumbnail xmlns='urn:xmpp:thumbs:1' uri='{uri}' media-type='image/png' width='128' height='96'/>"


def sharing(url: str = URL, thumb: str = "") -> str:
    sources = f"<sources><url-data xmlns='http://jabber.org/protocol/url-data' target='{url}'/></sources>"
    metadata = file("urn:xmpp:file:metadata:0", thumb)
    return f"<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'>{metadata}{sources}</file-sharing>"


SIMS = f"""<reference xmlns='urn:xmpp:reference:0' begin='0' end='9' type='data'><media-sharing xmlns='urn:xmpp:sims:1'>
    {file("urn:xmpp:jingle:apps:file-transfer:5")}<sources><reference xmlns='urn:xmpp:reference:0' type='data'
    uri='xmpp:romeo@montague.lit/r?jingle;id=9'/><reference xmlns='urn:xmpp:reference:0' type='data' uri='{URL}'/>
    </sources></media-sharing></reference>"""


class Inbox:
    """A core that is online with Alice."""

    def __init__(self, folder: Path) -> None:
        self.core = Core(folder)
        self.stream: FakeStream = self.core.online(contact("alice@example.net"))
        self.store = AttachmentStore(self.core.database)

    def receive(self, body: str | None, extra: str, **options: str) -> list[Message]:
        self.stream.receive_message(ALICE, body, extra=extra, **options)
        return [event.message for event in self.core.published(MessageAdded)]

    def files(self, message: Message) -> list[Attachment]:
        return self.store.list_of_message(message.id)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_an_address_out_of_band_is_a_file_where_the_body_says_the_same(inbox: Inbox) -> None:
    (message,) = inbox.receive(URL, OOB)
    (found,) = inbox.files(message)
    assert (found.url, found.name, found.state, found.size) == (URL, "summit.jpg", AttachmentState.REMOTE, None)
    assert message.body == URL


async def test_the_list_of_chats_shows_a_file_by_its_name(inbox: Inbox) -> None:
    (message,) = inbox.receive(URL, OOB)
    find = inbox.core.services.conversations.find
    told = inbox.core.published(ConversationChanged)[-1].conversation
    assert (told.preview, told) == ("summit.jpg", find(message.conversation_id))
    inbox.core.services.outbox.submit(message.conversation_id, "https://example.org/no-file.jpg")
    assert find(message.conversation_id).preview == "https://example.org/no-file.jpg"


def test_c3_an_address_out_of_band_that_the_body_does_not_say_is_none(inbox: Inbox) -> None:
    (message,) = inbox.receive("look at https://example.org/cat.jpg", OOB)
    assert inbox.files(message) == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "smb://evil.example/x", "\\\\evil.example\\x", "https:///x", "javascript:alert(1)", "x", ""],
)
def test_c3_only_web_addresses_are_files(inbox: Inbox, url: str) -> None:
    (message,) = inbox.receive(
        url or "-", f"<x xmlns='jabber:x:oob'><url>{url}</url></x>{sharing(url)}{SIMS.replace(URL, url)}"
    )
    assert inbox.files(message) == []


@pytest.mark.parametrize("extra", [sharing(), SIMS, sharing() + OOB + FALLBACK.format("")], ids=["sfs", "sims", "all"])
def test_what_is_told_of_a_file_is_kept(inbox: Inbox, extra: str) -> None:
    (message,) = inbox.receive(URL, extra)
    (found,) = inbox.files(message)
    assert (found.url, found.name, found.media_type, found.size) == (URL, "summit.jpg", "image/jpeg", 3032449)
    assert (found.width, found.height) == (4096, 2160)
    assert found.description == "Photo from the summit."
    assert found.hashes == (("sha3-256", "2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU="),)


def test_a_file_without_a_body_is_a_message(inbox: Inbox) -> None:
    (message,) = inbox.receive(None, sharing() + "<store xmlns='urn:xmpp:hints'/>", id_="s1")
    assert (message.body, len(inbox.files(message))) == (URL, 1)
    assert len(inbox.receive(None, "<x xmlns='jabber:x:oob'><url>https://example.org/a.ogg</url></x>")) == 2


def test_words_beside_a_file_stay_and_those_in_its_place_go(inbox: Inbox) -> None:
    body = f"from today {URL}"
    part = FALLBACK.format(f" start='11' end='{len(body)}'")
    inbox.receive("only words", sharing())
    inbox.receive(body, sharing() + part)
    inbox.receive("A file was sent. Your program cannot show it.", sharing() + FALLBACK.format(""))
    inbox.receive("words", sharing() + FALLBACK.format(" start='9' end='2'"))
    messages = inbox.receive("words", sharing() + FALLBACK.format(" start='x' end='99999999999999999999'"))
    assert [message.body for message in messages] == ["only words", "from today", URL, "words", "words"]
    assert all(len(inbox.files(message)) == 1 for message in messages)


def test_several_files_keep_their_order_and_come_once(inbox: Inbox) -> None:
    other = "https://example.org/b"
    (message,) = inbox.receive("two", sharing() + sharing(other) + sharing())
    assert [(file.position, file.url) for file in inbox.files(message)] == [(0, URL), (1, other)]


def test_thumbnails_come_in_their_address_or_beside_it_if_their_name_is_true(inbox: Inbox) -> None:
    data = base64.b64encode(PICTURE).decode()
    cid = f"sha1+{hashlib.sha1(PICTURE).hexdigest()}@bob.xmpp.org"
    bits = f"<data xmlns='urn:xmpp:bob' cid='{{}}' type='image/png'>{data}</data>"
    false = f"sha1+{'0' * 40}@bob.xmpp.org"
    inbox.receive(URL, sharing(thumb=thumbnail(f"data:image/png;base64,{data}")))
    inbox.receive(URL, sharing(thumb=thumbnail(f"cid:{cid}")) + bits.format(cid))
    inbox.receive(URL, sharing(thumb=thumbnail(f"cid:{false}")) + bits.format(false))
    inbox.receive(URL, sharing(thumb=thumbnail("https://example.org/t.png")))
    inbox.receive(URL, sharing(thumb=thumbnail("data:text/html;base64,aaaa")))
    messages = inbox.receive(URL, sharing(thumb=thumbnail(f"data:image/png;base64,{'A' * 200_000}")))
    found = [inbox.files(message)[0].thumbnail for message in messages]
    assert found == [PICTURE, PICTURE, b"", b"", b"", b""]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("<size>3032449</size>", "<size>99999999999999999999999999</size>"),
        ("<size>3032449</size>", "<size>-5</size>"),
        ("<size>3032449</size>", "<size>٣</size>"),
        ("<width>4096</width>", "<width>0</width>"),
        ("<height>2160</height>", "<height>4294967296000</height>"),
        ("<name>summit.jpg</name>", f"<name>{'x' * 100_000}</name>"),
        ("<desc>Photo from the summit.</desc>", f"<desc>{'y' * 100_000}</desc>"),
        ("algo='sha3-256'", ""),
    ],
)
def test_what_cannot_be_is_not_kept(inbox: Inbox, was: str, becomes: str) -> None:
    (message,) = inbox.receive(URL, sharing().replace(was, becomes))
    (found,) = inbox.files(message)
    assert found.size in (None, 3032449)
    assert found.width in (None, 4096)
    assert found.height in (None, 2160)
    assert len(found.name) <= 255
    assert len(found.description) <= 4000
    assert inbox.core.faults == []


def test_many_files_are_not_endless(inbox: Inbox) -> None:
    (message,) = inbox.receive("many", "".join(sharing(f"https://example.org/{n}") for n in range(200)))
    assert len(inbox.files(message)) == 30


def test_what_stands_behind_many_files_is_not_even_looked_at(inbox: Inbox) -> None:
    """Each may name a thumbnail, which is searched and decoded: thousands would hold everything up."""
    [message] = inbox.receive("look", sharing() * 30 + sharing(URL + "x"))
    assert [one.url for one in inbox.files(message)] == [URL]


async def test_what_we_tell_is_what_we_would_take_in(inbox: Inbox) -> None:
    conversation = inbox.core.services.conversations.open(inbox.stream.account_id, contact("alice@example.net").jid)
    told = NewAttachment(
        message_id=inbox.receive("x", "")[0].id,
        url=URL,
        name="ä b.jpg",
        media_type="image/jpeg",
        size=7,
        width=3,
        height=4,
        thumbnail=PICTURE,
        hashes=(("sha-256", "aGFzaA=="),),
    )

    def write(message: Message) -> None:
        inbox.store.add(NewAttachment(**{**{n: getattr(told, n) for n in told.__slots__}, "message_id": message.id}))

    inbox.core.services.outbox.submit(conversation.id, URL, write)
    await inbox.core.settle()
    element = ET.Element("{jabber:client}message")
    element.extend(inbox.stream.sent[0].extensions)
    assert wire.parse_words(element, URL) == ""
    (found,) = wire.parse_files(element, URL)
    assert (found.url, found.name, found.media_type, found.size) == (URL, "ä b.jpg", "image/jpeg", 7)
    assert (found.width, found.height, found.thumbnail, found.hashes) == (3, 4, PICTURE, told.hashes)
    assert element.find("{urn:xmpp:sfs:0}file-sharing") is not None
    inbox.core.services.outbox.submit(conversation.id, "words only")
    await inbox.core.settle()
    assert not {wire.SHARING, wire.OOB} & {e.tag[1:].partition("}")[0] for e in inbox.stream.sent[1].extensions}


# thumbnails that a message only names (XEP-0231)

BITS = "{urn:xmpp:bob}data"
CID = f"sha1+{hashlib.sha1(PICTURE).hexdigest()}@bob.xmpp.org"


def bits(data: bytes, cid: str = CID) -> str:
    return f"<data xmlns='urn:xmpp:bob' cid='{cid}' type='image/png'>{base64.b64encode(data).decode()}</data>"


def names_thumbnail(inbox: Inbox, sender: str = ALICE, **options: Any) -> Attachment:
    """A message comes that names a thumbnail; returns its file, once nobody is asked any more."""
    extra = sharing(thumb=thumbnail(f"cid:{CID}"))
    inbox.stream.receive_message(sender, URL, extra=extra, **options)
    row = inbox.core.database.row("SELECT max(id) FROM attachment")
    assert row is not None
    found = inbox.store.find_attachment(row[0])
    assert found is not None
    return found


def asked(inbox: Inbox) -> list[JID | None]:
    return [to for _, to, payload in inbox.stream.requests if payload.tag == BITS]


def test_a_thumbnail_that_is_only_named_is_asked_of_the_contacts_program(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.stream.answers[BITS, JID.parse(ALICE)] = bits(PICTURE)
    attachment = names_thumbnail(inbox)
    assert attachment.thumbnail == PICTURE
    assert asked(inbox) == [JID.parse(ALICE)]
    assert inbox.core.published(AttachmentChanged)[-1].attachment == attachment


@pytest.mark.parametrize(
    "answer", [bits(b"another"), bits(PICTURE, "sha1+00@bob.xmpp.org"), bits(bytes(70_000)), "<data/>"]
)
def test_what_is_not_what_was_named_is_not_taken(tmp_path: Path, answer: str) -> None:
    inbox = Inbox(tmp_path)
    inbox.stream.answers[BITS, JID.parse(ALICE)] = answer
    assert names_thumbnail(inbox).thumbnail == b""


def test_strangers_archives_and_those_who_do_not_see_us_are_asked_for_no_thumbnail(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names_thumbnail(inbox, "mallory@evil.example/x")
    names_thumbnail(inbox, source=Source.ARCHIVE)
    inbox.stream.push("bob@example.net", contact("bob@example.net", subscription=Subscription.TO))
    names_thumbnail(inbox, "bob@example.net/x")
    assert asked(inbox) == []
