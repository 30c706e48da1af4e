"""What is told of a fault says where it was, and nothing of what the program had in hands (threat C19)."""

from __future__ import annotations

import logging
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.platform.faults import Faults
from whimbrel.platform.logs import setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.redaction import without_locals
from whimbrel.platform.traces import describe, describe_crash
from whimbrel.platform.veil import Veil

HOSTILE = (
    "<message from='alice@secret.example'><body>meet at noon</body></message>",
    "alice@secret.example",
    "/home/alice/.local/share/whimbrel/history.db",
    "INSERT INTO message VALUES ('meet at noon')",
    "password hunter2",
)
TELLING = ("alice", "secret.example", "noon", "hunter2", "INSERT")


class Answering(Exception):
    """Says something whatever it is asked."""

    def __str__(self) -> str:
        return HOSTILE[0]

    __repr__ = __str__


def _raise(error: BaseException) -> None:
    raise error


def _raise_from_ours() -> None:
    try:
        JID.parse("alice@secret.example@@/")
    except InvalidJID as error:
        raise KnownError(ErrorKind.ADDRESS_INVALID, HOSTILE[1], subject=HOSTILE[1], stage=HOSTILE[1]) from error


def _raise_group() -> None:
    raise ExceptionGroup(HOSTILE[0], [ValueError(HOSTILE[1]), OSError(2, HOSTILE[2], HOSTILE[2])])


def _noted() -> BaseException:
    error = ValueError(HOSTILE[0])
    error.add_note(HOSTILE[1])
    return error


def _ask_for_data() -> None:
    getattr(object(), "alice_secret")  # noqa: B009 - a name that came from outside


def _hostile_code() -> None:
    code = (
        "def alice_secret_example():\n    password = 'hunter2'\n    raise ValueError(password)\nalice_secret_example()"
    )
    exec(compile(code.replace("alice_secret_example", "meet"), "/home/alice/noon.py", "exec"), {})


CASES: tuple[Callable[[], None], ...] = (
    *(
        lambda words=words, kind=kind: _raise(kind(words))
        for words in HOSTILE
        for kind in (ValueError, KeyError, OSError)
    ),
    lambda: _raise(type("alice@secret.example", (Exception,), {})()),
    lambda: _raise(type("Alice", (Exception,), {"__module__": "secret.example"})()),
    lambda: _raise(Answering()),
    lambda: _raise(_noted()),
    lambda: _raise(UnicodeDecodeError("utf-8", b"alice", 0, 1, HOSTILE[1])),
    _raise_from_ours,
    _raise_group,
    _ask_for_data,
    _hostile_code,
)


def _caught(act: Callable[[], None]) -> BaseException:
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - that is what is looked at
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("act", CASES)
def test_c19_a_fault_tells_no_value(act: Callable[[], None]) -> None:
    text = describe(_caught(act))
    assert not [word for word in TELLING if word.lower() in text.lower()], text
    assert str(Path.home()) not in text


def test_what_helps_is_told() -> None:
    text = describe(_caught(_raise_from_ours))
    assert 'File "whimbrel/model/jid.py", line' in text
    assert "address-invalid" in text
    assert text.index("InvalidJID") < text.index("was the cause of") < text.index("KnownError")
    assert "OSError (ENOENT)" in describe(OSError(2, "no")) or "FileNotFoundError (ENOENT)" in describe(
        OSError(2, "no")
    )


def _recurse(depth: int) -> None:
    if depth == 0:
        raise ValueError
    _recurse(depth - 1)


def test_one_fault_is_counted_and_a_flood_is_bounded() -> None:
    faults = Faults()
    new: list[str] = []
    faults.on_new = lambda fault: new.append(fault.kind)
    for depth in (3, 500, 8):
        faults.note(_caught(lambda depth=depth: _recurse(depth)), "a task")
    (fault,) = faults.list()
    assert (fault.count, len(new)) == (3, 1)
    assert len(describe(_caught(lambda: _recurse(500))).splitlines()) < 120
    for number in range(200):
        namespace: dict[str, Callable[[], None]] = {}
        exec("\n" * number + "def fail(): raise ValueError", namespace)
        faults.note(_caught(namespace["fail"]), "a task")
    assert len(faults.list()) == len(new) <= 30
    assert faults.beyond > 100


def test_faults_of_threads_come_together() -> None:
    faults = Faults()

    def fail() -> None:
        faults.note(_caught(lambda: _raise(ValueError())), "a thread")

    threads = [threading.Thread(target=fail) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fault.count for fault in faults.list()] == [8]


LINES = (
    "signing in as alice@secret.example/desk failed",
    "connecting to xmpp.secret.example, port 5222 (2001:db8::7, 192.0.2.7)",
    "cannot write /home/alice/Documents/noon.txt",
    "the contact 'Alice of the meeting at noon' is gone",
    "fetching https://secret.example/alice/noon.jpg?token=hunter2",
    "opening xmpp:alice@secret.example?message;body=noon",
    "Müller said no to ALICE in Freunde",
    "C:\\Users\\alice\\noon.txt is gone",
    "host im.secret.example and json.secret.example and secret.example.py",
)


@pytest.mark.parametrize("line", LINES)
def test_c19_what_is_shared_tells_nobody(line: str) -> None:
    veiled = Veil(["alice", "Müller", "Freunde"]).over(line)
    for word in (*TELLING, "Müller", "Freunde", "192.0.2.7", "2001:db8"):
        assert word.lower() not in veiled.lower(), veiled


def test_what_is_shared_can_be_understood() -> None:
    veil = Veil(["alice"])
    for line in (
        "2026-11-22 20:51:13.123 WARNING whimbrel.xmpp.connection: connection 1: online",
        "qt.qpa.plugin: 6.8.1 and 3.11.2 and 2.36-9",
        "<iq type='[…]' id='[…]'><query xmlns='[…]'/></iq>",
        "org.freedesktop.Notifications is not there, history.db is",
    ):
        assert veil.over(line) == line


def test_the_log_keeps_providers_and_no_words(tmp_path: Path, logged_errors: list[logging.LogRecord]) -> None:
    profile = Profile.at(tmp_path)
    profile.create()
    root = logging.getLogger()
    level = root.level
    logs = setup(profile)
    try:
        logging.getLogger("whimbrel.test").warning("no answer from alice@secret.example/desk")
        for _ in range(100):
            logs.report(_caught(lambda: _raise(KeyError("meet at noon"))), "the core")
        usual = (profile.logs / "whimbrel.log").read_text()
        logs.set_detail(True)
        logs.report(_caught(lambda: _raise(IndexError("<body>noon</body> in detail"))), "the core")
        detailed = (profile.logs / "whimbrel.log").read_text()[len(usual) :]
        with pytest.raises(FileNotFoundError):
            logs.write_stanzas(tmp_path / "nowhere" / "file")
    finally:
        logs.close()
        root.setLevel(level)
        logged_errors.clear()
    assert "…@secret.example" in usual
    assert "KeyError" in usual
    assert "noon" not in usual + detailed
    assert "alice" not in usual
    assert usual.count("Fault in") < 10
    assert "in detail" in detailed


def test_addresses_of_any_script() -> None:
    assert (
        without_locals("from Jürgen@bücher.example/机 to 王@例子.example.")
        == "from …@bücher.example to …@例子.example."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_a_hard_crash_is_found_at_the_next_start(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path)
    profile.create()
    code = (
        "import os, signal, sys; from pathlib import Path; from whimbrel.platform.logs import setup;"
        "from whimbrel.platform.paths import Profile\n"
        "def alice(): os.kill(os.getpid(), signal.SIGSEGV)\n"
        "logs = setup(Profile.at(Path(sys.argv[1]))); logs.watch_hard_crashes(); alice()"
    )
    environment = {**os.environ, "PYTHONPATH": "desktop"}
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=False)
    assert ended.returncode == -signal.SIGSEGV
    written = profile.logs / "crash.log"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "Segmentation fault" in describe_crash(written.read_text())


def test_a_crash_tells_no_folder() -> None:
    text = (
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
        '  File "/home/alice/noon.py", line 3 in meet\n  alice@secret.example\nExtension modules: alice\n'
    )
    told = describe_crash(text)
    assert told.splitlines()[-1] == "  File [elsewhere], line 3 in meet"
    assert "alice" not in told
