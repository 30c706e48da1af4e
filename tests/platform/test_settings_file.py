"""Settings survive a restart, and a file that somebody edited does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.platform.settings import Settings


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    values = {
        "own_presence": OwnPresence(Availability.BUSY, 'écrit, "vite"; 今晚\nline = 2'),
        "idle_minutes": 0,
        "collapsed_groups": {(1, "Friends"), (2, "a,b;c=[d]"), (1, "朋友")},
        "close_to_tray": False,
        "theme": "dark",
        "geometry": bytes(range(256)),
        "splitter": b"\x00\xff",
        "notifications": False,
        "send_read_markers": False,
        "send_last_seen": True,
        "send_typing": False,
        "accept_attention": True,
        "notification_content": False,
        "notification_sound": False,
        "show_offline": False,
        "encryption_notice_shown": True,
        "last_tab": 1,
        "zoom": 150,
    }
    first = Settings(path)
    defaults = {name: getattr(first, name) for name in values}
    for name, value in values.items():
        setattr(first, name, value)
    first.save()
    second = Settings(path)
    assert {name: getattr(second, name) for name in values} == values
    assert all(defaults[name] != value for name, value in values.items()), "each value differs from its default"
    assert defaults["close_to_tray"] is None


def test_nonsense_reads_as_the_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(
        "[presence]\navailability=sleeping\nidle_minutes=soon\nstatus=one, two\n"
        "[contacts]\ncollapsed_groups={1\nshow_offline=perhaps\n"
        "[window]\ntheme=pink\nzoom=99999\nlast_tab=-4\ngeometry=12\nclose_to_tray=\n"
    )
    settings = Settings(path)
    assert settings.own_presence == OwnPresence(Availability.ONLINE, "one, two")
    assert settings.idle_minutes == 10
    assert settings.collapsed_groups == set()
    assert settings.show_offline is True
    assert settings.theme == "system"
    assert settings.zoom == 250
    assert settings.last_tab == 0
    assert settings.geometry == b""
    assert settings.close_to_tray is False


def test_an_unknown_theme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pink"):
        Settings(tmp_path / "settings.ini").theme = "pink"
