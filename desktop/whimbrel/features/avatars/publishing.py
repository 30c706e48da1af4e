"""Publishes our picture: as XEP-0084 has it, and in the vCard where the server does not put it there (XEP-0398)."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.core.action import Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.pep import can_publish, publish
from whimbrel.core.stream import Stream
from whimbrel.features.avatars import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed
from whimbrel.model.outbox import OutboxRow
from whimbrel.storage.people import PeopleStore


class PublishAvatar:
    """AVATAR: payload ``hash`` ("": none), ``type``, ``width``, ``height``; the picture itself is among the pictures.

    Args:
        on_done: others can be told of the picture in the vCard.
    """

    def __init__(self, bus: Bus, people: PeopleStore, on_done: Callable[[AccountId, Stream], None]) -> None:
        self._bus = bus
        self._people = people
        self._on_done = on_done

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """The picture first, then what tells of it. Twice is once: items are named by the hash."""
        hash_ = str(row.payload["hash"])
        data = self._people.find_picture(hash_) if hash_ else None
        if hash_ and data is None:
            return Outcome.DONE
        published = can_publish(stream.support)
        if published:
            await self._publish(stream, row, data)
        if wire.CONVERSION not in stream.support.account:
            await self._put_into_vcard(stream, data, str(row.payload["type"]), required=not published)
            self._on_done(row.account_id, stream)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The person is told."""
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))

    async def _publish(self, stream: Stream, row: OutboxRow, data: bytes | None) -> None:
        hash_, media_type = str(row.payload["hash"]), str(row.payload["type"])
        width, height = (int(str(row.payload[key])) for key in ("width", "height"))
        if data is not None:
            await publish(stream, wire.DATA, hash_, wire.build_data(data))
        size = len(data) if data is not None else 0
        await publish(stream, wire.METADATA, hash_, wire.build_metadata(hash_, media_type, size, width, height))

    async def _put_into_vcard(self, stream: Stream, data: bytes | None, media_type: str, *, required: bool) -> None:
        try:
            try:
                old = await stream.request("get", None, wire.build_vcard_query())
            except KnownError as error:
                if error.kind is not ErrorKind.NOT_FOUND:
                    raise
                old = None
            await stream.request("set", None, wire.build_vcard(old, data, media_type))
        except KnownError as error:
            if required or error.mends_itself or error.kind is ErrorKind.NOT_CONNECTED:
                raise
