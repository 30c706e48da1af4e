"""One notification for all who ask to become contacts."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.core.services import Services
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.notification_rules import Rules, Shows

_KEY = "requests"
_MOMENT = 250  # milliseconds in which requests make one notification


class RequestNotice(QObject):
    """Silent; gone when all are answered."""

    requests_requested = Signal()

    def __init__(self, services: Services, bridge: Bridge, rules: Rules, notifier: Shows, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._rules = rules
        self._notifier = notifier
        self._moment = QTimer(self, singleShot=True, interval=_MOMENT)
        self._moment.timeout.connect(self._show)
        self._is_new = False
        self._is_shown = False
        bridge.request_added.connect(self._on_added)
        bridge.request_removed.connect(self._moment.start)
        bridge.account_removed.connect(self._moment.start)
        notifier.activated.connect(self._on_activated)

    def finish(self) -> None:
        """The history is about to be closed."""
        self._moment.stop()

    def take_settings(self) -> None:
        """The person chose otherwise: what shows now follows."""
        if self._is_shown and self._rules.are_on:
            self._moment.start()
        elif self._is_shown:
            self._hide()

    def _hide(self) -> None:
        self._is_shown = False
        self._notifier.close(_KEY)

    def _on_added(self) -> None:
        self._is_new = True
        if not self._moment.isActive():
            self._moment.start()

    def _show(self) -> None:
        """Many at once make one, and are looked at once."""
        requests = self._services.requests.list_requests()
        is_new, self._is_new = self._is_new, False
        if not requests:
            if self._is_shown:
                self._hide()
        elif (is_new and self._rules.may_tell()) or self._is_shown:
            title = (
                self.tr("Contact request") if len(requests) == 1 else self.tr("%n contact requests", "", len(requests))
            )
            body = str(requests[0].jid) if len(requests) == 1 and self._rules.shows_content else ""
            self._is_shown = True
            self._notifier.show(_KEY, title, body, only_there=not is_new)

    def _on_activated(self, key: str) -> None:
        if key == _KEY:
            self.requests_requested.emit()
