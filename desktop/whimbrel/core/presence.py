"""Presence: everybody's (best of several resources) and our own (RFC 6121 section 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from whimbrel.core.bus import Bus
from whimbrel.core.ports import ChosenPresence
from whimbrel.model.account import AccountId
from whimbrel.model.contact import OFFLINE, Availability, OwnPresence, Presence
from whimbrel.model.events import OwnPresenceChanged, PresenceChanged, PresencesCleared
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza

_MAX_RESOURCES = 50


class Presences:
    """Who is there, and what we show of ourselves. In memory only, but for the choice."""

    def __init__(self, bus: Bus, chosen: ChosenPresence) -> None:
        self._bus = bus
        self._chosen = chosen
        self._idle = False
        self._idle_since: datetime | None = None
        self._live: set[AccountId] = set()
        self._accounts: dict[AccountId, dict[JID, dict[str, Presence]]] = {}

    def best(self, account_id: AccountId, jid: JID) -> Presence:
        """The best presence of an address: highest priority first, then availability."""
        resources = self.resources(account_id, jid)
        return resources[0] if resources else OFFLINE

    def resources(self, account_id: AccountId, jid: JID) -> list[Presence]:
        """The presence of each resource of an address, best first; none while the account is not online."""
        if account_id not in self._live:
            return []
        found = self._accounts.get(account_id, {}).get(jid.bare, {})
        return sorted(found.values(), key=lambda p: (-p.priority, p.availability.rank, p.resource))

    def known(self, account_id: AccountId) -> bool:
        """Whether presence is known at all; not so without a connection."""
        return account_id in self._live

    @property
    def own(self) -> OwnPresence:
        """What the person chose."""
        return self._chosen.own_presence

    @property
    def effective(self) -> OwnPresence:
        """What is shown: the choice, or away while idle."""
        own = self.own
        if self._idle and own.availability is Availability.ONLINE:
            return OwnPresence(Availability.AWAY, own.status)
        return own

    def set_own(self, presence: OwnPresence) -> None:
        """Choose a presence, kept over restarts; OFFLINE disconnects."""
        self._chosen.own_presence = presence
        self._idle, self._idle_since = False, None
        self._bus.publish(OwnPresenceChanged(presence, automatic=False))

    @property
    def idle_since(self) -> datetime | None:
        """When the person was last at the computer, aware, UTC; None while they are there."""
        return self._idle_since

    def set_idle(self, idle: bool, seconds: float = 0.0) -> None:
        """The person left the computer, so many seconds ago, or came back."""
        before = self.effective
        self._idle = idle
        self._idle_since = datetime.now(UTC) - timedelta(seconds=seconds) if idle else None
        if self.effective != before:
            self._bus.publish(OwnPresenceChanged(self.effective, automatic=True))

    # what the session tells

    def begin(self, account_id: AccountId) -> None:
        """A new session: nothing is known of anybody yet."""
        self._accounts[account_id] = {}
        self._live.add(account_id)

    def suspend(self, account_id: AccountId) -> None:
        """The connection is lost; it may be resumed."""
        if account_id in self._live:
            self._live.discard(account_id)
            self._bus.publish(PresencesCleared(account_id))

    def resume(self, account_id: AccountId) -> None:
        """The same session goes on: what was known still holds (XEP-0198 section 5)."""
        if account_id in self._live:
            return
        self._live.add(account_id)
        for jid in self._accounts.get(account_id, {}):
            self._bus.publish(PresenceChanged(account_id, jid, self.best(account_id, jid)))

    def forget(self, account_id: AccountId) -> None:
        """The account is gone."""
        self.suspend(account_id)
        self._accounts.pop(account_id, None)

    def take(self, account_id: AccountId, stanza: PresenceStanza) -> None:
        """Note the presence of one resource."""
        jid = stanza.sender.bare
        before = self.best(account_id, jid)
        resources = self._accounts.setdefault(account_id, {}).setdefault(jid, {})
        name = stanza.sender.resource
        if stanza.presence.availability is not Availability.OFFLINE:
            if name in resources or len(resources) < _MAX_RESOURCES:
                resources[name] = stanza.presence
        elif name:
            resources.pop(name, None)
        else:
            resources.clear()
        if not resources:
            del self._accounts[account_id][jid]
        if (after := self.best(account_id, jid)) != before:
            self._bus.publish(PresenceChanged(account_id, jid, after))
