"""When people were last there: told with presence (XEP-0319), asked where the person looks (XEP-0012)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from whimbrel.core.feature import Feature
from whimbrel.core.offers.last_activity import LastActivity as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.stream import Stream
from whimbrel.features.last_activity import wire
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza

_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)
_MOST = 10_000  # addresses whose times are remembered


class LastActivity(Feature):
    """Remembers what presence tells, for as long as the program runs; our own is told only if the person allows.

    Args:
        may_ask: whether an address may be asked: a contact's that is not blocked.
        idle_since: when the person was last at the computer; None while they are there.
        allowed: whether contacts may know that; asked each time.
    """

    name = "last_activity"
    namespaces = (wire.IDLE,)

    def __init__(
        self,
        may_ask: Callable[[AccountId, JID], bool],
        idle_since: Callable[[], datetime | None],
        allowed: Callable[[], bool],
    ) -> None:
        self._may_ask = may_ask
        self._idle_since = idle_since
        self._allowed = allowed
        self._streams = OnlineStreams()
        self._idle: dict[tuple[AccountId, JID], datetime] = {}  # by full address
        self._gone: dict[tuple[AccountId, JID], datetime] = {}  # by bare address

    def offers(self) -> Mapping[type[object], object]:
        """LastActivity."""
        return {Port: self}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """In a new session, presence tells everything anew."""
        self._streams.note(account_id, stream)
        if not resumed:
            self._idle = {key: since for key, since in self._idle.items() if key[0] != account_id}

    def extend_presence(self, account_id: AccountId, presence: OwnPresence) -> Sequence[ET.Element]:
        """Since when nobody is here, with Away (XEP-0319 section 4)."""
        since = self._idle_since()
        if since is None or presence.availability is not Availability.AWAY or not self._allowed():
            return ()
        return (wire.build_idle(since),)

    def answer_query(self, account_id: AccountId, payload: ET.Element) -> ET.Element | None:
        """For how long nobody is here (XEP-0012 section 4), if the person allows."""
        if payload.tag != wire.QUERY or not self._allowed():
            return None
        since = self._idle_since()
        return wire.build_answer(datetime.now(UTC) - since if since is not None else timedelta())

    def on_presence(self, account_id: AccountId, stanza: PresenceStanza) -> None:
        """Note since when a device is idle, and when it went."""
        now, key = datetime.now(UTC), (account_id, stanza.sender)
        self._idle.pop(key, None)
        if stanza.presence.availability is Availability.OFFLINE:
            # What comes from no device only says that none is there (RFC 6121 section 4.3.2), not that one went now.
            gone = wire.parse_delay(stanza.element) or (now if stanza.sender.resource else None)
            if gone is not None:
                self._remember(self._gone, (account_id, stanza.sender.bare), gone)
        elif (since := wire.parse_idle(stanza.element)) is not None:
            self._remember(self._idle, key, min(since, now))

    def idle_since(self, account_id: AccountId, jid: JID) -> datetime | None:
        """Since when nobody is at a device."""
        return self._idle.get((account_id, jid))

    def last_seen(self, account_id: AccountId, jid: JID) -> datetime | None:
        """When a contact was last there: the latest of all devices that tell."""
        idle = [since for (owner, each), since in self._idle.items() if owner == account_id and each.bare == jid.bare]
        gone = self._gone.get((account_id, jid.bare))
        return max(idle) if idle else gone

    async def ask(self, account_id: AccountId, jid: JID) -> datetime | None:
        """Ask when a contact was last online."""
        if not self._may_ask(account_id, jid.bare):
            return None
        try:
            answer = await self._streams.get(account_id).request("get", jid.bare, ET.Element(wire.QUERY))
        except KnownError as error:
            if error.kind in _NO_ANSWER:
                raise
            return None
        ago = wire.parse_answer(answer)
        return datetime.now(UTC) - ago if ago is not None else None

    def _remember(
        self, times: dict[tuple[AccountId, JID], datetime], key: tuple[AccountId, JID], time: datetime
    ) -> None:
        times.pop(key, None)
        times[key] = min(time, datetime.now(UTC))
        if len(times) > _MOST:
            del times[next(iter(times))]
