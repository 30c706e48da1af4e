"""The viewer of pictures: the way through a conversation, zoom, keys, what is not here, what cannot be shown (C9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QStackedWidget
from pytestqt.qtbot import QtBot
from tests.ui.album import URL, Album, animation, open_album, picture

from whimbrel.core.offers.retractions import Eraser
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.file_question import FileQuestion
from whimbrel.ui.conversation.media import Media
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.viewer.edge_button import EdgeButton
from whimbrel.ui.viewer.window import ViewerWindow


@pytest.fixture
def album(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Album]:
    with open_album(tmp_path, qtbot, qapp) as made:
        yield made


def test_arrows_go_from_the_oldest_picture_to_the_newest(album: Album) -> None:
    album.add_picture("one.png", 40, 20)
    album.add("notes.txt", media_type="text/plain")
    two = album.add_picture("two.png", 50, 20)
    album.add_picture("three.png", 60, 20)
    viewer = album.view(two)
    album.until_shown(50)
    assert viewer.windowTitle() == "two.png"
    assert viewer.place.text() == "2 of 3"
    assert viewer.title.full_text().startswith("\u2068Alice\u2069 · \u2068Today, ")
    assert viewer.canvas.accessibleDescription().startswith("two.png, Alice, Today, ")
    album.key(Qt.Key.Key_Left)
    album.until_shown(40)
    assert not viewer.previous.isVisible()
    album.key(Qt.Key.Key_Left)
    assert viewer.gallery.current.name == "one.png"
    album.key(Qt.Key.Key_End)
    album.until_shown(60)
    assert not viewer.next.isVisible()
    album.key(Qt.Key.Key_Home)
    album.until_shown(40)


def test_the_next_picture_is_decoded_beforehand(album: Album) -> None:
    one = album.add_picture("one.png", 40, 20)
    album.add_picture("two.png", 50, 20)
    viewer = album.view(one)
    beside = viewer.gallery.beside[0]
    album.until(lambda: viewer._reel.find(beside))
    album.key(Qt.Key.Key_Right)
    assert viewer.canvas.image.width() == 50


def test_zoom_by_keys_wheel_and_double_click_stays_within_the_picture(album: Album) -> None:
    viewer = album.view(album.add_picture("large.png", 1000, 2000))
    album.until(lambda: viewer.canvas.scale < 1)
    canvas = viewer.canvas
    fitted = canvas.scale
    assert not viewer.fit.isEnabled()
    album.key(Qt.Key.Key_Minus)
    assert canvas.scale == fitted
    album.key(Qt.Key.Key_Plus)
    assert canvas.scale == pytest.approx(fitted * 1.25)
    assert viewer.fit.isEnabled()
    album.key(Qt.Key.Key_1)
    assert canvas.scale == pytest.approx(1 / viewer.devicePixelRatioF())
    album.key(Qt.Key.Key_0)
    assert canvas.is_fitted
    point = QPointF(canvas.rect().center())
    wheel = QWheelEvent(
        point,
        point,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    album.do(lambda: QApplication.sendEvent(canvas, wheel))
    assert canvas.scale == pytest.approx(fitted * 1.25)
    album.do(lambda: album.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton))
    assert canvas.is_fitted
    album.do(lambda: album.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton))
    assert canvas.scale >= 1 / viewer.devicePixelRatioF()
    for _ in range(100):
        canvas.pan(QPointF(0, 500))
    assert canvas._center.y() * canvas.scale == pytest.approx(canvas.height() / 2, abs=1)


def test_all_pixels_are_decoded_only_when_they_are_looked_at(album: Album) -> None:
    screen = QGuiApplication.primaryScreen().size()
    side = screen.width() * 3
    viewer = album.view(album.add_picture("huge.png", side, side))
    album.until(lambda: viewer.canvas.image.width())
    assert viewer.canvas.image.width() <= screen.width()
    album.key(Qt.Key.Key_1)
    center = viewer.canvas._center
    album.until_shown(side)
    assert viewer.canvas._center == center
    assert viewer.canvas.scale == pytest.approx(1 / viewer.devicePixelRatioF())


def test_pictures_of_contacts_are_fetched_when_they_are_looked_at(album: Album) -> None:
    one = album.add_picture("one.png", 40, 20)
    album.add("two.png", width=64, height=32)
    album.core.choice.fetch_up_to = 10_000_000
    picture(64, 32).save(str(album.folder / "source.png"))
    album.fetcher.data = (album.folder / "source.png").read_bytes()
    viewer = album.view(one)
    album.until(lambda: album.fetcher.asked == [(URL + "two.png", False)])  # the next one, beforehand
    album.key(Qt.Key.Key_Right)
    album.until_shown(64)
    assert not viewer.notice.isVisible()


def test_what_may_not_be_fetched_unasked_waits_for_a_click_and_shows_how_far_it_is(album: Album) -> None:
    album.fetcher.open.clear()
    picture(64, 32).save(str(album.folder / "source.png"))
    album.fetcher.data = (album.folder / "source.png").read_bytes()
    viewer = album.view(album.add("far.png", size=1000))
    assert viewer.notice.button.accessibleName() == "Fetch"
    assert not viewer.saving.isEnabled()
    album.do(viewer.notice.button.click)
    album.until(lambda: viewer.notice.button.text() == "Cancel")
    album.until(lambda: "of 1.0 kB" in viewer.notice.words.text())
    album.fetcher.open.set()
    album.until_shown(64)
    assert not viewer.notice.isVisible()
    assert viewer.saving.isEnabled()


def test_http_asks_first(album: Album) -> None:
    viewer = album.view(album.add("plain.png", url="http://files.example/plain.png"))
    album.do(viewer.notice.button.click)
    question = viewer.findChildren(FileQuestion)[-1]
    assert album.fetcher.asked == []
    album.do(question.anyway.click)
    album.until(lambda: album.fetcher.asked == [("http://files.example/plain.png", True)])


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40), b"<svg xmlns='http://x'/>", b""])
def test_c9_a_hostile_picture_only_says_that_it_cannot_be_shown(album: Album, data: bytes) -> None:
    viewer = album.view(album.add_data("evil.png", data))
    album.until(viewer.notice.isVisible)
    assert viewer.notice.words.text().startswith("This picture cannot be shown")
    assert not viewer.notice.button.isVisible()
    assert viewer.canvas.image.isNull()
    assert not viewer.zoom_in.isEnabled()
    assert viewer.saving.isEnabled()


def test_c2_what_is_a_program_is_asked_about_here_too(album: Album) -> None:
    viewer = album.view(album.add_data("sea.png", b"\x7fELF and more"))
    album.until(viewer.notice.isVisible)
    album.do(viewer.more.click)
    menu = viewer.findChildren(QMenu)[-1]
    entry = next(one for one in menu.actions() if one.text() == "Open")
    album.do(entry.trigger)
    album.until(lambda: viewer.findChildren(FileQuestion))


def test_an_animation_is_shown_once_and_again_when_asked(album: Album) -> None:
    attachment = album.add_data("moving.gif", animation(3), media_type="image/gif")
    seen: list[str] = []

    def note() -> None:
        color = QColor(viewer.canvas.image.pixel(2, 2)).name() if not viewer.canvas.image.isNull() else ""
        if color and seen[-1:] != [color]:
            seen.append(color)

    viewer = album.view(attachment)
    assert viewer.again.isVisible()
    assert viewer.again.isEnabled()
    viewer._projector.frame.connect(lambda _: note())
    album.do(viewer.again.click)
    assert seen == ["#ff0000", "#00ff00", "#0000ff"]
    album.do(viewer.again.click)
    assert len(seen) == 6


def test_an_animation_stands_still_where_the_desktop_asks_for_it_until_it_is_played(album: Album, theme: Theme) -> None:
    theme.set_still(True)
    viewer = album.view(album.add_data("moving.gif", animation(3), media_type="image/gif"))
    album.until(viewer.again.isVisible)
    assert viewer.again.isEnabled()
    assert QColor(viewer.canvas.image.pixel(2, 2)).name() == "#ff0000"
    album.do(viewer.again.click)
    album.until(lambda: QColor(viewer.canvas.image.pixel(2, 2)).name() == "#0000ff")


def test_a_picture_that_does_not_move_cannot_be_played(album: Album) -> None:
    viewer = album.view(album.add_picture("one.png", 40, 20))
    album.until_shown(40)
    assert not viewer.again.isVisible()


def test_copying_puts_all_pixels_on_the_clipboard(album: Album) -> None:
    album.view(album.add_picture("one.png", 400, 200))
    album.until_shown(400)
    QGuiApplication.clipboard().clear()
    album.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    album.until(lambda: QGuiApplication.clipboard().image().size() == QSize(400, 200))


def test_what_is_taken_back_goes_and_the_last_one_closes_the_window(album: Album) -> None:
    one = album.add_picture("one.png", 40, 20)
    two = album.add_picture("two.png", 50, 20)
    viewer = album.view(two)
    album.until_shown(50)
    eraser = album.core.services.offer(Eraser)
    album.do(lambda: eraser.delete_here(two.message_id))
    album.until_shown(40)
    assert viewer.gallery.count == 1
    album.do(lambda: eraser.delete_here(one.message_id))
    assert not viewer.isVisible()


def test_every_control_has_a_name_and_escape_closes(album: Album) -> None:
    viewer = album.view(album.add_picture("one.png", 40, 20))
    names = {one.accessibleName() for one in viewer.findChildren(QPushButton)}
    names |= {one.accessibleName() for one in viewer.findChildren(EdgeButton)}
    assert names >= {
        "Previous picture",
        "Next picture",
        "Zoom in",
        "Zoom out",
        "Fit to window",
        "Copy",
        "Save as…",
        "More",
        "Play again",
    }
    album.key(Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_it_is_opened_from_a_bubble_and_from_the_menu_one_at_a_time(album: Album) -> None:
    album.add_picture("one.png", 40, 20)
    bridge = Bridge(album.core.services.bus)
    pane = album.show(lambda: ConversationPane(album.core.services, bridge, album.conversation))
    assert isinstance(pane, ConversationPane)
    show = next(one for one in pane.view.bubble(0).actions if one.label == "Show one.png")
    assert show.run is not None
    album.do(show.run)
    (first,) = pane.findChildren(ViewerWindow)
    media = next(one for one in pane.extensions if isinstance(one, Media))
    view = next(one for one in media.menu_entries(pane.model.message(0)) if one.label == "View")
    album.do(view.run)
    shown = [one for one in pane.findChildren(ViewerWindow) if one.isVisible()]
    assert len(shown) == 1
    assert shown[0] is not first
    asked: list[int] = []
    shown[0]._show_message = asked.append
    album.do(shown[0].more.click)
    menu = shown[0].findChildren(QMenu)[-1]
    album.do(next(one for one in menu.actions() if one.text() == "Show in conversation").trigger)
    assert asked == [pane.model.message(0).id]
    assert not any(one.isVisible() for one in pane.findChildren(ViewerWindow))
    bridge.close()


def test_it_outlives_the_conversation_that_it_was_opened_from(album: Album) -> None:
    album.add_picture("one.png", 40, 20)
    bridge = Bridge(album.core.services.bus)
    window = QStackedWidget()
    pane = ConversationPane(album.core.services, bridge, album.conversation)
    window.addWidget(pane)
    album.show(lambda: window)
    media = next(one for one in pane.extensions if isinstance(one, Media))
    album.do(next(one for one in media.menu_entries(pane.model.message(0)) if one.label == "View").run)
    (viewer,) = window.findChildren(ViewerWindow)
    pane.close_quietly()
    pane.deleteLater()
    album.until(lambda: not shiboken6.isValid(pane))
    album.do(viewer.more.click)
    offered = [one.text() for one in viewer.findChildren(QMenu)[-1].actions()]
    assert "Save as…" in offered
    assert "Show in conversation" not in offered
    album.do(viewer.close)
    bridge.close()


def test_the_menu_key_offers_what_can_be_done(album: Album) -> None:
    viewer = album.view(album.add_picture("one.png", 40, 20))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    album.do(lambda: QApplication.sendEvent(viewer.canvas, event))
    menu = viewer.findChildren(QMenu)[-1]
    assert [one.text() for one in menu.actions() if one.text()] == ["Copy", "Save as…", "Open", "Open folder"]
    album.do(menu.close)
