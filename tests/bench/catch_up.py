"""The first sign-in at an account with 20,000 archived messages ÷ bare slixmpp that fetches the same pages."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import slixmpp

from tests.bench.figure import Figure, middle, percentile
from tests.bench.process import Measured
from tests.bench.world import World
from tests.helpers.prosody_data import write_account, write_roster
from tests.helpers.servers import Prosody
from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database

COUNT = 20_000
_FRIENDS = 20
_ROUNDS = 2
_PATIENCE = 5  # times as long as for other figures
_DOMAIN = "archive.test"
_PASSWORD = "bench"
_MEMORY = """
  modules_disabled = { "s2s"; "offline" }
  storage = { archive = "memory" }
  storage_archive_item_limit = 100000
"""
"""Prosody's files of archives are read anew for each page, which would be all that is measured."""


def run(world: World) -> Iterator[Figure]:
    """Rates, and the turns of the event loop meanwhile."""
    floor, taken, newest, waits = [], [], [], []
    with _server() as server:
        asyncio.run(_fill(server))
        login = {
            "jid": f"me@{_DOMAIN}",
            "password": _PASSWORD,
            "host": server.host,
            "port": server.starttls_port,
            "ca_file": str(server.ca_file),
        }
        for number in range(_ROUNDS):
            with Measured("tests.bench.bare_archive", login, {}) as bare:
                floor.append(_seconds(bare))
            profile = _profile(server, number)
            environment = {**world.environment, "SSL_CERT_FILE": str(server.ca_file)}
            start: Mapping[str, object] = {**login, "profile": str(profile), "watch_turns": True, "chats": _FRIENDS}
            with Measured("tests.bench.program", start, environment) as program:
                online = float(program.wait_for("online")["at"])
                program.tell(ask="turns")
                program.wait_for("turns")
                newest.append(float(program.wait_for("chats")["at"]) - online)
                taken.append(_caught_up(program) - online)
                program.tell(ask="turns")
                waits += program.wait_for("turns")["waits"]
    rate, bare_rate = COUNT / middle(taken), COUNT / middle(floor)
    note = f"{rate:.0f} ÷ {bare_rate:.0f} messages a second = {rate / bare_rate:.2f} (aim ≥ 0.5)"
    yield Figure("catch-up of 20,000 archived messages", middle(taken), "s", 2, middle(floor), note)
    yield Figure("… until something of every chat is there", middle(newest), "s", 5, note=f"{_FRIENDS} chats")
    note = f"longest {max(waits) * 1000:.0f} ms of {len(waits)}"
    yield Figure("… turns meanwhile, p99", percentile(waits, 0.99) * 1000, "ms", 50, note=note)


@contextlib.contextmanager
def _server() -> Iterator[Prosody]:
    folder = Path(tempfile.mkdtemp(prefix="whimbrel-archive-"))
    data = folder / "data"
    friends = {f"friend{number}@{_DOMAIN}": (f"Friend {number}", ["Friends"]) for number in range(_FRIENDS)}
    for local in ("me", *(jid.partition("@")[0] for jid in friends)):
        write_account(data, _DOMAIN, local, _PASSWORD)
    write_roster(data, _DOMAIN, "me", friends)
    server = Prosody(folder, _DOMAIN, extra=_MEMORY)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _fill(server: Prosody) -> None:
    """The friends have written, each a hundred at a time, in turn."""
    friends = [await _sign_in(server, number) for number in range(_FRIENDS)]
    for start in range(0, COUNT // _FRIENDS, 100):
        for friend in friends:
            for number in range(start, start + 100):
                friend.send_message(
                    f"me@{_DOMAIN}", f"message {number} of a usual length, as people write", mtype="chat"
                )
            await friend.plugin["xep_0199"].ping(_DOMAIN, timeout=60)
    for friend in friends:
        await friend.disconnect(wait=2.0)


async def _sign_in(server: Prosody, number: int) -> slixmpp.ClientXMPP:
    client = slixmpp.ClientXMPP(f"friend{number}@{_DOMAIN}", _PASSWORD)
    client.ca_certs = server.ca_file
    client.register_plugin("xep_0199")
    started = asyncio.Event()
    client.add_event_handler("session_start", lambda _: started.set())
    client.connect(server.host, server.starttls_port)
    await asyncio.wait_for(started.wait(), 20)
    return client


def _profile(server: Prosody, number: int) -> Path:
    """A new profile with the account: nothing of the archive is there."""
    folder = server.folder / f"profile-{number}"
    profile = Profile.at(folder)
    profile.create()
    database = Database.open(profile.database, None)
    connection = ConnectionSettings(server.host, server.starttls_port, Security.STARTTLS)
    AccountStore(database).add_account(JID.parse(f"me@{_DOMAIN}"), connection, remember_password=True)
    database.close()
    return folder


def _seconds(process: Measured) -> float:
    online = process.wait_for("online")
    return _caught_up(process) - float(online["at"])


def _caught_up(process: Measured) -> float:
    """When all of it was there."""
    for _ in range(_PATIENCE):
        with contextlib.suppress(TimeoutError):
            event = process.wait_for("caught up")
            if event["count"] < COUNT:
                raise ValueError(f"only {event['count']} messages")
            return float(event["at"])
    raise TimeoutError("not caught up")
