"""The archives of Prosody and ejabberd: what came in while away is here once, in their order, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.program import until
from tests.helpers.real_core import RealCore
from tests.helpers.recorder import Recorder, connection
from tests.helpers.servers import Server

from whimbrel.features.archive import wire
from whimbrel.features.archive.service import Archive
from whimbrel.features.archive.state import ask
from whimbrel.features.archive.writer import Written
from whimbrel.model.account import AccountId, ConnectionSettings, ConnectionState, Security
from whimbrel.model.archive import Beginning
from whimbrel.model.contact import OwnPresence
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.events import CaughtUp, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.xmpp.connection import Connection

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("trusted")]


class Device(RealCore):
    """A device of ours, started on a folder."""

    def __init__(self, folder: Path, server: Server) -> None:
        super().__init__(folder)
        self._settings = ConnectionSettings(server.host, server.starttls_port, Security.STARTTLS)
        self.archive = next(feature for feature in self.features if isinstance(feature, Archive))

    async def sign_in(self, jid: JID) -> AccountId:
        known = self.services.accounts.list_accounts()
        if not known:
            return (await self.services.accounts.sign_in(jid, "secret", self._settings, True)).id
        self.keeper.kept[jid] = "secret"
        self.services.accounts.start_all()
        await until(lambda: self.services.accounts.status(known[0].id).state is ConnectionState.ONLINE)
        return known[0].id

    async def caught_up(self, account_id: AccountId) -> None:
        """Wait until the archive has nothing more to give."""
        await until(lambda: self.archive._known[account_id].finished, 60)

    def end_after_pages(self, account_id: AccountId, count: int) -> Callable[[], bool]:
        """Catching up ends after so many pages; tells whether it has."""
        writer, pages = self.archive._writer, 0
        write = writer.write

        def write_and_end(*arguments: Any) -> Written:
            nonlocal pages
            pages += 1
            task = self.archive._known[account_id].task
            if pages == count and task is not None:
                task.cancel()
            return write(*arguments)

        writer.write = write_and_end  # type: ignore[method-assign]
        return lambda: pages >= count

    async def quit(self) -> None:
        await self.services.accounts.stop_all()
        await self.tasks.cancel_all()
        self.close()

    def spoken(self) -> list[str]:
        return [row[0] for row in self.database.rows("SELECT body FROM message ORDER BY time, id")]

    def told(self) -> list[str]:
        return [event.message.body for event in self.published(MessageAdded)]


@asynccontextmanager
async def sender(server: Server, name: str) -> AsyncIterator[tuple[Connection, Recorder]]:
    """Somebody who writes."""
    server.add_user(name, "secret")
    recorder = Recorder()
    stream = connection(recorder, jid=f"{name}@{server.domain}", port=server.starttls_port, security=Security.STARTTLS)
    stream.start()
    assert await recorder.outcome() is None
    yield stream, recorder
    await stream.stop()


async def send(stream: Connection, recorder: Recorder, to: JID, *bodies: str) -> None:
    """Send, and wait until the server has it."""
    done = len(recorder.acknowledged) + len(bodies)
    for body in bodies:
        stream.send_message(OutgoingMessage(to, body, f"id-{to.local}-{body}"))
        await asyncio.sleep(0)
    await recorder.wait_for(lambda: len(recorder.acknowledged) >= done)


async def archived(server: Server, name: str) -> list[str]:
    """What the account's archive holds, in its order; asked by another device, page after page forward."""
    recorder = Recorder()
    stream = connection(recorder, jid=f"{name}@{server.domain}", port=server.starttls_port, security=Security.STARTTLS)
    stream.start()
    assert await recorder.outcome() is None
    bodies: list[str] = []
    after = ""
    while True:
        page = await ask(stream, wire.Question(before=None, after=after))
        messages = [item.message for item in page.items]
        bodies += [m.findtext("{jabber:client}body") or "" for m in messages if m is not None]
        if page.complete:
            break
        after = page.items[-1].id
    await stream.stop()
    return [body for body in bodies if body]


async def test_500_of_two_while_away_come_once_in_the_archives_order(any_server: Server, tmp_path: Path) -> None:
    """By offline storage, archive and live together; and they are told in one summary."""
    server = any_server
    server.add_user("away", "secret")
    jid = JID("away", server.domain)
    async with sender(server, "ann") as ann, sender(server, "ben") as ben:
        device = Device(tmp_path, server)
        account_id = await device.sign_in(jid)
        await send(*ann, jid, "before")
        await until(lambda: device.spoken() == ["before"])
        await device.caught_up(account_id)
        await device.quit()
        for start in range(0, 250, 10):
            numbers = range(start, start + 10)
            await send(*ann, jid, *(f"ann {number}" for number in numbers))
            await send(*ben, jid, *(f"ben {number}" for number in numbers))
        device = Device(tmp_path, server)
        account_id = await device.sign_in(jid)
        await send(*ann, jid, "live 1")
        await send(*ben, jid, "live 2")
        await device.caught_up(account_id)
        await until(lambda: len(device.spoken()) == 503)
        await send(*ann, jid, "live 3")
        await until(lambda: len(device.spoken()) == 504)
        in_order = await archived(server, "away")
        for name, last in (("ann", ["live 1", "live 3"]), ("ben", ["live 2"])):
            conversation = device.base.stores.conversations.get_conversation(account_id, JID(name, server.domain))
            rows = device.database.rows(
                "SELECT body FROM message WHERE conversation_id = ? ORDER BY time, id", (conversation.id,)
            )
            here = [row[0] for row in rows]
            assert here == [body for body in in_order if body in here]
            assert here[-len(last) :] == last
            coverage = device.archive.coverage(conversation.id)
            assert (coverage.gaps, coverage.beginning) == ((), Beginning.REACHED)
        assert sorted(device.spoken()) == sorted(in_order)
        assert sorted(device.told()) == sorted(body for body in in_order if body != "before")
        assert len(device.published(CaughtUp)) <= 1
        await device.quit()


async def test_ended_between_pages_the_gap_is_known_and_healed(any_server: Server, tmp_path: Path) -> None:
    server = any_server
    server.add_user("killed", "secret")
    jid = JID("killed", server.domain)
    async with sender(server, "cat") as cat:
        device = Device(tmp_path, server)
        account_id = await device.sign_in(jid)
        await send(*cat, jid, *(f"{number}" for number in range(30)))
        await until(lambda: len(device.spoken()) == 30)
        await device.caught_up(account_id)
        await device.quit()
        await _empty_offline_storage(server, jid)
        await send(*cat, jid, *(f"{number}" for number in range(30, 330)))
        await _empty_offline_storage(server, jid)
        device = Device(tmp_path, server)
        ended = device.end_after_pages(account_id, 2)
        await device.sign_in(jid)
        await until(ended)
        await device.quit()
        device = Device(tmp_path, server)
        conversation = device.services.conversations.list_conversations()[0]
        assert len(device.archive.coverage(conversation.id).gaps) == 1
        await device.sign_in(jid)
        await device.caught_up(account_id)
        assert device.spoken() == [f"{number}" for number in range(330)]
        assert device.archive.coverage(conversation.id).gaps == ()
        await device.quit()


async def _empty_offline_storage(server: Server, jid: JID) -> None:
    """Another device takes what was kept for whoever comes first: only the archive has it then."""
    recorder = Recorder()
    stream = connection(recorder, jid=str(jid), port=server.starttls_port, security=Security.STARTTLS)
    stream.start()
    stream.send_presence(OwnPresence())
    assert await recorder.outcome() is None
    await stream.request("get", None, wire.build_preferences_query())
    await stream.stop()
