"""Signing in by less than the server has offered before (C14), and offers that were changed on the way (XEP-0474)."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer, Script, features, mechanisms
from tests.helpers.real_core import ME, RealCore
from tests.helpers.recorder import Recorder, connection

from whimbrel.model.account import MECHANISMS, ConnectionSettings, ConnectionState, ConnectionStatus, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.xmpp.sasl import Offer

BINDINGS = (
    "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/>"
    "<channel-binding type='tls-exporter'/></sasl-channel-binding>"
)
FAILURE = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{0}/></failure>"


async def finish(peer: Peer, jid: str = "alice@example.test/x") -> None:
    await peer.bind(jid)
    await peer.give_roster()
    await peer.expect("</stream:stream>")
    await peer.send("</stream:stream>")


async def attempt(authority: Authority, script: Script, mechanism: str = "") -> tuple[ConnectionStatus, str]:
    """Connect once to a script; how that ended, and all that was said."""
    recorder = Recorder()
    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        stream = connection(recorder, port=server.port, mechanism=mechanism)
        stream.start()
        await recorder.outcome()
        status = recorder.statuses[-1]
        await stream.stop()
        assert not server.faults
        return status, server.peers[0].received


@pytest.mark.parametrize("strongest", MECHANISMS)
async def test_strongest_mechanism_that_is_offered_is_used_and_told(trusted: Authority, strongest: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        offer = (*reversed(MECHANISMS[MECHANISMS.index(strongest) :]), "SCRAM-SHA-512-PLUS", "ANONYMOUS")
        if strongest == "PLAIN":
            await peer.authenticate()
        else:
            await peer.authenticate_scram("secret", *offer, mechanism=strongest)
        await finish(peer)

    status, _ = await attempt(trusted, script)
    assert (status.state, status.mechanism) == (ConnectionState.ONLINE, strongest)


@pytest.mark.parametrize("known", MECHANISMS[:-1])
async def test_c14_less_than_was_offered_before_is_refused_before_anything_is_sent(
    trusted: Authority, known: str
) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms(*MECHANISMS[MECHANISMS.index(known) + 1 :]))
        await peer.forever()

    status, said = await attempt(trusted, script, mechanism=known)
    assert status.error is not None
    assert (status.state, status.error.kind) == (ConnectionState.FAILED, ErrorKind.WEAKER_MECHANISM)
    assert known in status.error.detail
    assert status.mechanism == known
    assert "<auth" not in said


async def test_c14_what_was_offered_counts_also_where_signing_in_failed(trusted: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        if len(server.peers) == 1:
            await peer.open(mechanisms("SCRAM-SHA-256"))
            await peer.expect("<auth")
            await peer.send(FAILURE.format("temporary-auth-failure"))
        else:
            await peer.authenticate()

    recorder = Recorder()
    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        status = await recorder.wait_for_state(ConnectionState.WAITING)
        assert status.mechanism == "SCRAM-SHA-256"
        stream.retry_now()
        status = await recorder.wait_for_state(ConnectionState.FAILED)
        assert status.error is not None
        assert status.error.kind is ErrorKind.WEAKER_MECHANISM
        assert "<auth" not in server.peers[1].received
        await stream.stop()


async def test_c14_it_is_remembered_over_a_restart_until_a_person_accepts_less(
    trusted: Authority, tmp_path: Path
) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        strongest = "SCRAM-SHA-512" if len(server.peers) == 1 else "SCRAM-SHA-256"
        await peer.authenticate_scram("secret", strongest, "PLAIN", mechanism=strongest)
        await finish(peer, f"{ME}/desk")

    async with HostileServer(script, certificate=trusted.issue("example.test")) as server:
        core = RealCore(tmp_path)
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        account = await core.services.accounts.sign_in(ME, "secret", settings, True)
        await core.services.accounts.stop_all()
        await core.tasks.cancel_all()
        core.close()

        again = RealCore(tmp_path)
        again.keeper.kept[ME] = "secret"
        accounts = again.services.accounts
        stored = accounts.find(account.id)
        assert stored is not None
        assert stored.mechanism == "SCRAM-SHA-512"
        statuses: asyncio.Queue[ConnectionStatus] = asyncio.Queue()
        again.services.bus.subscribe(ConnectionChanged, lambda event: statuses.put_nowait(event.status))
        accounts.start_all()
        refused = await first(statuses, ConnectionState.FAILED)
        assert refused.error is not None
        assert refused.error.kind is ErrorKind.WEAKER_MECHANISM
        assert "<auth" not in server.peers[1].received

        await accounts.accept_weaker(account.id)
        await first(statuses, ConnectionState.ONLINE)
        stored = accounts.find(account.id)
        assert stored is not None
        assert stored.mechanism == "SCRAM-SHA-256", "which is the least from now on"
        await accounts.stop_all()
        await again.tasks.cancel_all()
        again.close()


async def test_trust_is_for_one_account_kept_over_a_restart_and_can_be_taken_back(
    trusted: Authority, tmp_path: Path
) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate_scram("secret")
        await finish(peer, f"{ME}/desk")

    certificate = trusted.self_signed("example.test")
    async with HostileServer(script, certificate=certificate) as server:
        core = RealCore(tmp_path)
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        accounts = core.services.accounts
        account = await accounts.sign_in(ME, "secret", settings, True, certificate.fingerprint)
        with pytest.raises(KnownError) as caught:
            await accounts.sign_in(type(ME).parse("you@example.test"), "secret", settings, True)
        assert caught.value.kind is ErrorKind.CERTIFICATE_SELF_SIGNED
        await accounts.stop_all()
        await core.tasks.cancel_all()
        core.close()

        again = RealCore(tmp_path)
        again.keeper.kept[ME] = "secret"
        accounts = again.services.accounts
        statuses: asyncio.Queue[ConnectionStatus] = asyncio.Queue()
        again.services.bus.subscribe(ConnectionChanged, lambda event: statuses.put_nowait(event.status))
        accounts.start_all()
        await first(statuses, ConnectionState.ONLINE)
        accounts.trust_certificate(account.id, "")
        refused = await first(statuses, ConnectionState.FAILED)
        assert refused.error is not None
        assert refused.error.kind is ErrorKind.CERTIFICATE_SELF_SIGNED
        await accounts.stop_all()
        await again.tasks.cancel_all()
        again.close()


async def first(statuses: asyncio.Queue[ConnectionStatus], state: ConnectionState) -> ConnectionStatus:
    async with asyncio.timeout(20):
        while (status := await statuses.get()).state is not state:
            pass
    return status


@pytest.mark.parametrize("mechanism", MECHANISMS[:-1])
@pytest.mark.parametrize("beside", ["", BINDINGS])
async def test_xep0474_an_offer_that_nobody_changed_is_believed(
    trusted: Authority, mechanism: str, beside: str
) -> None:
    offer = (mechanism, "PLAIN", "X-UNHEARD-OF")

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate_scram(
            "secret", *offer, mechanism=mechanism, told=f",h={digest(mechanism, offer, beside)}", beside=beside
        )
        await finish(peer)

    status, _ = await attempt(trusted, script)
    assert status.state is ConnectionState.ONLINE


@pytest.mark.parametrize(
    ("shown", "beside"),
    [
        (("SCRAM-SHA-256", "PLAIN"), BINDINGS),  # SCRAM-SHA-512 was taken out
        (("SCRAM-SHA-256", "SCRAM-SHA-512-PLUS", "PLAIN"), BINDINGS),  # and something put in
        (("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"), ""),  # the channel bindings were taken out
    ],
)
async def test_xep0474_an_offer_that_was_changed_is_refused_before_the_password_is_proved(
    trusted: Authority, shown: tuple[str, ...], beside: str
) -> None:
    mechanism = "SCRAM-SHA-512" if "SCRAM-SHA-512" in shown else "SCRAM-SHA-256"
    told = digest(mechanism, ("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"), BINDINGS)

    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.authenticate_scram("secret", *shown, mechanism=mechanism, told=f",h={told}", beside=beside)
        await finish(peer)

    status, said = await attempt(trusted, script)
    assert status.error is not None
    assert (status.state, status.error.kind) == (ConnectionState.FAILED, ErrorKind.OFFER_ALTERED)
    assert "<response" not in said
    assert "<abort" in said


def digest(mechanism: str, offer: tuple[str, ...], beside: str) -> str:
    stream = "xmlns:stream='http://etherx.jabber.org/streams'"
    element = ET.fromstring(f"<x {stream}>{features(mechanisms(*offer), beside)}</x>")
    return Offer.parse(element[0]).digest(mechanism.removeprefix("SCRAM-").replace("-", "").lower())


def test_xep0474_digest_is_that_of_the_specification() -> None:
    offer = Offer(frozenset({"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}), frozenset({"tls-server-end-point", "tls-exporter"}))
    assert offer.digest("sha1") == "G6k/rBLDqgOhRRaCuuatSDFkJ08="
