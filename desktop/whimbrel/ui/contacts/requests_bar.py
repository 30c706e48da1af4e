"""The section above the contacts that keeps unanswered requests in sight."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.requests import PendingRequests
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.label import ElidedLabel, Label


class RequestsBar(QWidget):
    """A card with the number of requests, the oldest one's address and *Review*; of no height where there is none."""

    review_requested = Signal()

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Requests"))
        self._pending = PendingRequests(services, bridge, self)
        self._pending.changed.connect(self._show)
        self.count = Label(bold=True)
        self.addresses = ElidedLabel(size=SMALL, tone="second")
        self.review = link_button(self.tr("Review"))
        self.review.clicked.connect(self.review_requested)
        self._card = QFrame(self)
        self._card.setProperty("surface", "card")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.count)
        words.addWidget(self.addresses)
        row = QHBoxLayout(self._card)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.review)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.addWidget(self._card)
        self._show()

    def _show(self) -> None:
        requests = self._pending.requests()
        self._card.setVisible(bool(requests))
        if not requests:
            return
        first, others = str(requests[0].jid), len(requests) - 1
        if others:
            self.count.setText(self.tr("%n requests", "", len(requests)))
            self.addresses.setText(self.tr("{address} and %n more", "", others).replace("{address}", first))
        else:
            self.count.setText(self.tr("1 request"))
            self.addresses.setText(first)
