"""Finding widgets as assistive technology does: by type and accessible name."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QWidget

W = TypeVar("W", bound=QWidget)
D = TypeVar("D", bound=QDialog)


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it. (Qt names combo boxes by their value on Linux; readers use the label.)"""
    if isinstance(widget, QComboBox):
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).replace("&", "") if interface is not None else ""


def find(parent: QWidget, kind: type[W], name: str) -> W:
    """The visible widget of this type and accessible name; fails the test where there is none, or several."""
    found = [widget for widget in parent.findChildren(kind) if widget.isVisible() and name_of(widget) == name]
    assert len(found) == 1, f"{len(found)} of {kind.__name__} named {name!r} in {parent}"
    return found[0]


def open_dialog(kind: type[D]) -> D | None:
    """The open dialog of this type."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found[0] if found else None
