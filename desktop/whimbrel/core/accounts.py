"""Accounts: signing in, starting, changing, removing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from whimbrel.core.bus import Bus
from whimbrel.core.ports import PasswordKeeper
from whimbrel.core.presence import Presences
from whimbrel.core.session import Session
from whimbrel.core.stream import PasswordSource
from whimbrel.core.tasks import Tasks
from whimbrel.model.account import (
    Account,
    AccountId,
    ConnectionSettings,
    ConnectionState,
    ConnectionStatus,
    is_weaker,
)
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import (
    AccountAdded,
    AccountChanged,
    AccountRemoved,
    ConnectionChanged,
    OwnPresenceChanged,
    StorageFailed,
)
from whimbrel.model.jid import JID
from whimbrel.storage.accounts import AccountStore

MakeSession = Callable[[Account, PasswordSource], Session]

_OFFLINE = ConnectionStatus(ConnectionState.OFFLINE)


class Accounts:
    """The accounts of this profile and their connections."""

    def __init__(
        self,
        bus: Bus,
        accounts: AccountStore,
        passwords: PasswordKeeper,
        presences: Presences,
        recover: Callable[[AccountId], None],
        make_session: MakeSession,
        tasks: Tasks,
    ) -> None:
        self._bus = bus
        self._accounts = accounts
        self._passwords = passwords
        self._presences = presences
        self._recover = recover
        self._make_session = make_session
        self._tasks = tasks
        self._sessions: dict[AccountId, Session] = {}
        self._ending: set[AccountId] = set()  # whose session is being ended, to connect anew after it
        self._stopping_all = False
        self._active = True
        self._network = True
        self._joining: set[AccountId] = set()  # not signed in yet: nobody's accounts so far
        bus.subscribe(OwnPresenceChanged, self._on_own_presence)
        bus.subscribe(ConnectionChanged, self._on_connection)

    def list_accounts(self) -> list[Account]:
        """All accounts, in the order in which they were added."""
        return [account for account in self._accounts.list_accounts() if account.id not in self._joining]

    def find(self, account_id: AccountId) -> Account | None:
        """One account."""
        return self._accounts.find_account(account_id)

    def status(self, account_id: AccountId) -> ConnectionStatus:
        """The state of an account's connection."""
        session = self._sessions.get(account_id)
        status = session.stream.status if session is not None else _OFFLINE
        if status.state is ConnectionState.WAITING and not self._network:
            return replace(status, error=KnownError(ErrorKind.NO_NETWORK))
        return status

    async def sign_in(
        self, jid: JID, password: str, settings: ConnectionSettings, remember: bool, certificate: str = ""
    ) -> Account:
        """Add an account, connect it and wait until it is online. ConnectionChanged tells how far it is.

        Where it fails or is cancelled, nothing is left behind. AccountAdded is published once it is online.
        Who chose to be offline is online from then on.

        Args:
            certificate: see ``Account``.

        Raises:
            KnownError: ACCOUNT_EXISTS, or why it did not come online (also what would mend itself).
        """
        jid = jid.bare
        if self._accounts.find_by_jid(jid) is not None:
            raise KnownError(ErrorKind.ACCOUNT_EXISTS, subject=str(jid))
        account = self._accounts.add_account(jid, settings, remember, certificate)
        self._joining.add(account.id)

        async def given() -> str:
            return password

        try:
            await self._connect(account, given)
            await self._keep_password(jid, password, remember)
        except BaseException:
            await self._discard(account.id)
            raise
        finally:
            self._joining.discard(account.id)
        self._bus.publish(AccountAdded(account))
        if self._is_offline:
            self._presences.set_own(OwnPresence(Availability.ONLINE, self._presences.own.status))
        return account

    async def set_password(self, account_id: AccountId, password: str, remember: bool) -> None:
        """Give a password that was asked for again, and connect with it at once."""
        account = self._accounts.find_account(account_id)
        if account is None:
            return
        await self._keep_password(account.jid, password, remember)
        if account.remember_password != remember:
            self._change(replace(account, remember_password=remember))
        self._start(account)
        self.retry_now(account_id)

    def change_settings(self, account_id: AccountId, settings: ConnectionSettings) -> None:
        """Connect in another way from now on; a connection that is up is made anew. Raises KnownError DISK_FULL."""
        account = self._accounts.find_account(account_id)
        if account is None or account.settings == settings:
            return
        changed = replace(account, settings=settings)
        self._change(changed)
        self._tasks.start(self._reconnect(account_id), name="change settings")

    def trust_certificate(self, account_id: AccountId, fingerprint: str) -> None:
        """Accept only this certificate from now on, whoever issued it; "": check certificates again. Connects anew.

        Raises KnownError DISK_FULL.
        """
        account = self._accounts.find_account(account_id)
        if account is None or account.certificate == fingerprint:
            return
        self._change(replace(account, certificate=fingerprint))
        self._tasks.start(self._reconnect(account_id), name="change the trusted certificate")

    async def accept_weaker(self, account_id: AccountId) -> None:
        """Forget the strongest mechanism that the server has offered, and connect anew with what it offers now.

        Raises KnownError DISK_FULL.
        """
        await self._end(account_id)  # it would tell of the stronger one again
        try:
            if (account := self._accounts.find_account(account_id)) is not None:
                self._change(replace(account, mechanism=""))
        finally:
            await self._reconnect(account_id)

    async def remove(self, account_id: AccountId) -> None:
        """Remove the account's secrets, stop it, and remove everything stored of it.

        Raises:
            KnownError: KEYRING_LOCKED: nothing was removed, so that it can be tried again. KEYRING_UNAVAILABLE: all but
                what that keyring may have is gone. DISK_FULL.
        """
        account = self._accounts.find_account(account_id)
        if account is None:
            return
        try:
            await self._passwords.forget(account.jid)
        except KnownError as error:
            if error.kind is not ErrorKind.KEYRING_LOCKED:
                await self._discard(account_id)
            raise
        await self._discard(account_id)

    def retry_now(self, account_id: AccountId) -> None:
        """Connect at once instead of waiting."""
        if (session := self._sessions.get(account_id)) is not None:
            session.stream.retry_now()

    def check_now(self) -> None:
        """The network or the machine changed: make sure of every server."""
        for session in self._sessions.values():
            session.stream.check_now()

    def set_network(self, there: bool) -> None:
        """The machine reports that its network changed, and whether there is one: a hint that no connection heeds.

        It is said of what waits; where there is one, every server is made sure of.
        """
        self._network = there
        for account in self.list_accounts():
            if (status := self.status(account.id)).state is ConnectionState.WAITING:
                self._bus.publish(ConnectionChanged(account.id, status))
        if there:
            self.check_now()

    def set_active(self, active: bool) -> None:
        """Whether the person looks at the program (XEP-0352)."""
        self._active = active
        for session in self._sessions.values():
            session.stream.set_active(active)

    def start_all(self) -> None:
        """Connect every account and show our presence, unless the person chose to be offline."""
        for account in self.list_accounts():
            if account.id not in self._sessions and account.id not in self._ending:
                self._recover(account.id)
            if account.enabled:
                self._start(account)

    async def stop_all(self) -> None:
        """Close every stream properly. What one of them raises is raised once all have ended."""
        stopping = (session.stop() for session in tuple(self._sessions.values()))
        self._stopping_all = True
        try:
            errors = await asyncio.gather(*stopping, return_exceptions=True)
        finally:
            self._stopping_all = False
        for error in errors:
            if error is not None:
                raise error

    def _session(self, account: Account) -> Session:
        if account.id not in self._sessions:
            self._add_session(account, lambda: self._password(account))
        return self._sessions[account.id]

    def _add_session(self, account: Account, password: PasswordSource) -> Session:
        session = self._sessions[account.id] = self._make_session(account, password)
        session.stream.set_active(self._active)
        return session

    async def _password(self, account: Account) -> str:
        password = await self._passwords.get_password(account.jid)
        if password is None:
            raise KnownError(ErrorKind.PASSWORD_NEEDED, subject=str(account.jid))
        return password

    async def _keep_password(self, jid: JID, password: str, remember: bool) -> None:
        """As the person wants it. Where it cannot be remembered they are told, since it is asked for again."""
        if not remember:
            self._passwords.keep_for_session(jid, password)
        elif not await self._passwords.set_password(jid, password):
            self._bus.publish(StorageFailed(KnownError(ErrorKind.PASSWORD_NOT_KEPT, subject=str(jid))))

    async def _connect(self, account: Account, password: PasswordSource) -> None:
        """Make a session whose first password is given; later ones come from the keeper. Waits until it is online."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_change(event: ConnectionChanged) -> None:
            if event.account_id != account.id or done.done():
                return
            if event.status.state is ConnectionState.ONLINE:
                done.set_result(None)
            elif event.status.error is not None:
                done.set_exception(event.status.error)
            elif event.status.state is ConnectionState.OFFLINE:
                done.set_exception(KnownError(ErrorKind.NOT_CONNECTED, subject=str(account.jid)))

        async def current() -> str:
            return await (password() if account.id in self._joining else self._password(account))

        unsubscribe = self._bus.subscribe(ConnectionChanged, on_change)
        try:
            self._add_session(account, current).start()
            await done
        finally:
            unsubscribe()

    async def _discard(self, account_id: AccountId) -> None:
        if (session := self._sessions.pop(account_id, None)) is not None:
            with suppress(asyncio.CancelledError):
                await session.stop()
        self._presences.forget(account_id)
        self._accounts.remove_account(account_id)
        self._bus.publish(AccountRemoved(account_id))

    def _start(self, account: Account) -> None:
        if not self._is_offline and not self._stopping_all and account.id not in self._ending:
            self._session(account).start()

    async def _reconnect(self, account_id: AccountId) -> None:
        """Connect as is set by then. One that is ending already is followed by such a connection."""
        if account_id in self._ending:
            return
        await self._end(account_id)
        if (account := self._accounts.find_account(account_id)) is not None:
            self._start(account)

    async def _end(self, account_id: AccountId) -> None:
        """End a session; until that is done no other begins, which would be a second one beside it."""
        if (session := self._sessions.pop(account_id, None)) is not None:
            self._ending.add(account_id)
            try:
                await session.stop()
            finally:
                self._ending.discard(account_id)

    async def _go_offline(self) -> None:
        await self.stop_all()
        if not self._is_offline:  # the person changed their mind meanwhile
            self.start_all()

    @property
    def _is_offline(self) -> bool:
        return self._presences.own.availability is Availability.OFFLINE

    def _change(self, account: Account) -> None:
        self._accounts.set_account(account)
        self._bus.publish(AccountChanged(account))

    def _on_connection(self, event: ConnectionChanged) -> None:
        """Remember over restarts the strongest mechanism that a server has offered."""
        mechanism = event.status.mechanism
        account = self._accounts.find_account(event.account_id) if mechanism else None
        if account is None or not is_weaker(account.mechanism, mechanism):
            return
        try:
            self._accounts.set_account(replace(account, mechanism=mechanism))
        except KnownError as error:
            self._bus.publish(StorageFailed(error))

    def _on_own_presence(self, event: OwnPresenceChanged) -> None:
        if event.presence.availability is Availability.OFFLINE:
            self._tasks.start(self._go_offline(), name="go offline")
            return
        self.start_all()
