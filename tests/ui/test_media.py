"""Pictures and files in bubbles: what is shown, what a click does (C2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from qasync import QEventLoop
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.program import drive, leave, until
from tests.ui.album import animation

from whimbrel.model.attachment import Attachment, AttachmentState, NewAttachment
from whimbrel.model.fetched import Fetched
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.actions import Action
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.conversation.file_question import FileQuestion
from whimbrel.ui.conversation.look import EDGE
from whimbrel.ui.conversation.media import Media
from whimbrel.ui.conversation.menu import message_menu
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.picture_part import HIGHEST, WIDEST, picture_size
from whimbrel.ui.conversation.pictures import Playing
from whimbrel.ui.run import running
from whimbrel.ui.theme.theme import Theme

URL = "https://files.example/"


class CopyingFetcher:
    """Gives what lies in ``source`` for every address."""

    def __init__(self) -> None:
        self.source = Path()
        self.gate: asyncio.Event | None = None  # nothing comes before it is set
        self.asked: list[tuple[str, bool]] = []

    async def fetch(
        self,
        url: str,
        target: Path,
        most: int,
        advance: Callable[[int, int | None], None],
        *,
        unencrypted: bool = False,
    ) -> Fetched:
        self.asked.append((url, unencrypted))
        if self.gate is not None:
            advance(500, 1000)
            await self.gate.wait()
        data = await asyncio.to_thread(self.source.read_bytes)
        await asyncio.to_thread(target.write_bytes, data)
        return Fetched(len(data), "image/png", "")


class Desk:
    """A conversation with Alice on the screen."""

    def __init__(self, folder: Path, qtbot: QtBot, loop: QEventLoop) -> None:
        self.folder = folder
        self.loop = loop
        self.fetcher = CopyingFetcher()
        self.core = Core(folder, fetcher=self.fetcher)
        self.stream = self.core.online(contact("alice@example.net"))
        self.core.choice.fetch_up_to = 0
        self.store = AttachmentStore(self.core.database)
        account = self.stream.account_id
        self.conversation = self.core.services.conversations.open(account, JID.parse("alice@example.net"))
        self.bridge = Bridge(self.core.services.bus)
        self.qtbot = qtbot

    def receive(self, name: str, body: str = "", **told: object) -> Attachment:
        """A message with a file; without a text it says only where that is."""
        url = str(told.pop("url", URL + name))
        self.stream.receive_message("alice@example.net/x", body or url)
        row = self.core.database.row("SELECT max(id) FROM message")
        assert row is not None
        told.setdefault("media_type", "image/png")
        return self.store.add(NewAttachment(MessageId(row[0]), url=url, name=name, **told))  # type: ignore[arg-type]

    def receive_picture(self, name: str, width: int, height: int, body: str = "", **told: object) -> Attachment:
        path = picture(self.folder / name, width, height)
        here = {"state": AttachmentState.HERE, "path": str(path), "width": width, "height": height}
        return self.receive(name, body, **(here | told))

    def show(self) -> None:
        self.pane = ConversationPane(self.core.services, self.bridge, self.conversation)
        self.qtbot.addWidget(self.pane)
        self.pane.resize(700, 800)
        self.media = next(one for one in self.pane.extensions if isinstance(one, Media))
        self.opened: list[str] = []
        self.media.file_actions = FileActions(self.pane, self.pane.error_box.show_text, self._open)
        self.do(self.pane.show)

    def _open(self, url: QUrl) -> bool:
        self.opened.append(url.toLocalFile())
        return True

    def until(self, condition: Callable[[], object]) -> None:
        drive(self.loop, until(condition))

    def do(self, act: Callable[[], object]) -> None:
        async def run() -> None:
            act()
            self.pane.grab()

        drive(self.loop, run())

    def labels(self, row: int = 0) -> list[str]:
        return [action.label for action in self.pane.view.bubble(row).actions]

    def press(self, label: str, row: int = 0) -> None:
        action: Action = next(one for one in self.pane.view.bubble(row).actions if one.label == label)
        assert action.run is not None
        self.do(action.run)

    def question(self) -> FileQuestion:
        return self.pane.findChildren(FileQuestion)[-1]


def picture(path: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    assert image.save(str(path))
    return path


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


def test_a_picture_has_its_final_size_before_it_is_here(desk: Desk) -> None:
    desk.receive("sea.png", width=800, height=400)
    desk.fetcher.source = picture(desk.folder / "source.png", 800, 400)
    desk.show()
    before = desk.pane.view.bubble(0).height
    (place,) = (action.rect for action in desk.pane.view.bubble(0).actions if action.rect is not None)
    assert (place.width(), place.height()) == (WIDEST, WIDEST / 2)
    assert desk.pane.model.row(0).text == ""
    desk.press("Fetch sea.png")
    desk.until(lambda: desk.labels() == ["Show sea.png"])
    assert desk.pane.view.bubble(0).height == before


def test_one_whose_size_nobody_told_gets_it_from_its_header(desk: Desk) -> None:
    desk.receive("sea.png")
    desk.show()
    desk.fetcher.source = picture(desk.folder / "source.png", 200, 100)
    desk.press("Fetch sea.png")
    desk.until(lambda: desk.labels() == ["Show sea.png"])
    (place,) = (action.rect for action in desk.pane.view.bubble(0).actions if action.rect is not None)
    assert (place.width(), place.height()) == (200, 100)


def test_the_time_stands_on_a_picture_and_beside_what_can_be_done_with_a_file(desk: Desk) -> None:
    desk.receive_picture("sea.png", 800, 400)
    desk.receive_picture("tiny.png", 16, 16)
    desk.receive_picture("harbour.png", 800, 400, "From the harbour, where the ferry leaves for the island at noon")
    desk.receive("notes.pdf", media_type="application/pdf")
    desk.show()
    picture, tiny, caption, file = (desk.pane.view.bubble(row) for row in range(4))
    (place,) = (action.rect for action in picture.actions if action.rect is not None)
    assert place.contains(picture.meta_rect)
    assert picture.is_time_on_picture
    edges = place.left() - picture.bubble_rect.left(), place.top() - picture.bubble_rect.top()
    assert edges == (EDGE, EDGE)
    assert picture.bubble_rect.bottom() - place.bottom() == EDGE
    assert not tiny.is_time_on_picture
    assert not caption.is_time_on_picture
    assert caption.bubble_rect.width() == picture.bubble_rect.width()
    (fetch,) = (action.rect for action in file.actions if action.rect is not None)
    assert (file.meta_rect.top(), file.meta_rect.bottom()) == (fetch.top(), fetch.bottom())
    assert file.meta_rect.left() > fetch.right()


def test_words_with_a_picture_stay_and_assistive_technology_hears_of_both(desk: Desk) -> None:
    desk.receive_picture("sea.png", 40, 20, "From the harbour", description="The sea at dawn", size=1500)
    desk.show()
    row = desk.pane.model.row(0)
    assert row.text == "From the harbour"
    assert row.description.endswith("Picture sea.png, The sea at dawn, 1.5 kB")


@pytest.mark.parametrize(("width", "height"), [(16, 16), (10_000, 10), (10, 10_000), (600, 1000), (1, 1)])
def test_no_form_of_picture_breaks_the_timeline(width: int, height: int) -> None:
    size = picture_size(width, height, 300)
    assert 1 <= size.width() <= 300
    assert 1 <= size.height() <= HIGHEST
    assert size.width() <= width


def test_http_asks_first_and_only_with_yes_is_it_fetched(desk: Desk) -> None:
    desk.receive("notes.txt", url="http://files.example/notes.txt", media_type="text/plain")
    desk.fetcher.source = desk.folder / "notes"
    desk.fetcher.source.write_text("notes")
    desk.show()
    desk.press("Fetch")
    desk.do(desk.question().reject)
    assert desk.fetcher.asked == []
    desk.press("Fetch")
    desk.do(desk.question().anyway.click)
    desk.until(lambda: desk.labels() == ["Open", "Save as…", "Open folder"])
    assert desk.fetcher.asked == [("http://files.example/notes.txt", True)]


def test_c2_programs_are_asked_about_before_they_are_opened(desk: Desk) -> None:
    path = desk.folder / "holiday.jpg"
    path.write_bytes(b"\x7fELF and more")
    told = {"state": AttachmentState.HERE, "path": str(path), "media_type": "application/pdf"}
    desk.receive("holiday.jpg", **told)
    desk.show()
    desk.press("Open")
    desk.until(lambda: desk.pane.findChildren(FileQuestion))
    desk.do(desk.question().reject)
    assert desk.opened == []
    desk.press("Open")
    desk.until(lambda: any(one.isVisible() for one in desk.pane.findChildren(FileQuestion)))
    desk.do(desk.question().anyway.click)
    assert desk.opened == [str(path)]


def test_a_file_is_opened_saved_without_rights_and_its_folder_shown(desk: Desk) -> None:
    path = desk.folder / "report.pdf"
    path.write_bytes(b"%PDF")
    path.chmod(0o700)
    file = desk.receive("report.pdf", media_type="application/pdf", state=AttachmentState.HERE, path=str(path))
    desk.show()
    desk.press("Open")
    desk.until(lambda: desk.opened == [str(path)])
    target = desk.folder / "elsewhere" / "mine.pdf"
    target.parent.mkdir()
    desk.do(lambda: desk.media.file_actions.save(file, target))
    desk.until(target.exists)
    assert target.read_bytes() == b"%PDF"
    assert not target.stat().st_mode & 0o111
    desk.do(lambda: desk.media.file_actions.save(file, desk.folder / "nowhere" / "mine.pdf"))
    desk.until(lambda: desk.pane.error_box.isVisible())
    desk.press("Open folder")
    assert desk.opened[-1] == str(target.parent)


def test_a_copy_that_has_gone_is_fetched_again_when_it_is_wanted(desk: Desk) -> None:
    path = picture(desk.folder / "sea.png", 30, 20)
    desk.receive("sea.png", state=AttachmentState.HERE, path=str(path), width=30, height=20)
    desk.show()
    desk.fetcher.source = picture(desk.folder / "source.png", 30, 20)
    path.unlink()
    desk.press("Show sea.png")
    desk.until(lambda: len(desk.fetcher.asked) == 1)


def test_what_is_no_picture_is_shown_as_a_file(desk: Desk) -> None:
    path = desk.folder / "sea.png"
    path.write_bytes(b"no picture")
    desk.receive("sea.png", state=AttachmentState.HERE, path=str(path), width=30, height=20)
    desk.show()
    desk.until(lambda: desk.labels() == ["Open", "Save as…", "Open folder"])
    assert "This picture cannot be shown" in desk.pane.model.row(0).description


def test_a_picture_of_few_pixels_fills_its_place_on_a_sharp_screen(desk: Desk) -> None:
    desk.receive_picture("sea.png", 150, 100)
    desk.show()
    (rect,) = (action.rect for action in desk.pane.view.bubble(0).actions if action.rect is not None)

    def paint() -> QImage:
        screen = QImage(rect.size().toSize() * 2, QImage.Format.Format_RGB32)
        screen.setDevicePixelRatio(2)
        screen.fill(Qt.GlobalColor.white)
        painter = QPainter(screen)
        painter.translate(-rect.topLeft())
        part = desk.pane.view.bubble(0).parts[0]
        part.layout.paint(painter, part.rect, None)
        painter.end()
        return screen

    sea = QColor(Qt.GlobalColor.darkCyan)
    desk.until(lambda: paint().pixelColor(150, 100) == sea)
    screen = paint()
    assert [screen.pixelColor(*point) for point in ((12, 12), (287, 187), (150, 4), (4, 100))] == [sea] * 4
    assert screen.pixelColor(0, 0) != sea


def test_several_files_stand_beneath_each_other_and_each_has_its_own_actions(desk: Desk) -> None:
    first = desk.receive_picture("sea.png", 80, 60)
    second = desk.store.add(NewAttachment(first.message_id, 1, url=f"{URL}a.pdf", name="a.pdf"))
    desk.store.add(NewAttachment(first.message_id, 2, url=f"{URL}b.png", name="b.png", width=90, height=60))
    desk.fetcher.source = desk.folder / "sea.png"
    desk.show()
    assert desk.labels() == ["Show sea.png", "Fetch", "Fetch b.png"]
    rects = [action.rect for action in desk.pane.view.bubble(0).actions if action.rect is not None]
    assert [one.words for one in desk.pane.view.bubble(0).actions] == ["Show sea.png", "Fetch, a.pdf", "Fetch b.png"]
    assert [rect.top() for rect in rects] == sorted(rect.top() for rect in rects)
    assert not any(one.intersects(other) for one, other in pairwise(rects))
    desk.press("Fetch")
    desk.until(lambda: desk.labels() == ["Show sea.png", "Open", "Save as…", "Open folder", "Fetch b.png"])
    assert desk.fetcher.asked == [(second.url, False)]


def test_how_far_a_file_is_shows_and_fetching_can_be_ended(desk: Desk) -> None:
    desk.receive("sea.png", width=400, height=300)
    desk.receive("notes.pdf", media_type="application/pdf")
    desk.fetcher.gate = gate = asyncio.Event()
    desk.show()
    before = [desk.pane.view.bubble(row).height for row in range(2)]
    desk.press("Fetch sea.png")
    desk.press("Fetch", 1)
    desk.until(lambda: "Fetching 500 bytes of 1.0 kB" in desk.pane.model.row(1).description)
    desk.until(lambda: "Fetching 500 bytes of 1.0 kB" in desk.pane.model.row(0).description)
    assert [desk.pane.view.bubble(row).height for row in range(2)] == before
    desk.press("Cancel fetching sea.png")
    desk.press("Cancel", 1)
    desk.until(lambda: (desk.labels(0), desk.labels(1)) == (["Fetch sea.png"], ["Fetch"]))
    gate.set()
    assert not any(one.path for row in (0, 1) for one in desk.store.list_of_message(desk.pane.model.message(row).id))


def test_what_is_read_stays_where_it_is_when_a_picture_above_arrives(desk: Desk) -> None:
    picture_above = desk.receive("sea.png")
    for number in range(25):
        desk.receive("notes.txt", f"line {number}", media_type="text/plain")
    desk.fetcher.source = picture(desk.folder / "source.png", 300, 300)
    desk.show()
    view, model = desk.pane.view, desk.pane.model
    row = model.row_of(picture_above.message_id)
    assert row >= 0
    desk.do(lambda: view.verticalScrollBar().setValue(view.verticalScrollBar().value() // 2))
    read = view.row_at(view.viewport().height() // 2)
    place, height = view.row_top(read), view.bubble(row).height
    desk.do(lambda: desk.media.fetch(picture_above))
    desk.until(lambda: desk.labels(row) == ["Show sea.png"])
    desk.do(view.executeDelayedItemsLayout)
    assert view.bubble(row).height > height
    assert view.row_top(read) == place


def test_an_own_picture_is_shown_from_its_copy_and_not_fetched(desk: Desk) -> None:
    path = picture(desk.folder / "mine.png", 300, 200)
    mine = desk.receive_picture("mine.png", 300, 200, state=AttachmentState.HERE, path=str(path))
    desk.core.database.execute("UPDATE message SET direction = 'out' WHERE id = ?", (mine.message_id,))
    desk.core.choice.fetch_up_to = 10**9
    desk.show()
    images: list[QImage | None] = []

    def look() -> bool:
        desk.pane.grab()
        images.append(desk.media.find_image(mine, 300, 200, 8.0))
        return images[-1] is not None

    desk.until(look)
    image = images[-1]
    assert image is not None
    assert image.pixelColor(150, 100) == QColor(Qt.GlobalColor.darkCyan)
    assert desk.labels() == ["Show mine.png"]
    assert desk.fetcher.asked == []


def watch(desk: Desk, film: Attachment, side: int) -> list[str]:
    """The colours of what is painted, each once, as long as anything changes."""
    seen: list[str] = []

    def look() -> None:
        image = desk.media.find_image(film, side, side, 0.0)
        color = "" if image is None else image.pixelColor(2, 2).name()
        if color and seen[-1:] != [color]:
            seen.append(color)

    desk.media.pictures.changed.connect(look)
    return seen


def test_of_several_files_each_can_be_opened_and_saved_from_the_menu(desk: Desk) -> None:
    first = desk.receive_picture("sea.png", 40, 20, "Both")
    paths = [desk.folder / name for name in ("Q&A.pdf", "x" * 200 + ".txt")]
    for position, path in enumerate(paths, 1):
        path.write_bytes(b"text")
        here = {"state": AttachmentState.HERE, "path": str(path), "media_type": "text/plain"}
        desk.store.add(NewAttachment(first.message_id, url="", name=path.name, position=position, **here))
    desk.show()
    menu = message_menu(desk.pane.view, 0, None)
    menus = [made for action in menu.actions() if isinstance(made := action.menu(), QMenu)]
    assert [made.title() for made in menus[:2]] == ["sea.png", "Q&&A.pdf"]
    assert "…" in menus[2].title()
    offered = [[action.text() for action in made.actions()] for made in menus]
    assert offered == [
        ["View", "Copy picture", "Open", "Save as…", "Open folder"],
        *2 * [["Open", "Save as…", "Open folder"]],
    ]
    assert "Open" not in [action.text() for action in menu.actions()]
    desk.do(menus[0].actions()[1].trigger)
    desk.until(lambda: QGuiApplication.clipboard().image().width() == 40)
    desk.do(menus[1].actions()[0].trigger)
    desk.until(lambda: desk.opened == [str(paths[0])])


def test_an_animation_plays_once_in_its_bubble_and_its_last_frame_stays(desk: Desk) -> None:
    path = desk.folder / "moving.gif"
    path.write_bytes(animation(3))
    here = {"state": AttachmentState.HERE, "path": str(path), "width": 4, "height": 4}
    film = desk.receive("moving.gif", media_type="image/gif", **here)
    desk.show()
    seen = watch(desk, film, 4)
    desk.until(lambda: (desk.pane.grab(), seen[-1:] == ["#0000ff"])[1])
    desk.until(lambda: not desk.media.pictures.findChildren(Playing))
    desk.do(desk.pane.view.viewport().update)
    assert seen == ["#ff0000", "#00ff00", "#0000ff"]
    image = desk.media.find_image(film, 4, 4, 0.0)
    assert image is not None
    assert image.pixelColor(2, 2).name() == "#0000ff"


def test_an_animation_stands_still_where_the_desktop_asks_for_it(desk: Desk, theme: Theme) -> None:
    theme.set_still(True)
    path = desk.folder / "moving.gif"
    path.write_bytes(animation(3))
    here = {"state": AttachmentState.HERE, "path": str(path), "width": 4, "height": 4}
    film = desk.receive("moving.gif", media_type="image/gif", **here)
    desk.show()
    seen = watch(desk, film, 4)
    desk.until(lambda: (desk.pane.grab(), seen and not running)[1])
    assert seen == ["#ff0000"]
    assert not desk.media.pictures.findChildren(Playing)


def test_an_animation_that_nobody_looks_at_ends(desk: Desk) -> None:
    path = desk.folder / "moving.gif"
    path.write_bytes(animation(200))
    here = {"state": AttachmentState.HERE, "path": str(path), "width": 4, "height": 4}
    desk.receive("moving.gif", media_type="image/gif", **here)
    desk.show()
    desk.until(lambda: desk.media.pictures.findChildren(Playing))
    (playing,) = desk.media.pictures.findChildren(Playing)
    shown: list[QImage] = []
    desk.media.pictures.changed.connect(lambda: shown.append(playing.image))
    desk.do(desk.pane.hide)
    desk.until(lambda: not desk.media.pictures.findChildren(Playing))
    assert len(shown) < 100
