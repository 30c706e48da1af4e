"""F6: the keyboard goes from one part of a window to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def focus_next(regions: Sequence[QWidget], step: int) -> None:
    """Give the keyboard to the next (1) or previous (-1) region that shows and can take it, round the ends."""
    stops = [(region, stop) for region in regions if (stop := entrance(region)) is not None]
    if not stops:
        return
    focus = QApplication.focusWidget()
    at = next((i for i, (one, _) in enumerate(stops) if focus is one or (focus and one.isAncestorOf(focus))), None)
    target = stops[(at + step) % len(stops) if at is not None else 0 if step > 0 else -1][1]
    target.setFocus(Qt.FocusReason.TabFocusReason)


def entrance(region: QWidget) -> QWidget | None:
    """What takes the keyboard in a region: itself, or the first in it that Tab would come to; None for nothing."""
    if not region.isVisible():
        return None
    if _takes_tab(region):
        return region
    one = region.nextInFocusChain()
    while one is not None and one is not region:
        if region.isAncestorOf(one) and _takes_tab(one):
            return one
        one = one.nextInFocusChain()
    return None


def _takes_tab(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
