"""``kill -9`` of the whole program, window and keyring included: nothing accepted is lost, nothing received is lost.

``tests/chaos`` kills the program without its window, at named points.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.test_whole_path import PASSWORD, friend_of, new_user
from tests.helpers.keyring_session import KeyringSession
from tests.helpers.servers import Server

pytestmark = pytest.mark.server

_ROOT = Path(__file__).parent.parent.parent
_KILLS = 3
_MESSAGES = 50


@pytest.fixture
def environment(prosody: Server, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A real keyring, the test authority, no screen."""
    with KeyringSession(tmp_path / "session") as session:
        yield {
            **session.environment,
            "SSL_CERT_FILE": str(prosody.ca_file),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'desktop'}",
        }


def sign_in(folder: Path, server: Server, user: str, environment: dict[str, str]) -> None:
    """Leave a profile that signs in by itself."""
    address = f"{user}@{server.domain}"
    arguments = ["sign-in", address, PASSWORD, server.host, str(server.starttls_port)]
    command = [sys.executable, "-m", "tests.e2e.driver", str(folder), *arguments]
    subprocess.run(command, env=environment, check=True, timeout=60)


async def start_online(folder: Path, environment: dict[str, str]) -> asyncio.subprocess.Process:
    """Start it and wait until it has a session, a new one or that of before."""
    command = [sys.executable, "-m", "tests.e2e.driver", str(folder), "stay"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"up\n"
    return process


async def kill(process: asyncio.subprocess.Process) -> None:
    """Kill it as the power cut does."""
    process.kill()
    await process.wait()


async def test_nothing_received_is_lost(prosody: Server, tmp_path: Path, environment: dict[str, str]) -> None:
    alice, bob = new_user(prosody, "alice"), new_user(prosody, "bob")
    folder = tmp_path / "profile"
    sign_in(folder, prosody, alice, environment)
    chance = random.Random(20260)
    sent: list[str] = []
    async with friend_of(prosody, bob) as friend:
        for _ in range(_KILLS):
            process = await start_online(folder, environment)
            for _ in range(chance.randrange(20, _MESSAGES)):
                sent.append(f"number {len(sent)}")
                await friend.send("message", to=f"{alice}@{prosody.domain}", body=sent[-1], id=f"m{len(sent)}")
            await asyncio.sleep(chance.uniform(0, 0.1))  # so that the kill falls anywhere in the burst
            await kill(process)
        process = await start_online(folder, environment)
        sent.append("last")
        await friend.send("message", to=f"{alice}@{prosody.domain}", body="last", id="last")
        await _stored(folder, environment, "last", process)
    assert sorted(await asyncio.to_thread(_bodies, folder, environment)) == sorted(sent)


async def test_nothing_accepted_is_lost(prosody: Server, tmp_path: Path, environment: dict[str, str]) -> None:
    alice, bob = new_user(prosody, "alice"), new_user(prosody, "bob")
    folder = tmp_path / "profile"
    sign_in(folder, prosody, alice, environment)
    chance = random.Random(20261)
    accepted: list[str] = []
    async with friend_of(prosody, bob) as friend:
        for turn in range(_KILLS):
            lines = [f"{turn} {n}" for n in range(_MESSAGES)]
            accepted += await asyncio.to_thread(
                _send_and_die, folder, f"{bob}@{prosody.domain}", environment, lines, chance.randrange(5, _MESSAGES)
            )
        process = await start_online(folder, environment)
        for body in accepted:
            await friend.wait_for(lambda e, body=body: e["event"] == "message" and e["body"] == body)
        await kill(process)


def _send_and_die(folder: Path, to: str, environment: dict[str, str], lines: list[str], survive: int) -> list[str]:
    """Send until the program dies; returns what was accepted."""
    command = [sys.executable, "-m", "tests.e2e.driver", str(folder), "send", to]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.stdin.write("".join(f"{line}\n" for line in lines))
    process.stdin.flush()
    accepted = [process.stdout.readline().strip() for _ in range(survive)]
    process.send_signal(signal.SIGKILL)
    accepted += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    return accepted


async def _stored(folder: Path, environment: dict[str, str], body: str, process: asyncio.subprocess.Process) -> None:
    """Wait until a message is on disk, looking after each end of the program."""
    async with asyncio.timeout(60):
        while True:
            await kill(process)
            if body in await asyncio.to_thread(_bodies, folder, environment):
                return
            process = await start_online(folder, environment)


def _bodies(folder: Path, environment: dict[str, str]) -> list[str]:
    """The texts in the history, read with the key from the keyring."""
    code = (
        "import asyncio, sys; from pathlib import Path; from whimbrel.platform.paths import Profile; "
        "from whimbrel.platform.secrets import Secrets; from whimbrel.storage.database import Database; "
        "p = Profile.at(Path(sys.argv[1])); key = asyncio.run(Secrets(p.name).database_key(create=False)); "
        "assert key; d = Database.open(p.database, key); "
        "print('\\n'.join(r[0] for r in d.rows('SELECT body FROM message')))"
    )
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
