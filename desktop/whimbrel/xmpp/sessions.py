"""Which session goes on: the one of before, the one on disk from before the program's start, or a new one."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.model.account import Account
from whimbrel.model.jid import JID
from whimbrel.model.stream import ResumableSession
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.boundary import guard
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.handler import SessionHandler
from whimbrel.xmpp.management import Management
from whimbrel.xmpp.session import Session


class Sessions:
    """Keeps one account's session over its streams; told by ``Binding`` what becomes of it.

    Args:
        saved: the session that was on disk when the program started.
        resource: for a new session where the account's settings have none.
    """

    def __init__(
        self,
        account: Account,
        handler: SessionHandler,
        answers: Answers,
        saved: Callable[[], ResumableSession | None],
        resource: str,
    ) -> None:
        self._account = account
        self._handler = handler
        self._answers = answers
        self._load: Callable[[], ResumableSession | None] | None = saved
        self._saved: tuple[Management, JID] | None = None  # and the address that it is bound to
        self.resource = account.settings.resource or resource
        self.session: Session | None = None

    def last(self) -> Management | None:
        """The session that the server is asked to go on with."""
        if self.session is not None:
            return self.session.management
        if self._load is not None:
            self._take_saved(self._load())
            self._load = None
        return self._saved[0] if self._saved is not None else None

    def end_stream(self) -> None:
        """The stream ended: what can be resumed is kept."""
        session = self.session
        if session is None:
            return
        if session.management is None or not session.management.resumable:
            self.forget()
        else:
            session.detach()

    def forget(self) -> None:
        """Begin anew with the next stream."""
        session, self.session = self.session, None
        if session is not None:
            session.close()

    # what becomes of it (Binding)

    def on_resumed(self, client: Client, acknowledged: int) -> None:
        """The last session goes on."""
        if self.session is not None:
            self._attach(self.session, client)
            self.session.resume(acknowledged)
        elif self._saved is not None:
            management, own = self._saved
            management.recover(acknowledged)
            session = self._begin(client, own)
            session.recovered = True
            session.manage(management)
            if session.tell(self._handler.on_recovered, acknowledged):
                self.session, self._saved = session, None

    def on_refused(self, acknowledged: int | None) -> None:
        """The last session is over."""
        session, self.session = self.session, None
        saved, self._saved = self._saved, None
        if session is not None:
            session.close(acknowledged)
        elif saved is not None and acknowledged is not None:
            guard(self._handler.on_recovered)(acknowledged)

    def on_bound(self, client: Client, own: JID) -> None:
        """A new session begins."""
        self.forget()
        self.resource = own.resource or self.resource
        self.session = self._begin(client, own)

    def on_managed(self, management: Management | None) -> None:
        """Whether the new session can be resumed is known."""
        session = self.session
        if session is None:
            return
        session.manage(management)
        kept = None
        if management is not None and management.resumable:
            kept = ResumableSession(management.session_id, session.own, management.location)
        if not session.tell(self._handler.on_session, kept):
            self.forget()  # the disk has another one

    def _begin(self, client: Client, own: JID) -> Session:
        session = Session(self._account.id, own, self._handler, self._answers)
        self._attach(session, client)
        return session

    def _attach(self, session: Session, client: Client) -> None:
        if not session.ready:
            client.inbound.hold()  # until it is known whose ids count
        session.attach(client)

    def _take_saved(self, saved: ResumableSession | None) -> None:
        """Use what was on disk where it is of this account as it is set now."""
        if saved is None or saved.address.bare != self._account.jid.bare or not saved.address.resource:
            return
        if self._account.settings.resource in ("", saved.address.resource):
            self.resource = saved.address.resource
            self._saved = Management(saved.session_id, saved.location, saved.handled), saved.address
