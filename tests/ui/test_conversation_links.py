"""Links in plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whimbrel.ui.conversation.links import find_links, is_openable, shown_host


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See https://example.org/notes for what is left.", ["https://example.org/notes"]),
        ("(https://en.wikipedia.org/wiki/Whimbrel_(bird)).", ["https://en.wikipedia.org/wiki/Whimbrel_(bird)"]),
        ("HTTP://EXAMPLE.ORG, and more", ["HTTP://EXAMPLE.ORG"]),
        ('"https://example.org/a?b=c&d=e#f"!', ["https://example.org/a?b=c&d=e#f"]),
        ("看https://example.org/页面。好", ["https://example.org/页面"]),
        ("（https://例子.测试）", ["https://例子.测试"]),
        ("https://bücher.example/x", ["https://bücher.example/x"]),
        ("xmpp:bob@example.org?message;body=hi", ["xmpp:bob@example.org?message;body=hi"]),
        ("write mailto:bob@example.org!", ["mailto:bob@example.org"]),
        ("http://[2001:db8::1]:8080/x", ["http://[2001:db8::1]:8080/x"]),
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
        ("http:// https://, http://. mailto:nobody xmpp:", []),
        ("javascript:alert(1) file:///etc/passwd data:text/html,x ftp://example.org", []),
        ("shttp://example.org", []),
        ("https://example.org/\u202egpj.exe", ["https://example.org/"]),
        ("http://[broken", []),
    ],
)
def test_links_are_found_where_a_person_sees_them(text: str, urls: list[str]) -> None:
    links = find_links(text)
    assert [link.url for link in links] == urls
    assert all(text[link.start : link.end] == link.url for link in links)


@given(
    st.text(alphabet=st.sampled_from(list("ahtpsxm:/.()[]@,javscriptfle \n\u202e例。")) | st.characters(), max_size=200)
)
def test_whatever_is_found_may_be_opened(text: str) -> None:
    end = 0
    for link in find_links(text):
        assert link.start >= end
        end = link.end
        assert text[link.start : link.end] == link.url
        assert is_openable(link.url)
        assert link.url.lower().startswith(("http://", "https://", "xmpp:", "mailto:"))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "file:///etc/passwd",
            "smb://evil.example/x",
            "\\\\evil.example\\x",
            "//evil.example/x",
        ),
        *("", "http:", "https://", "x", "HTTPS://a b"),
    ],
)
def test_c3_nothing_else_may_be_opened(url: str) -> None:
    assert not is_openable(url)


@pytest.mark.parametrize(
    "piece", ["mailto:", "http://", "https://a.b/", "(", "https://a((((", "xmpp:a)))))", "https://a ", "."]
)
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = ("http://a.example/" + piece * size)[:size]
        start = time.perf_counter()
        find_links(text)
        return time.perf_counter() - start

    seconds(1000)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(200_000) for _ in range(3))
    assert large < max(small, 0.0005) * 40


def test_the_host_of_an_international_name_is_shown_plainly() -> None:
    assert shown_host("https://example.org/x") == "example.org"
    assert shown_host("https://аpple.com/") == "аpple.com (xn--pple-43d.com)"
    assert shown_host("mailto:a@b") == ""
