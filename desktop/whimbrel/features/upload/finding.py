"""Finding an account's upload service (XEP-0363 section 3), once a session, and asking it for slots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from whimbrel.core.offers.uploads import UploadLimit
from whimbrel.core.online import OnlineStreams
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.upload import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.origin import secure_origin

_PROBE = "probe.txt"


@dataclass(frozen=True, slots=True)
class UploadService:
    """Who takes files, and up to which size in bytes (None: not told)."""

    jid: JID
    largest: int | None


class ServiceFinder:
    """Knows the upload services of all accounts.

    Args:
        tell: that what is known of an account has changed.
    """

    def __init__(self, tasks: Tasks, tell: Callable[[AccountId], None]) -> None:
        self._tasks = tasks
        self._tell = tell
        self._found: dict[AccountId, UploadService | None] = {}
        self._looking: dict[AccountId, asyncio.Task[None]] = {}
        self._streams = OnlineStreams()
        self._origins: dict[AccountId, str] = {}
        self._asking: dict[AccountId, asyncio.Lock] = {}

    def limit(self, account_id: AccountId) -> UploadLimit:
        """What is known of an account's service."""
        if account_id not in self._found:
            return UploadLimit(known=False)
        service = self._found[account_id]
        return UploadLimit(True, service is not None, None if service is None else service.largest)

    def look(self, account_id: AccountId, domain: JID, stream: Stream) -> None:
        """Ask again, in the background: a new session has begun."""
        if (task := self._looking.get(account_id)) is not None:
            task.cancel()
        self._streams.note(account_id, stream)
        self._origins.pop(account_id, None)
        self._looking[account_id] = self._tasks.start(self._look(account_id, domain, stream), name="upload service")

    async def find(self, account_id: AccountId) -> UploadService:
        """The account's service, once it is known whether there is one.

        Raises:
            KnownError: FILES_NOT_TAKEN where there is none, TRY_LATER where that could not be found out.
        """
        if (task := self._looking.get(account_id)) is not None and not task.done():
            await asyncio.wait([task])
        if account_id not in self._found:
            raise KnownError(ErrorKind.TRY_LATER, "it is not known yet who takes files")
        service = self._found[account_id]
        if service is None:
            raise KnownError(ErrorKind.FILES_NOT_TAKEN, "the server has no upload service (XEP-0363)")
        return service

    async def find_origin(self, account_id: AccountId) -> str:
        """The host from which the account's own service gives files (``secure_origin``); "" where that is not known.

        A slot tells, which is asked for once a session, and left empty.
        """
        async with self._asking.setdefault(account_id, asyncio.Lock()):
            if account_id not in self._origins:
                try:
                    service = await self.find(account_id)
                    request = wire.build_request(_PROBE, 1, "text/plain")
                    answer = await self._streams.get(account_id).request("get", service.jid, request)
                    self._origins[account_id] = secure_origin(wire.parse_slot(answer).get)
                except KnownError as error:
                    if _is_unsure(error):
                        return ""
                    self._origins[account_id] = ""  # refused: not asked for every address that somebody sends
            return self._origins[account_id]

    async def _look(self, account_id: AccountId, domain: JID, stream: Stream) -> None:
        try:
            service = await _search(domain, stream)
        except KnownError as error:
            if error.mends_itself or error.kind is ErrorKind.NOT_CONNECTED:
                return  # what was known stays; the next session asks again
            service = None
        if account_id not in self._found or self._found[account_id] != service:
            self._found[account_id] = service
            self._tell(account_id)


async def _search(domain: JID, stream: Stream) -> UploadService | None:
    """The first service that takes files: the server itself, or one that it lists. Raises KnownError."""
    if wire.NAMESPACE in stream.support.server:
        return await _ask(domain, stream)
    items = wire.parse_items(await stream.request("get", domain, wire.build_items_query()))
    found = await asyncio.gather(*(_ask(jid, stream) for jid in items), return_exceptions=True)
    services = [service for service in found if isinstance(service, UploadService)]
    if not services and (unsure := [error for error in found if _is_unsure(error)]):
        raise unsure[0] if isinstance(unsure[0], KnownError) else KnownError(ErrorKind.NO_ANSWER)
    for error in found:
        if isinstance(error, BaseException) and not isinstance(error, KnownError):
            raise error
    return services[0] if services else None


def _is_unsure(outcome: object) -> bool:
    return isinstance(outcome, KnownError) and (outcome.mends_itself or outcome.kind is ErrorKind.NOT_CONNECTED)


async def _ask(jid: JID, stream: Stream) -> UploadService | None:
    """Whether an entity takes files. Raises KnownError."""
    answer = await stream.request("get", jid, wire.build_info_query())
    if not wire.parse_offers_upload(answer):
        return None
    return UploadService(jid, wire.parse_largest(answer))
