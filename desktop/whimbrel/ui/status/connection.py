"""Which connection to tell about, in words; counts a wait down each second, and only then."""

from __future__ import annotations

import time
from collections import defaultdict

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.errors import ErrorKind
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.outage import Outage

_SECOND = 1000
_URGENCY = {
    ConnectionState.FAILED: 0,
    ConnectionState.WAITING: 1,
    ConnectionState.ONLINE: 3,
    ConnectionState.OFFLINE: 4,
}
_BUSY_URGENCY = 2


def urgency(status: ConnectionStatus) -> int:
    """0 for what a person should hear of first."""
    return _URGENCY.get(status.state, _BUSY_URGENCY)


class ConnectionWatch(QObject):
    """Of several accounts, tells of the one that needs a person most. ``changed`` is emitted as words change.

    A wait is counted down only while somebody can see it (:meth:`set_visible`).
    """

    changed = Signal()
    failed = Signal(object, object)  # Account, KnownError: an account came to need a decision

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._countdown = QTimer(self)
        self._countdown.setInterval(_SECOND)
        self._countdown.timeout.connect(self.changed)
        self._visible = False
        self._outages: defaultdict[AccountId, Outage] = defaultdict(Outage)
        self.account: Account | None = None
        self.status = ConnectionStatus(ConnectionState.OFFLINE)
        bridge.connection_changed.connect(self._on_connection_changed)
        for signal in (bridge.account_added, bridge.account_changed, bridge.account_removed):
            signal.connect(self.refresh)
        self.refresh()

    @property
    def words(self) -> str:
        """The state in words; the event loop's clock is the monotonic one."""
        return self._outage.words(self.status, time.monotonic())

    @property
    def steady_words(self) -> str:
        """The state in words that do not count down."""
        return self._outage.words(self.status)

    @property
    def _outage(self) -> Outage:
        return self._outages[self.account.id] if self.account is not None else Outage()

    @property
    def is_elsewhere(self) -> bool:
        """Whether another program has taken the account's place."""
        error = self.status.error
        failed = self.status.state is ConnectionState.FAILED
        return failed and error is not None and error.kind is ErrorKind.RESOURCE_CONFLICT

    @property
    def accounts(self) -> list[Account]:
        """All accounts."""
        return self._services.accounts.list_accounts()

    def refresh(self) -> None:
        """Look at every account again."""
        found = [(self._services.accounts.status(account.id), account) for account in self.accounts]
        for status, account in found:
            self._outages[account.id].note(status)
        if found:
            self.status, self.account = min(found, key=lambda pair: urgency(pair[0]))
        else:
            self.status, self.account = ConnectionStatus(ConnectionState.OFFLINE), None
        self._count()
        self.changed.emit()

    def set_visible(self, visible: bool) -> None:
        """Whether the words can be seen."""
        self._visible = visible
        self._count()
        self.changed.emit()

    def retry_now(self) -> None:
        """End the wait of every account, and connect again what another program has put out."""
        for account in self.accounts:
            if self._services.accounts.status(account.id).state is ConnectionState.WAITING:
                self._services.accounts.retry_now(account.id)
        if self.is_elsewhere and self.account is not None:
            self._services.accounts.retry_now(self.account.id)

    def _count(self) -> None:
        waits = self.status.state is ConnectionState.WAITING and self.status.retry_at is not None
        if not (waits and self._visible):
            self._countdown.stop()
        elif not self._countdown.isActive():
            self._countdown.start()

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        self.refresh()
        if event.status.state is ConnectionState.FAILED and event.status.error is not None:
            account = self._services.accounts.find(event.account_id)
            if account is not None:
                self.failed.emit(account, event.status.error)
