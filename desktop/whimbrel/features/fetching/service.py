"""Fetching the files that others sent: pictures of contacts unasked up to a size, all else on demand (C3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whimbrel.core.feature import Feature
from whimbrel.core.offers.fetching import FetchedCopies, Files
from whimbrel.features.fetching.tools import Advance, Cache, FetchTools
from whimbrel.model.attachment import Attachment, AttachmentId, AttachmentState
from whimbrel.model.errors import MENDS_ITSELF, ErrorKind, KnownError
from whimbrel.model.events import (
    AttachmentChanged,
    MessageChanged,
    MessageRemoved,
    MessagesAnnotated,
    StorageFailed,
    TransferAdvanced,
)
from whimbrel.model.file_name import safe_name
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.model.origin import secure_origin
from whimbrel.storage.attachments import AttachmentStore

if TYPE_CHECKING:
    from whimbrel.core.bus import Bus
    from whimbrel.core.tasks import Tasks
    from whimbrel.model.account import AccountId
    from whimbrel.model.conversation import ConversationId
    from whimbrel.model.fetched import Fetched
    from whimbrel.model.jid import JID
    from whimbrel.storage.database import Database
    from whimbrel.storage.messages import MessageStore

MOST_BYTES = 1024**3
"""What is fetched at most when the person asks for it."""
_AT_ONCE = 4
_AGAIN = 60.0  # seconds until what mends itself is tried again unasked
_TELL_EVERY = 0.25  # seconds
_MOST_PICTURES = 2_000


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be fetched. ``most`` in bytes; ``unasked``: nobody clicked."""

    message: Message
    most: int
    unasked: bool
    unencrypted: bool = False


class Fetching(Feature):
    """Offers :class:`Files`.

    Args:
        is_contact: whether an address is one of an account's contacts, and not blocked.
        most_unasked: bytes up to which pictures of contacts are fetched unasked.
        home: the host from which an account's own provider gives the files that it takes (``secure_origin``), or "".
    """

    name = "fetching"

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        database: Database,
        messages: MessageStore,
        tools: FetchTools,
        is_contact: Callable[[AccountId, JID], bool],
        most_unasked: Callable[[], int],
        home: Callable[[AccountId], Awaitable[str]],
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._store = AttachmentStore(database)
        self._messages = messages
        self._tools = tools
        self._is_contact = is_contact
        self._most_unasked = most_unasked
        self._home = home
        self._waiting: dict[AttachmentId, Job] = {}  # the last is fetched first: it is what the person sees now
        self._running: dict[AttachmentId, asyncio.Task[None]] = {}
        self._cancelled: set[AttachmentId] = set()  # by the person
        self._progress: dict[AttachmentId, tuple[int, int | None]] = {}
        self._tried: dict[AttachmentId, float] = {}  # when it was last tried unasked; for ever: not to be again
        self._places: set[Path] = set()  # of what is being fetched
        self._sweeping = False
        for attachment in self._store.list_on_the_way(AttachmentState.FETCHING):  # when the program ended
            self._store.set_state(attachment.id, AttachmentState.REMOTE)
        bus.subscribe(MessageRemoved, lambda event: self._sweep_soon())
        bus.subscribe(MessageChanged, lambda event: self._sweep_soon() if event.message.retracted else None)

    def offers(self) -> Mapping[type[object], object]:
        """The files of messages, and all copies together."""
        return {Files: self, FetchedCopies: _Copies(self._tools.cache, self._places)}

    # the port

    def files(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[Attachment]]:
        found = self._store.list_of_messages([message.id for message in messages if not message.retracted])
        return {message_id: [_as_it_is(one) for one in ones] for message_id, ones in found.items()}

    def pictures(self, conversation_id: ConversationId) -> list[Attachment]:
        found = self._store.list_in_conversation(conversation_id, limit=_MOST_PICTURES)
        return [_as_it_is(one) for one in reversed(found) if one.is_picture]

    def progress(self, attachment_id: AttachmentId) -> tuple[int, int | None]:
        return self._progress.get(attachment_id, (0, None))

    def want(self, messages: Sequence[Message]) -> None:
        most = self._most_unasked()
        by_id = {message.id: message for message in messages if self._may_fetch_unasked(message)}
        if not most or not by_id:
            return
        for message_id, attachments in self.files(list(by_id.values())).items():
            for attachment in attachments:
                if self._is_due(attachment, most):
                    self._tried[attachment.id] = time.monotonic()
                    self._add(attachment.id, Job(by_id[message_id], most, unasked=True))

    def fetch(self, attachment_id: AttachmentId, *, unencrypted: bool = False) -> None:
        attachment = self._store.find_attachment(attachment_id)
        message = None if attachment is None else self._messages.find_message(attachment.message_id)
        if message is not None and attachment_id not in self._running:
            self._waiting.pop(attachment_id, None)
            self._add(attachment_id, Job(message, MOST_BYTES, unasked=False, unencrypted=unencrypted))

    def cancel(self, attachment_id: AttachmentId) -> None:
        self._waiting.pop(attachment_id, None)
        self._tried[attachment_id] = float("inf")
        if (task := self._running.get(attachment_id)) is not None:
            self._cancelled.add(attachment_id)
            task.cancel()

    def use(self, attachment: Attachment) -> None:
        self._tools.cache.use(Path(attachment.path))

    def lies_in_cache(self, path: Path) -> bool:
        return self._tools.cache.holds(path)

    # what is fetched unasked

    def _may_fetch_unasked(self, message: Message) -> bool:
        """Own ones (sent from another device), and those of contacts (C3)."""
        own = message.direction is Direction.OUT
        return not message.retracted and (own or self._is_contact(message.account_id, message.sender.bare))

    def _is_due(self, attachment: Attachment, most: int) -> bool:
        if not attachment.is_picture or not attachment.url.lower().startswith("https:"):
            return False
        if attachment.id in self._running or attachment.id in self._waiting or (attachment.size or 0) > most:
            return False
        if attachment.state is AttachmentState.FAILED:
            mends = attachment.error.partition(":")[0] in {kind.value for kind in MENDS_ITSELF}
            return mends and time.monotonic() - self._tried.get(attachment.id, -_AGAIN) >= _AGAIN
        return attachment.state is AttachmentState.REMOTE and attachment.id not in self._tried

    # the work

    def _add(self, attachment_id: AttachmentId, job: Job) -> None:
        self._waiting[attachment_id] = job
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            attachment_id, job = self._waiting.popitem()
            task = self._tasks.start(self._carry_out(attachment_id, job), name=f"file {attachment_id}")
            if not task.done():
                self._running[attachment_id] = task
                task.add_done_callback(partial(self._on_done, attachment_id))

    def _on_done(self, attachment_id: AttachmentId, _task: asyncio.Task[None]) -> None:
        self._running.pop(attachment_id, None)
        self._progress.pop(attachment_id, None)
        self._go_on()

    async def _carry_out(self, attachment_id: AttachmentId, job: Job) -> None:
        attachment = self._store.find_attachment(attachment_id)
        if attachment is None:
            return
        try:
            self._set_state(attachment, job.message, AttachmentState.FETCHING)
            try:
                path, measures = await self._fetch(attachment, job)
            except asyncio.CancelledError:
                if attachment_id not in self._cancelled:  # the program ends: nothing else is begun
                    self._waiting.clear()
                self._cancelled.discard(attachment_id)
                self._set_state(attachment, job.message, AttachmentState.REMOTE)
                raise
            except KnownError as error:
                self._give_up(attachment, job, error)
            else:
                self._finish(attachment, job.message, path, measures)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))

    async def _fetch(self, attachment: Attachment, job: Job) -> tuple[Path, tuple[int | None, int | None, int | None]]:
        """Returns where it is, and size, width and height, where nobody told them. Raises KnownError."""
        cache = self._tools.cache
        name = safe_name(attachment.name)
        path = cache.locate(attachment.url, name)
        self._places.add(path)  # before its folder is there: nothing may sweep that away
        try:
            await asyncio.to_thread(cache.place, attachment.url, name)
            fetched = await self._fetch_to(path, attachment, job)
            told = dict(attachment.hashes).get("sha-256", "")
            if told and told != fetched.sha256:
                cache.remove(path)
                raise KnownError(ErrorKind.FILE_ALTERED, f"SHA-256 {fetched.sha256}, not {told}")
            width = height = None
            if attachment.is_picture and (attachment.width is None or attachment.height is None):
                width, height = await asyncio.to_thread(self._tools.measure, path) or (None, None)
            await asyncio.to_thread(cache.trim, path)
        except OSError as error:
            raise KnownError(ErrorKind.DISK_FULL, str(error)) from error
        finally:
            self._places.discard(path)
        return path, (fetched.size, width, height)

    async def _fetch_to(self, path: Path, attachment: Attachment, job: Job) -> Fetched:
        """From public addresses; what our own provider keeps in a private network comes from there, and nothing else.

        Raises KnownError.
        """
        teller = self._teller(attachment)
        try:
            return await self._tools.fetcher.fetch(attachment.url, path, job.most, teller, unencrypted=job.unencrypted)
        except KnownError as error:
            if error.kind is not ErrorKind.ADDRESS_PRIVATE or self._tools.at_home is None:
                raise
            origin = secure_origin(attachment.url)
            if not origin or origin != await self._home(job.message.account_id):
                raise
        return await self._tools.at_home(origin).fetch(attachment.url, path, job.most, teller)

    def _finish(
        self, attachment: Attachment, message: Message, path: Path, measures: tuple[int | None, int | None, int | None]
    ) -> None:
        if self._store.find_attachment(attachment.id) is None:  # its message was taken back meanwhile
            self._tools.cache.remove(path)
            return
        size, width, height = measures
        self._store.set_measures(attachment.id, size=size, width=width, height=height)
        self._set_state(attachment, message, AttachmentState.HERE, path=str(path))

    def _give_up(self, attachment: Attachment, job: Job, error: KnownError) -> None:
        if job.unasked and error.kind is ErrorKind.TOO_LARGE:  # no fault: it waits for a click
            self._tried[attachment.id] = float("inf")
            self._set_state(attachment, job.message, AttachmentState.REMOTE)
        else:
            self._set_state(attachment, job.message, AttachmentState.FAILED, error=str(error))

    def _set_state(
        self,
        attachment: Attachment,
        message: Message,
        state: AttachmentState,
        *,
        path: str | None = None,
        error: str = "",
    ) -> None:
        """Raises KnownError DISK_FULL."""
        if self._store.find_attachment(attachment.id) is None:
            return
        changed = self._store.set_state(attachment.id, state, path=path, error=error)
        self._bus.publish(AttachmentChanged(changed))
        self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message.id})))

    def _teller(self, attachment: Attachment) -> Advance:
        last = 0.0

        def advance(done: int, total: int | None) -> None:
            nonlocal last
            self._progress[attachment.id] = (done, total)
            if time.monotonic() - last >= _TELL_EVERY:
                last = time.monotonic()
                self._bus.publish(TransferAdvanced(attachment.id, attachment.message_id, done, total))

        return advance

    # copies of what is gone

    def start(self) -> None:
        """The program has started: remove the copies that nothing tells of any more."""
        self._sweep_soon()

    def _sweep_soon(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._tasks.start(self._sweep(), name="copies of fetched files")

    async def _sweep(self) -> None:
        await asyncio.sleep(0)  # after all that is removed in this turn
        self._sweeping = False
        there = await asyncio.to_thread(self._tools.cache.list_folders)  # first: what is begun later is not among them
        known = {Path(path) for path in self._store.list_paths()}
        await asyncio.to_thread(self._tools.cache.sweep, there, known | self._places)


class _Copies:
    """Satisfies :class:`FetchedCopies`."""

    def __init__(self, cache: Cache, places: set[Path]) -> None:
        self._cache = cache
        self._places = places  # of what is being fetched

    async def size(self) -> int:
        return await asyncio.to_thread(self._cache.size)

    async def remove_all(self) -> None:
        there = await asyncio.to_thread(self._cache.list_folders)
        await asyncio.to_thread(self._cache.sweep, there, set(self._places))


def _as_it_is(attachment: Attachment) -> Attachment:
    """A copy that has gone is to be fetched again, if anybody knows from where."""
    if attachment.state is AttachmentState.HERE and attachment.url and not Path(attachment.path).is_file():
        return replace(attachment, state=AttachmentState.REMOTE, path="")
    return attachment
