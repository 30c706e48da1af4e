"""Margins that are turned round where the interface runs from right to left; Qt turns only what stands in a layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout


def set_margins(layout: QLayout, begin: int, top: int, end: int, bottom: int) -> None:
    """Keep these pixels free around a layout: ``begin`` is where lines of the interface begin."""
    is_left = QGuiApplication.layoutDirection() is not Qt.LayoutDirection.RightToLeft
    layout.setContentsMargins(begin if is_left else end, top, end if is_left else begin, bottom)
