"""Quit is quick, whatever does not answer: a server, a name server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.conftest import StartProgram
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer
from tests.helpers.program import until

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database

_ROOT = Path(__file__).parent.parent.parent
_ME = JID.parse("alice@example.test")
_LONGEST = 3.0 + 2.0  # seconds: the grace that a server gets, and a slow machine


def test_a_server_that_does_not_close_its_stream(authority: Authority, start: StartProgram) -> None:
    async def script(peer: Peer) -> None:
        await peer.sign_in(str(_ME.with_resource("desk")))
        await peer.forever()

    program = start()
    server = HostileServer(script, certificate=authority.issue("example.test"))
    program.run(server.__aenter__())
    settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
    program.run(program.services.accounts.sign_in(_ME, "secret", settings, False))
    peer = server.peers[0]
    began = time.monotonic()
    program.window.finish()
    program.run(program.application.close())
    assert time.monotonic() - began < _LONGEST
    assert 'type="unavailable"' in peer.received
    assert peer.received.rstrip().endswith("</stream:stream>")
    assert not [task for task in asyncio.all_tasks(program.loop) if "connection of" in task.get_name()]
    program.run(server.__aexit__(None, None, None))
    again = Database.open(program.profile.database, None)
    assert [account.jid for account in AccountStore(again).list_accounts()] == [_ME]
    again.close()


def test_signing_in_that_is_under_way_leaves_nothing_behind(authority: Authority, start: StartProgram) -> None:
    program = start()
    server = HostileServer(Peer.forever, certificate=authority.issue("example.test"))
    program.run(server.__aenter__())
    settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
    signing_in = program.loop.create_task(program.services.accounts.sign_in(_ME, "secret", settings, False))
    program.until(lambda: server.peers)
    program.window.finish()
    program.run(program.application.close())
    program.until(signing_in.done)
    assert isinstance(signing_in.exception(), KnownError)
    program.run(server.__aexit__(None, None, None))
    again = Database.open(program.profile.database, None)
    assert AccountStore(again).list_accounts() == []
    again.close()


async def test_a_name_server_that_does_not_answer(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "profile")
    profile.create()
    database = Database.open(profile.database, None)
    AccountStore(database).add_account(_ME, ConnectionSettings("nowhere.test", 5222), False)
    database.close()
    asked = tmp_path / "asked"
    code = (
        "import pathlib, socket, time\n"
        "from whimbrel.platform.secrets import Secrets\n"
        "async def give(*_): return 'secret'\n"
        f"def hang(*_, **__): pathlib.Path({str(asked)!r}).touch(); time.sleep(1000)\n"
        "Secrets.get_password = give\nsocket.getaddrinfo = hang\n"
        f"from whimbrel.cli import main\nraise SystemExit(main(['--profile', {str(tmp_path / 'profile')!r}]))\n"
    )
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(_ROOT / "desktop"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)  # noqa: ASYNC220
    try:
        await until(asked.exists)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 20) == 0
        assert time.monotonic() - began < _LONGEST
    finally:
        process.kill()
    Database.open(profile.database, None).close()
    assert "Traceback" not in (profile.logs / "whimbrel.log").read_text("utf-8")
