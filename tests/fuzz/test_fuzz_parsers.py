"""Whatever a stanza holds, reading it ends in a value, or in what its reader says that it raises."""

from __future__ import annotations

import contextlib
import copy
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import pools
from tests.fuzz.streams import read_stanzas, to_text
from whimbrel.core.stages import find_body
from whimbrel.features.archive import wire as archive
from whimbrel.features.blocking import wire as blocking
from whimbrel.features.carbons import wire as carbons
from whimbrel.features.markers import wire as markers
from whimbrel.features.reading import wire as reading
from whimbrel.features.receipts import wire as receipts
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.xmpp.errors import stanza_error
from whimbrel.xmpp.messages import parse_message
from whimbrel.xmpp.presence import parse_presence, parse_subscription
from whimbrel.xmpp.reader import StreamReader
from whimbrel.xmpp.roster import parse_push

ME = JID.parse("me@example.test/desk")
ACCOUNT = AccountId(1)
RECORDED = read_stanzas()
TAGS = sorted({element.tag for stanza in RECORDED for element in stanza.iter()})
ATTRIBUTES = {name for stanza in RECORDED for element in stanza.iter() for name in element.attrib}
NAMES = st.sampled_from(sorted(ATTRIBUTES - {"{http://www.w3.org/XML/1998/namespace}lang"}))
ODD = (*pools.ADDRESSES, *pools.IDS, *pools.DATES, *pools.NUMBERS, *pools.TYPES, *pools.NAMESPACES)
WORDS = st.sampled_from([odd for odd in ODD if len(odd) < 1100]) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=20
)


def _element(tag: str, attributes: dict[str, str], text: str, children: list[ET.Element]) -> ET.Element:
    made = ET.Element(tag, attributes)
    made.text = text
    made.extend(children)
    return made


def _elements(children: st.SearchStrategy[list[ET.Element]]) -> st.SearchStrategy[ET.Element]:
    attributes = st.dictionaries(NAMES, WORDS, max_size=4)
    return st.builds(_element, st.sampled_from(TAGS), attributes, WORDS, children)


TREES = st.recursive(_elements(st.just([])), lambda inner: _elements(st.lists(inner, max_size=3)), max_leaves=8)
STANZAS = st.builds(
    _element,
    st.sampled_from([f"{{jabber:client}}{name}" for name in ("message", "presence", "iq")]),
    st.dictionaries(st.sampled_from(("from", "to", "type", "id")), WORDS),
    st.just(""),
    st.lists(TREES, max_size=4),
)


@st.composite
def grafted(draw: st.DrawFn) -> ET.Element:
    """A recorded stanza in which one part is another one."""
    stanza = copy.deepcopy(draw(st.sampled_from(RECORDED)))
    places = [element for element in stanza.iter() if len(element)]
    if places:
        place = draw(st.sampled_from(places))
        place[draw(st.integers(0, len(place) - 1))] = draw(TREES)
    return stanza


READERS: list[Callable[[ET.Element], Any]] = [
    find_body,
    lambda element: parse_message(ACCOUNT, ME, element, archive_ids=True),
    lambda element: parse_presence(element, ME),
    lambda element: parse_subscription(element, ME),
    lambda element: parse_push(ACCOUNT, element),
    stanza_error,
    blocking.parse_list,
    receipts.parse_request,
    receipts.parse_received,
    markers.parse_markable,
    markers.parse_displayed,
    reading.parse_access_model,
    lambda element: reading.parse_items(element, ME),
    lambda element: reading.parse_event(element, ME),
    archive.belongs_to("q1"),
    archive.parse_is_off,
    lambda element: _read_page([element]),
    lambda element: carbons.parse_carbon(element) if carbons.is_carbon(element) else None,
]
EXPECTED = (InvalidJID, carbons.UnsoundCarbonError)


def _read_page(messages: list[ET.Element]) -> None:
    """A page of an archive whose answer and results are the same nonsense."""
    page = archive.parse_page(messages[-1], messages)
    times = [item.stamp or archive._OLDEST for item in page.items]
    list(archive.parse_envelopes(ACCOUNT, ME, page.items, times, [True] * len(times)))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(element=STANZAS | TREES | grafted())
def test_readers_raise_nothing_of_their_own(element: ET.Element) -> None:
    for read in READERS:
        with contextlib.suppress(*EXPECTED):
            read(element)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(STANZAS | grafted(), max_size=6))
def test_pages_of_nonsense_are_read(messages: list[ET.Element]) -> None:
    _read_page([*messages, ET.Element("{jabber:client}iq")])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(STANZAS)
def test_the_reader_reads_what_is_written(stanza: ET.Element) -> None:
    reader = StreamReader()
    reader.feed(b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
    reader.feed(to_text(stanza).encode())
    read = reader.next_stanza()
    assert read is not None
    assert to_text(read) == to_text(stanza)
