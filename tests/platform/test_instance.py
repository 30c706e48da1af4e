"""Two starts with one profile: the first one hears of the second."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytestqt.qtbot import QtBot

from whimbrel.platform.instance import Call, SingleInstance
from whimbrel.platform.paths import Profile

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from whimbrel.platform.instance import Call, SingleInstance
from whimbrel.platform.paths import Profile
app = QCoreApplication([])
instance = SingleInstance(Profile.at(Path(sys.argv[1])))
first = instance.try_become_first()
print("first" if first else "sent" if instance.send(Call.from_environment(sys.argv[2])) else "nobody", flush=True)
if first:
    sys.stdin.read()
"""


def _start(folder: Path, message: str = "raise") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder), message],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "XDG_ACTIVATION_TOKEN": "from the desktop",
            "PYTHONPATH": str(Path(__file__).parents[2] / "desktop"),
        },
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Profile.at(tmp_path).create()
    return tmp_path


def test_a_second_start_reaches_the_first(qtbot: QtBot, folder: Path) -> None:
    first = SingleInstance(Profile.at(folder))
    assert first.try_become_first()
    wish = "xmpp:莉莉@example.org?message;body=hi"
    with qtbot.waitSignal(first.called, timeout=20_000) as received:
        second = _start(folder, wish)
    assert received.args == [Call(wish, token="from the desktop")]
    assert second.communicate(timeout=20)[0] == "sent\n"
    first.release()
    third = SingleInstance(Profile.at(folder))
    assert third.try_become_first(), "the profile is free again"
    third.release()


def test_starts_in_sandboxes_meet_in_the_folder_that_they_share(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory() as runtime:  # a short path, as sockets need
        shared = Path(runtime, "app", "im.whimbrel.Whimbrel")
        shared.mkdir(parents=True)
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        monkeypatch.setenv("FLATPAK_ID", shared.name)
        first = SingleInstance(Profile.at(folder))
        assert first.try_become_first()
        with qtbot.waitSignal(first.called, timeout=20_000):
            second = _start(folder)
        assert second.communicate(timeout=20)[0] == "sent\n"
        assert len(list(shared.iterdir())) == 1, "not in /tmp, of which each sandbox has its own"
        first.release()


def test_starts_meet_where_no_other_user_can_take_their_place(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory() as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        monkeypatch.delenv("FLATPAK_ID", raising=False)
        first = SingleInstance(Profile.at(folder))
        assert first.try_become_first()
        with qtbot.waitSignal(first.called, timeout=20_000):
            second = _start(folder)
        assert second.communicate(timeout=20)[0] == "sent\n"
        (socket,) = Path(runtime).iterdir()
        assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
        first.release()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(Path(runtime, "x" * 100)))
        assert os.sep not in Profile.at(folder).socket_name, "neither there nor short enough"


@pytest.mark.skipif(sys.platform == "win32", reason="names there are no files")
def test_another_user_who_took_the_name_is_told_nothing(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtNetwork import QLocalServer

    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    taken = QLocalServer()
    assert taken.listen(Profile.at(folder).socket_name)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert not SingleInstance(Profile.at(folder)).send(Call("xmpp:bob@example.org?message;body=secret"))
    qtbot.waitUntil(taken.hasPendingConnections, timeout=5_000)
    caller = taken.nextPendingConnection()
    caller.waitForReadyRead(200)
    assert caller.readAll().isEmpty()
    taken.close()


def test_other_profiles_do_not_meet(qapp: object, tmp_path: Path) -> None:
    claims = []
    for name in ("one", "two"):
        profile = Profile.at(tmp_path / name)
        profile.create()
        claims.append(SingleInstance(profile))
    assert [claim.try_become_first() for claim in claims] == [True, True]
    for claim in claims:
        claim.release()


def test_a_killed_program_does_not_keep_the_profile(qapp: object, folder: Path) -> None:
    process = _start(folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "first\n"
    claim = SingleInstance(Profile.at(folder))
    assert not claim.try_become_first()
    process.kill()
    process.communicate()
    assert claim.try_become_first()
    claim.release()


def test_an_overlong_message_is_refused(qtbot: QtBot, folder: Path) -> None:
    from PySide6.QtNetwork import QLocalSocket

    first = SingleInstance(Profile.at(folder))
    assert first.try_become_first()
    heard: list[Call] = []
    first.called.connect(heard.append)
    socket = QLocalSocket()

    def connected() -> bool:
        socket.connectToServer(Profile.at(folder).socket_name)
        return socket.waitForConnected(100)

    qtbot.waitUntil(connected, timeout=5_000)
    socket.write(b"x" * 100_000)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState, timeout=5_000)
    assert heard == []
    first.release()


def test_a_token_that_no_desktop_gives_is_none() -> None:
    assert Call.decode(b'{"uri": "xmpp:a@b", "token": "x\\u0000"}') == Call("xmpp:a@b")
    assert Call.decode(b'{"token": "whimbrel-1_TIME42"}').token == "whimbrel-1_TIME42"


@pytest.mark.parametrize("line", [b"", b"\xff\x00", b"[1]", b"{" * 60_000, b"[" * 60_000, b'{"uri": 3, "token": []}'])
def test_nonsense_calls_for_nothing_but_to_be_seen(line: bytes) -> None:
    assert Call.decode(line) == Call()


def test_a_call_goes_over_whatever_bytes_the_shell_gave() -> None:
    call = Call.from_environment("xmpp:b\udcff\n\x1f@example.org?message;body=" + "莉" * 1_000_000, hidden=True)
    line = call.encode()
    assert line.count(b"\n") == 1
    assert len(line) < 65_536
    heard = Call.decode(line)
    assert heard.hidden
    assert len(heard.uri) == 8_193, "longer than any link: it is refused, not cut"
