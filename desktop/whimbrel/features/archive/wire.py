"""The archive (XEP-0313, with paging by XEP-0059): its XML."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.xmpp.messages import parse_message

NAMESPACE = "urn:xmpp:mam:2"
_RSM = "http://jabber.org/protocol/rsm"
_FORM = "jabber:x:data"
_RESULT = f"{{{NAMESPACE}}}result"
_FIN = f"{{{NAMESPACE}}}fin"
_PREFS = f"{{{NAMESPACE}}}prefs"
_FORWARDED = "{urn:xmpp:forward:0}forwarded"
_DELAY = "{urn:xmpp:delay}delay"
_MESSAGE = "{jabber:client}message"
_LONGEST_ID = 1024
_OLDEST = datetime(1999, 1, 4, tzinfo=UTC)
"""The day that the network was announced: nothing on it is older."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an archive.

    ``before`` "": the newest page; another id: the page just older than it; None: see ``after``, the page just newer.
    ``start`` and ``end`` are by the archive's clock, both inclusive.
    """

    peer: JID | None = None
    before: str | None = ""
    after: str = ""
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One result. ``message`` is None where it is unusable: then only its id counts."""

    id: str
    stamp: datetime | None
    message: ET.Element | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, in the archive's order, oldest first.

    ``complete``: nothing that was asked for lies beyond it. ``stable`` False: it may look different next time.
    """

    items: tuple[Item, ...]
    complete: bool = False
    stable: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its items."""
        return frozenset(item.id for item in self.items)


def new_query_id() -> str:
    """An id that nobody can guess: only results that bear it count (section Security Considerations)."""
    return uuid.uuid4().hex


def build_query(query_id: str, question: Question) -> ET.Element:
    """A question: filters as a form (section 4.1), the page by XEP-0059. None but what every server must support."""
    query = ET.Element(f"{{{NAMESPACE}}}query", {"queryid": query_id})
    filters = {
        "with": "" if question.peer is None else str(question.peer),
        "start": _stamp(question.start),
        "end": _stamp(question.end),
    }
    if any(filters.values()):
        form = ET.SubElement(query, f"{{{_FORM}}}x", {"type": "submit"})
        _add_field(form, "FORM_TYPE", NAMESPACE, hidden=True)
        for name, value in filters.items():
            if value:
                _add_field(form, name, value)
    paging = ET.SubElement(query, f"{{{_RSM}}}set")
    ET.SubElement(paging, f"{{{_RSM}}}max").text = str(question.limit)
    if question.before is not None:
        ET.SubElement(paging, f"{{{_RSM}}}before").text = question.before
    elif question.after:
        ET.SubElement(paging, f"{{{_RSM}}}after").text = question.after
    return query


def belongs_to(query_id: str) -> Callable[[ET.Element], bool]:
    """Tells whether a message is a result of the query."""

    def belongs(message: ET.Element) -> bool:
        result = message.find(_RESULT)
        return result is not None and result.get("queryid") == query_id

    return belongs


def parse_page(answer: ET.Element, messages: Sequence[ET.Element]) -> Page:
    """The results before an answer, and what it says of them.

    They are taken in the order in which they came, which is the archive's; where the answer's first and last tell
    otherwise, reversed, or by time. How many there are is counted, not believed. An id that comes again is a
    repetition, unless its message is another one: ejabberd counts microseconds, and may give two the same.
    """
    items: list[Item] = []
    known: set[str] = set()
    seen: set[tuple[str, str, str]] = set()
    for message in messages:
        item = _parse_item(message)
        if item is None:
            continue
        inner = ET.Element("") if item.message is None else item.message
        key = item.id, inner.get("from", ""), inner.get("id", "")
        if key not in seen and not (item.message is None and item.id in known):
            seen.add(key)
            known.add(item.id)
            items.append(item)
    fin = answer.find(_FIN)
    if fin is None:
        return Page(tuple(items))
    first = (fin.findtext(f"{{{_RSM}}}set/{{{_RSM}}}first") or "").strip()
    if items and first in known and first != items[0].id:
        items = items[::-1] if first == items[-1].id else sorted(items, key=lambda item: item.stamp or _OLDEST)
    return Page(
        tuple(items),
        complete=fin.get("complete", "") in ("true", "1"),
        stable=fin.get("stable", "true") not in ("false", "0"),
    )


def parse_envelopes(
    account_id: AccountId, own: JID, items: Sequence[Item], times: Sequence[datetime], news: Sequence[bool]
) -> Iterator[Envelope]:
    """The messages of items as envelopes; those that do not concern us, or are no messages, are left out."""
    for item, time, is_news in zip(items, times, news, strict=True):
        if item.message is None:
            continue
        try:
            envelope = parse_message(account_id, own, item.message, archive_ids=False)
        except InvalidJID:
            continue
        if _concerns(envelope, own.bare):
            yield replace(envelope, source=Source.ARCHIVE, archive_id=item.id, stamp=time, news=is_news)


def build_preferences_query() -> ET.Element:
    """The question what is archived (XEP-0441)."""
    return ET.Element(_PREFS)


def parse_is_off(answer: ET.Element) -> bool:
    """Whether nothing is archived."""
    prefs = answer.find(_PREFS)
    if prefs is None or prefs.get("default") != "never":
        return False
    always = prefs.find(f"{{{NAMESPACE}}}always")
    return always is None or not len(always)


def find_peer(message: ET.Element, own: JID) -> str:
    """With whom a message was said: a bare address, as it stands there; "" where that is none."""
    sender, recipient = (message.get(name, "").partition("/")[0] for name in ("from", "to"))
    return recipient if sender == str(own) else sender


def _parse_item(message: ET.Element) -> Item | None:
    """A result; None where it has no usable id."""
    result = message.find(_RESULT)
    id_ = "" if result is None else result.get("id", "")
    if result is None or not id_ or len(id_) > _LONGEST_ID:
        return None
    forwarded = result.findall(_FORWARDED)
    if len(forwarded) != 1:
        return Item(id_, None)
    delays, inner = forwarded[0].findall(_DELAY), forwarded[0].findall(_MESSAGE)
    stamp = _parse_stamp(delays[0].get("stamp", "")) if len(delays) == 1 else None
    return Item(id_, stamp, inner[0] if len(inner) == 1 and stamp is not None else None)


def _parse_stamp(text: str) -> datetime | None:
    """A time (XEP-0082); None where it is none, or older than the network."""
    try:
        stamp = datetime.fromisoformat(text.strip())
        stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return stamp if stamp >= _OLDEST else None


def _concerns(envelope: Envelope, own: JID) -> bool:
    """Whether we wrote it, or it was written to us."""
    if envelope.sender is None:
        return False
    if envelope.sender.bare == own:
        return envelope.recipient is not None or envelope.element.get("to") is None
    return envelope.recipient is not None and envelope.recipient.bare == own


def _add_field(form: ET.Element, name: str, value: str, *, hidden: bool = False) -> None:
    field = ET.SubElement(form, f"{{{_FORM}}}field", {"var": name, **({"type": "hidden"} if hidden else {})})
    ET.SubElement(field, f"{{{_FORM}}}value").text = value


def _stamp(time: datetime | None) -> str:
    return "" if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
