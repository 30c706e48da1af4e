"""Where in a text stands what was searched for."""

from __future__ import annotations

import pytest

from whimbrel.core.search_marks import find_marks
from whimbrel.model.search import Term


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("The library, the LIBRARY", [Term("library")], ["library", "LIBRARY"]),
        ("libraries of a library", [Term("library")], ["library"]),
        ("libraries of a library", [Term("librar", prefix=True)], ["librar", "librar"]),
        ("a sublibrary", [Term("library", prefix=True)], []),
        ("im Café, im CAFE\u0301!", [Term("cafe")], ["Café", "CAFE\u0301"]),
        ("我们去图书馆，图书很多", [Term("图书")], ["图书", "图书"]),
        ("我们去图书馆", [Term("馆")], ["馆"]),
        ("用Qt写程序", [Term("qt"), Term("程序")], ["Qt", "程序"]),
        ("用Qt写程序", [Term("Qt写程")], ["Qt写程"]),
        ("foo-bar foo bar", [Term("foo.bar")], ["foo-bar", "foo bar"]),
        ("ＡＢＣ and ﬁne", [Term("abc"), Term("fine")], ["ＡＢＣ", "ﬁne"]),
        ("nothing", [Term("!?")], []),
        ("😀 word 😀", [Term("word")], ["word"]),
        ("a_b", [Term("b")], ["b"]),
        ("gut👍🏽 👍 👎", [Term("👍🏿")], ["👍🏽", "👍"]),
        ("❤️ and ❤", [Term("❤", prefix=True)], ["❤️", "❤"]),
        ("so ok👍 here", [Term("ok👍")], ["ok👍"]),
        ("👩🏽‍💻 writes", [Term("👩", prefix=True)], ["👩🏽‍💻"]),
    ],
)
def test_marks_are_where_the_index_finds(text: str, terms: list[Term], found: list[str]) -> None:
    assert [text[start:end] for start, end in find_marks(text, terms)] == found


def test_marks_take_time_in_proportion_to_the_text() -> None:
    assert len(find_marks("a-" * 100_000, [Term("a a a"), Term("b")])) <= 200
