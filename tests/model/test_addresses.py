"""Addresses: what is one, what is none, and which mean the same (RFC 7622, RFC 6122)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whimbrel.model.jid import JID, InvalidJID


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("alice@example.net", "alice@example.net"),
        ("Alice@Example.NET", "alice@example.net"),
        ("alice@example.net.", "alice@example.net"),
        ("alice@example.net/Phone X", "alice@example.net/Phone X"),
        ("alice@example.net/a@b/c", "alice@example.net/a@b/c"),
        ("example.net", "example.net"),
        ("example.net/x", "example.net/x"),
        ("ÄRGER@BÜCHER.example", "ärger@bücher.example"),
        ("alice@xn--bcher-kva.example", "alice@bücher.example"),
        ("爱丽丝@例子.测试", "爱丽丝@例子.测试"),
        ("爱丽丝@例子。测试", "爱丽丝@例子.测试"),
        ("alice@[2001:DB8::1]", "alice@[2001:db8::1]"),
        ("alice@127.0.0.1", "alice@127.0.0.1"),
        ("a.b+c~d@localhost", "a.b+c~d@localhost"),
    ],
)
def test_addresses(text: str, normal: str) -> None:
    assert str(JID.parse(text)) == normal
    assert JID.parse(normal) == JID.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a@@b",
        "@b",
        "a@",
        "a b@c",
        "a@b c",
        "a@b/",
        "/x",
        "a@-b.example",
        "a@b..c",
        "a@b_!",
        "a@b․c",  # a leader that becomes a dot
        "a@[::1",
        "a@[not-an-ip]",
        "a\u0000@b",
        "a\u2028b@c",
        "\ue000@c",
        "a\ud800@c",
        "a'b@c",
        'a"b@c',
        "a&b@c",
        "a:b@c",
        "a<b@c",
        "\u05d0a@c",
        "a@" + "b" * 64 + ".example",
        "a" * 1024 + "@b",
        "a@b/" + "c" * 1024,
        "a" * 10_000,
    ],
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(InvalidJID):
        JID.parse(text)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused_and_normal_form_is_stable(text: str) -> None:
    try:
        parsed = JID.parse(text)
    except InvalidJID:
        return
    assert JID.parse(str(parsed)) == parsed


def test_parts() -> None:
    full = JID.parse("alice@example.net/x")
    assert full.bare == JID.parse("alice@example.net")
    assert full.bare.resource == ""
    assert full.bare.bare is full.bare or full.bare.bare == full.bare
    assert full.with_resource("") == full.bare
    assert str(full.bare.with_resource("y")) == "alice@example.net/y"
    with pytest.raises(InvalidJID):
        full.with_resource("\u0000")
