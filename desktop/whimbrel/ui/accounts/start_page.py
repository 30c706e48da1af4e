"""What the first start shows: sign in, or create an account."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from whimbrel.ui.theme.icons import logo
from whimbrel.ui.theme.theme import LARGE, grown, theme
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.label import Label

_LOGO = 84  # pixels
_WIDTH = 330  # pixels


class StartPage(QWidget):
    """The logo and two buttons, in the middle of whatever holds it."""

    sign_in_requested = Signal()
    create_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._logo = QLabel()
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = Label("Whimbrel", size=LARGE, bold=True)
        promise = Label(self.tr("Chat with friends, on any provider."), tone="second", wrap=True)
        self.sign_in = primary_button(self.tr("Sign in"))
        self.create_account = secondary_button(self.tr("Create an account"))
        for button in (self.sign_in, self.create_account):
            button.setAutoDefault(True)
        self.sign_in.clicked.connect(self.sign_in_requested)
        self.create_account.clicked.connect(self.create_requested)
        self._column = QWidget()
        inner = QVBoxLayout(self._column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        inner.addWidget(self._logo)
        inner.addSpacing(4)
        for label in (name, promise):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inner.addWidget(label)
        inner.addSpacing(12)
        inner.addWidget(self.sign_in)
        inner.addWidget(self.create_account)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addWidget(self._column, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(self.sign_in)  # a screen reader says at once what Enter does
        self.setAccessibleName("Whimbrel")
        theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        side = grown(_LOGO)
        self._logo.setPixmap(logo().pixmap(QSize(side, side), self.devicePixelRatioF()))
        self._column.setFixedWidth(grown(_WIDTH))
