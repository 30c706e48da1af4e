"""The archive (XEP-0313): what came in while we were away, and what was said before this device was there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.incoming import Incoming
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.archive import ranges, wire
from whimbrel.features.archive.order import Order
from whimbrel.features.archive.ranks import Ranks
from whimbrel.features.archive.reader import ConversationReader
from whimbrel.features.archive.stage import ExtendRange, Rank
from whimbrel.features.archive.state import Known
from whimbrel.features.archive.sweep import Sweep
from whimbrel.features.archive.unmet import Unmet
from whimbrel.features.archive.writer import PageWriter
from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange, Coverage, Gap, Point
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AccountRemoved, CaughtUp, HistoryChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore

_log = logging.getLogger(__name__)

_CUT = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST)
"""The connection ended: the next one goes on."""
_AGAIN = (ErrorKind.NO_ANSWER, ErrorKind.TRY_LATER, ErrorKind.DISK_FULL)
_NONE = (ErrorKind.UNAVAILABLE, ErrorKind.NOT_ALLOWED)
_SETTLE_SECONDS = 3.0  # until what a server tells late is there
_WAITS = (5.0, 30.0, 120.0, 300.0)
"""Seconds before what was not answered is asked again; then not before the next session."""
_TELL_EVERY = 0.3  # seconds
_NEWEST = 50
_NEWEST_OF_CONTACT = 10
_CONTACTS_AT_ONCE = 3


class Archive(Feature):
    """Catches up, newest first; fetches more where the person scrolls. Satisfies core's ``HistoryReader``.

    Only our own account's archive is read: what is archived of its nodes (XEP-0442) is no message.

    Args:
        list_contacts: of an account.
        waits: seconds before each further try of what was not answered.
    """

    name = "archive"

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        incoming: Incoming,
        accounts: AccountStore,
        conversations: ConversationStore,
        messages: MessageStore,
        archives: ArchiveStore,
        list_contacts: Callable[[AccountId], Sequence[Contact]],
        *,
        waits: Sequence[float] = _WAITS,
        settle: float = _SETTLE_SECONDS,
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._accounts = accounts
        self._conversations = conversations
        self._archives = archives
        self._list_contacts = list_contacts
        self._waits = tuple(waits)
        self._settle = settle
        self._ranks = Ranks()
        self._writer = PageWriter(incoming, archives, Order(bus, archives, messages, conversations), self._ranks)
        self._reader = ConversationReader(self._writer, archives)
        self._stages: tuple[Stage, ...] = (
            ExtendRange(archives, self._ranks, self._on_arrived, self._is_newer),
            Rank(archives),
        )
        self._unmet = Unmet(incoming, accounts, archives)
        self._known: dict[AccountId, Known] = {}
        self._shown: set[ConversationId] = set()
        self._loading: set[ConversationId] = set()
        self._telling: set[AccountId] = set()
        bus.subscribe(AccountRemoved, self._on_removed)

    # what the core calls

    def stages(self) -> Sequence[Stage]:
        """What comes live extends the newest range."""
        return self._stages

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Catch up. A resumed session missed nothing, as far as this start of the program knows it, but what the server
        had queued may come after what is newer (ejabberd): what came since the cut is put in the archive's order.
        """
        known = self._known.get(account_id)
        if known is None or known.stream is not stream:
            known = self._known[account_id] = Known(account_id, stream)
            resumed = resumed and not stream.support.account  # of a session of before the start little is known
        elif not resumed:
            known.forget_session()
        elif known.connected and not known.absent:
            known.look_again()
        if not known.connected:
            finished, known.finished = known.finished, True  # as long as it is not known where to begin
            self._ranks.begin(account_id, self._archives.find_highest_rank(account_id))
            known.finished = finished
        if known.task is not None:
            known.task.cancel()
        if not resumed and wire.NAMESPACE not in stream.support.account:
            known.absent = known.finished = True
            self._bus.publish(HistoryChanged(account_id))
            self._tasks.start(self._unmet.conclude(known, datetime.now(UTC)), name="what waits")
            return
        if not known.finished:
            known.task = self._tasks.start(self._catch_up(known), name="archive")

    async def confirm_sent(self, account_id: AccountId, stream: Stream, messages: Sequence[Message]) -> None:
        """Look for messages of ours in the archive. Raises KnownError where it did not answer."""
        if wire.NAMESPACE not in stream.support.account:
            return
        known = self._known.get(account_id)
        if known is None or known.stream is not stream:
            known = self._known[account_id] = Known(account_id, stream)
            known.away = bool(self._archives.list_ranges(account_id, known.own.bare))
        by_conversation: dict[ConversationId, list[Message]] = {}
        for message in messages:
            by_conversation.setdefault(message.conversation_id, []).append(message)
        for conversation_id, ours in by_conversation.items():
            conversation = self._conversations.find_conversation(conversation_id)
            if conversation is None:
                continue
            try:
                await self._reader.confirm(known, conversation.jid, ours)
            except KnownError as error:
                if error.kind in (*_CUT, *_AGAIN):
                    raise
                _log.debug("the archive does not tell what was sent: %s", error)
                return

    def note_sent(self, message: Message) -> None:
        """What we send has its place after all that has come, until a page tells otherwise."""
        rank = self._ranks.take_next(message.account_id)
        if rank is not None:
            self._archives.set_message_rank(message.id, rank)

    # what the interface calls

    def coverage(self, conversation_id: ConversationId) -> Coverage:
        """What is here of a conversation, and what is known to be missing."""
        conversation = self._conversations.find_conversation(conversation_id)
        account = None if conversation is None else self._accounts.find_account(conversation.account_id)
        if conversation is None or account is None:
            return Coverage()
        return self._reader.coverage(
            account.id,
            account.jid.bare,
            conversation.jid,
            self._known.get(account.id),
            loading=conversation_id in self._loading,
        )

    def set_shown(self, conversation_id: ConversationId, shown: bool) -> None:
        """Whether a conversation is on the screen: those are fetched first."""
        if not shown:
            self._shown.discard(conversation_id)
            return
        self._shown.add(conversation_id)
        conversation = self._conversations.find_conversation(conversation_id)
        known = None if conversation is None else self._known.get(conversation.account_id)
        if known is not None and known.is_online and not known.finished and not known.absent:
            self._tasks.start(self._fetch_now_shown(known), name="archive of what is shown")

    async def load(self, conversation_id: ConversationId, gap: Gap | None = None) -> None:
        """Fetch a page of a gap (its newest part), or what is older than all that is here.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, UNAVAILABLE (no archive), or why the archive refused; DISK_FULL.
        """
        conversation = self._conversations.find_conversation(conversation_id)
        if conversation is None or conversation_id in self._loading:
            return
        known = self._known.get(conversation.account_id)
        if known is None or not known.is_online:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        if known.absent:
            raise KnownError(ErrorKind.UNAVAILABLE)
        self._loading.add(conversation_id)
        self._bus.publish(HistoryChanged(conversation.account_id, conversation_id))
        try:
            await self._reader.load(known, conversation, gap)
        finally:
            self._loading.discard(conversation_id)
            self._bus.publish(HistoryChanged(conversation.account_id, conversation_id))

    # catching up

    async def _catch_up(self, known: Known) -> None:
        """Until nothing is missing, or what is cannot be had; what is not answered is asked again, later."""
        waits = iter(self._waits)
        while True:
            beyond, looks, began = known.beyond, not known.looked, datetime.now(UTC)
            try:
                await self._sweep(known)
            except KnownError as error:
                looks = False
                _log.debug("catching up with the archive stopped: %s", error)
                if error.kind in _CUT:
                    return
                if error.kind in _AGAIN:
                    waits = iter(self._waits) if known.beyond > beyond else waits
                    wait = next(waits, None)
                    if wait is not None:
                        await asyncio.sleep(wait)
                        continue
                elif error.kind in _NONE:
                    known.absent = True
            known.finished = True
            self._tell(known.account_id)
            await self._unmet.conclude(known, began)
            if not looks or known.absent:
                return
            await asyncio.sleep(self._settle)
            known.look_again()
            known.looked = True
            self._ranks.begin(known.account_id, self._archives.find_highest_rank(known.account_id))

    async def _sweep(self, known: Known) -> None:
        if not known.connected:
            known.away = bool(self._ranges(known))
        sweep = Sweep(known, self._writer, self._archives, self._tasks, lambda: self._tell(known.account_id))
        contacts: asyncio.Task[None] | None = None
        try:
            await self._fetch_shown(known)
            await sweep.connect()
            if any(hole.below is None for hole in ranges.holes(self._ranges(known))):
                contacts = self._tasks.start(self._fetch_contacts(known), name="archive of contacts")
            while await sweep.fill_next(between=True):
                pass
            if known.away:
                self._tell_caught_up(known)
            while await sweep.fill_next(between=False):
                pass
            if contacts is not None and ranges.holes(self._ranges(known)):
                await contacts
        finally:
            sweep.close()
            if contacts is not None:
                contacts.cancel()
        self._archives.remove_covered(known.account_id, known.own.bare)
        self._tell_caught_up(known)

    def _ranges(self, known: Known) -> list[ArchiveRange]:
        return self._archives.list_ranges(known.account_id, known.own.bare)

    async def _fetch_shown(self, known: Known) -> None:
        """The newest page of each conversation on the screen."""
        for conversation_id in tuple(self._shown):
            conversation = self._conversations.find_conversation(conversation_id)
            if conversation is not None and conversation.account_id == known.account_id:
                await self._fetch_newest(known, conversation.jid, _NEWEST)

    async def _fetch_now_shown(self, known: Known) -> None:
        """What was opened while catching up. Where it cannot be fetched, it comes with the rest."""
        try:
            await self._fetch_shown(known)
        except KnownError as error:
            _log.debug("no newest page of what is shown: %s", error)

    async def _fetch_contacts(self, known: Known) -> None:
        """The first time on this device: something of every contact, a few at a time."""
        contacts = iter([contact.jid for contact in self._list_contacts(known.account_id)])

        async def fetch_some() -> None:
            for jid in contacts:
                if not self._archives.has_message_with(known.account_id, jid):
                    await self._fetch_newest(known, jid, _NEWEST_OF_CONTACT)

        try:
            await asyncio.gather(*(fetch_some() for _ in range(_CONTACTS_AT_ONCE)))
        except KnownError as error:
            _log.debug("no newest page of a contact: %s", error)

    async def _fetch_newest(self, known: Known, peer: JID, limit: int) -> None:
        if peer in known.fetched:
            return
        known.fetched.add(peer)
        try:
            known.count((await self._reader.fetch_newest(known, peer, limit)).counts, 0)
        except KnownError:
            known.fetched.discard(peer)
            raise
        self._tell(known.account_id)

    # telling

    def _tell(self, account_id: AccountId) -> None:
        """Say that what is here changed, but not for each page."""
        if account_id not in self._telling:
            self._telling.add(account_id)
            self._tasks.start(self._tell_soon(account_id), name="archive progress")

    async def _tell_soon(self, account_id: AccountId) -> None:
        await asyncio.sleep(_TELL_EVERY)
        self._telling.discard(account_id)
        self._bus.publish(HistoryChanged(account_id))

    def _tell_caught_up(self, known: Known) -> None:
        """Once a session, where there was something to catch up."""
        counts, beyond = known.counts, known.beyond
        known.counts, known.beyond = {}, 0
        if not known.told and (counts or beyond):
            known.told = True
            self._bus.publish(CaughtUp(known.account_id, counts))

    def _on_arrived(self, account_id: AccountId, last: Point) -> bool:
        """Something came live. Whether nothing is missing between the newest range and it."""
        known = self._known.get(account_id)
        if known is None:
            return False
        if known.connected and known.is_online:
            known.arrived = None  # it comes after that
            return True
        known.arrived = last
        return False

    def _is_newer(self, account_id: AccountId, late: bool) -> bool:
        """Whether what comes now, ``late`` or not, is newer than all that is here."""
        known = self._known.get(account_id)
        return known is not None and known.is_online and (not late or known.finished)

    def _on_removed(self, event: AccountRemoved) -> None:
        known = self._known.pop(event.account_id, None)
        if known is not None and known.task is not None:
            known.task.cancel()
