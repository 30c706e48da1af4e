"""An archive that does what a test says, and a core that reads it."""

from __future__ import annotations

import asyncio
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.core.assembly import build_services
from whimbrel.features.archive.service import Archive
from whimbrel.model.archive import ArchiveRange
from whimbrel.model.contact import Contact
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.storage.archive import ArchiveStore

MAM = "urn:xmpp:mam:2"
RSM = "{http://jabber.org/protocol/rsm}"
ME = JID.parse("me@example.org")
ALICE = "alice@example.net"
BOB = "bob@example.net"


@dataclass(slots=True)
class Entry:
    """What is archived. ``peer``: with whom it was said."""

    id: str
    stamp: datetime
    peer: str
    message: ET.Element | None


@dataclass(slots=True)
class Asked:
    """A query, as it came."""

    query_id: str
    peer: str
    before: str | None
    after: str | None
    start: datetime | None
    end: datetime | None
    limit: int


Change = Callable[[Asked, ET.Element, list[ET.Element]], None]


@dataclass(slots=True)
class ScriptedArchive:
    """Answers as Prosody does. ``change``: alters each answer. ``errors``: what the next queries get instead.

    ``cut_after``: so many are answered, then the connection is gone.
    """

    limit: int = 50
    owner: JID = ME
    entries: list[Entry] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    errors: list[KnownError] = field(default_factory=list)
    change: Change | None = None
    cut_after: int | None = None
    seconds: bool = True  # stamps in whole seconds
    now: datetime = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)

    def add(
        self,
        peer: str = ALICE,
        body: str = "",
        *,
        outgoing: bool = False,
        wire_id: str = "",
        id_: str = "",
        step: float = 0.3,
        message: ET.Element | None = None,
    ) -> Entry:
        """Archive a message, a moment after the last."""
        self.now += timedelta(seconds=step)
        number = len(self.entries)
        wire_id = wire_id or f"wire-{uuid.uuid4().hex}"
        sender, recipient = (f"{self.owner}/phone", peer) if outgoing else (f"{peer}/pad", str(self.owner))
        if message is None:
            origin = f"<origin-id xmlns='urn:xmpp:sid:0' id='{wire_id}'/>" if outgoing else ""
            message = message_element(body or f"{number}", id_=wire_id, extra=origin)
            message.attrib.update({"from": sender, "to": recipient})
        entry = Entry(id_ or f"id-{uuid.uuid4().hex[:8]}", self.now, peer, message)
        self.entries.append(entry)
        return entry

    def fill(self, count: int, *peers: str) -> None:
        """Archive so many, of several in turn."""
        for number in range(count):
            self.add((peers or (ALICE, BOB))[number % len(peers or (ALICE, BOB))])

    def bodies(self, peer: str | None = None) -> list[str]:
        """What is said in it, in its order."""
        found = [e.message for e in self.entries if e.message is not None and peer in (None, e.peer)]
        return [message.findtext("{jabber:client}body") or "" for message in found]

    def said(self) -> dict[str, list[str]]:
        """What is said in each conversation."""
        return {peer: self.bodies(peer) for peer in {entry.peer for entry in self.entries if entry.message is not None}}

    async def answer(self, payload: ET.Element) -> tuple[ET.Element, list[ET.Element]]:
        """Answer a query."""
        await asyncio.sleep(0)
        asked = _parse(payload)
        self.asked.append(asked)
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise KnownError(ErrorKind.NOT_CONNECTED)
            self.cut_after -= 1
        if self.errors:
            raise self.errors.pop(0)
        found, complete = self._find(asked)
        messages = [self._result(entry, asked.query_id) for entry in found]
        answer = ET.Element("{jabber:client}iq", {"type": "result"})
        fin = ET.SubElement(answer, f"{{{MAM}}}fin", {"complete": "true"} if complete else {})
        paging = ET.SubElement(fin, f"{RSM}set")
        if found:
            ET.SubElement(paging, f"{RSM}first").text = found[0].id
            ET.SubElement(paging, f"{RSM}last").text = found[-1].id
        if self.change is not None:
            self.change(asked, answer, messages)
        return answer, messages

    def _find(self, asked: Asked) -> tuple[list[Entry], bool]:
        found = [
            entry
            for entry in self.entries
            if (not asked.peer or entry.peer == asked.peer)
            and (asked.start is None or self.shown(entry) >= asked.start)
            and (asked.end is None or self.shown(entry) <= asked.end)
        ]
        limit = min(self.limit, asked.limit)
        anchor = asked.before or asked.after
        index = next((i for i, entry in enumerate(found) if entry.id == anchor), None)
        if anchor and index is None:
            raise KnownError(ErrorKind.NOT_FOUND)
        if asked.before is not None:
            found = found if index is None else found[:index]
            return found[-limit:], len(found) <= limit
        found = found if index is None else found[index + 1 :]
        return found[:limit], len(found) <= limit

    def shown(self, entry: Entry) -> datetime:
        """The time as it is told."""
        return entry.stamp.replace(microsecond=0) if self.seconds else entry.stamp

    def _result(self, entry: Entry, query_id: str) -> ET.Element:
        outer = ET.Element("{jabber:client}message", {"from": str(self.owner)})
        result = ET.SubElement(outer, f"{{{MAM}}}result", {"queryid": query_id, "id": entry.id})
        forwarded = ET.SubElement(result, "{urn:xmpp:forward:0}forwarded")
        stamp = self.shown(entry).isoformat().replace("+00:00", "Z")
        ET.SubElement(forwarded, "{urn:xmpp:delay}delay", {"stamp": stamp})
        if entry.message is not None:
            forwarded.append(entry.message)
        return outer


def _parse(payload: ET.Element) -> Asked:
    data = "{jabber:x:data}"
    fields = {f.get("var", ""): f.findtext(f"{data}value") or "" for f in payload.iter(f"{data}field")}
    paging = payload.find(f"{RSM}set")
    assert paging is not None
    before = paging.find(f"{RSM}before")
    return Asked(
        query_id=payload.get("queryid", ""),
        peer=fields.get("with", ""),
        before=None if before is None else before.text or "",
        after=paging.findtext(f"{RSM}after"),
        start=_time(fields.get("start", "")),
        end=_time(fields.get("end", "")),
        limit=int(paging.findtext(f"{RSM}max") or 0),
    )


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class ArchiveCore(Core):
    """A core whose account ``me@example.org`` has this archive, over as many sessions as a test wants."""

    def __init__(self, folder: Path, archive: ScriptedArchive) -> None:
        super().__init__(folder)
        self.script = archive
        base = self.base
        self.archives = ArchiveStore(self.database)
        self.archive = Archive(
            base.bus,
            base.tasks,
            base.incoming,
            base.stores.accounts,
            base.stores.conversations,
            base.stores.messages,
            self.archives,
            base.roster.list_contacts,
            waits=(0.0,) * 3,
            settle=0.0,
        )
        self.services = build_services(
            base,
            [*(feature for feature in self.features if not isinstance(feature, Archive)), self.archive],
            make_stream=self._make_stream,
            passwords=self.keeper,
            blocker=self.services.blocker,
            history=self.archive,
            registrar=self.services.registrar,
        )
        known = base.stores.accounts.list_accounts()
        if known:
            self.keeper.kept[ME] = "secret"
            self.services.accounts.start_all()
            self.account_id = known[0].id
        else:
            self.account_id = self.add_account(str(ME)).id
        self.me: FakeStream = self.stream(self.account_id)
        self.me.archive = archive
        self.me.account_features.add(MAM)

    async def session(self, *contacts: Contact) -> None:
        """A new session, until there is nothing more to be fetched in it."""
        self.me.go_online(*contacts)
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until everything that runs has ended."""
        async with asyncio.timeout(20):
            await self.tasks.wait_all()

    async def kill(self) -> None:
        """The end, without a farewell."""
        await self.tasks.cancel_all()
        self.close()

    def bodies(self, peer: str | None = None) -> list[str]:
        """What is on disk, in the order of the screen."""
        condition = "" if peer is None else f" WHERE conversation.jid = '{peer}'"
        rows = self.database.rows(
            "SELECT body FROM message JOIN conversation ON conversation.id = conversation_id"
            f"{condition} ORDER BY message.time, message.id"
        )
        return [row[0] for row in rows]

    def said(self) -> dict[str, list[str]]:
        """What is on disk of each conversation that has something."""
        conversations = self.services.conversations.list_conversations()
        return {str(c.jid): bodies for c in conversations if (bodies := self.bodies(str(c.jid)))}

    def ranges(self) -> list[ArchiveRange]:
        """Of the whole archive."""
        return self.archives.list_ranges(self.account_id, ME)

    def receive_live(self, entry: Entry, *, delayed: bool = False) -> None:
        """What was archived arrives live too; ``delayed``: from offline storage."""
        assert entry.message is not None
        body = entry.message.findtext("{jabber:client}body")
        extra = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{entry.id}'/>"
        if delayed:
            extra += (
                f"<delay xmlns='urn:xmpp:delay' from='{ME.domain}' stamp='{self.script.shown(entry).isoformat()}'/>"
            )
        self.me.receive_message(entry.message.get("from"), body, id_=entry.message.get("id", ""), extra=extra)


Start = Callable[[], ArchiveCore]
"""Starts the program."""
