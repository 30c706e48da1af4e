"""Whether something fills the screen is known on a real X server with a window manager."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers.acceptance import new_desktop
from tests.helpers.desktop import Desktop, wait_for

pytestmark = pytest.mark.server

_ASK = """
from PySide6.QtGui import QGuiApplication
from whimbrel.platform.full_screen import is_screen_full
application = QGuiApplication([])
print(is_screen_full(), is_screen_full())
"""
_FILM = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
film = QLabel("The film")
film.setWindowTitle("Film")
film.show{}()
application.exec()
"""


def is_full(desktop: Desktop) -> bool:
    """What a program on this desktop would be told, asked twice."""
    asked = subprocess.run([sys.executable, "-c", _ASK], env=desktop.env, capture_output=True, text=True, check=True)
    assert asked.stdout in ("True True\n", "False False\n"), asked.stderr
    return asked.stdout.startswith("True")


def test_a_film_fills_the_screen_and_a_window_does_not(tmp_path: Path) -> None:
    with new_desktop(tmp_path, keyring=False) as desktop:
        assert not is_full(desktop)
        window = desktop.start([sys.executable, "-c", _FILM.format("Maximized")])
        window.find("label", "The film")
        film = desktop.start([sys.executable, "-c", _FILM.format("FullScreen")])
        film.find("label", "The film")
        wait_for(lambda: is_full(desktop), "the film to fill the screen")
        film.kill()
        wait_for(lambda: not is_full(desktop), "the screen to be free again")
