"""*About Whimbrel*."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from whimbrel import __version__
from whimbrel.ui.theme.icons import logo
from whimbrel.ui.theme.theme import grown, theme
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_LOGO = 64


class AboutDialog(FittingDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=320)
        self.setWindowTitle(self.tr("About Whimbrel"))
        self.setAccessibleName(self.tr("About Whimbrel"))
        self.title.setText("Whimbrel")
        self._picture = QLabel()
        self.content.addWidget(self._picture)
        self.content.addWidget(Label(self.tr("Version {version}").replace("{version}", __version__)))
        self.content.addWidget(Label(self.tr("A calm, loss-free messenger for XMPP."), tone="second", wrap=True))
        self.content.addWidget(Label(self.tr("Free software: GNU AGPL, version 3 or later."), tone="second", wrap=True))
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.close)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        side = grown(_LOGO)
        self._picture.setPixmap(logo().pixmap(QSize(side, side), self.devicePixelRatioF()))
