"""The installed program as a contact sees it: from its start to its presence, beside bare slixmpp's; and its size."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import slixmpp

from tests.bench.figure import Figure, middle
from tests.bench.window_start import started, whimbrel
from tests.bench.world import FRIEND, OWNER, PASSWORD, World
from tests.helpers.keyring_session import KeyringSession
from whimbrel.platform.secrets import SERVICE

_ROUNDS = 6  # the first warms up, and encrypts the history
_PATIENCE = 60.0  # seconds
_SETTLE = 5.0


def run(world: World) -> Iterator[Figure]:
    """With 1,000 contacts, 50 chats, and the password in a real keyring."""
    ours, floor, megabytes = [], [], 0.0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, KeyringSession(Path(folder)) as session:
        profile = world.profile(contacts=True, chats=50)
        _keep_password(session)
        environment = {**world.environment, "DBUS_SESSION_BUS_ADDRESS": session.address}
        program = whimbrel(profile, environment)
        with _Friend(world) as friend:
            for round_number in range(_ROUNDS):
                begun = time.monotonic()
                with started(program) as running:
                    ours.append(friend.wait_seen() - begun)
                    if round_number == 1:
                        time.sleep(_SETTLE)
                        megabytes = running.proportional_megabytes()
                friend.wait_gone()
                begun = time.monotonic()
                with world.bare_client():
                    floor.append(friend.wait_seen() - begun)
                friend.wait_gone()
    yield Figure(f"start → online, 1,000 contacts, {program.name}", middle(ours[1:]), "s", 2, middle(floor[1:]))
    yield Figure(f"memory with them, {program.name}", megabytes, "MB", 110)
    yield from _sizes()


def _keep_password(session: KeyringSession) -> None:
    """What *Remember password* did."""
    command = (sys.executable, "-m", "keyring", "set", SERVICE, OWNER)
    subprocess.run(command, env=session.environment, input=PASSWORD, text=True, check=True, capture_output=True)


def _sizes() -> Iterator[Figure]:
    asked = ("dpkg-query", "--show", "--showformat=${Installed-Size}", "whimbrel")
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    if told.isdigit():
        yield Figure("size of the installation", int(told) / 1000, "MB", 250)


class _Friend:
    """A contact who watches the owner come and go."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen, self._gone = threading.Event(), threading.Event()
        self._at = 0.0
        self._ready = threading.Event()
        self._end: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), daemon=True)

    def __enter__(self) -> _Friend:
        self._thread.start()
        if not self._ready.wait(_PATIENCE):
            raise TimeoutError("the friend could not sign in")
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._thread.join(_PATIENCE)

    def wait_seen(self) -> float:
        """When the owner's presence came."""
        if not self._seen.wait(_PATIENCE):
            raise TimeoutError("not online")
        self._seen.clear()
        return self._at

    def wait_gone(self) -> None:
        """Wait until the owner is offline."""
        if not self._gone.wait(_PATIENCE):
            raise TimeoutError("not offline")
        self._gone.clear()
        self._seen.clear()

    async def _watch(self) -> None:
        over = asyncio.Event()
        self._end = partial(asyncio.get_running_loop().call_soon_threadsafe, over.set)
        client = slixmpp.ClientXMPP(FRIEND, PASSWORD)
        client.ca_certs = self._world.server.ca_file

        async def on_start(_: object) -> None:
            await client.get_roster()
            client.send_presence()
            self._ready.set()

        client.add_event_handler("session_start", on_start)
        client.add_event_handler("presence_available", lambda presence: self._on(presence, self._seen))
        client.add_event_handler("presence_unavailable", lambda presence: self._on(presence, self._gone))
        client.connect(self._world.server.host, self._world.server.starttls_port)
        await over.wait()
        await client.disconnect(wait=2.0)

    def _on(self, presence: slixmpp.Presence, event: threading.Event) -> None:
        if presence["from"].bare == OWNER and not event.is_set():
            self._at = time.monotonic()
            event.set()
