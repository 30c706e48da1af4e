"""The contact requests that wait for an answer, for everything that shows them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.core.services import Services
from whimbrel.model.contact import ContactRequest
from whimbrel.ui.bridge import Bridge


class PendingRequests(QObject):
    """The unanswered requests, oldest first; read again once per turn of the event loop, however many arrive."""

    changed = Signal()

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._requests: list[ContactRequest] = services.requests.list_requests()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        for signal in (bridge.request_added, bridge.request_removed, bridge.account_removed):
            signal.connect(self._on_event)

    def requests(self) -> list[ContactRequest]:
        """All that wait, oldest first."""
        return list(self._requests)

    def refresh(self) -> None:
        """Read them again now."""
        self._timer.stop()
        requests = self._services.requests.list_requests()
        if requests != self._requests:
            self._requests = requests
            self.changed.emit()

    def _on_event(self, _event: object) -> None:
        self._timer.start(0)
