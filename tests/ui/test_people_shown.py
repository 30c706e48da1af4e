"""Pictures of people on the screen: decoded within limits, cut, edited, shown in *Details*."""

from __future__ import annotations

import asyncio
import struct
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.program import until
from tests.ui.contacts_world import World

from whimbrel.core.offers.avatars import Avatars, OwnPicture
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.profiles import Profiles
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.profile import Profile
from whimbrel.storage.people import PeopleStore
from whimbrel.ui.accounts.crop_view import SIDE, CropView
from whimbrel.ui.accounts.own_picture import cut, read_picture
from whimbrel.ui.accounts.profile_dialog import ProfileDialog
from whimbrel.ui.avatars import AvatarPictures, decode, decode_round
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.facts import Facts
from whimbrel.ui.run import running
from whimbrel.ui.theme.avatar import paint_avatar, set_picture_source

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='/etc/passwd'/></svg>"


def encoded(width: int, height: int, kind: bytes = b"png", color: str = "#C03020") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind)).write(image)
    return bytes(data.data())


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [b"png", b"jpeg", b"webp"])
def test_a_picture_becomes_a_disc_of_the_size_that_is_painted(kind: bytes) -> None:
    disc = decode_round(encoded(300, 200, kind), 64)
    assert disc is not None
    assert (disc.width(), disc.height()) == (64, 64)
    assert disc.pixelColor(0, 0).alpha() == 0
    middle = disc.pixelColor(32, 32)
    assert middle.alpha() == 255
    assert middle.red() > 150 > middle.green()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bomb(1_000_000_000, 1), id="wide"),
        pytest.param(bomb(50_000, 50_000), id="large"),
        pytest.param(bomb(0, 0), id="empty"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='/etc/passwd'/></svg>", id="svg"
        ),
        pytest.param(encoded(9, 9, b"bmp"), id="another format"),
        pytest.param(encoded(9, 9)[:40], id="cut off"),
        pytest.param(b"no picture", id="none"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_c9_what_is_not_safe_is_not_decoded(data: bytes) -> None:
    assert decode(data, 64) is None


def test_what_is_chosen_stays_within_the_picture(qtbot: QtBot) -> None:
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    view = CropView(image)
    qtbot.addWidget(view)
    view.show()
    assert view.part.getRect() == (150, 0, 300, 300)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(view, QPoint(10 + 5 * SIDE, 10))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    view.set_zoom(200)
    for _ in range(200):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.part.getRect() == (450, 150, 150, 150)
    assert image.rect().contains(view.part)
    view.set_zoom(1)
    assert view.part.width() == 300


def test_ours_is_small_and_tells_nothing_but_the_picture(tmp_path: Path) -> None:
    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(QColor("#2050C0"))
    image.setText("Location", "47.37 N, 8.54 E")
    path = tmp_path / "photo.png"
    assert image.save(str(path))
    read = read_picture(path)
    assert read is not None
    assert read.width() == 2048
    picture = cut(read, read.rect().adjusted(0, 0, -683, 0))
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 256, 256)
    assert b"47.37" not in picture.data
    path.write_text("no picture")
    assert read_picture(path) is None


def request_of(world: World, answers: dict[str, str]) -> None:
    """The server answers so, by the tag of what is asked."""
    stream = world.stream(world.account.id)
    usual = stream.request

    async def request(kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        if kind == "get" and payload.tag in answers:
            answer = ET.Element("{jabber:client}iq", {"type": "result"})
            answer.append(ET.fromstring(answers[payload.tag]))
            return answer
        return await usual(kind, to, payload)

    stream.request = request  # type: ignore[method-assign]


def said(dialog: QWidget) -> dict[str, str]:
    labels = [label for label in dialog.findChildren(QLabel) if label.accessibleName() and not label.isHidden()]
    return {label.accessibleName(): label.text() for label in labels}


CARD = "<vCard xmlns='vcard-temp'><FN>Bob B.</FN><DESC>&lt;i&gt;birds&lt;/i&gt;</DESC></vCard>"
VERSION = "<query xmlns='jabber:iq:version'><name>Gajim</name><version>2.4</version></query>"


async def test_details_show_what_is_told_when_asked_and_follow_changes(qapp: QApplication, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.connect()
    contact = world.contact("bob@x.org", "", "Friends")
    world.presence("bob@x.org", Availability.AWAY, "review")
    request_of(world, {"{vcard-temp}vCard": CARD, "{jabber:iq:version}query": VERSION})
    dialog = DetailsDialog(world.services, contact)
    dialog.show()
    await world.settle()
    shown = said(dialog)
    assert "(phone) · Gajim 2.4" in shown["Presence"]
    assert (shown["Full name"], shown["About"]) == ("Bob B.", "<i>birds</i>")
    assert "Phone" not in shown
    world.contact("bob@x.org", "Bobby", "Work")
    world.presence("bob@x.org", Availability.OFFLINE)
    shown = said(dialog)
    assert (shown["Presence"], shown["Groups"]) == ("Offline", "Work")
    assert shown["Last seen"].startswith("Today, ")
    assert dialog.title.text() == "Bobby"
    PeopleStore(world.database).set_nick(contact.account_id, contact.jid, "<b>" + "B" * 5000)
    world.contact("bob@x.org", "Robert", "Work")
    assert said(dialog)["Nickname"].endswith("…")
    assert dialog.width() < 500
    assert "&lt;b&gt;BBB" in dialog._nick.toolTip()
    world.remove("bob@x.org")
    assert not dialog.isVisible()
    await world.tasks.cancel_all()
    assert world.faults == []
    world.close()


async def test_ones_profile_is_saved_as_far_as_it_was_changed(qapp: QApplication, tmp_path: Path) -> None:
    world = World(tmp_path)
    dialog = ProfileDialog(world.services, [world.account])
    dialog.show()
    await world.settle()
    assert not dialog.about.isEnabled()  # not connected: what there is is not known
    dialog.nickname.setText("Ali")
    dialog.save_button.click()
    pending = world.base.outbox.pending
    assert [row.kind for row in pending(world.account.id)] == [OutboxKind.NICKNAME]
    assert world.services.offer(Nicknames).find(world.account.id, world.account.jid) == "Ali"
    world.connect()
    await world.settle()
    request_of(world, {"{vcard-temp}vCard": CARD})
    again = ProfileDialog(world.services, [world.account])
    again.show()
    await world.settle()
    assert again.about.toPlainText() == "<i>birds</i>"
    world.disconnect()
    again.about.setPlainText("bees")
    wrong = {"website": "javascript:alert(1)", "email": "ali at home", "birthday": "31.5.1990"}
    for name, text in wrong.items():
        again._lines[name].setText(text)
    again.save_button.click()
    assert pending(world.account.id, OutboxKind.PROFILE) == []
    assert all(again._fields[name].error.text() for name in wrong)
    for name, text in {"website": "https://ali.example", "email": "ali@home.example", "birthday": "1990-05-31"}.items():
        again._lines[name].setText(text)
    again.save_button.click()
    (row,) = pending(world.account.id, OutboxKind.PROFILE)
    assert (row.payload["full_name"], row.payload["about"]) == ("Bob B.", "bees")
    await world.tasks.cancel_all()
    assert world.faults == []
    world.close()


async def test_the_profile_of_one_account_is_not_taken_for_that_of_another(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    other = world.add_account("second@example.org")
    answered = asyncio.Event()

    async def fetch(account_id: AccountId, jid: JID) -> Profile:
        if account_id == world.account.id:
            await answered.wait()
        return Profile(about=str(jid))

    monkeypatch.setattr(world.services.offer(Profiles), "fetch", fetch)
    dialog = ProfileDialog(world.services, [world.account, other])
    dialog.show()
    dialog._account_box.setCurrentIndex(1)
    answered.set()
    await until(lambda: not running)
    assert dialog.about.toPlainText() == "second@example.org"
    dialog.about.setPlainText("typed")
    dialog.hide()
    dialog.show()
    await until(lambda: not running)
    assert dialog.about.toPlainText() == "typed"
    dialog.close()
    world.close()


async def test_what_is_typed_for_one_account_outlasts_a_look_at_another(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    other = world.add_account("second@example.org")

    async def fetch(_account_id: AccountId, jid: JID) -> Profile:
        return Profile(about=str(jid))

    monkeypatch.setattr(world.services.offer(Profiles), "fetch", fetch)
    dialog = ProfileDialog(world.services, [world.account, other])
    dialog.show()
    await until(lambda: not running)
    dialog.nickname.setText("Ali")
    dialog.about.setPlainText("bees")
    dialog._account_box.setCurrentIndex(1)
    await until(lambda: not running)
    assert (dialog.nickname.text(), dialog.about.toPlainText()) == ("", "second@example.org")
    dialog.nickname.setText("Sec")
    dialog._account_box.setCurrentIndex(0)
    await until(lambda: not running)
    assert (dialog.nickname.text(), dialog.about.toPlainText()) == ("Ali", "bees")
    dialog._account_box.setCurrentIndex(1)
    await until(lambda: not running)
    assert (dialog.nickname.text(), dialog.about.toPlainText()) == ("Sec", "second@example.org")
    dialog.save_button.click()
    pending = world.base.outbox.pending
    assert {row.kind for row in pending(world.account.id)} == {OutboxKind.NICKNAME, OutboxKind.PROFILE}
    assert pending(world.account.id, OutboxKind.PROFILE)[0].payload["about"] == "bees"
    assert [row.kind for row in pending(other.id)] == [OutboxKind.NICKNAME]
    world.close()


async def test_a_picture_of_ones_own_is_published_with_save_only(qapp: QApplication, tmp_path: Path) -> None:
    world = World(tmp_path)
    avatars, pending = world.services.offer(Avatars), world.base.outbox.pending
    picture = OwnPicture(encoded(256, 256), "image/png", 256, 256)
    dialog = ProfileDialog(world.services, [world.account])
    dialog.show()
    await until(lambda: not running)
    dialog._set_picture(picture)
    assert dialog._avatar.grab().toImage().pixelColor(24, 48) == QColor("#C03020")
    assert dialog.remove_button.isEnabled()
    dialog.reject()
    assert not pending(world.account.id)
    assert avatars.find_hash(world.account.jid) == ""
    dialog = ProfileDialog(world.services, [world.account])
    dialog._set_picture(picture)
    dialog.save_button.click()
    assert [row.kind for row in pending(world.account.id)] == [OutboxKind.AVATAR]
    shown = avatars.find_hash(world.account.jid)
    assert shown
    dialog = ProfileDialog(world.services, [world.account])
    dialog.show()
    await until(lambda: not running)
    dialog.remove_button.click()
    assert not dialog.remove_button.isEnabled()
    assert avatars.find_hash(world.account.jid) == shown
    dialog.save_button.click()
    assert avatars.find_hash(world.account.jid) == ""
    world.close()


async def test_a_picture_is_painted_as_soon_as_it_is_decoded(qapp: QApplication, tmp_path: Path) -> None:
    world = World(tmp_path)
    holder = QObject()
    pictures = AvatarPictures(world.services, world.bridge, holder)
    world.services.offer(Avatars).set_own(world.account.id, OwnPicture(encoded(64, 64), "image/png", 64, 64))
    canvas = QImage(40, 40, QImage.Format.Format_RGB32)

    def middle() -> QColor:
        painter = QPainter(canvas)
        paint_avatar(painter, QRectF(0, 0, 40, 40), world.account.jid, "", None, QColor("white"))
        painter.end()
        return canvas.pixelColor(8, 20)

    red = QColor("#C03020")
    assert middle() != red
    await until(lambda: pictures.find(world.account.jid, 40) is not None)
    assert middle() == red
    set_picture_source(None)
    assert middle() != red
    world.close()


def test_details_say_nothing_where_nothing_is_known(qtbot: QtBot) -> None:
    facts = Facts(("One", "Two"))
    qtbot.addWidget(facts)
    facts.show_fact("Two", "a\n<b>b</b>")
    shown = [label.text() for label in facts.findChildren(QLabel) if not label.isHidden()]
    assert shown == ["Two", "a\n<b>b</b>"]
