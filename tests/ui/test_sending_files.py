"""Files by button, drop and paste: what the strip shows, and what is sent of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from qasync import QEventLoop
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.program import drive, leave, until

from whimbrel.core.offers.uploads import UploadLimit, Uploads
from whimbrel.features.upload.service import Upload
from whimbrel.model.account import ConnectionState
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.sending_files import SendingFiles
from whimbrel.ui.conversation.upload_part import UploadPart


class Desk:
    """A conversation with Bob, offline: what is sent waits."""

    def __init__(self, folder: Path, qtbot: QtBot, loop: QEventLoop) -> None:
        self.loop = loop
        self.folder = folder
        self.core = Core(folder)
        account = self.core.add_account()
        self.core.stream(account.id).roster(contact("bob@example.org", name="Bob Martens"))
        conversation = self.core.services.conversations.open(account.id, JID.parse("bob@example.org"))
        self.bridge = Bridge(self.core.services.bus)
        self.pane = ConversationPane(self.core.services, self.bridge, conversation)
        qtbot.addWidget(self.pane)
        self.pane.resize(640, 480)
        self.pane.show()
        self.sending = next(one for one in self.pane.extensions if isinstance(one, SendingFiles))

    def until(self, condition: Callable[[], object]) -> None:
        drive(self.loop, until(condition))

    def do(self, act: Callable[[], object]) -> None:
        """As a slot does, on the running loop."""

        async def run() -> None:
            act()

        drive(self.loop, run())

    def add(self, *paths: Path) -> None:
        self.do(lambda: self.sending.add(paths))

    def file(self, name: str, data: bytes = b"text") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def picture(self, name: str, width: int, height: int) -> Path:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.darkCyan)
        image.save(str(self.folder / name))
        return self.folder / name

    def words(self) -> list[tuple[str, str]]:
        return [(row.name.full_text(), row.words.full_text()) for row in self.sending.strip.rows()]

    def ready(self) -> None:
        self.until(lambda: all("…" not in words for _, words in self.words()))


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    loop = QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop:
        made = Desk(tmp_path, qtbot, loop)
        yield made
        drive(loop, made.core.tasks.cancel_all())
        assert made.core.faults == []
        made.bridge.close()
        made.core.close()
    leave()


def files_data(*paths: Path, text: str | None = None) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if text is not None:
        data.setText(text)
    return data


def test_files_go_with_what_is_said_of_them(desk: Desk) -> None:
    desk.add(desk.file("notes.txt", b"x" * 1500), desk.picture("sea.png", 300, 200))
    desk.ready()
    assert desk.words() == [("notes.txt", "1.5 kB"), ("sea.png", desk.words()[1][1])]
    assert desk.words()[1][1].endswith("300 × 200")
    desk.pane.composer.editor.setPlainText("from today")
    desk.do(desk.pane.composer.send)
    assert desk.pane.composer.editor.toPlainText() == ""
    assert not desk.sending.strip.isVisible()
    messages = [desk.pane.model.message(row) for row in range(3)]
    assert [message.body for message in messages] == ["notes.txt", "sea.png", "from today"]
    assert {message.state for message in messages} == {DeliveryState.QUEUED}
    (picture,) = AttachmentStore(desk.core.database).list_of_message(messages[1].id)
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 300, 200)
    assert Path(picture.path).is_file()
    assert QImage.fromData(picture.thumbnail).width() == 96


def test_enter_while_a_file_is_made_ready_sends_once_it_is(desk: Desk) -> None:
    desk.add(desk.file("notes.txt"))
    desk.pane.composer.editor.setPlainText("look")
    desk.do(desk.pane.composer.send)
    assert desk.pane.composer.editor.toPlainText() == "look"
    desk.until(lambda: desk.pane.model.rowCount() == 2)
    assert desk.pane.composer.editor.toPlainText() == ""


def test_what_is_taken_out_is_not_sent_and_its_copy_goes(desk: Desk) -> None:
    desk.add(desk.file("a.txt"), desk.file("b.txt"))
    desk.ready()
    kept = desk.folder / "uploads"
    assert len(list(kept.iterdir())) == 2
    row = desk.sending.strip.rows()[0]
    assert row.remove_button.accessibleName() == "Remove a.txt"
    desk.do(row.remove_button.click)
    assert [name for name, _ in desk.words()] == ["b.txt"]
    desk.until(lambda: len(list(kept.iterdir())) == 1)


def test_keys_alone_choose_what_is_made_smaller_and_take_files_out(desk: Desk) -> None:
    desk.add(*(desk.file(f"{name}.txt") for name in "abcde"), desk.picture("large.png", 3000, 2000))
    desk.ready()
    desk.until(desk.sending.strip.smaller_box.isVisible)
    desk.pane.activateWindow()
    desk.pane.composer.editor.setFocus()

    def go_to(button: QAbstractButton) -> None:
        for _ in range(40):
            focus = QApplication.focusWidget()
            if focus is button:
                return
            desk.do(lambda focus=focus: QTest.keyClick(focus, Qt.Key.Key_Tab))
        raise AssertionError(f"Tab does not reach {button.accessibleName()}")

    strip = desk.sending.strip
    for row in strip.rows():
        go_to(row.remove_button)
        assert row.remove_button.visibleRegion().boundingRect() == row.remove_button.rect(), "it is scrolled to"
    go_to(strip.smaller_box)
    was = strip.smaller_box.isChecked()
    desk.do(lambda: QTest.keyClick(strip.smaller_box, Qt.Key.Key_Space))
    assert strip.smaller_box.isChecked() is not was
    go_to(strip.rows()[0].remove_button)
    for left in (["b.txt", "c.txt", "d.txt", "e.txt"], ["c.txt", "d.txt", "e.txt"]):
        desk.do(lambda: QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space))
        assert [name for name, _ in desk.words()][:-1] == left
        assert strip.rows()[0].remove_button.hasFocus()
    for _ in range(4):
        desk.do(lambda: QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space))
    assert not strip.isVisible()
    assert desk.pane.composer.editor.hasFocus(), "one goes on writing"


def test_a_large_picture_can_be_made_smaller(desk: Desk) -> None:
    strip = desk.sending.strip
    desk.add(desk.picture("small.png", 100, 100))
    desk.ready()
    assert not strip.smaller_box.isVisible()
    noise = QImage(3000, 1500, QImage.Format.Format_RGB32)
    for x in range(0, 3000, 3):
        noise.setPixel(x, x // 2, x * 99_991)
    noise.save(str(desk.folder / "large.bmp"))
    desk.add(desk.folder / "large.bmp")
    desk.ready()
    assert strip.smaller_box.isVisible()
    desk.do(strip.smaller_box.click)
    desk.ready()
    name, words = desk.words()[1]
    assert name == "large.jpg"
    assert words.endswith("2048 × 1024")
    desk.do(strip.smaller_box.click)
    desk.ready()
    assert desk.words()[1][0] == "large.bmp"


def test_what_is_too_large_for_the_provider_is_said_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Upload, "limit", lambda _self, _account: UploadLimit(True, True, 1000))
    desk.add(desk.file("big.bin", b"x" * 1001))
    desk.ready()
    assert desk.words() == [("big.bin", "1.0 kB: too large, your provider takes at most 1.0 kB")]
    desk.do(desk.pane.composer.send)
    assert desk.pane.model.rowCount() == 0
    assert desk.pane.composer.error_box.isVisible()
    desk.do(desk.sending.strip.rows()[0].remove_button.click)
    assert not desk.pane.composer.error_box.isVisible()


def test_the_button_says_what_the_provider_takes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from whimbrel.model.events import ServerSupportLearnt

    button, account = desk.pane.composer.attach_button, desk.pane.conversation.account_id
    assert (button.isEnabled(), button.accessibleName()) == (True, "Attach")
    for limit, enabled, words in (
        (UploadLimit(True, False), False, "Your provider does not take files"),
        (UploadLimit(True, True, 5_000_000), True, "Attach files of at most 5.0 MB"),
    ):
        monkeypatch.setattr(Upload, "limit", lambda _self, _account, limit=limit: limit)
        desk.core.services.bus.publish(ServerSupportLearnt(account))
        assert (button.isEnabled(), button.toolTip()) == (enabled, words)


def test_pasting_text_wins_where_there_is_a_picture_too(desk: Desk) -> None:
    editor = desk.pane.composer.editor
    both = QMimeData()
    both.setImageData(QImage(5, 5, QImage.Format.Format_RGB32))
    both.setText("cells")
    desk.do(lambda: editor.insertFromMimeData(both))
    assert (editor.toPlainText(), desk.words()) == ("cells", [])
    picture = QMimeData()
    picture.setImageData(QImage(5, 5, QImage.Format.Format_RGB32))
    assert editor.canInsertFromMimeData(picture)
    desk.do(lambda: editor.insertFromMimeData(picture))
    desk.until(desk.words)
    assert desk.words()[0][0] == "Picture.png"
    path = desk.file("a b.txt")
    desk.do(lambda: editor.insertFromMimeData(files_data(path, text=str(path))))  # as file managers copy
    assert [name for name, _ in desk.words()] == ["Picture.png", "a b.txt"]
    desk.do(lambda: editor.insertFromMimeData(files_data(path, text=" and words")))
    assert editor.toPlainText() == "cells and words"


def test_dropping_shows_where_and_takes_files(desk: Desk) -> None:
    area, data = desk.sending.drop_area, files_data(desk.file("a.txt"), desk.file("b.txt"))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    area.eventFilter(desk.pane, enter)
    assert enter.isAccepted()
    assert area.isVisible()
    assert area.size() == desk.pane.size()
    area.dragEnterEvent(enter)
    drop = QDropEvent(QPointF(9, 9), copy, data, left, none, QEvent.Type.Drop)
    desk.do(lambda: area.dropEvent(drop))
    assert not area.isVisible()
    assert [name for name, _ in desk.words()] == ["a.txt", "b.txt"]
    desk.ready()


def test_a_file_on_its_way_shows_how_far_it_is_and_can_be_cancelled(desk: Desk) -> None:
    desk.add(desk.file("a.bin", b"x" * 2_000_000))
    desk.ready()
    desk.do(desk.pane.composer.send)
    message = desk.pane.model.message(0)
    (part,) = desk.sending.parts([message]).values()
    assert part.words == "Waiting to be sent"
    assert UploadPart(2_000_000, 500_000).words == "Sending 500.0 kB of 2.0 MB"
    layout = part.lay_out(Look.current(), 500, outgoing=True)
    wider = UploadPart(2_000_000, 1_999_999).lay_out(Look.current(), 500, outgoing=True)
    assert layout.size == wider.size
    (cancel,) = layout.actions(QRectF(QPointF(0, 0), layout.size))
    assert cancel.run is not None
    desk.do(cancel.run)
    desk.pane.model.flush()
    assert desk.pane.model.rowCount() == 0
    desk.until(lambda: not any((desk.folder / "uploads").iterdir()))


def test_nothing_to_send_is_left_of_what_is_not_there(desk: Desk) -> None:
    desk.add(desk.folder / "gone.txt", desk.folder)
    desk.ready()
    gone, folder = "This is not there any more, or is not a file", "This is a folder: send the files in it"
    assert desk.words() == [("gone.txt", gone), (desk.folder.name, folder)]
    assert isinstance(desk.core.services.offer(Uploads), Upload)
    assert desk.core.services.accounts.status(desk.pane.conversation.account_id).state is ConnectionState.OFFLINE
