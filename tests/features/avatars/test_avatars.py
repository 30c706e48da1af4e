"""XEP-0084, XEP-0153, XEP-0398: heard, fetched once and only if wanted, verified; our own published."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.avatars import Avatars, OwnPicture
from whimbrel.features.avatars.wire import LARGEST
from whimbrel.model.contact import Availability, Presence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AvatarChanged
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import PresenceStanza

PUBSUB = "http://jabber.org/protocol/pubsub"
METADATA = "urn:xmpp:avatar:metadata"
DATA = "urn:xmpp:avatar:data"
ME = JID.parse("me@example.org")
PICTURE = b"any bytes: nobody looks into them here"


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def event(hash_: str, **more: str) -> str:
    told = " ".join(f"{key}='{value}'" for key, value in {"bytes": "9", "type": "image/png", **more}.items())
    info = f"<info id='{hash_}' {told}/>" if hash_ else ""
    item = f"<item id='{hash_}'><metadata xmlns='{METADATA}'>{info}</metadata></item>"
    return f"<event xmlns='{PUBSUB}#event'><items node='{METADATA}'>{item}</items></event>"


def photo_presence(stream: FakeStream, sender: str, hash_: str) -> None:
    update = f"<x xmlns='vcard-temp:x:update'><photo>{hash_}</photo></x>"
    element = ET.fromstring(f"<presence xmlns='jabber:client'>{update}</presence>")
    stream.handler.on_presence(PresenceStanza(JID.parse(sender), Presence(Availability.ONLINE, resource="x"), element))


class Pictures:
    """Answers for the server's part: what is published, and what is in vCards, by bare address."""

    def __init__(self, stream: FakeStream) -> None:
        self.stream = stream
        self.published: dict[str, bytes] = {}
        self.photos: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.at_once = self.most = 0
        self.request = stream.request
        stream.request = self.answer  # type: ignore[method-assign]

    async def answer(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        if kind != "get" or payload.tag not in ("{vcard-temp}vCard", f"{{{PUBSUB}}}pubsub"):
            return await self.request(kind, to, payload)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        answer = ET.Element("{jabber:client}iq", {"type": "result"})
        if payload.tag == "{vcard-temp}vCard":
            self.asked.append(f"vcard {to}")
            if str(to) in self.photos:
                photo = ET.SubElement(ET.SubElement(answer, payload.tag), "{vcard-temp}PHOTO")
                ET.SubElement(photo, "{vcard-temp}BINVAL").text = base64.b64encode(self.photos[str(to)]).decode()
            return answer
        self.asked.append(f"data {to}")
        wanted = payload.find(f".//{{{PUBSUB}}}item")
        if str(to) not in self.published or wanted is None:
            raise KnownError(ErrorKind.NOT_FOUND)
        items = ET.SubElement(ET.SubElement(answer, f"{{{PUBSUB}}}pubsub"), f"{{{PUBSUB}}}items", {"node": DATA})
        item = ET.SubElement(items, f"{{{PUBSUB}}}item", {"id": wanted.get("id", "")})
        ET.SubElement(item, f"{{{DATA}}}data").text = base64.b64encode(self.published[str(to)]).decode()
        return answer


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


def avatars(core: Core) -> Avatars:
    return core.services.offer(Avatars)


async def test_fetched_once_when_it_is_wanted_and_kept_over_a_restart(core: Core, tmp_path: Path) -> None:
    stream = core.online(contact("alice@example.net"))
    server = Pictures(stream)
    server.published["alice@example.net"] = PICTURE
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(sha1(PICTURE)))
    assert avatars(core).find_hash(ALICE) == sha1(PICTURE)
    assert server.asked == []  # not on the screen
    for _ in range(3):
        avatars(core).want(ALICE)
    await core.settle()
    assert server.asked == ["data alice@example.net"]
    assert avatars(core).find_picture(sha1(PICTURE)) == PICTURE
    assert [event.jid for event in core.published(AvatarChanged)] == [ALICE, ALICE]
    await core.tasks.cancel_all()
    core.close()
    again = Core(tmp_path)
    assert avatars(again).find_hash(ALICE.with_resource("x")) == sha1(PICTURE)
    assert avatars(again).find_picture(sha1(PICTURE)) == PICTURE


async def test_c9_what_has_not_the_hash_or_is_too_large_is_not_kept(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    server = Pictures(stream)
    server.published["alice@example.net"] = b"another picture"
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(sha1(PICTURE)))
    for _ in range(2):
        avatars(core).want(ALICE)
        await core.settle()
    assert server.asked == ["data alice@example.net"]
    assert avatars(core).find_picture(sha1(PICTURE)) is None
    huge = b"x" * (LARGEST + 1)
    server.published["alice@example.net"] = huge
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(sha1(huge)))
    avatars(core).want(ALICE)
    await core.settle()
    assert avatars(core).find_picture(sha1(huge)) is None
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(sha1(huge), bytes=str(len(huge))))
    assert avatars(core).find_hash(ALICE) == ""
    await core.tasks.cancel_all()


async def test_one_with_an_address_elsewhere_is_never_fetched_from_there(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.receive_message(
        "alice@example.net", None, type_="headline", extra=event(sha1(PICTURE), url="http://tracker.example/a.png")
    )
    assert avatars(core).find_hash(ALICE) == ""


async def test_that_of_a_vcard_is_fetched_where_there_is_none_published(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    server = Pictures(stream)
    server.photos["alice@example.net"] = PICTURE
    photo_presence(stream, "alice@example.net/x", sha1(PICTURE))
    avatars(core).want(ALICE)
    await core.settle()
    assert server.asked == ["vcard alice@example.net"]
    assert avatars(core).find_picture(sha1(PICTURE)) == PICTURE
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(sha1(b"published")))
    assert avatars(core).find_hash(ALICE) == sha1(b"published")
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(""))
    photo_presence(stream, "alice@example.net/x", "")
    assert avatars(core).find_hash(ALICE) == ""
    await core.tasks.cancel_all()


async def test_hundreds_of_contacts_are_asked_few_at_a_time_and_the_last_wanted_first(core: Core) -> None:
    people = [contact(f"c{number}@example.net") for number in range(300)]
    stream = core.online(*people)
    server = Pictures(stream)
    for each in people:
        photo_presence(stream, f"{each.jid}/x", sha1(str(each.jid).encode()))
        server.photos[str(each.jid)] = str(each.jid).encode()
    assert server.asked == []
    for each in people:
        avatars(core).want(each.jid)
    await core.settle()
    assert server.most <= 3
    assert server.asked == [f"vcard c{number}@example.net" for number in (0, 1, 2)]  # and now a pause
    await core.tasks.cancel_all()


async def test_c18_neither_strangers_nor_whom_we_block_are_asked(core: Core) -> None:
    stream = core.online(contact("alice@example.net"), contact("bob@example.net"))
    server = Pictures(stream)
    photo_presence(stream, "eve@example.net/x", sha1(b"eve"))
    stream.receive_message("eve@example.net", None, type_="headline", extra=event(sha1(b"eve")))
    photo_presence(stream, "alice@example.net/x", sha1(b"alice"))
    core.services.blocker.block(stream.account_id, ALICE)
    for jid in ("eve@example.net", "alice@example.net"):
        avatars(core).want(JID.parse(jid))
    await core.settle()
    assert server.asked == []
    assert avatars(core).find_hash(JID.parse("eve@example.net")) == ""
    await core.tasks.cancel_all()


@pytest.mark.parametrize("converts", [True, False])
async def test_our_own_is_published_and_put_into_the_vcard_where_the_server_does_not(
    core: Core, converts: bool
) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    stream.account_features |= {f"{PUBSUB}#publish-options"}
    stream.account_features |= {"urn:xmpp:pep-vcard-conversion:0"} if converts else set()
    avatars(core).set_own(account.id, OwnPicture(PICTURE, "image/png", 8, 9))
    assert avatars(core).find_hash(ME) == sha1(PICTURE)
    assert avatars(core).find_picture(sha1(PICTURE)) == PICTURE
    assert core.base.outbox.find(account.id, OutboxKind.AVATAR, "avatar")
    stream.go_online()
    await core.settle()
    sets = [payload for kind, to, payload in stream.requests if kind == "set" and to is None]
    nodes = [publish.get("node") for each in sets for publish in each.iter(f"{{{PUBSUB}}}publish")]
    assert nodes == [DATA, METADATA]
    for each in sets[:2]:
        values = [value.text for value in each.iter("{jabber:x:data}value")]
        assert values == [f"{PUBSUB}#publish-options", "true", "presence"]
    assert [each.tag for each in sets[2:]] == ([] if converts else ["{vcard-temp}vCard"])
    assert core.base.outbox.pending(account.id) == []
    feature = next(each for each in core.features if each.name == "avatars")
    parts = [ET.tostring(part, "unicode") for part in feature.extend_presence(account.id, stream.presences[-1])]
    assert (sha1(PICTURE) in "".join(parts)) is not converts
    await core.tasks.cancel_all()


async def test_s5_nothing_is_published_where_the_server_keeps_no_conditions(core: Core) -> None:
    stream = core.online()
    avatars(core).set_own(stream.account_id, OwnPicture(PICTURE, "image/png", 8, 9))
    await core.settle()
    sets = [payload.tag for kind, _, payload in stream.requests if kind == "set"]
    assert sets == ["{vcard-temp}vCard"]
    await core.tasks.cancel_all()


async def test_an_older_one_of_ours_does_not_come_back_while_the_newer_waits(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    stream.account_features |= {f"{PUBSUB}#publish-options"}
    stream.errors["{http://jabber.org/protocol/pubsub}pubsub"] = [KnownError(ErrorKind.NO_ANSWER)]
    avatars(core).set_own(account.id, OwnPicture(PICTURE, "image/png", 8, 9))
    stream.go_online()
    await core.settle()
    stream.receive_message("me@example.org", None, type_="headline", extra=event(sha1(b"old")))
    assert avatars(core).find_hash(ME) == sha1(PICTURE)
    await core.tasks.cancel_all()


async def test_another_program_of_ours_without_a_picture_does_not_clear_ours(core: Core) -> None:
    stream = core.online()
    avatars(core).set_own(stream.account_id, OwnPicture(PICTURE, "image/png", 8, 9))
    await core.settle()
    photo_presence(stream, "me@example.org/other", "")
    feature = next(each for each in core.features if each.name == "avatars")
    parts = [ET.tostring(part, "unicode") for part in feature.extend_presence(stream.account_id, stream.presences[-1])]
    assert sha1(PICTURE) in "".join(parts)
    await core.tasks.cancel_all()
