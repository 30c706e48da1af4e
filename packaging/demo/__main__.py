"""Starts the server, the friends and the program; when the program ends, all of it is gone."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.helpers.servers import Prosody, ServerFailed, prosody_missing

from demo.friends import sign_in, sign_out
from demo.history import OWN_JID, fill
from demo.server import start_server
from whimbrel.platform.paths import Profile

_QUIT_SECONDS = 8.0


def main() -> int:
    """Run the demonstration; returns the program's exit status."""
    parser = argparse.ArgumentParser(prog="packaging/run --demo", description=__doc__)
    parser.add_argument("--debug", action="store_true", help="log in detail, to the terminal")
    options = parser.parse_args()
    if missing := prosody_missing():
        return _complain(missing)
    folder = Path(tempfile.mkdtemp(prefix="whimbrel-demo-")).resolve()
    janitor = subprocess.Popen(
        [sys.executable, "-m", "demo.janitor", str(folder)], stdin=subprocess.PIPE, start_new_session=True, cwd="/"
    )
    assert janitor.stdin is not None
    try:
        return asyncio.run(_demonstrate(folder, options.debug))
    except (ServerFailed, TimeoutError) as error:
        return _complain(f"The demonstration could not start: {error}")
    finally:
        janitor.stdin.close()
        janitor.wait()


async def _demonstrate(folder: Path, debug: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    password = secrets.token_urlsafe(24)
    server = await asyncio.to_thread(start_server, folder, password)
    try:
        profile = folder / "profile"
        await asyncio.to_thread(fill, Profile.at(profile), server.host, server.starttls_port)
        friends = await sign_in(server.host, server.starttls_port, password, server.ca_file)
        try:
            start = {"profile": str(profile), "jid": str(OWN_JID), "password": password, "debug": debug}
            return await _run_window(folder, server, start, stop)
        finally:
            await sign_out(friends)
    finally:
        await asyncio.to_thread(server.stop)


async def _run_window(folder: Path, server: Prosody, start: dict[str, object], stop: asyncio.Event) -> int:
    window = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "demo.window",
        stdin=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "SSL_CERT_FILE": str(server.ca_file)},
    )
    assert window.stdin is not None
    window.stdin.write(json.dumps(start).encode() + b"\n")
    await window.stdin.drain()
    ended = asyncio.ensure_future(window.wait())
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((ended, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ended.done():
        await _end(window)
    return await ended


async def _end(window: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        window.terminate()
    try:
        await asyncio.wait_for(window.wait(), _QUIT_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            window.kill()


def _complain(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
