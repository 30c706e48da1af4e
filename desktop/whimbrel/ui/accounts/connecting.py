"""Following a sign-in that is under way: its stages in words, its end, its cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId, ConnectionSettings, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.run import run


def stage_words(state: ConnectionState, domain: str) -> str:
    """What a connection on its way up is doing; "" for states in which it does nothing."""
    return {
        ConnectionState.RESOLVING: QCoreApplication.translate("Stages", "Looking up {domain}…"),
        ConnectionState.CONNECTING: QCoreApplication.translate("Stages", "Connecting…"),
        ConnectionState.SECURING: QCoreApplication.translate("Stages", "Securing…"),
        ConnectionState.AUTHENTICATING: QCoreApplication.translate("Stages", "Signing in…"),
        ConnectionState.BINDING: QCoreApplication.translate("Stages", "Signing in…"),
        ConnectionState.SYNCHRONISING: QCoreApplication.translate("Stages", "Fetching contacts…"),
    }.get(state, "").replace("{domain}", domain)


class Attempt(QObject):
    """One thing at a time that takes a while and can be cancelled, with its stages in words."""

    progress = Signal(str)
    failed = Signal(object)  # KnownError
    ended = Signal()  # in every case, first

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._task: asyncio.Task[Any] | None = None
        self._known: frozenset[AccountId] = frozenset()
        self._account_id: AccountId | None = None
        self._domain = ""
        unsubscribe = services.bus.subscribe(ConnectionChanged, self._on_connection_changed)
        self.destroyed.connect(unsubscribe)

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    def start(
        self,
        coroutine: Coroutine[Any, Any, Any],
        *,
        domain: str,
        on_done: Callable[[Any], None],
        account_id: AccountId | None = None,
    ) -> None:
        """Run a coroutine and tell the stages of ``account_id``'s connection, or of an account that it adds."""
        self._known = frozenset(account.id for account in self._services.accounts.list_accounts())
        self._account_id = account_id
        self._domain = domain
        self.progress.emit(stage_words(ConnectionState.CONNECTING, domain))

        def done(result: Any) -> None:
            self._end()
            on_done(result)

        task = run(self, coroutine, on_done=done, on_error=self._on_error)
        self._task = task
        task.add_done_callback(self._on_task_done)

    def cancel(self) -> None:
        """Stop what is under way; ``ended`` follows once it has cleaned up after itself."""
        if self._task is not None:
            self.progress.emit(QCoreApplication.translate("Stages", "Cancelling…"))
            self._task.cancel()

    def _on_error(self, error: KnownError) -> None:
        self._end()
        self.failed.emit(error)

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        if shiboken6.isValid(self) and task is self._task:
            self._end()

    def _end(self) -> None:
        self._task = None
        self.ended.emit()

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        if not shiboken6.isValid(self) or self._task is None or self._task.cancelling():
            return
        mine = event.account_id == self._account_id if self._account_id else event.account_id not in self._known
        if mine and (words := stage_words(event.status.state, self._domain)):
            self.progress.emit(words)


async def sign_in_again(
    services: Services, account_id: AccountId, settings: ConnectionSettings, password: str, remember: bool
) -> ConnectionStatus:
    """Give an account that exists its password and wait until it is online, or waits for the network.

    Who chose to be offline stays so: then the password is only kept.

    Raises:
        KnownError: what stopped it (PASSWORD_WRONG, a certificate).
    """
    account = services.accounts.find(account_id)
    if account is None:
        raise KnownError(ErrorKind.NOT_FOUND)
    outcome: asyncio.Future[ConnectionStatus] = asyncio.get_running_loop().create_future()

    def on_changed(event: ConnectionChanged) -> None:
        status = event.status
        if event.account_id == account_id and not outcome.done() and status.state in _OUTCOMES:
            outcome.set_result(status)

    unsubscribe = services.bus.subscribe(ConnectionChanged, on_changed)
    try:
        if settings != account.settings:
            services.accounts.change_settings(account_id, settings)
        await services.accounts.set_password(account_id, password, remember)
        status = services.accounts.status(account_id)
        offline = services.presence.own.availability is Availability.OFFLINE
        if not offline and status.state is not ConnectionState.ONLINE:
            status = await outcome
    finally:
        unsubscribe()
    if status.state is ConnectionState.FAILED:
        raise status.error or KnownError(ErrorKind.AUTHENTICATION_FAILED, subject=str(account.jid))
    return status


_OUTCOMES = frozenset({ConnectionState.ONLINE, ConnectionState.WAITING, ConnectionState.FAILED})
