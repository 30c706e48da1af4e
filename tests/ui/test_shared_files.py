"""What was shared with a contact, in Details: pictures as a grid, files as a list, and what a click does (C2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.album import URL, Album, open_album, picture

from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.attachment import AttachmentState
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.shared_files import SharedFiles
from whimbrel.ui.contacts.shared_items import SIDE, SharedFile, SharedPicture, read_square
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.conversation.file_question import FileQuestion
from whimbrel.ui.viewer.window import ViewerWindow


@pytest.fixture
def album(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Album]:
    with open_album(tmp_path, qtbot, qapp) as made:
        yield made


def details(album: Album, opened: list[str] | None = None) -> SharedFiles:
    services = album.core.services
    contact = services.roster.find(album.conversation.account_id, album.conversation.jid)
    assert contact is not None
    dialog = album.show(lambda: DetailsDialog(services, contact))
    shared = dialog.findChild(SharedFiles)
    assert isinstance(shared, SharedFiles)

    def open_url(url: QUrl) -> bool:
        (opened if opened is not None else []).append(url.toLocalFile())
        return True

    shared.file_actions = FileActions(shared, pytest.fail, open_url)
    return shared


def pictures(shared: SharedFiles) -> list[SharedPicture]:
    return [one for one in shared._items.values() if isinstance(one, SharedPicture)]


def files(shared: SharedFiles) -> list[SharedFile]:
    return [one for one in shared._items.values() if isinstance(one, SharedFile)]


def test_nothing_is_shown_where_nothing_was_shared(album: Album) -> None:
    assert not details(album).isVisible()


def test_the_newest_pictures_come_first_and_open_in_the_viewer(album: Album) -> None:
    for number in range(12):
        album.add_picture(f"{number}.png", 100 + number, 50)
    album.add_data("notes.pdf", b"%PDF", media_type="application/pdf", size=4)
    shared = details(album)
    assert [one.attachment.name for one in pictures(shared)] == [f"{number}.png" for number in range(11, 1, -1)]
    assert all(one._image.width() == round(SIDE * shared.devicePixelRatioF()) for one in pictures(shared))
    assert [one.accessibleName() for one in files(shared)] == ["File notes.pdf, 4 bytes"]
    album.do(pictures(shared)[2].click)
    viewer = shared.window().findChild(ViewerWindow)
    assert isinstance(viewer, ViewerWindow)
    assert viewer.gallery.current.name == "9.png"
    album.do(viewer.close)


def test_a_file_that_is_not_here_is_fetched_and_then_opened(album: Album) -> None:
    album.fetcher.data = b"%PDF"
    album.add("far.pdf", media_type="application/pdf", size=4)
    opened: list[str] = []
    shared = details(album, opened)
    assert files(shared)[0].accessibleName() == "File far.pdf, 4 bytes, not fetched yet"
    album.do(files(shared)[0].click)
    album.until(lambda: opened)
    assert album.fetcher.asked == [(URL + "far.pdf", False)]
    assert Path(opened[0]).name == "far.pdf"
    album.until(lambda: files(shared)[0].accessibleName() == "File far.pdf, 4 bytes")


def test_c2_a_program_is_asked_about(album: Album) -> None:
    album.add_data("report.pdf", b"\x7fELF", media_type="application/pdf")
    opened: list[str] = []
    shared = details(album, opened)
    album.do(files(shared)[0].click)
    question = shared.findChildren(FileQuestion)[-1]
    assert opened == []
    album.do(question.anyway.click)
    assert len(opened) == 1


def test_what_was_deleted_goes_from_the_grid(album: Album) -> None:
    album.add_picture("one.png", 40, 20)
    two = album.add_picture("two.png", 40, 20)
    shared = details(album)
    album.do(lambda: album.core.services.offer(Eraser).delete_here(two.message_id))
    album.until(lambda: [one.attachment.name for one in pictures(shared)] == ["one.png"])


def test_c9_a_hostile_picture_has_a_sign_in_its_place(album: Album) -> None:
    album.add_data("evil.png", b"no picture")
    shared = details(album)
    assert pictures(shared)[0]._image.isNull()


@pytest.mark.parametrize(("width", "height"), [(2000, 10), (10, 2000), (1, 1), (300, 300)])
def test_any_form_of_picture_fills_its_square(album: Album, width: int, height: int) -> None:
    attachment = album.add_picture("odd.png", width, height, state=AttachmentState.HERE)
    image = read_square(attachment, 72)
    assert image is not None
    assert (image.width(), image.height()) == (72, 72)
    assert image.pixelColor(36, 36) == picture(1, 1).pixelColor(0, 0)
