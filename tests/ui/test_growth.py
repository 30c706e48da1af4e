"""Large text: pictures, icons and marks grow with the letters as soon as the zoom becomes another, and shrink back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

import whimbrel.ui
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.parts import Advanced
from whimbrel.ui.accounts.start_page import StartPage
from whimbrel.ui.contacts.avatar import Avatar
from whimbrel.ui.conversation.attachment_strip import FileRow
from whimbrel.ui.conversation.emoji_picker import EmojiPicker
from whimbrel.ui.conversation.header import ConversationHeader
from whimbrel.ui.conversation.jump_button import JumpButton
from whimbrel.ui.conversation.quick_reactions import QuickReactions
from whimbrel.ui.conversation.strip import Strip
from whimbrel.ui.delegates.rows import avatar_side, row_height
from whimbrel.ui.settings.page_list import PageList
from whimbrel.ui.status.header import OwnAvatar
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.viewer.edge_button import EdgeButton
from whimbrel.ui.widgets.badge import dot_width
from whimbrel.ui.widgets.buttons import icon_button

BOB = JID.parse("bob@example.org")
_SCROLL_BAR, _MENU_ICON = QStyle.PixelMetric.PM_ScrollBarExtent, QStyle.PixelMetric.PM_SmallIconSize
_SPIN = QStyle.ComplexControl.CC_SpinBox, QStyle.SubControl.SC_SpinBoxUp


def _metric(widget: QWidget, metric: QStyle.PixelMetric) -> int:
    widget.ensurePolished()
    return widget.style().pixelMetric(metric, None, widget)


def _spin_arrow(box: QSpinBox) -> int:
    box.ensurePolished()
    box.resize(box.sizeHint())
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    control, part = _SPIN
    return box.style().subControlRect(control, option, part, box).width()


def _handle(slider: QSlider) -> int:
    slider.ensurePolished()
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(control, option, part, slider).width()


def _measures(parent: QWidget) -> dict[str, Callable[[], int]]:
    """What a person sees of pictures and marks, each by its width in pixels."""
    own, avatar, pages = OwnAvatar(parent), Avatar(BOB, "Bob", parent=parent), PageList("Pages", parent)
    header, jump, edge = ConversationHeader(BOB, parent), JumpButton(parent), EdgeButton("chevron-left", "", parent)
    plus, strip, quick = icon_button("plus", "Add", parent), Strip("reply", "Leave", parent), QuickReactions((), parent)
    advanced, start, spin = Advanced(parent=parent), StartPage(parent), QSpinBox(parent)
    file, picker, slider, menu = (
        FileRow("a.txt", parent),
        EmojiPicker(parent),
        QSlider(Qt.Orientation.Horizontal, parent),
        QMenu(parent),
    )
    return {
        "row": lambda: avatar_side(),
        "dot": lambda: round(dot_width()),
        "own avatar": lambda: own.width(),
        "avatar": lambda: avatar.width(),
        "head": lambda: header._avatar.width(),
        "pages": lambda: pages.iconSize().width(),
        "jump": lambda: jump.width(),
        "edge": lambda: edge.width(),
        "button": lambda: plus.iconSize().width(),
        "strip": lambda: strip._picture.width(),
        "reaction": lambda: quick.buttons[0].width(),
        "arrow": lambda: advanced.button.iconSize().width(),
        "logo": lambda: start._logo.pixmap().width(),
        "file": lambda: file.picture.width(),
        "emoji": lambda: picker.grid.gridSize().width(),
        "emoji groups": lambda: picker.tone_button.width(),
        "slider": lambda: _handle(slider),
        "scroll bar": lambda: _metric(pages.verticalScrollBar(), _SCROLL_BAR),
        "menu": lambda: _metric(menu, _MENU_ICON),
        "spin": lambda: _spin_arrow(spin),
    }


def test_pictures_and_marks_follow_the_zoom_at_once(theme: Theme, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    measures = _measures(window)
    usual = {name: measure() for name, measure in measures.items()}
    theme.set_zoom(250)
    large = {name: measure() for name, measure in measures.items()}
    assert {name for name in usual if large[name] < 1.7 * usual[name]} == set()
    assert avatar_side() < row_height()
    theme.set_zoom(50)
    assert {name: measure() for name, measure in measures.items()} == usual


@pytest.mark.parametrize("zoom", [100, 250])
def test_the_emoji_are_whole_and_on_the_screen(theme: Theme, qtbot: QtBot, zoom: int) -> None:
    theme.set_zoom(zoom)
    window = QMainWindow()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    picker = EmojiPicker(window)
    picker.open_above(window)
    qtbot.waitUntil(lambda: picker.grid.viewport().height() > 0)
    cell = picker.grid.gridSize()
    assert picker.grid.viewport().width() >= 9 * cell.width()
    assert picker.grid.viewport().height() >= 7 * cell.height()
    assert picker.size().boundedTo(QSize(1280, 800)) == picker.size()
    picker.close()


def test_no_other_place_fixes_sizes() -> None:
    """Whoever gives a widget or its icons a size in pixels takes one that grows."""
    fixing = re.compile(r"\.(?:setFixedSize|setIconSize|setFixedWidth)\((?!.*grown\()")
    root = Path(whimbrel.ui.__file__).parent
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if fixing.search(path.read_text())}
    assert found == {"accounts/crop_view.py", "main_window.py"}  # cut out of a picture; the outline before the start
