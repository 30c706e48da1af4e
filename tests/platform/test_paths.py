"""Where a profile keeps its things."""

import stat
from pathlib import Path

import pytest

from whimbrel.platform.paths import Profile


def test_default_profile_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    profile = Profile.default()
    assert profile.database == tmp_path / "data" / "whimbrel" / "history.db"
    assert profile.settings == tmp_path / "config" / "whimbrel" / "settings.ini"
    assert profile.cache == tmp_path / "cache" / "whimbrel"
    assert profile.name == "default"


def test_folders_are_for_the_owner_only(tmp_path: Path) -> None:
    (tmp_path / "p" / "data").mkdir(parents=True, mode=0o755)
    profile = Profile.at(tmp_path / "p")
    profile.create()
    for folder in (profile.data, profile.config, profile.cache, profile.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_profiles_are_told_apart_by_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, same, other = Profile.at(Path("a")), Profile.at(tmp_path / "b" / ".." / "a"), Profile.at(tmp_path / "b")
    assert (one.name, one.socket_name) == (same.name, same.socket_name)
    assert len({one.name, other.name, Profile.default().name}) == 3
    assert len({one.socket_name, other.socket_name, Profile.default().socket_name}) == 3
