"""A dialog that is as high as its content, also when that wraps, appears or goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from whimbrel.ui.widgets.dialog import Dialog


class FittingDialog(Dialog):
    """Follows the height of its content until a person gives it another one; then it only grows."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 380) -> None:
        super().__init__(title, parent, width=width)
        self._fitted = -1

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            self._fit()
        super().setVisible(visible)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return handled

    def _fit(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        width = max(self.width() if self.isVisible() else self.minimumWidth(), layout.totalMinimumSize().width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        is_resized = self._fitted not in (-1, self.height())
        self._fitted = max(height, self.height()) if is_resized else height
        self.resize(width, self._fitted)
        if self.isVisible():
            self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """Move up or aside where growing would put the buttons beyond the screen's end."""
        available = self.screen().availableGeometry()
        frame, inner = self.frameGeometry(), self.geometry()
        bottom = frame.top() + frame.height() - inner.height() + self._fitted
        right = frame.left() + frame.width() - inner.width() + self.width()
        left = max(available.left(), frame.left() - max(0, right - available.right()))
        top = max(available.top(), frame.top() - max(0, bottom - available.bottom()))
        if left < frame.left() or top < frame.top():
            self.move(min(left, frame.left()), min(top, frame.top()))
