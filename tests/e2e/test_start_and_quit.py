"""Two starts of one profile, a proper end, and a second start that need not fetch the roster again."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.e2e.test_kill import environment, sign_in
from tests.e2e.test_whole_path import friend_of, new_user
from tests.helpers.program import until
from tests.helpers.servers import Server

from whimbrel.model.account import ConnectionState
from whimbrel.model.contact import Subscription
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.platform.session_state import SessionState

__all__ = ["environment"]

pytestmark = pytest.mark.server


def start(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The program as a person starts it."""
    return subprocess.Popen([sys.executable, "-m", "whimbrel.cli", "--profile", str(folder)], env=environment)


async def start_online(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start it as a person does, and wait until it is online."""
    log = Profile.at(folder).logs / "whimbrel.log"
    before = log.read_text("utf-8").count(": online")
    process = start(folder, environment)
    await until(lambda: log.read_text("utf-8").count(": online") > before)
    return process


async def test_a_second_start_hands_over_and_ends(prosody: Server, tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "profile"
    sign_in(folder, prosody, new_user(prosody, "alice"), environment)
    first = await start_online(folder, environment)
    command = [sys.executable, "-m", "whimbrel.cli", "--profile", str(folder), "xmpp:bob@example.test"]
    second = await asyncio.to_thread(subprocess.run, command, env=environment, timeout=30, check=False)
    assert second.returncode == 0
    assert first.poll() is None, "the first start goes on"
    file = Profile.at(folder).session
    await until(lambda: SessionState(file).before.conversation is not None)  # it opened what the second one asked for
    first.kill()
    first.wait()
    left = SessionState(file)
    assert (left.before.conversation is not None, left.ended_well) == (True, False)
    again = await start_online(folder, environment)
    again.terminate()
    assert again.wait(20) == 0
    assert SessionState(file).ended_well


async def test_quitting_says_goodbye(prosody: Server, tmp_path: Path, environment: dict[str, str]) -> None:
    alice, bob = new_user(prosody, "alice"), new_user(prosody, "bob")
    folder = tmp_path / "profile"
    sign_in(folder, prosody, alice, environment)
    log = prosody.folder / "output.log"
    process = await start_online(folder, environment)
    async with friend_of(prosody, bob) as friend:
        await friend.send("presence", to=f"{alice}@{prosody.domain}")
        closed = log.read_text("utf-8").count("Client disconnected: connection closed")
        process.terminate()
        assert process.wait(20) == 0
        await until(lambda: log.read_text("utf-8").count("Client disconnected: connection closed") > closed)
        text = log.read_text("utf-8")
        assert "smacks" not in text or "hibernat" not in text.lower(), "the stream was closed, not dropped"


def test_a_second_start_shows_the_roster_before_it_is_online(both: Server, start: StartProgram) -> None:
    user = new_user(both, "alice")
    friends = [JID.parse(f"{new_user(both, name)}@{both.domain}") for name in ("bob", "carol")]
    program = start()
    account = program.sign_in(both, user, PASSWORD)
    for friend in friends:
        program.services.roster.add(account.id, friend, friend.local.title(), frozenset({"Friends"}), "hello")
    program.until(lambda: all(_is_asked(program.services.roster.find(account.id, jid)) for jid in friends))
    assert _fast_timers() == [], "online, with nothing to do, it is woken every 30 s at most"
    program.quit()

    again = start()
    assert again.services.accounts.status(account.id).state is not ConnectionState.ONLINE
    listed = again.services.roster.list_contacts(account.id)
    assert {contact.jid for contact in listed} == set(friends)
    assert {contact.groups for contact in listed} == {frozenset({"Friends"})}
    assert all(contact.subscription is Subscription.NONE and contact.ask for contact in listed)


def _fast_timers() -> list[str]:
    """The timers that go off again and again, faster than twice a minute: each with its owner."""
    timers = [one for one in gc.get_objects() if isinstance(one, QTimer) and shiboken6.isValid(one)]
    running = [timer for timer in timers if timer.isActive() and not timer.isSingleShot()]
    return [f"{timer.parent()}: {timer.interval()} ms" for timer in running if timer.interval() < 30_000]


def _is_asked(contact: object) -> bool:
    return getattr(contact, "ask", False) is True


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    command = [sys.executable, "-m", "whimbrel.cli", "--profile", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Whimbrel cannot write where it keeps its files" in process.stderr.readline()
        process.terminate()
