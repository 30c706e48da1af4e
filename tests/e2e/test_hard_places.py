"""The program as a person starts it, where much is missing, and over the profiles that older and newer ones leave."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from whimbrel.platform.paths import Profile
from whimbrel.platform.session_state import SessionState
from whimbrel.platform.settings import Settings
from whimbrel.storage.schema import list_migrations

_ROOT = Path(__file__).parents[2]
_GOLDEN = sorted((_ROOT / "tests" / "golden").glob("schema-*.db"))
_LOADED = "nobody tells of PrepareForSleep"  # there is no bus: among the last things that are found out at a start
_SETTINGS = (
    "[window]\ntheme=dark\nzoom=125\nclose_to_tray=true\n[contacts]\nshow_offline=false\n"  # of the first release
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is missing is Linux's")


class Start:
    """A running program in an environment that has nothing: no bus, no keyring, no runtime folder, no screen."""

    def __init__(self, folder: Path, *arguments: str, home: Path | str | None = None) -> None:
        self.profile = Profile.at(folder)
        self.words = folder.with_suffix(".err")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home or folder),
            "TMPDIR": str(folder.parent),
            "PYTHONPATH": str(_ROOT / "desktop"),
            "QT_QPA_PLATFORM": "offscreen",
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
        }
        where = [] if home is not None else ["--profile", str(folder)]
        command = [sys.executable, "-m", "whimbrel.cli", "--debug", *where, *arguments]
        with self.words.open("wb") as words:
            self.process = subprocess.Popen(command, env=environment, stderr=words, stdout=words)

    def said(self, words: str) -> bool:
        log = self.profile.logs / "whimbrel.log"
        texts = [path.read_text("utf-8", "replace") for path in (log, self.words) if path.exists()]
        return any(words in text for text in texts)

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _profile(folder: Path, database: Path, version: int | None = None) -> Profile:
    profile = Profile.at(folder)
    profile.create()
    shutil.copy(database, profile.database)
    profile.settings.write_text(_SETTINGS)
    if version is not None:
        with closing(sqlite3.connect(profile.database)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
    return profile


def test_it_starts_where_there_is_nothing_and_over_every_profile_that_there_was(tmp_path: Path) -> None:
    bare = Start(tmp_path / "bare", "--hidden", "xmpp:bob@example.org")
    golden = [Start(_profile(tmp_path / path.stem, path).data.parent) for path in _GOLDEN]
    starts = [bare, *golden]
    try:
        for start in starts:
            _until(lambda start=start: start.said(_LOADED))  # type: ignore[misc]
        assert [start.end() for start in starts] == [0] * len(starts)
    finally:
        for start in starts:
            start.process.kill()
    assert bare.profile.database.exists()
    for start in golden:
        settings = Settings(start.profile.settings)
        assert (settings.theme, settings.zoom, settings.close_to_tray, settings.show_offline) == (
            "dark",
            125,
            True,
            False,
        )
        with closing(sqlite3.connect(start.profile.database)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(list_migrations()),)
            bodies = connection.execute("SELECT body FROM message ORDER BY id").fetchall()
        assert ("Wherefore?",) in bodies
        assert ("I take thee\nat thy word",) in bodies
        assert SessionState(start.profile.session).ended_well
        assert not start.said("Traceback")


def test_it_says_why_it_does_not_start(tmp_path: Path) -> None:
    newer = _profile(tmp_path / "newer", _GOLDEN[-1], version=99)
    before = newer.database.read_bytes()
    older_program = Start(tmp_path / "newer")
    read_only = Start(tmp_path / "none", home="/proc/none")  # root may write everywhere but there
    try:
        _until(lambda: older_program.said("database-newer"))
        _until(lambda: read_only.said("cannot write where it keeps its files"))
        assert older_program.end() == 0
    finally:
        for start in (older_program, read_only):
            start.process.kill()
            start.process.wait()
    assert newer.database.read_bytes() == before
    assert Settings(newer.settings).theme == "dark"
