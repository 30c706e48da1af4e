"""Certificates that fail: what a person is shown of them, and trusting exactly one (C11)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority, Certificate
from tests.helpers.hostile import STARTTLS, HostileServer, Peer, server_context
from tests.helpers.recorder import Recorder, connection

from whimbrel.model.account import Account, AccountId, ConnectionSettings, ConnectionState, Security
from whimbrel.model.errors import CertificateError, ErrorKind
from whimbrel.model.jid import JID
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.connection import Connection
from whimbrel.xmpp.peer_chain import fetch_chain
from whimbrel.xmpp.resolver import Srv, Target

ONLINE = "alice@example.test/x"
FAULTS = ["host", "expired", "self-signed", "authority", "purpose"]


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """An authority that nobody trusts."""
    return Authority(tmp_path / "stranger", "Somebody else")


def faulty(fault: str, trusted: Authority, stranger: Authority) -> Certificate:
    return {
        "host": lambda: trusted.issue("other.test"),
        "expired": lambda: trusted.issue("example.test", expired=True),
        "self-signed": lambda: trusted.self_signed("example.test"),
        "authority": lambda: stranger.issue("example.test", with_authority=True),
        "purpose": lambda: trusted.issue("example.test", for_clients=True),
    }[fault]()


async def sign_in(peer: Peer, *, direct: bool) -> None:
    if not direct:
        await peer.secure()
    await peer.authenticate()
    await peer.bind(ONLINE)
    await peer.give_roster()
    await peer.forever()


def security(direct: bool) -> Security:
    return Security.DIRECT_TLS if direct else Security.STARTTLS


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
async def test_c11_refusal_carries_what_the_server_shows_and_nothing_is_said_inside(
    trusted: Authority, stranger: Authority, fault: str, direct: bool
) -> None:
    certificate = faulty(fault, trusted, stranger)
    recorder = Recorder()
    async with HostileServer(
        lambda peer: sign_in(peer, direct=direct), certificate=certificate, direct=direct
    ) as server:
        stream = connection(recorder, port=server.port, security=security(direct))
        stream.start()
        error = await recorder.outcome()
        await stream.stop()
        said = [peer.received for peer in server.peers]
    assert isinstance(error, CertificateError)
    assert error.chain[0].fingerprint == certificate.fingerprint
    assert len(error.chain) == (2 if fault == "authority" else 1)
    own = error.chain[0]
    assert own.names == (("other.test",) if fault == "host" else ("example.test",))
    assert own.subject == f"CN={own.names[0]}"
    assert (own.issuer == own.subject) == (fault == "self-signed")
    for words in said:
        assert words.count("<stream:stream") == (0 if direct else 1), "one in clear, none inside"
        assert "alice" not in words
        assert "<auth" not in words


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_whole_chain_is_had_where_the_server_speaks_tls_1_2(stranger: Authority, newest: ssl.TLSVersion) -> None:
    certificate = stranger.issue("example.test", with_authority=True)
    context = server_context(certificate)
    context.minimum_version = context.maximum_version = newest

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        target = Target("127.0.0.1", server.sockets[0].getsockname()[1], True)
        chain = await fetch_chain(target, "example.test", 10)
    assert chain[0].fingerprint == certificate.fingerprint
    assert len(chain) == (2 if newest is ssl.TLSVersion.TLSv1_2 else 1)


async def test_server_that_is_silent_when_looked_at_is_refused_all_the_same(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        if len(server.peers) == 1:
            await sign_in(peer, direct=False)
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.self_signed("example.test")) as server:
        stream = connection(recorder, port=server.port, deadline=1.0)
        stream.start()
        error = await recorder.outcome()
        await stream.stop()
    assert isinstance(error, CertificateError)
    assert (error.kind, error.chain) == (ErrorKind.CERTIFICATE_SELF_SIGNED, ())
    assert recorder.statuses[-2].state is ConnectionState.FAILED


@pytest.mark.parametrize("answer", ["", "x" * 300_000, f"{STARTTLS}<failure/>", "<proceed/>starttls"])
async def test_nonsense_instead_of_a_certificate_is_no_certificate(answer: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        await peer.send(answer)

    async with HostileServer(script) as server:
        assert await fetch_chain(Target(server.host, server.port, False), "example.test", 10) == ()


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
async def test_c11_the_trusted_certificate_is_accepted_whatever_is_wrong_with_it(
    trusted: Authority, stranger: Authority, fault: str, direct: bool
) -> None:
    certificate = faulty(fault, trusted, stranger)
    recorder = Recorder()
    async with HostileServer(
        lambda peer: sign_in(peer, direct=direct), certificate=certificate, direct=direct
    ) as server:
        stream = connection(recorder, port=server.port, security=security(direct), certificate=certificate.fingerprint)
        stream.start()
        assert await recorder.outcome() is None
        await server.peers[0].send("</stream:stream>")
        await stream.stop()


@pytest.mark.parametrize("direct", [False, True])
async def test_c11_another_certificate_than_the_trusted_one_is_refused_before_a_byte_is_sent_inside(
    trusted: Authority, direct: bool
) -> None:
    mine = trusted.self_signed("example.test")
    impostor = trusted.issue("example.test")  # which would be good enough for everybody else
    recorder = Recorder()
    async with HostileServer(lambda peer: sign_in(peer, direct=direct), certificate=impostor, direct=direct) as server:
        stream = connection(recorder, port=server.port, security=security(direct), certificate=mine.fingerprint)
        stream.start()
        error = await recorder.outcome()
        state = recorder.statuses[-1].state
        await stream.stop()
        said = [peer.received for peer in server.peers]
    assert isinstance(error, CertificateError)
    assert (error.kind, error.subject) == (ErrorKind.CERTIFICATE_CHANGED, "example.test")
    assert error.chain[0].fingerprint == impostor.fingerprint
    assert mine.fingerprint in error.detail
    assert state is ConnectionState.FAILED
    assert all(words.count("<stream:stream") == (0 if direct else 1) for words in said)
    assert all("<auth" not in words for words in said)


async def test_c11_of_several_servers_of_a_domain_only_the_trusted_one_is_spoken_to(trusted: Authority) -> None:
    mine = trusted.self_signed("example.test")

    class Records:
        async def srv(self, name: str) -> Sequence[Srv]:
            if not name.startswith("_xmpp-client"):
                return []
            return [Srv(1, 0, other.port, "127.0.0.1"), Srv(2, 0, own.port, "127.0.0.1")]

    async def play(peer: Peer) -> None:
        await sign_in(peer, direct=False)

    recorder = Recorder()
    async with (
        HostileServer(play, certificate=trusted.issue("example.test")) as other,
        HostileServer(play, certificate=mine) as own,
    ):
        stream = Connection(
            Account(AccountId(1), JID.parse("alice@example.test"), ConnectionSettings(), certificate=mine.fingerprint),
            recorder,
            password,
            lambda: None,
            lookup=Records(),
            backoff=Backoff(first=100),
        )
        stream.start()
        assert await recorder.outcome() is None
        assert all("<auth" not in peer.received for peer in other.peers)
        await own.peers[0].send("</stream:stream>")
        await stream.stop()


async def password() -> str:
    return "secret"
