"""The whole core with real streams, at a scripted server: XML in, database and events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.certificates import Authority
from tests.helpers.core import Core
from tests.helpers.hostile import HostileServer, Peer
from whimbrel.core.ports import HistoryReader
from whimbrel.core.stream import PasswordSource, RosterVersion, SavedSession, Stream, StreamHandler
from whimbrel.features.archive.service import Archive
from whimbrel.model.account import Account, AccountId, ConnectionSettings, Security
from whimbrel.model.events import Event, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.connection import Connection

ME = JID.parse("me@example.test")
STANZA_IDS = "urn:xmpp:sid:0"


class RealCore(Core):
    """Its streams are connections; their first retry is far away."""

    def find_history(self) -> HistoryReader:
        """The archive's."""
        return next(feature for feature in self.features if isinstance(feature, Archive))

    def _make_stream(  # type: ignore[override]
        self,
        account: Account,
        handler: StreamHandler,
        password: PasswordSource,
        roster_version: RosterVersion,
        saved_session: SavedSession,
    ) -> Stream:
        return Connection(
            account,
            handler,
            password,
            roster_version,
            saved_session,
            features=self.features,
            backoff=Backoff(first=100),
        )


@dataclass(slots=True)
class Victim:
    """Who is attacked: ``me@example.test``, online."""

    core: RealCore
    account_id: AccountId
    peer: Peer

    async def receive(self, *stanzas: str) -> None:
        """Send stanzas, then an honest message, and wait until that is stored."""
        last = f"the end {len(self.core.events)}"
        arrived = asyncio.Event()

        def look(event: MessageAdded) -> None:
            if event.message.body == last:
                arrived.set()

        unsubscribe = self.core.services.bus.subscribe(MessageAdded, look)
        await self.peer.send(*stanzas, f"<message from='last@example.test/x'><body>{last}</body></message>")
        async with asyncio.timeout(20):
            await arrived.wait()
        unsubscribe()

    def spoken(self) -> list[tuple[str, str]]:
        """Sender and text of every message on disk, but for the honest last ones."""
        rows = self.core.database.rows("SELECT sender, body FROM message ORDER BY id")
        return [(sender, body) for sender, body in rows if not sender.startswith("last@")]

    def told(self) -> list[Event]:
        """The events of every message, but for the honest last ones."""
        events = self.core.published(MessageAdded)
        return [event for event in events if not str(event.message.sender).startswith("last@")]


@asynccontextmanager
async def victim(
    authority: Authority, folder: Path, *, items: str = "", archive_ids: bool = False, account: Sequence[str] = ()
) -> AsyncIterator[Victim]:
    """A core that is online at a server that then says what a test wants.

    Args:
        archive_ids: our account gives stanza ids.
        account: what else our account says that it can.
    """
    ready = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.bind(f"{ME}/desk")
        await peer.give_roster(items, account=(*account, *((STANZA_IDS,) if archive_ids else ())))
        ready.set()
        await asyncio.Event().wait()

    core = RealCore(folder)
    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        account = await core.services.accounts.sign_in(ME, "secret", settings, False)
        await ready.wait()
        yield Victim(core, account.id, server.peers[0])
        closing = asyncio.ensure_future(core.services.accounts.stop_all())
        await server.peers[0].expect("</stream:stream>")
        await server.peers[0].send("</stream:stream>")
        await closing
        await core.tasks.cancel_all()
        core.close()
