"""The archive of the scripted server (XEP-0313): honest by itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.fuzz.streams import escape

MAM = "urn:xmpp:mam:2"
_RSM = "{http://jabber.org/protocol/rsm}"
_FIELD = "{jabber:x:data}x/{jabber:x:data}field"
_VALUE = "{jabber:x:data}value"
_BEGINNING = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Archived:
    """A message of the archive."""

    id: str
    peer: str  # bare
    xml: str
    stamp: str

    def result(self, query_id: str) -> str:
        """As an answer to a query."""
        return (
            f"<message to='me@example.test/desk'><result xmlns='{MAM}' queryid='{escape(query_id)}' id='{self.id}'>"
            f"<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='{self.stamp}'/>"
            f"{self.xml}</forwarded></result></message>"
        )


class Archive:
    """All that was said, in order."""

    def __init__(self) -> None:
        self._items: list[Archived] = []

    def add(self, id_: str, peer: str, xml: str) -> None:
        """Archive what was just said."""
        stamp = _BEGINNING + timedelta(seconds=len(self._items))
        self._items.append(Archived(id_, peer, xml, stamp.isoformat().replace("+00:00", "Z")))

    def fill(self, count: int) -> None:
        """What was said before, with several people, in both directions."""
        me = "me@example.test"
        for number in range(count):
            peer = ("alice", "bob", "stranger")[number % 3] + "@example.test"
            sender, to = (f"{peer}/x", me) if number % 4 else (f"{me}/phone", peer)
            head = f"<message xmlns='jabber:client' from='{sender}' to='{to}' type='chat' id='old{number}'>"
            self.add(f"old{number}", peer, f"{head}<body>old {number}</body></message>")

    def page(self, query: ET.Element) -> tuple[list[str], str] | None:
        """The results of a query and its ``<fin/>``; None where the id that it asks from is unknown."""
        fields = {field.get("var"): field.findtext(_VALUE) or "" for field in query.iterfind(_FIELD)}
        items = [item for item in self._items if fields.get("with") in (None, item.peer)]
        items = [item for item in items if fields.get("start", "") <= item.stamp <= fields.get("end", "9")]
        rsm = query.find(f"{_RSM}set")
        asked = {child.tag.removeprefix(_RSM): child.text or "" for child in (rsm if rsm is not None else ())}
        most = int(asked.get("max") or 50)
        position = {item.id: index for index, item in enumerate(items)}
        if any(asked.get(name) and asked[name] not in position for name in ("after", "before")):
            return None
        total = len(items)
        items = items[position[asked["after"]] + 1 :] if asked.get("after") else items
        items = items[: position[asked["before"]]] if asked.get("before") else items
        chosen = items[-most:] if "before" in asked else items[:most]
        complete = " complete='true'" if len(chosen) == len(items) else ""
        ends = f"<first index='0'>{chosen[0].id}</first><last>{chosen[-1].id}</last>" if chosen else ""
        fin = (
            f"<fin xmlns='{MAM}'{complete}><set xmlns='http://jabber.org/protocol/rsm'>{ends}"
            f"<count>{total}</count></set></fin>"
        )
        flipped = query.find(f"{{{MAM}}}flip-page") is not None
        results = [item.result(query.get("queryid", "")) for item in (reversed(chosen) if flipped else chosen)]
        return results, fin
