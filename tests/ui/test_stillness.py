"""Where the desktop asks for less motion nothing moves by itself: whatever could, asks the theme first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyle, QWidget
from pytestqt.qtbot import QtBot

import whimbrel.ui
from whimbrel.ui.theme.theme import Theme

_UI = Path(whimbrel.ui.__file__).parent
_MOVING = re.compile(
    r"Q\w*Animation(Group)?|QMovie|QTimeLine|QScroller|QGraphicsOpacityEffect|setWindowOpacity|animateClick"
    r"|FrameReader|Projector|\w*_(fade|slide|blink|spin|pulse|glide|animate)\w*"
)
_WITHOUT_ASKING = {
    "reel.py": "plays what its window tells it to, which asks",
    "resting_caret.py": "lets the caret rest: it blinks as the desktop has it",
}


def _used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _modules() -> Iterator[tuple[str, set[str]]]:
    for path in sorted(_UI.rglob("*.py")):
        yield path.name, set(_used(ast.parse(path.read_text(encoding="utf-8"))))


def test_whatever_moves_asks_the_theme() -> None:
    moving = {name: used for name, used in _modules() if any(_MOVING.fullmatch(each) for each in used)}
    assert {"spotlight.py", "pictures.py", "window.py"} <= set(moving)  # they are found
    asking = {name for name, used in moving.items() if "is_still" in used}
    assert set(moving) - asking == set(_WITHOUT_ASKING)


def test_trees_unfold_and_views_scroll_at_once() -> None:
    for path in _UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setAnimated":
                assert [ast.literal_eval(each) for each in node.args] == [False], path


@pytest.mark.parametrize("still", [True, False])
def test_qts_own_widgets_heed_it_too(theme: Theme, qtbot: QtBot, qapp: QApplication, still: bool) -> None:
    menus = Qt.UIEffect.UI_General
    qapp.setEffectEnabled(menus, True)
    theme.set_still(still)
    widget = QWidget()
    qtbot.addWidget(widget)
    duration = widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget)
    assert (duration == 0, qapp.isEffectEnabled(menus)) == (still, not still)
    theme.set_still(False)
    assert qapp.isEffectEnabled(menus)
    qapp.setEffectEnabled(menus, False)
