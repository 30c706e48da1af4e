"""No password in any file, no words in any log, whatever is logged and however one signs in (threat C19)."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from tests.e2e.test_whole_path import new_user
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer, mechanisms
from tests.helpers.program import Program, settings_for
from tests.helpers.servers import Server

from whimbrel.features.registration.wire import Registrar
from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.jid import JID
from whimbrel.platform.logs import setup

PASSWORD = "correct horse"  # of every user of the tests' servers
CHOSEN = "a Pa55word chosen now"
WORDS = "words between two, 8713"


@pytest.fixture
def program(
    qapp: QApplication, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    """The program with all that can be logged."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    root = logging.getLogger()
    level = root.level
    made = Program(qapp, tmp_path / "profile")
    made.logs.close()
    made.logs = setup(made.profile, debug=True, log_xml=made.profile.logs / "stanzas.xml", on_fault=made.faults.append)
    made.load()
    yield made
    if not made.ended:
        made.quit()
    root.setLevel(level)
    assert made.faults == []


def written(program: Program) -> dict[str, bytes]:
    """All files of the profile."""
    folder = program.profile.data.parent
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_nowhere(files: dict[str, bytes], *secrets: str) -> None:
    forms = [secret.encode() for secret in secrets]
    forms += [base64.b64encode(form).rstrip(b"=") for form in forms]
    assert not [(name, form) for name, content in files.items() for form in forms if form in content]


@pytest.mark.server
def test_c19_scram_and_messages(both: Server, program: Program) -> None:
    alice, bob = new_user(both, "alice"), new_user(both, "bob")
    services = program.services
    jids = [JID.parse(f"{user}@{both.domain}") for user in (alice, bob)]
    accounts = [
        program.run(services.accounts.sign_in(jid, PASSWORD, settings_for(both, Security.STARTTLS), False))
        for jid in jids
    ]
    conversation = services.conversations.open(accounts[0].id, jids[1])
    services.outbox.submit(conversation.id, WORDS)
    answer = services.conversations.open(accounts[1].id, jids[0])
    program.until(lambda: services.conversations.latest(answer.id, 1))
    assert services.conversations.latest(answer.id, 1)[0].body == WORDS
    program.quit()
    files = written(program)
    assert_nowhere(files, PASSWORD, f"\0{alice}\0{PASSWORD}", f"\0{bob}\0{PASSWORD}")
    assert WORDS.encode() in files["data/history.db"], "a plain file, or else looking into it means nothing"
    stanzas = files["logs/stanzas.xml"]
    assert b"SEND: <message" in stanzas
    assert b"RECV: <message" in stanzas
    assert b"SEND: <auth" in stanzas
    assert_nowhere({name: content for name, content in files.items() if name.startswith("logs/")}, WORDS)


def test_c19_plain_and_registration(program: Program, authority: Authority) -> None:
    async def sign_in(peer: Peer) -> None:
        await peer.sign_in("carol@example.test/desk")
        await peer.expect("</stream:stream>")
        await peer.send("</stream:stream>")

    async def register(peer: Peer) -> None:
        await peer.secure()
        await peer.open(mechanisms("PLAIN"))
        match = await peer.expect('<iq [^>]*id="([^"]*)"')
        await peer.send(
            f"<iq type='result' id='{match[1]}' from='example.test'><query xmlns='jabber:iq:register'>"
            "<x xmlns='jabber:x:data' type='form'><field var='username' type='text-single'/>"
            "<field var='password' type='text-private'/><field var='token' type='hidden'>"
            "<value>hidden-7781</value></field></x></query></iq>"
        )
        match = await peer.expect('<iq [^>]*id="([^"]*)".*</iq>')
        await peer.send(f"<iq type='result' id='{match[1]}' from='example.test'/>")
        await peer.expect("</stream:stream>")
        await peer.send("</stream:stream>")

    async def go() -> None:
        certificate = authority.issue("example.test")
        async with HostileServer(sign_in, certificate=certificate) as server:
            settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
            jid = JID.parse("carol@example.test")
            await program.services.accounts.sign_in(jid, CHOSEN, settings, False)
            await program.services.accounts.stop_all()
        async with HostileServer(register, certificate=certificate) as server:
            settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
            registrar = Registrar(deadline=10)
            form = await registrar.fetch_form("example.test", settings)
            await registrar.submit("example.test", settings, form, {"username": ["dora"], "password": [CHOSEN]})
            assert CHOSEN in server.peers[0].received

    program.run(go())
    program.quit()
    files = written(program)
    assert b"jabber:iq:register" in files["logs/stanzas.xml"]
    assert_nowhere(files, CHOSEN, f"\0carol\0{CHOSEN}", "hidden-7781")
