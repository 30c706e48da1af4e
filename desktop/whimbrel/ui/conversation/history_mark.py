"""A quiet line among the messages that tells what is missing, with the button that fetches it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from whimbrel.ui.conversation.history_words import MarkWords
from whimbrel.ui.conversation.look import MARGIN, MARGIN_RIGHT
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.label import Label, plain_tip

_PAD = 8  # above and beneath
_APART = 8  # between text and button
_LINE = 24  # the least that shows of the lines at both sides
_WIDEST = 560


class HistoryMark(QWidget):
    """Text and button, centred: beside each other, or beneath where there is no room.

    Args:
        torn: whether it stands between messages: then a broken line runs through.
        wheel: who scrolls when the wheel turns over it.
    """

    activated = Signal()
    focus_lost = Signal()  # the button went away while the keyboard was on it

    def __init__(self, parent: QWidget, wheel: QWidget, *, torn: bool) -> None:
        super().__init__(parent)
        self._wheel = wheel
        self._torn = torn
        self._words: MarkWords | None = None
        self.label = Label(parent=self, size=SMALL, tone="second", wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = link_button("", self)
        self.button.setProperty("textSize", "small")
        self.button.clicked.connect(self.activated)
        self.hide()

    def say(self, words: MarkWords) -> None:
        """Show words; tell assistive technology where they change under somebody's eyes."""
        if words == self._words:
            return
        told = self._words is not None and self.isVisible() and words.text
        had_focus = self.button.hasFocus()
        self._words = words
        self.label.setText(words.text)
        self.label.setToolTip(plain_tip(words.detail))
        self.label.setVisible(bool(words.text))
        self.button.setText(words.action)
        self.button.setAccessibleName(words.action)
        self.button.setAccessibleDescription(words.text)
        self.button.setVisible(bool(words.action))
        self._set_tone("error" if words.is_error else "second")
        self._place()
        if had_focus and not words.action:
            self.focus_lost.emit()
        if told:
            announce(self, words.text, urgent=words.is_error)

    @property
    def is_blank(self) -> bool:
        """Whether it has nothing to say."""
        return self._words is None or not (self._words.text or self._words.action)

    def heightForWidth(self, width: int) -> int:
        """The height that it needs, in pixels."""
        return 0 if self.is_blank else self._measure(width)[2]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        QCoreApplication.sendEvent(self._wheel, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._torn or self.is_blank:
            return
        text, button, _ = self._measure(self.width())
        inner = text.united(button) if not button.isNull() else text
        painter = QPainter(self)
        pen = QPen(theme().tokens.offline, 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        y = self.height() / 2
        before, after = self._margins()
        painter.drawLine(QPointF(before, y), QPointF(inner.left() - 2 * _APART, y))
        painter.drawLine(QPointF(self.width() - after, y), QPointF(inner.right() + 2 * _APART, y))
        painter.end()

    def _margins(self) -> tuple[int, int]:
        return (MARGIN_RIGHT, MARGIN) if self.isRightToLeft() else (MARGIN, MARGIN_RIGHT)

    def _measure(self, width: int) -> tuple[QRect, QRect, int]:
        """Where text and button go, and the height of it all."""
        self.label.ensurePolished()
        self.button.ensurePolished()
        sides = MARGIN + MARGIN_RIGHT + (2 * (_LINE + 2 * _APART) if self._torn else 0)
        room = max(min(width - sides, _WIDEST), 1)
        metrics = self.label.fontMetrics()
        shown = self._words or MarkWords("")
        natural = metrics.horizontalAdvance(shown.text) + 2 if shown.text else 0
        button = self.button.sizeHint()
        button_width = button.width() if shown.action else 0
        apart = _APART if natural and button_width else 0
        centre = self._margins()[0] + (width - MARGIN - MARGIN_RIGHT) // 2
        if natural + apart + button_width <= room:
            height = max(metrics.height(), button.height())  # the same with and without the button
            left = centre - (natural + apart + button_width) // 2
            text = QRect(left, _PAD, natural, height)
            return text, QRect(left + natural + apart, _PAD, button_width, height), height + 2 * _PAD
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        needed = metrics.boundingRect(QRect(0, 0, room, 10_000), flags, shown.text)
        text = QRect(centre - room // 2, _PAD, room, needed.height())
        below = button.height() if button_width else 0
        beneath = QRect(centre - button_width // 2, text.bottom() + 1, button_width, below)
        return text, beneath, needed.height() + below + 2 * _PAD

    def _place(self) -> None:
        text, button, _ = self._measure(self.width())
        self.label.setGeometry(text)
        self.button.setGeometry(button)
        self.update()

    def _set_tone(self, tone: str) -> None:
        if self.label.property("tone") != tone:
            self.label.setProperty("tone", tone)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)
