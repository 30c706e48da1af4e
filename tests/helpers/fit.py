"""Whether words have the room that they need: in windows as they are laid out, and in menus."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from whimbrel.ui.widgets.label import ElidedLabel


def cut_off(window: QWidget, foreign: tuple[str, ...] = ()) -> list[str]:
    """The words that have less room than they need, each with its room.

    Args:
        foreign: parts of what others wrote, names and addresses: of what bears one, the end may be left out.
    """
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            found += [f"{type(widget).__name__} {words}" for words in _cut_off(widget, foreign)]
    return found


def scrolled_sideways(window: QWidget) -> list[str]:
    """The parts of a window that have to be moved to the side to be read."""
    areas = [area for area in window.findChildren(QScrollArea) if area.isVisible()]
    return [area.accessibleName() for area in areas if area.horizontalScrollBar().maximum() > 0]


def _cut_off(widget: QWidget, foreign: tuple[str, ...]) -> Iterator[str]:
    if isinstance(widget, ElidedLabel):
        full = widget.full_text()
        if widget.text() != full and not any(part in full for part in foreign):
            yield f"{full}: {widget.width()}"
    elif isinstance(widget, QLabel) and widget.text():
        wraps = widget.wordWrap()
        needed = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().height()
        if widget.height() < needed or (not wraps and widget.width() < widget.sizeHint().width()):
            yield f"{widget.text()}: {widget.size().toTuple()} for {widget.sizeHint().toTuple()}"
    elif isinstance(widget, QPushButton | QCheckBox | QRadioButton) and widget.text():
        yield from _cut_off_button(widget)
    elif isinstance(widget, QLineEdit):
        yield from _cut_off_hint(widget)
    elif isinstance(widget, QComboBox):
        yield from _cut_off_choice(widget)
    elif isinstance(widget, QTabBar):
        yield from _cut_off_tabs(widget)
    elif isinstance(widget, QMenuBar):
        shown = widget.contentsRect()
        yield from (a.text() for a in widget.actions() if not shown.contains(widget.actionGeometry(a)))


def _cut_off_button(button: QAbstractButton) -> Iterator[str]:
    hint, line = button.sizeHint(), button.fontMetrics().height()
    if button.width() < hint.width() or button.height() < line:
        yield f"{button.text()}: {button.size().toTuple()} for {hint.toTuple()}"


def _cut_off_hint(field: QLineEdit) -> Iterator[str]:
    hint = field.placeholderText()
    margins = field.textMargins()
    room = field.contentsRect().width() - margins.left() - margins.right() - 4  # Qt keeps 2 pixels free at either side
    if hint and not field.text() and not isinstance(field.parent(), QComboBox):
        words = field.fontMetrics().horizontalAdvance(hint)
        if room < words:
            yield f"hint {hint}: {room} for {words}"


def _cut_off_choice(combo: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room: QRect = combo.style().subControlRect(control, option, part, combo)
    words = combo.fontMetrics().horizontalAdvance(combo.currentText())
    if room.width() < words:
        yield f"{combo.currentText()}: {room.width()} for {words}"


def _cut_off_tabs(tabs: QTabBar) -> Iterator[str]:
    metrics = QFontMetrics(tabs.font())
    for index in range(tabs.count()):
        rect, words = tabs.tabRect(index), metrics.horizontalAdvance(tabs.tabText(index))
        if not tabs.rect().contains(rect) or rect.width() < words:
            yield f"tab {tabs.tabText(index)}: {rect.width()} for {words} in {tabs.width()}"


def too_wide(menu: QMenu, width: int) -> list[str]:
    """Of a menu and those in it: which is wider, and where two entries have one mnemonic."""
    found = []
    hint = menu.sizeHint()
    if hint.width() > width:
        found.append(f"{[a.text() for a in menu.actions()]}: {hint.width()}")
    letters = [letter for action in menu.actions() if (letter := _mnemonic(action.text()))]
    found += [
        f"Alt+{letter} twice in {[a.text() for a in menu.actions()]}"
        for letter in {*letters}
        if letters.count(letter) > 1
    ]
    for action in menu.actions():
        further = action.menu()
        if isinstance(further, QMenu):
            found += too_wide(further, width)
    return found


def _mnemonic(text: str) -> str:
    plain = text.replace("&&", "")
    place = plain.find("&")
    return plain[place + 1 : place + 2].casefold() if place >= 0 else ""
