"""A window with one picture of a conversation at a time: zoom, fit, and arrows to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whimbrel.model.attachment import Attachment, AttachmentId
from whimbrel.model.file_name import safe_name
from whimbrel.platform.pictures import read_picture
from whimbrel.ui.conversation.attachment_strip import size_words
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.run import run
from whimbrel.ui.viewer.canvas import Canvas
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel, Label

_LARGEST = QSize(6000, 6000)  # a larger one is made smaller while it is decoded
_FIRST = 1600  # pixels of what is shown while the rest is decoded
_PAN = 80
_SCREEN = 0.8


class ViewerWindow(QWidget):
    """Shows the pictures of a conversation that are here, from one of them on."""

    save_requested = Signal(object)  # Attachment
    open_requested = Signal(object)  # Attachment

    def __init__(self, pictures: Sequence[Attachment], first: AttachmentId, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self._pictures = pictures
        self._at = next((place for place, one in enumerate(pictures) if one.id == first), 0)
        self._shown = 0  # which request the decoded picture answers
        self.canvas = Canvas()
        self.canvas.setAccessibleName(self.tr("Picture"))
        self.title = ElidedLabel()
        self.place = Label(tone="second")
        self.trouble = Label(tone="second", wrap=True)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trouble.hide()
        self.file_actions = FileActions(self, self._complain)
        self._build()
        self._make_keys()
        self.canvas.scale_changed.connect(self._on_scale)
        self.resize(self._first_size())
        self._show()
        self.canvas.setFocus()

    @property
    def current(self) -> Attachment:
        """The picture that is shown."""
        return self._pictures[self._at]

    def go(self, step: int) -> None:
        """Show another one; at the ends nothing happens."""
        at = min(max(self._at + step, 0), len(self._pictures) - 1)
        if at != self._at:
            self._at = at
            self._show()

    def _build(self) -> None:
        bar = QFrame()
        bar.setProperty("surface", "side")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.title, 1)
        row.addWidget(self.place)
        row.addSpacing(8)
        self.previous = self._button(row, "chevron-left", self.tr("Previous picture"), lambda: self.go(-1))
        self.next = self._button(row, "chevron-right", self.tr("Next picture"), lambda: self.go(1))
        self.zoom_out = self._button(row, "zoom-out", self.tr("Zoom out"), self.canvas.zoom_out)
        self.zoom_in = self._button(row, "zoom-in", self.tr("Zoom in"), self.canvas.zoom_in)
        self.fit = self._button(row, "fit", self.tr("Fit to window"), self.canvas.fit)
        self._button(row, "download", self.tr("Save as…"), lambda: self.save_requested.emit(self.current))
        self._button(row, "window", self.tr("Open"), lambda: self.open_requested.emit(self.current))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.trouble)
        column.addWidget(self.canvas, 1)

    def _button(self, row: QHBoxLayout, icon: str, name: str, act: object) -> QPushButton:
        button = icon_button(icon, name)
        button.clicked.connect(act)
        row.addWidget(button)
        return button

    def _make_keys(self) -> None:
        for keys, act in (
            ((QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)), self.close),
            (
                (QKeySequence("+"), QKeySequence("="), QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")),
                self.canvas.zoom_in,
            ),
            ((QKeySequence("-"), QKeySequence("Ctrl+-")), self.canvas.zoom_out),
            ((QKeySequence("0"), QKeySequence("Ctrl+0")), self.canvas.fit),
            ((QKeySequence("1"),), self.canvas.show_true_size),
            ((QKeySequence("Ctrl+S"),), lambda: self.save_requested.emit(self.current)),
        ):
            for key in keys:
                QShortcut(key, self).activated.connect(act)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to other pictures; up and down, and with Shift all four, move what is seen of an enlarged one."""
        key, moves = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        directions = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        if key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp) and not moves:
            self.go(-1)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Space) and not moves:
            self.go(1)
        elif key == Qt.Key.Key_Home:
            self.go(-len(self._pictures))
        elif key == Qt.Key.Key_End:
            self.go(len(self._pictures))
        elif key in directions:
            x, y = directions[Qt.Key(key)]
            self.canvas.pan(QPointF(x * _PAN, y * _PAN))
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        attachment, count = self.current, len(self._pictures)
        name = safe_name(attachment.name, self.tr("Picture"))
        self.setWindowTitle(name)
        told = [name]
        if attachment.width and attachment.height:
            told.append(f"{attachment.width} × {attachment.height}")
        if attachment.size is not None:
            told.append(size_words(attachment.size))
        self.title.setText(" · ".join(told))
        where = self.tr("{number} of {count}").replace("{number}", str(self._at + 1)).replace("{count}", str(count))
        self.place.setText(where)
        self.previous.setEnabled(self._at > 0)
        self.next.setEnabled(self._at < count - 1)
        self.canvas.setAccessibleDescription(", ".join(filter(None, [name, attachment.description, where])))
        announce(self, f"{name}, {where}")
        self.trouble.hide()
        self.canvas.show_image(None)
        self._shown += 1
        run(self, self._read(self._shown, Path(attachment.path)), on_error=lambda _: None)

    async def _read(self, request: int, path: Path) -> None:
        """First as large as the window, then all of it."""
        box = QSize(_FIRST, _FIRST)
        image = await asyncio.to_thread(read_picture, path, box)
        if request != self._shown:
            return
        if image is None:
            self._complain(self.tr("This picture cannot be shown. Open it with another program, or save it."))
            return
        self.canvas.show_image(image)
        if max(image.width(), image.height()) < _FIRST:
            return
        whole: QImage | None = await asyncio.to_thread(read_picture, path, _LARGEST)
        if request == self._shown and whole is not None and whole.width() > image.width():
            self.canvas.show_image(whole, keep=True)

    def _complain(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.show()
        announce(self, words)

    def _on_scale(self) -> None:
        self.fit.setEnabled(not self.canvas.is_fitted)

    def _first_size(self) -> QSize:
        screen = self.screen().availableGeometry().size()
        return QSize(min(round(screen.width() * _SCREEN), 1200), min(round(screen.height() * _SCREEN), 900))
