"""Signing in to servers that are silent, broken or hostile: no session in clear text, and every fault has its kind."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.helpers.certificates import Authority, Certificate
from tests.helpers.hostile import (
    BIND,
    PROCEED,
    STARTTLS,
    STREAM,
    SUCCESS,
    HostileServer,
    Peer,
    Script,
    features,
    mechanisms,
)
from tests.helpers.recorder import Recorder, connection
from tests.helpers.servers import free_ports

from whimbrel.model.account import ConnectionState, Security
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID

HEADER = STREAM.format(domain="example.test")
SASL_FAILURE = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{0}/></failure>"


async def outcome(
    script: Script,
    certificate: Certificate | None = None,
    *,
    direct: bool = False,
    deadline: float = 10.0,
    after: Callable[[Recorder, HostileServer], None] = lambda recorder, server: None,
) -> KnownError | None:
    recorder = Recorder()
    async with HostileServer(script, certificate=certificate, direct=direct) as server:
        stream = connection(
            recorder,
            port=server.port,
            security=Security.DIRECT_TLS if direct else Security.STARTTLS,
            deadline=deadline,
        )
        stream.start()
        error = await recorder.outcome()
        await stream.stop()
        after(recorder, server)
        assert not server.faults
    return error


async def test_silence_after_connecting_ends_at_the_deadline() -> None:
    error = await outcome(Peer.forever, deadline=0.3)
    assert error is not None
    assert (error.kind, error.stage) == (ErrorKind.NO_ANSWER, "securing")


async def test_silence_inside_tls_ends_at_the_deadline(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.forever()

    error = await outcome(script, trusted.issue("example.test"), deadline=0.5)
    assert error is not None
    assert (error.kind, error.stage) == (ErrorKind.NO_ANSWER, "authenticating")


@pytest.mark.parametrize(
    ("steps", "stage"),
    [(("secure", "authenticate"), "binding"), (("secure", "authenticate", "bind"), "synchronising")],
)
async def test_silence_in_a_later_stage_ends_at_its_deadline(
    trusted: Authority, steps: tuple[str, ...], stage: str
) -> None:
    async def script(peer: Peer) -> None:
        for step in steps:
            await (peer.bind("alice@example.test/x") if step == "bind" else getattr(peer, step)())
        await peer.forever()

    error = await outcome(script, trusted.issue("example.test"), deadline=0.7)
    assert error is not None
    assert (error.kind, error.stage) == (ErrorKind.NO_ANSWER, stage)


async def test_c12_stripped_starttls_never_leads_to_a_session() -> None:
    async def script(peer: Peer) -> None:
        await peer.open(mechanisms("EXTERNAL", "ANONYMOUS", "PLAIN", "SCRAM-SHA-1"))
        await peer.send(SUCCESS, HEADER, features(BIND))
        await peer.forever()

    def check(recorder: Recorder, server: HostileServer) -> None:
        assert "<auth" not in server.peers[0].received
        assert all(status.state is not ConnectionState.ONLINE for status in recorder.statuses)

    error = await outcome(script, after=check)
    assert error is not None
    assert error.kind is ErrorKind.TLS_NOT_OFFERED


async def test_unsafe_mechanisms_inside_tls_are_not_used(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("EXTERNAL", "ANONYMOUS", "DIGEST-MD5"))
        await peer.forever()

    def check(recorder: Recorder, server: HostileServer) -> None:
        assert "<auth" not in server.peers[0].received

    error = await outcome(script, trusted.issue("example.test"), after=check)
    assert error is not None
    assert error.kind is ErrorKind.NO_SAFE_MECHANISM


async def test_c13_what_comes_before_tls_or_with_proceed_is_discarded(trusted: Authority) -> None:
    forged = "<message from='bob@example.test' id='forged'><body>forged</body></message>"

    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        await peer.send(HEADER, forged, features(STARTTLS))
        await peer.expect("<starttls[^>]*>")
        await peer.send(PROCEED, forged, SUCCESS, features(mechanisms("PLAIN"), BIND))
        await peer.start_tls()
        await peer.open(mechanisms("PLAIN"))
        await peer.send(forged)
        await peer.expect("<auth")
        await peer.send(forged, SUCCESS, forged)
        await peer.bind("alice@example.test/x")
        await peer.give_roster()
        await peer.forever()

    def check(recorder: Recorder, server: HostileServer) -> None:
        assert recorder.envelopes == []

    assert await outcome(script, trusted.issue("example.test"), after=check) is None


async def test_success_without_proof_is_refused(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("SCRAM-SHA-256"))
        await peer.expect("<auth")
        await peer.send(SUCCESS)
        await peer.bind("alice@example.test/x")

    error = await outcome(script, trusted.issue("example.test"))
    assert error is not None
    assert error.kind is ErrorKind.AUTHENTICATION_FAILED


async def test_c14_server_that_knew_scram_gets_no_plain_password_later(trusted: Authority) -> None:
    rounds = 0

    async def script(peer: Peer) -> None:
        nonlocal rounds
        rounds += 1
        await peer.secure()
        if rounds == 1:
            await peer.authenticate_scram("secret")
            await peer.bind("alice@example.test/x")
            await peer.give_roster()
        else:
            await peer.authenticate()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        await recorder.wait_for(lambda: any(status.state is ConnectionState.ONLINE for status in recorder.statuses))
        await recorder.wait_for_state(ConnectionState.WAITING)
        stream.retry_now()
        status = await recorder.wait_for_state(ConnectionState.FAILED)
        assert status.error is not None
        assert status.error.kind is ErrorKind.WEAKER_MECHANISM
        assert "<auth" not in server.peers[1].received
        await stream.stop()


async def test_wrong_proof_of_the_server_is_refused(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate_scram("not the password")
        await peer.bind("alice@example.test/x")

    error = await outcome(script, trusted.issue("example.test"))
    assert error is not None
    assert error.kind is ErrorKind.AUTHENTICATION_FAILED


async def test_key_derivation_without_end_is_refused(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("SCRAM-SHA-256"))
        match = await peer.expect("<auth[^>]*>([^<]*)</auth>")
        nonce = base64.b64decode(match[1]).decode().rpartition("r=")[2]
        challenge = base64.b64encode(f"r={nonce}x,s=c2FsdA==,i=2000000000".encode()).decode()
        await peer.send(f"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{challenge}</challenge>")
        await peer.expect("<abort")
        await peer.send(SASL_FAILURE.format("aborted"))
        await peer.forever()

    error = await outcome(script, trusted.issue("example.test"))
    assert error is not None
    assert error.kind is ErrorKind.AUTHENTICATION_FAILED


@pytest.mark.parametrize("challenge", ["", "!", "eA==", "gICA"])
async def test_nonsense_in_authentication_ends_the_stream_at_once(trusted: Authority, challenge: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("SCRAM-SHA-256"))
        await peer.expect("<auth")
        await peer.send(f"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{challenge}</challenge>")
        await peer.forever()

    error = await outcome(script, trusted.issue("example.test"), deadline=5.0)
    assert error is not None
    assert error.kind is ErrorKind.AUTHENTICATION_FAILED


async def test_the_key_is_derived_off_the_event_loop(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    derived_in: list[int] = []
    derive = hashlib.pbkdf2_hmac

    def note(*arguments: Any) -> bytes:
        if arguments[1] == b"only here":
            derived_in.append(threading.get_ident())
        return derive(*arguments)

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate_scram("only here")
        await peer.bind("alice@example.test/x")
        await peer.give_roster()
        await peer.forever()

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", note)
    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, password="only here")
        stream.start()
        assert await recorder.outcome() is None
        await stream.stop()
    here = threading.get_ident()
    assert sorted(ident == here for ident in derived_in) == [False, True]  # ours, and the server's of the test


async def test_message_larger_than_the_server_takes_is_not_sent(trusted: Authority) -> None:
    limits = "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits>"

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate()
        await peer.bind("alice@example.test/x", limits)
        await peer.give_roster()
        await peer.forever()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        assert await recorder.outcome() is None
        with pytest.raises(KnownError) as caught:
            stream.send_message(OutgoingMessage(JID.parse("bob@example.test"), "x" * 10_000, "m"))
        assert caught.value.kind is ErrorKind.TOO_LARGE
        assert stream.status.state is ConnectionState.ONLINE
        await server.peers[0].send("</stream:stream>")
        await stream.stop()


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("not-authorized", ErrorKind.PASSWORD_WRONG),
        ("account-disabled", ErrorKind.ACCOUNT_DISABLED),
        ("temporary-auth-failure", ErrorKind.STREAM_ERROR),
    ],
)
async def test_refused_authentication_sends_nothing_weaker(trusted: Authority, condition: str, kind: ErrorKind) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"))
        await peer.expect("<auth")
        await peer.send(SASL_FAILURE.format(condition))
        await peer.forever()

    def check(recorder: Recorder, server: HostileServer) -> None:
        assert server.peers[0].received.count("<auth") == 1
        assert "SCRAM-SHA-256" in server.peers[0].received

    error = await outcome(script, trusted.issue("example.test"), after=check)
    assert error is not None
    assert error.kind is kind


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("host", ErrorKind.CERTIFICATE_HOST),
        ("expired", ErrorKind.CERTIFICATE_EXPIRED),
        ("self-signed", ErrorKind.CERTIFICATE_SELF_SIGNED),
        ("authority", ErrorKind.CERTIFICATE_UNKNOWN_AUTHORITY),
        ("purpose", ErrorKind.CERTIFICATE_INVALID),
    ],
)
async def test_c11_wrong_certificates_stop_with_their_own_kind(
    trusted: Authority, tmp_path_factory: pytest.TempPathFactory, fault: str, kind: ErrorKind, direct: bool
) -> None:
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "Somebody else")
    certificate = {
        "host": lambda: trusted.issue("127.0.0.1", "other.test"),
        "expired": lambda: trusted.issue("example.test", expired=True),
        "self-signed": lambda: trusted.self_signed("example.test"),
        "authority": lambda: stranger.issue("example.test"),
        "purpose": lambda: trusted.issue("example.test", for_clients=True),
    }[fault]()

    async def script(peer: Peer) -> None:
        if not direct:
            await peer.secure()
        await peer.authenticate()

    def check(recorder: Recorder, server: HostileServer) -> None:
        assert recorder.statuses[-2].state is ConnectionState.FAILED
        assert all("<auth" not in peer.received for peer in server.peers)

    error = await outcome(script, certificate, direct=direct, after=check)
    assert error is not None
    assert (error.kind, error.subject) == (kind, "example.test")


DOCTYPE = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", ErrorKind.NOT_XMPP),
        ("<?xml version='1.0'?><html/>", ErrorKind.NOT_XMPP),
        (f"<?xml version='1.0'?>{DOCTYPE}{HEADER[21:]}", ErrorKind.NOT_XMPP),
        (HEADER.encode("utf-16"), ErrorKind.NOT_XMPP),
        (f"{HEADER}{DOCTYPE}", ErrorKind.STREAM_ERROR),
        (f"{HEADER}<a>&undefined;</a>", ErrorKind.STREAM_ERROR),
        (f"{HEADER}<!-- comment --><a/>", ErrorKind.STREAM_ERROR),
        (f"{HEADER}<?php evil ?><a/>", ErrorKind.STREAM_ERROR),
        (f"{HEADER}{'<a>' * 100_000}", ErrorKind.STREAM_ERROR),
        (f"{HEADER}<a><b></a>", ErrorKind.STREAM_ERROR),
        ("", ErrorKind.CONNECTION_LOST),
        (f"{HEADER}</stream:stream>", ErrorKind.CONNECTION_LOST),
    ],
    ids=lambda value: "" if isinstance(value, (str, bytes)) else value.value,
)
async def test_c15_restricted_and_broken_xml_ends_the_stream(sent: str | bytes, kind: ErrorKind) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        await peer.send(sent)
        if sent:
            await peer.forever()

    error = await outcome(script)
    assert error is not None
    assert error.kind is kind
    assert error.mends_itself


@pytest.mark.parametrize("step", ["connect", "header", "proceed", "tls", "authenticate", "bind"])
async def test_closing_at_any_stage_waits_and_tries_again(trusted: Authority, step: str) -> None:
    async def script(peer: Peer) -> None:
        if step == "connect":
            return
        if step == "header":
            await peer.expect("<stream:stream[^>]*>")
            await peer.send(HEADER)
            return
        if step == "proceed":
            await peer.open(STARTTLS)
            await peer.expect("<starttls[^>]*>")
            await peer.send(PROCEED)
            return
        await peer.secure()
        if step != "tls":
            await peer.authenticate()
        if step == "bind":
            await peer.bind("alice@example.test/x")

    error = await outcome(script, trusted.issue("example.test"))
    assert error is not None
    assert error.kind in (ErrorKind.CONNECTION_LOST, ErrorKind.TLS_FAILED)
    assert error.mends_itself


async def test_nobody_listening_is_refused_and_the_wait_can_be_ended() -> None:
    recorder = Recorder()
    stream = connection(recorder, port=free_ports(1)[0])
    stream.start()
    error = await recorder.outcome()
    assert error is not None
    assert error.kind is ErrorKind.CONNECTION_REFUSED
    status = recorder.statuses[-1]
    assert status.retry_at is not None
    assert status.retry_at > asyncio.get_running_loop().time() + 60
    seen = len(recorder.statuses)
    stream.retry_now()
    await recorder.wait_for(lambda: len(recorder.statuses) > seen and recorder.statuses[-1].retry_at is not None)
    await stream.stop()
    assert recorder.statuses[-1].state is ConnectionState.OFFLINE


async def test_unknown_host_is_told() -> None:
    recorder = Recorder()
    stream = connection(recorder, host="no-such-host.invalid")
    stream.start()
    error = await recorder.outcome()
    await stream.stop()
    assert error is not None
    assert error.kind in (ErrorKind.HOST_UNKNOWN, ErrorKind.NO_NETWORK)
