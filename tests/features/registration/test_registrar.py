"""The registrar against real servers and against one that refuses in every way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer, mechanisms
from tests.helpers.servers import Ejabberd, Prosody, Server, ejabberd_missing, prosody_missing

from whimbrel.features.registration.wire import Registrar
from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import FieldType, RegistrationForm

DOMAIN = "example.test"


@pytest.fixture
def trusted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    return authority


@pytest.fixture(params=["prosody", "ejabberd"])
def server(
    request: pytest.FixtureRequest, trusted: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    prosody = request.param == "prosody"
    if missing := (prosody_missing if prosody else ejabberd_missing)():
        pytest.skip(f"NOT TESTED: {missing}")
    folder = tmp_path_factory.mktemp("server")
    started = (Prosody if prosody else Ejabberd)(folder, registration=True, authority=trusted)
    yield started
    started.stop()


@pytest.mark.server
async def test_account_is_made_once(server: Server) -> None:
    starttls = ConnectionSettings(server.host, server.starttls_port, Security.STARTTLS)
    direct = ConnectionSettings(server.host, server.direct_tls_port, Security.DIRECT_TLS)
    values = {"username": ["Newcomer"], "password": ["a good one 123!"]}
    registrar = Registrar(deadline=10)
    form = await registrar.fetch_form(DOMAIN, starttls)
    assert {field.name: field.type for field in form.fields}["password"] is FieldType.TEXT_PRIVATE
    credentials = await registrar.submit(DOMAIN, starttls, form, values)
    assert (str(credentials.jid), credentials.password) == ("newcomer@example.test", "a good one 123!")
    assert "good" not in repr(credentials)
    second = Registrar(deadline=10)
    form = await second.fetch_form(DOMAIN, direct)
    with pytest.raises(KnownError) as caught:
        await second.submit(DOMAIN, direct, form, values)
    assert (caught.value.kind, caught.value.subject) == (ErrorKind.NAME_TAKEN, "username")
    credentials = await second.submit(DOMAIN, direct, form, values | {"username": ["other"]})
    assert credentials.jid.local == "other"
    await registrar.close()
    await second.close()


FORM = (
    "<iq type='result' id='{0}' from='example.test'>"
    "<query xmlns='jabber:iq:register'><username/><password/></query></iq>"
)
ERROR = (
    "<iq type='error' id='{0}' from='example.test'><error type='{1}'>"
    "<{2} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
)


@pytest.mark.parametrize(
    ("type_", "condition", "kind", "subject"),
    [
        ("cancel", "conflict", ErrorKind.NAME_TAKEN, "username"),
        ("modify", "not-acceptable", ErrorKind.NOT_ACCEPTABLE, ""),
        ("modify", "jid-malformed", ErrorKind.NOT_ACCEPTABLE, "username"),
        ("cancel", "not-allowed", ErrorKind.REGISTRATION_CLOSED, ""),
        ("auth", "forbidden", ErrorKind.REGISTRATION_CLOSED, ""),
        ("wait", "resource-constraint", ErrorKind.TOO_MANY_REGISTRATIONS, ""),
        ("wait", "not-acceptable", ErrorKind.TOO_MANY_REGISTRATIONS, ""),
        ("cancel", "gone", ErrorKind.REFUSED, ""),
    ],
)
async def test_every_refusal_has_its_kind(
    trusted: Authority, type_: str, condition: str, kind: ErrorKind, subject: str
) -> None:
    async def script(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("PLAIN"))
        match = await peer.expect('<iq [^>]*id="([^"]*)"')
        await peer.send(FORM.format(match[1]))
        match = await peer.expect('<iq [^>]*id="([^"]*)"')
        await peer.send(ERROR.format(match[1], type_, condition))
        await peer.expect("</stream:stream>")
        await peer.send("</stream:stream>")

    async with HostileServer(script, certificate=trusted.issue(DOMAIN)) as server:
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        registrar = Registrar(deadline=10)
        form = await registrar.fetch_form(DOMAIN, settings)
        with pytest.raises(KnownError) as caught:
            await registrar.submit(DOMAIN, settings, form, {"username": ["me"], "password": ["p"]})
        assert (caught.value.kind, caught.value.subject) == (kind, subject)
        await registrar.close()
        assert "<auth" not in server.peers[0].received
        assert server.peers[0].received.endswith("</stream:stream>")


async def test_provider_that_did_not_wait_is_asked_again(trusted: Authority) -> None:
    rounds = 0

    async def script(peer: Peer) -> None:
        nonlocal rounds
        rounds += 1
        await peer.secure()
        await peer.open(mechanisms("PLAIN"))
        match = await peer.expect('<iq [^>]*id="([^"]*)"')
        await peer.send(FORM.format(match[1]))
        if rounds == 1:
            await peer.send("</stream:stream>")
            return
        match = await peer.expect('<iq [^>]*id="([^"]*)"')
        await peer.send(f"<iq type='result' id='{match[1]}' from='example.test'/>")
        await peer.forever()

    async with HostileServer(script, certificate=trusted.issue(DOMAIN)) as server:
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        registrar = Registrar(deadline=10)
        form = await registrar.fetch_form(DOMAIN, settings)
        credentials = await registrar.submit(DOMAIN, settings, form, {"username": ["me"], "password": ["p"]})
        assert str(credentials.jid) == "me@example.test"


async def test_no_answer_and_no_tls(trusted: Authority) -> None:
    async def silent(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("PLAIN"))
        await peer.forever()

    async def clear(peer: Peer) -> None:
        await peer.open("<register xmlns='http://jabber.org/features/iq-register'/>")
        await peer.forever()

    for script, kind in ((silent, ErrorKind.NO_ANSWER), (clear, ErrorKind.TLS_NOT_OFFERED)):
        async with HostileServer(script, certificate=trusted.issue(DOMAIN)) as server:
            settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
            registrar = Registrar(deadline=0.5)
            with pytest.raises(KnownError) as caught:
                await registrar.fetch_form(DOMAIN, settings)
            assert caught.value.kind is kind
            await registrar.close()
            assert "jabber:iq:register" not in server.peers[0].received or kind is ErrorKind.NO_ANSWER


@pytest.mark.parametrize("domain", ["", "a@b", "a b", "x/y"])
async def test_what_is_no_provider_is_refused_before_connecting(domain: str) -> None:
    with pytest.raises(KnownError) as caught:
        await Registrar().fetch_form(domain, ConnectionSettings())
    assert caught.value.kind is ErrorKind.ADDRESS_INVALID


@pytest.mark.parametrize("name", ["a@b", "a/b", "a b"])
async def test_what_is_no_name_is_refused_at_its_field(name: str) -> None:
    values = {"username": [name], "password": ["p"]}
    with pytest.raises(KnownError) as caught:
        await Registrar().submit(DOMAIN, ConnectionSettings(), RegistrationForm("", (), False), values)
    assert (caught.value.kind, caught.value.subject) == (ErrorKind.ADDRESS_INVALID, "username")
