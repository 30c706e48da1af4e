"""The sound of a message, played by a program that the desktop has."""

from __future__ import annotations

import shutil
import sys
from functools import lru_cache

from PySide6.QtCore import QProcess

from whimbrel.platform import resources

MESSAGE = "sounds/message.wav"
_PLAYERS = (("pw-play",), ("paplay",), ("afplay",), ("aplay", "-q"))


def play() -> None:
    """Play it, beside everything else; nothing is heard where nothing can play."""
    path = str(resources.path(MESSAGE))
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
    elif (player := _find_player()) is not None:
        QProcess.startDetached(player[0], [*player[1:], path])


@lru_cache(maxsize=1)
def _find_player() -> tuple[str, ...] | None:
    found = ((shutil.which(player[0]), player[1:]) for player in _PLAYERS)
    return next(((program, *rest) for program, rest in found if program is not None), None)
