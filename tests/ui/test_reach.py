"""By keyboard: Tab and Shift+Tab reach every control, are held by none, and show where they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QTabBar,
    QWidget,
)
from tests.helpers.core import Core
from tests.ui.test_looks import DIALOGS, Talk

from whimbrel.ui.run import running
from whimbrel.ui.theme.theme import Theme

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QTabBar,
)
_MOST = 120  # presses of Tab
_LOOKED_AT: set[tuple[object, ...]] = set()


@pytest.fixture
def talk(core: Core, theme: Theme, tmp_path: Path) -> Talk:
    """Alice, online."""
    return Talk(core, theme, tmp_path)


def _controls(window: QWidget) -> list[QWidget]:
    """What somebody with a mouse can use now; parts of something else and what is in a calendar left out."""
    found = [each for kind in _CONTROLS for each in window.findChildren(kind)]
    inside = (QComboBox, QSpinBox, QCalendarWidget, QTabBar)
    return [
        each
        for each in found
        if each.isVisible()
        and each.isEnabled()
        and not any(isinstance(one, inside) for one in _above(each))
        and not (isinstance(each, QLineEdit) and each.isReadOnly())
        and each.visibleRegion().boundingRect().isValid()
    ]


def _above(widget: QWidget) -> Iterator[QWidget]:
    one = widget.parentWidget()
    while one is not None and not one.isWindow():
        yield one
        one = one.parentWidget()


def _name(widget: QWidget) -> str:
    """How a screen reader calls it; a combo box and the like by their labels."""
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is None:
        return ""
    labels = (one.text(QAccessible.Text.Name) for one, relation in interface.relations(QAccessible.RelationFlag.Label))
    return interface.text(QAccessible.Text.Name) or next((label for label in labels if label), "")


def walk(window: QWidget) -> list[str]:
    """Press Tab round the window; returns what is wrong, in words."""
    wrong: list[str] = []
    seen: list[QWidget] = []
    for _ in range(_MOST):
        before = window.focusWidget()
        shown = None
        if before is not None and (kind := _kind(before)) not in _LOOKED_AT:
            _LOOKED_AT.add(kind)
            shown = before.grab().toImage()
        QTest.keyClick(before or window, Qt.Key.Key_Tab)
        now = window.focusWidget()
        if now is not None and now is before and len(_controls(window)) == 1:
            return wrong  # there is nothing else
        if now is None or now is before:
            wrong.append(f"the focus is held by {_told(before)}")
            break
        if before is not None and before.isVisible() and shown is not None and before.grab().toImage() == shown:
            wrong.append(f"the focus is not seen on {_told(before)}")
        if now.visibleRegion().isEmpty():
            wrong.append(f"the focus is out of sight on {_told(now)}")
        if not _name(now):
            wrong.append(f"no name: {_told(now)}")
        if now in seen:
            if now is not seen[0]:
                wrong.append(f"the way ends at {_told(now)}, not where it began: {_told(seen[0])}")
            wrong += _walk_back(window, seen)
            break
        seen.append(now)
    missed = [each for each in _controls(window) if not any(one is each or each.isAncestorOf(one) for one in seen)]
    return wrong + [f"Tab does not reach {_told(each)}" for each in missed]


def _walk_back(window: QWidget, way: list[QWidget]) -> list[str]:
    """Press Shift+Tab as often, from where the way begins; returns what is wrong, in words."""
    for expected in reversed(way):
        before = window.focusWidget()
        QTest.keyClick(before or window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        if window.focusWidget() is not expected:
            return [f"back from {_told(before)} is {_told(window.focusWidget())}, not {_told(expected)}"]
    return []


def _kind(widget: QWidget) -> tuple[object, ...]:
    """What one widget looks like in common with others."""
    chosen = widget.isChecked() if isinstance(widget, QAbstractButton) else None
    return type(widget), widget.property("kind"), chosen


def _told(widget: QWidget | None) -> str:
    return f"{type(widget).__name__} {_name(widget) if widget else ''!r}"


@pytest.mark.parametrize("name", list(DIALOGS))
def test_tab_reaches_all_of_every_dialog(talk: Talk, qapp: QApplication, name: str) -> None:

    async def look() -> None:
        dialog = DIALOGS[name](talk)
        dialog.show()
        dialog.activateWindow()
        async with asyncio.timeout(5):
            while running or not dialog.isActiveWindow():  # noqa: ASYNC110 - of Qt's
                await asyncio.sleep(0.01)
        found = walk(dialog)
        assert not found, "\n".join(found)
        dialog.close()

    loop = qasync.QEventLoop(qapp)
    loop.run_until_complete(look())
    loop.close()
