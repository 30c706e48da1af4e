"""The strip above the composer: which files will go, each with its picture, name and size, to be taken out again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import NORMAL, SMALL, font, grown, theme
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.focus_in_view import show_focus_in
from whimbrel.ui.widgets.label import ElidedLabel, Label

_PICTURE = 40  # pixels
_ICON = 20
_MOST_ROWS = 3
_ROW, _AROUND = 48, 8
_BETWEEN = 4


class FileRow(QWidget):
    """One file."""

    remove_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.picture = Label()
        keep_size(self.picture, _PICTURE, _PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedLabel(name)
        self.words = ElidedLabel("", size=SMALL, tone="second")
        self.remove_button = icon_button("close", self.tr("Remove {name}").replace("{name}", name), size=16)
        self.remove_button.clicked.connect(self.remove_requested)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self.name)
        texts.addWidget(self.words)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addLayout(texts, 1)
        row.addWidget(self.remove_button)
        theme().changed.connect(self._draw)
        self._draw()

    def show_name(self, name: str) -> None:
        """Another name: that of a picture that was made smaller."""
        self.name.setText(name)

    def show_words(self, words: str, *, is_error: bool = False) -> None:
        """Its size, or what is wrong with it."""
        self.words.setText(words)
        self.words.setToolTip(words if is_error else "")
        self.words.setProperty("tone", "error" if is_error else "second")
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)

    def show_picture(self, image: QImage | None) -> None:
        """What it looks like; None: a file like any other."""
        self._image = image
        self._draw()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)

    def _draw(self) -> None:
        self.setFixedHeight(_row_height())
        ratio = self.devicePixelRatioF()
        if self._image is None:
            self.picture.setPixmap(icon("file").pixmap(QSize(grown(_ICON), grown(_ICON)), ratio))
            return
        pixels = round(grown(_PICTURE) * ratio)
        mode, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        scaled = self._image.scaled(pixels, pixels, mode, smooth)
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(0, 0, pixels, pixels, 6 * ratio, 6 * ratio)
        painter.setClipPath(path)
        painter.drawImage((pixels - scaled.width()) // 2, (pixels - scaled.height()) // 2, scaled)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)


class AttachmentStrip(QFrame):
    """All files that will go. Hidden while there are none."""

    smaller_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAccessibleName(self.tr("Files to send"))
        self.smaller_box = QCheckBox(self.tr("Make large pictures smaller"))
        self.smaller_box.setAccessibleName(self.tr("Make large pictures smaller"))
        self.smaller_box.setToolTip(self.tr("At most 2048 pixels wide and high"))
        self.smaller_box.toggled.connect(self.smaller_changed)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(_BETWEEN)
        inside = QWidget()
        inside.setProperty("surface", "none")
        inside.setLayout(self._rows)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        show_focus_in(self._scroll)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))  # what was added last is seen
        choice = QHBoxLayout()
        choice.setContentsMargins(12, 0, 12, 4)
        choice.addWidget(self.smaller_box)
        choice.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(self._scroll)
        layout.addLayout(choice)
        theme().changed.connect(self._style)
        self._style()
        self.show_choice(False)
        self.hide()

    def add(self, row: FileRow) -> None:
        """Show one more."""
        self._rows.addWidget(row)
        self._fit()

    def take_out(self, row: FileRow) -> None:
        """Show one less; the focus goes to the next."""
        index = self._rows.indexOf(row)
        had_focus = row.remove_button.hasFocus()
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._fit()
        rows = self.rows()
        if had_focus and rows:
            rows[min(index, len(rows) - 1)].remove_button.setFocus()

    def rows(self) -> list[FileRow]:
        """What is shown."""
        items = (self._rows.itemAt(index) for index in range(self._rows.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, FileRow)]

    def show_choice(self, shown: bool) -> None:
        """Whether there is a picture that can be made smaller."""
        self.smaller_box.setVisible(shown)

    def _fit(self) -> None:
        count = self._rows.count()
        shown = min(count, _MOST_ROWS)
        row = _row_height()
        half = row // 2 if count > _MOST_ROWS else 0  # so that it is seen that there are more
        self._scroll.setFixedHeight(shown * row + max(0, shown - 1) * _BETWEEN + half)
        self.setVisible(count > 0)

    def _style(self) -> None:
        tokens = theme().tokens
        self.setStyleSheet(
            f"#strip {{ background: {tokens.side_pane.name()}; border: 1px solid {tokens.line.name()};"
            " border-radius: 12px; }"
        )
        self._fit()


def _row_height() -> int:
    lines = QFontMetrics(font(NORMAL)).height() + QFontMetrics(font(SMALL)).height()
    return max(_ROW, grown(_PICTURE) + _AROUND, lines + _AROUND)


def size_words(size: int) -> str:
    """A number of bytes as the person's language writes it."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
