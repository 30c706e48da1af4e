"""The XML console: hears what goes over streams while somebody looks, and sends what is written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from whimbrel.core.feature import Feature
from whimbrel.core.offers.stanzas import SeenXml, StanzaFault
from whimbrel.core.offers.stanzas import Stanzas as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.stream import Stream
from whimbrel.features.console.wire import parse, with_id
from whimbrel.model.account import AccountId

Watcher = Callable[[SeenXml], None]


class Tap:
    """What one account's stream tells of all that it says and hears (``xmpp.handler.Tap``)."""

    def __init__(self) -> None:
        self.watchers: list[Watcher] = []

    @property
    def is_open(self) -> bool:
        """Whether anybody looks: else nothing needs to be written out."""
        return bool(self.watchers)

    def tell(self, text: str, *, is_ours: bool) -> None:
        """Something was said or heard."""
        seen = SeenXml(datetime.now(), is_ours, text)
        for watcher in tuple(self.watchers):
            watcher(seen)


class Console(Feature):
    """Costs nothing while nobody looks."""

    name = "console"

    def __init__(self) -> None:
        self._taps: dict[AccountId, Tap] = {}
        self._streams = OnlineStreams()

    def offers(self) -> Mapping[type[object], object]:
        """Stanzas."""
        return {Port: self}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """An account came online."""
        self._streams.note(account_id, stream)

    def tap(self, account_id: AccountId) -> Tap:
        """What an account's streams tell."""
        return self._taps.setdefault(account_id, Tap())

    def watch(self, account_id: AccountId, seen: Watcher) -> Callable[[], None]:
        """Hear of everything from now on; returns what ends that."""
        watchers = self.tap(account_id).watchers
        watchers.append(seen)
        return lambda: watchers.remove(seen) if seen in watchers else None

    def check(self, text: str) -> StanzaFault | None:
        """Why a text is not one stanza."""
        found = parse(text)
        return found if isinstance(found, StanzaFault) else None

    def send(self, account_id: AccountId, text: str) -> None:
        """Send one stanza. Raises KnownError NOT_CONNECTED, TOO_LARGE; ValueError."""
        found = parse(text)
        if isinstance(found, StanzaFault):
            raise ValueError(found.name)
        self._streams.get(account_id).send_stanza(with_id(found))
