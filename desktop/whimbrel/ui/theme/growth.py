"""Widgets and icons whose size in pixels follows the zoom, as soon as that becomes another."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

from whimbrel.ui.theme.theme import grown, theme


class _Growing(QObject):
    """Lives as long as its widget."""

    def __init__(self, widget: QWidget, width: float, height: float) -> None:
        super().__init__(widget)
        self._widget = widget
        self._width, self._height = width, height
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._widget.setFixedSize(grown(self._width), grown(self._height))


class _GrowingIcons(QObject):
    """Lives as long as the widget that shows the icons."""

    def __init__(self, widget: QAbstractButton | QAbstractItemView, side: float) -> None:
        super().__init__(widget)
        self._widget = widget
        self._side = side
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._widget.setIconSize(QSize(grown(self._side), grown(self._side)))


def keep_size(widget: QWidget, width: float, height: float) -> None:
    """Keep a widget so many pixels wide and high, more where the letters are large."""
    _Growing(widget, width, height)


def keep_icon_size(widget: QAbstractButton | QAbstractItemView, side: float) -> None:
    """Keep the icons of a button or a list so many pixels wide and high, more where the letters are large."""
    _GrowingIcons(widget, side)
