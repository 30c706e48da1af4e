"""The real program with all that can be logged, and its death: what the logs hold, and what the next start knows."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_kill import environment, sign_in
from tests.e2e.test_whole_path import friend_of, new_user
from tests.helpers.program import until
from tests.helpers.servers import Server

from whimbrel.platform.paths import Profile

__all__ = ["environment"]

_ROOT = Path(__file__).parents[2]
WORDS = "words between two, 5521"


def start(command: list[str], err: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The program as a person starts it."""
    with err.open("wb") as words:
        return subprocess.Popen(command, env=environment, stderr=words)


@pytest.mark.server
async def test_c19_logs_of_the_real_program_and_of_its_death(
    prosody: Server, tmp_path: Path, environment: dict[str, str]
) -> None:
    alice, bob = new_user(prosody, "alice"), new_user(prosody, "bob")
    folder, stanzas = tmp_path / "profile", tmp_path / "stream.xml"
    profile = Profile.at(folder)
    await asyncio.to_thread(sign_in, folder, prosody, alice, environment)
    log = profile.logs / "whimbrel.log"
    command = [sys.executable, "-m", "whimbrel.cli", "--profile", str(folder), "--debug", "--log-xml", str(stanzas)]
    process = start(command, tmp_path / "err", environment)
    async with friend_of(prosody, bob) as friend:
        await until(lambda: stanzas.exists() and "SEND: <presence" in stanzas.read_text())
        await friend.send("message", to=f"{alice}@{prosody.domain}", body=WORDS, id="m1")
        await until(lambda: "RECV: <message" in stanzas.read_text())
        await until(lambda: "SEND: <a xmlns" in stanzas.read_text())
    assert profile.running.exists()
    process.send_signal(signal.SIGSEGV)
    assert await asyncio.to_thread(process.wait, 20) == -signal.SIGSEGV
    written = {path: path.read_text() for path in (stanzas, log, tmp_path / "err")}
    tokens = [base64.b64encode(each.encode()).decode().rstrip("=") for each in (PASSWORD, f"\0{alice}\0{PASSWORD}")]
    for path, text in written.items():
        assert not [secret for secret in (PASSWORD, WORDS, *tokens) if secret in text], path
    assert f"{alice}@" not in written[log]
    assert "SEND: <auth" in written[stanzas]
    assert "<body>[…]</body>" in written[stanzas]
    assert "urn:xmpp:sm:3" in written[stanzas]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (stanzas, log, profile.logs / "crash.log")} == {0o600}
    assert "Segmentation fault" in (profile.logs / "crash.log").read_text()

    process = start(command[:5], tmp_path / "err", environment)
    await until(lambda: "the last run did not end as it should" in log.read_text())
    assert "Segmentation fault" in (profile.logs / "crash-last.log").read_text()
    await until(lambda: log.read_text().count(": online") > 1)
    process.terminate()
    assert await asyncio.to_thread(process.wait, 20) == 0
    assert not profile.running.exists()


def test_c19_a_fault_at_the_start_is_shown(tmp_path: Path) -> None:
    code = (
        "import sys, whimbrel.app as app\n"
        "from PySide6.QtCore import QTimer\n"
        "from whimbrel.cli import parse\n"
        "from whimbrel.ui.faults import crash_dialog\n"
        "class Dialog(crash_dialog.CrashDialog):\n"
        "    def show(self):\n"
        "        super().show()\n"
        "        sys.stdout.write(self.words.text() + self.text.toPlainText())\n"
        "        QTimer.singleShot(0, self.close_button.click)\n"
        "crash_dialog.CrashDialog = Dialog\n"
        "def fail(path): raise ValueError(f'{path} of alice@secret.example')\n"
        "app.Settings = fail\n"
        "sys.exit(app.run(parse(sys.argv[1:])))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(_ROOT / "desktop")}
    command = [sys.executable, "-c", code, "--profile", str(tmp_path / "profile")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "could not start" in ended.stdout
    assert "ValueError" in ended.stdout
    assert "whimbrel/app.py" in ended.stdout
    assert "alice" not in ended.stdout + (Profile.at(tmp_path / "profile").logs / "whimbrel.log").read_text()
    assert str(tmp_path) not in ended.stdout
