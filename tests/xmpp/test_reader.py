"""The reader: stanzas out of any cut of bytes, bounds on size."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whimbrel.xmpp import reader
from whimbrel.xmpp.reader import StreamReader, Violation

HEADER = b"<?xml version='1.0'?> <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
STANZAS = "<message><body>é你</body></message>\n<presence/><iq><a xmlns='x'><b/></a></iq>".encode()


@given(st.lists(st.integers(0, len(HEADER + STANZAS)), max_size=12))
def test_any_cut_of_the_bytes_gives_the_same_stanzas(cuts: list[int]) -> None:
    stream = HEADER + STANZAS
    edges = [0, *sorted(cuts), len(stream)]
    subject = StreamReader()
    tags = []
    for start, end in itertools.pairwise(edges):
        subject.feed(stream[start:end])
        while (stanza := subject.next_stanza()) is not None:
            tags.append(stanza.tag)
    assert tags == ["{jabber:client}message", "{jabber:client}presence", "{jabber:client}iq"]


def test_stanza_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST_STANZA", 10_000)
    subject = StreamReader()
    subject.feed(HEADER)
    for _ in range(19):
        subject.feed(b"<message>" + b"x" * 490)
        assert subject.next_stanza() is None
    with pytest.raises(Violation, match="policy-violation"):
        subject.feed(b"x" * 500)


def test_c15_a_tag_without_end_is_refused() -> None:
    """The parser reads it again with every piece: a million attributes would take minutes."""
    subject = StreamReader()
    subject.feed(HEADER + b"<message ")
    attributes = b"".join(b"a%d='>' " % number for number in range(200_000))
    pieces = [attributes[place : place + 8192] for place in range(0, len(attributes), 8192)]

    def feed() -> None:
        for piece in pieces:
            subject.feed(piece)
            assert subject.next_stanza() is None

    with pytest.raises(Violation, match="policy-violation"):
        feed()


def test_long_text_and_many_tags_are_no_long_tag() -> None:
    subject = StreamReader()
    subject.feed(HEADER + b"<message><body>")
    for _ in range(60):
        subject.feed(b"x" * 8192)
    subject.feed(b"</body>" + b"<a b='c'/>" * 60_000 + b"</message>")
    assert subject.next_stanza() is not None


def test_many_small_stanzas_are_no_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST_STANZA", 10_000)
    subject = StreamReader()
    subject.feed(HEADER)
    for _ in range(200):
        subject.feed(STANZAS)
        while subject.next_stanza() is not None:
            pass
