"""The cache of fetched files: up to a size, what was not used for longest goes first."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from whimbrel.platform.media_cache import MediaCache


def fill(cache: MediaCache, number: int, size: int = 100) -> Path:
    path = cache.place(f"https://example.org/{number}", "x.jpg")
    path.write_bytes(bytes(size))
    os.utime(path, (number, number))
    return path


def test_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "media", most=300)
    paths = [fill(cache, number) for number in range(1, 5)]
    cache.use(paths[0])
    cache.trim()
    assert [path.exists() for path in paths] == [True, False, True, True]


def test_what_was_just_fetched_stays_however_large(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "media", most=300)
    old, new = fill(cache, 1), fill(cache, 2, size=1000)
    cache.trim(spare=new)
    assert (old.exists(), new.exists()) == (False, True)


def test_copies_of_which_nothing_tells_are_swept(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "media")
    kept, gone = fill(cache, 1), fill(cache, 2)
    unfinished = cache.place("https://example.org/3", "x.jpg").with_name("x.jpg.part")
    unfinished.write_bytes(b"x")
    cache.sweep(cache.list_folders(), {kept})
    assert (kept.exists(), gone.exists(), unfinished.exists()) == (True, False, False)


def test_nothing_outside_is_touched_and_nobody_else_may_look(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "media")
    mine = tmp_path / "mine" / "x.jpg"
    mine.parent.mkdir()
    mine.write_bytes(b"x")
    cache.remove(mine)
    assert mine.exists()
    assert stat.S_IMODE(cache.place("https://example.org/1", "x").parent.stat().st_mode) == 0o700
    MediaCache(tmp_path / "nowhere").trim()
