"""The core's accounts and registrar as the dialogs see them, in the hands of a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtWidgets import QApplication

from whimbrel.core.bus import Bus
from whimbrel.core.services import Services
from whimbrel.model.account import (
    Account,
    AccountId,
    ConnectionSettings,
    ConnectionState,
    ConnectionStatus,
    Credentials,
)
from whimbrel.model.contact import OwnPresence
from whimbrel.model.errors import KnownError
from whimbrel.model.events import AccountChanged, AccountRemoved, ConnectionChanged
from whimbrel.model.form import RegistrationForm
from whimbrel.model.jid import JID


class FakeKeyring:
    """A keyring that is there, or not."""

    def __init__(self, usable: bool = True) -> None:
        self._usable = usable

    async def usable(self) -> bool:
        return self._usable


class FakeAccounts:
    """Records what it is asked for; the test says how a sign-in goes on through ``outcome``."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.accounts: dict[AccountId, Account] = {}
        self.states: dict[AccountId, ConnectionStatus] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.cancelled = False

    def list_accounts(self) -> list[Account]:
        return list(self.accounts.values())

    def find(self, account_id: AccountId) -> Account | None:
        return self.accounts.get(account_id)

    def status(self, account_id: AccountId) -> ConnectionStatus:
        return self.states.get(account_id, ConnectionStatus(ConnectionState.OFFLINE))

    async def sign_in(
        self, jid: JID, password: str, settings: ConnectionSettings, remember: bool, certificate: str = ""
    ) -> Account:
        self.calls.append(("sign_in", str(jid), password, settings, remember, *filter(None, [certificate])))
        await self._wait()
        return self.add(jid, settings, remember)

    async def set_password(self, account_id: AccountId, password: str, remember: bool) -> None:
        self.calls.append(("set_password", account_id, password, remember))

    def change_settings(self, account_id: AccountId, settings: ConnectionSettings) -> None:
        self.calls.append(("change_settings", account_id, settings))

    def trust_certificate(self, account_id: AccountId, fingerprint: str) -> None:
        self.calls.append(("trust_certificate", account_id, fingerprint))
        self.set(replace(self.accounts[account_id], certificate=fingerprint))

    async def accept_weaker(self, account_id: AccountId) -> None:
        self.calls.append(("accept_weaker", account_id))
        self.set(replace(self.accounts[account_id], mechanism=""))

    def retry_now(self, account_id: AccountId) -> None:
        self.calls.append(("retry_now", account_id))

    async def remove(self, account_id: AccountId) -> None:
        self.calls.append(("remove", account_id))
        await self._wait()
        del self.accounts[account_id]
        self.bus.publish(AccountRemoved(account_id))

    def add(self, jid: JID, settings: ConnectionSettings | None = None, remember: bool = True) -> Account:
        account = Account(AccountId(len(self.accounts) + 1), jid, settings or ConnectionSettings(), remember)
        self.set(account)
        return account

    def set(self, account: Account) -> None:
        self.accounts[account.id] = account
        self.bus.publish(AccountChanged(account))

    def publish(self, state: ConnectionState, account_id: int = 99, error: KnownError | None = None) -> None:
        """Tell of a connection's state; 99 is an account that is only being added."""
        status = ConnectionStatus(state, error)
        self.states[AccountId(account_id)] = status
        self.bus.publish(ConnectionChanged(AccountId(account_id), status))

    def succeed(self) -> None:
        self.outcome.set_result(None)

    def fail(self, error: KnownError) -> None:
        self.outcome.set_exception(error)

    async def _wait(self) -> None:
        outcome = self.outcome
        try:
            await asyncio.shield(outcome)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.outcome = asyncio.get_running_loop().create_future()


class FakeRegistrar:
    """A provider with a form."""

    def __init__(self, form: RegistrationForm | KnownError) -> None:
        self.form = form
        self.refusals: list[KnownError] = []
        self.fetched: list[tuple[str, ConnectionSettings]] = []
        self.trusted: list[str] = []
        self.submitted: list[dict[str, list[str]]] = []
        self.closed = 0

    async def fetch_form(self, domain: str, settings: ConnectionSettings) -> RegistrationForm:
        self.fetched.append((domain, settings))
        if isinstance(self.form, KnownError):
            raise self.form
        return self.form

    async def submit(
        self, domain: str, settings: ConnectionSettings, form: RegistrationForm, values: dict[str, list[str]]
    ) -> Credentials:
        self.submitted.append(values)
        if self.refusals:
            raise self.refusals.pop(0)
        return Credentials(JID.parse(f"{values['username'][0]}@{domain}"), values["password"][0])

    async def close(self) -> None:
        self.closed += 1


class FakeServices(SimpleNamespace):
    """What the dialogs about accounts use of the services."""

    accounts: FakeAccounts
    bus: Bus


def fake_services(registrar: FakeRegistrar | None = None) -> FakeServices:
    """Services with an empty list of accounts; call it while an event loop runs."""

    def fault(error: BaseException) -> None:
        raise error

    bus = Bus(fault)
    presence = SimpleNamespace(own=OwnPresence())

    def make_registrar(trusted: str) -> FakeRegistrar | None:
        if registrar is not None:
            registrar.trusted.append(trusted)
        return registrar

    return FakeServices(bus=bus, accounts=FakeAccounts(bus), presence=presence, registrar=make_registrar)


def as_services(services: FakeServices) -> Services:
    """The same, as the type checker wants it."""
    return cast(Services, services)


async def until(predicate: Callable[[], Any], what: str = "") -> None:
    """Let the event loop and Qt turn until something holds; fails after 20 s."""
    async with asyncio.timeout(20):
        while not predicate():
            QApplication.processEvents()
            await asyncio.sleep(0.002)
    assert predicate(), what
