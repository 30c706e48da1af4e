"""What is typed as address, provider, port: read or refused before anything is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.accounts.input import read_address, read_host, read_port, read_provider, read_resource


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Alice@Example.ORG ", "alice@example.org"),
        ("alice@example.org/desk", "alice@example.org/desk"),
        ("alice@bücher.example", "alice@bücher.example"),
        ("alice@xn--bcher-kva.example", "alice@bücher.example"),
        ("alice@[::1]", "alice@[::1]"),
        ("xmpp:alice@example.org", "alice@example.org"),
        ("XMPP:al%69ce@example.org?message;body=hi#x", "alice@example.org"),
        ("xmpp://me@example.org/alice@example.net?roster", "alice@example.net"),
    ],
)
def test_addresses_and_links_are_read(text: str, expected: str) -> None:
    assert str(read_address(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ErrorKind.ADDRESS_EMPTY),
        (" \t\n ", ErrorKind.ADDRESS_EMPTY),
        ("xmpp:", ErrorKind.ADDRESS_EMPTY),
        ("x" * 10_000, ErrorKind.TOO_LONG),
        ("a@@b", ErrorKind.ADDRESS_INVALID),
        ("@b", ErrorKind.ADDRESS_INVALID),
        ("a b@c", ErrorKind.ADDRESS_INVALID),
        ("example.org", ErrorKind.ADDRESS_INVALID),
        ("alice@", ErrorKind.ADDRESS_INVALID),
        ("al\u2028ice@example.org", ErrorKind.ADDRESS_INVALID),
        ("al\ue000ice@example.org", ErrorKind.ADDRESS_INVALID),
        ("alice@exa mple.org", ErrorKind.ADDRESS_INVALID),
        ("alice@example.org/", ErrorKind.ADDRESS_INVALID),
    ],
)
def test_what_is_no_address_is_refused(text: str, kind: ErrorKind) -> None:
    with pytest.raises(KnownError) as caught:
        read_address(text)
    assert caught.value.kind is kind


def test_an_invitation_names_a_provider() -> None:
    assert read_provider("xmpp:example.org?register;preauth=abc").domain == "example.org"
    assert read_provider("alice@example.org/x").local == "alice"


@pytest.mark.parametrize(("text", "port"), [("", 0), (" 5223 ", 5223), ("1", 1), ("65535", 65535)])
def test_ports_are_read(text: str, port: int) -> None:
    assert read_port(text) == port


@pytest.mark.parametrize("text", ["0", "70000", "65536", "abc", "-1", "5222.0", "٥٢٢٢", "²", "9" * 10_000])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        read_port(text)
    assert caught.value.kind is ErrorKind.PORT_INVALID


def test_hosts_may_be_names_or_addresses() -> None:
    assert read_host("  ") == ""
    assert read_host("Chat.Example.org") == "chat.example.org"
    assert read_host("127.0.0.1") == "127.0.0.1"
    assert read_host("::1") == read_host("[::1]") == "::1"
    for wrong in ("a b", "a@b.example", "host/path", "x" * 10_000):
        with pytest.raises(KnownError):
            read_host(wrong)


@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_is_a_fault(text: str) -> None:
    for reader in (read_address, read_provider, read_port, read_host, read_resource):
        try:
            reader(text)
        except KnownError:
            continue
