"""Whatever stands in the place of the settings file: the program starts, and nothing of it is lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whimbrel.platform.settings import Settings
from whimbrel.platform.settings_kinds import Setting

KINDS = [kind for kind in vars(Settings).values() if isinstance(kind, Setting)]
KEYS = [kind.key for kind in KINDS]


def read_all(kept: Settings) -> dict[str, object]:
    """Every value."""
    return {kind.name: getattr(kept, kind.name) for kind in KINDS}


def set_aside(folder: Path) -> list[Path]:
    """What was put away."""
    return sorted(folder.glob("settings.ini.unreadable*"))


def refuse(_path: Path) -> bytes:
    """As a system does for files of others."""
    raise PermissionError(13, "no")


def garbage_values() -> st.SearchStrategy[str]:
    """Values that hands, other programs and broken disks leave."""
    odd = ("", "[", "@ByteArray(", "@Variant(\\0\\0)", "@Invalid()", "-1", "9" * 5000, "nan", "[" * 5000, '{"a": 1}')
    text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
    return st.sampled_from(odd) | text | st.recursive(st.integers() | text, st.lists, max_leaves=5).map(str)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), garbage_values(), max_size=8))
def test_every_value_reads_whatever_a_file_says(values: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.ini"
        lines = (f"[{key.partition('/')[0]}]\n{key.partition('/')[2]}={value}" for key, value in values.items())
        path.write_text("\n".join(("[meta]\nversion=1", *lines)))
        kept = Settings(path)
        before = read_all(kept)
        for name, value in before.items():
            setattr(kept, name, value)  # what reads can be written
        kept.save()
        assert read_all(Settings(path)) == before


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_kept_under_another_name_or_understood(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.ini"
        path.write_bytes(data)
        kept = Settings(path)
        read_all(kept)
        kept.theme = "dark"
        kept.save()
        assert Settings(path).theme == "dark"
        lines = [line.strip() for line in data.split(b"\n")]
        if any(b"=" not in line and line[:1] not in (b";", b"[", b"") for line in lines):
            assert [each.read_bytes() for each in set_aside(Path(folder))] == [data]


@pytest.mark.parametrize("what", ["binary", "huge", "folder", "fifo", "unreadable"])
def test_what_cannot_be_read_is_set_aside_once(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.ini"
    if what == "folder":
        (path / "inside").mkdir(parents=True)
    elif what == "fifo":
        os.mkfifo(path)
    else:
        path.write_bytes({"binary": b"\x7fELF\0\0", "huge": b"a=b\n" * 300_000}.get(what, b"[window]\nlast_tab=1\n"))
    if what == "unreadable":
        monkeypatch.setattr(Path, "read_bytes", refuse)  # who runs this may be allowed to read everything
    first = Settings(path)
    assert first.set_aside == tmp_path / "settings.ini.unreadable"
    assert first.set_aside.exists()
    first.zoom = 120
    first.save()
    monkeypatch.undo()
    second = Settings(path)
    assert (second.zoom, second.set_aside, len(set_aside(tmp_path))) == (120, None, 1)


def test_of_a_file_edited_badly_the_rest_is_used(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("[window]\nlast_tab=1\nwhat is this\n[wind")
    kept = Settings(path)
    assert (kept.last_tab, kept.set_aside) == (1, tmp_path / "settings.ini.unreadable")
    kept.save()
    assert "what is this" in set_aside(tmp_path)[0].read_text()
    again = Settings(path)
    assert (again.last_tab, again.set_aside, len(set_aside(tmp_path))) == (1, None, 1), "told once"


def test_a_folder_where_nothing_can_be_written_does_no_harm() -> None:
    kept = Settings(Path("/proc/no such/settings.ini"))
    kept.zoom = 150
    kept.save()
    assert kept.zoom == 150


def test_an_older_file_is_taken_over_and_a_newer_one_left_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.ini", tmp_path / "new.ini"
    old.write_text("[window]\ntheme=dark\nzoom=150\n[conversation]\nmessage_styling=false\n")
    kept = Settings(old)
    assert (kept.theme, kept.zoom, kept.message_styling) == ("dark", 150, False)
    kept.save()
    assert "version=1" in old.read_text()
    assert Settings(old).theme == "dark"
    new.write_text("[meta]\nversion=7\n[window]\ntheme=rose\n[future]\nwarp=@Variant(9)\n")
    later = Settings(new)
    later.last_tab = 1
    later.save()
    text = new.read_text()
    assert all(line in text for line in ("version=7", "theme=rose", "warp=", "last_tab=1"))
    assert later.theme == "system"


def test_who_listens_is_told_of_what_became_another(tmp_path: Path) -> None:
    kept, told = Settings(tmp_path / "settings.ini"), []
    kept.changed.connect(told.append)
    kept.zoom = 100
    kept.zoom = 150
    kept.zoom = 150
    kept.shortcuts = {"quit": ("Ctrl+Shift+Q", "F10")}
    assert told == ["zoom", "shortcuts"]
    kept.save()
    assert Settings(tmp_path / "settings.ini").shortcuts == {"quit": ("Ctrl+Shift+Q", "F10")}
