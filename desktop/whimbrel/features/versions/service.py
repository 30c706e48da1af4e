"""Which programs people use (XEP-0092): contacts are asked where the person looks at them, and told what we are."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

from whimbrel import __version__
from whimbrel.core.feature import Feature
from whimbrel.core.offers.versions import ClientVersion
from whimbrel.core.offers.versions import Versions as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID

_NAMESPACE = "jabber:iq:version"
_QUERY = f"{{{_NAMESPACE}}}query"
_LONGEST = 80  # characters of a part
_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)


class Versions(Feature):
    """Asks and answers. The operating system is not told: it only helps those who attack it.

    Args:
        may_ask: whether an address may be asked: a contact's that is not blocked.
    """

    name = "versions"
    namespaces = (_NAMESPACE,)

    def __init__(self, may_ask: Callable[[AccountId, JID], bool]) -> None:
        self._may_ask = may_ask
        self._streams = OnlineStreams()

    def offers(self) -> Mapping[type[object], object]:
        """Versions."""
        return {Port: self}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Now it can be asked."""
        self._streams.note(account_id, stream)

    def answer_query(self, account_id: AccountId, payload: ET.Element) -> ET.Element | None:
        """What we are (section 3)."""
        if payload.tag != _QUERY:
            return None
        query = ET.Element(_QUERY)
        ET.SubElement(query, f"{{{_NAMESPACE}}}name").text = "Whimbrel"
        ET.SubElement(query, f"{{{_NAMESPACE}}}version").text = __version__
        return query

    async def ask(self, account_id: AccountId, jid: JID) -> ClientVersion | None:
        """The program at a full address of a contact's."""
        if not self._may_ask(account_id, jid.bare):
            return None
        try:
            answer = await self._streams.get(account_id).request("get", jid, ET.Element(_QUERY))
        except KnownError as error:
            if error.kind in _NO_ANSWER:
                raise
            return None
        texts = [answer.findtext(f"{_QUERY}/{{{_NAMESPACE}}}{name}") or "" for name in ("name", "version", "os")]
        name, version, system = (" ".join(text[:500].split())[:_LONGEST] for text in texts)
        return ClientVersion(name, version, system) if name else None
