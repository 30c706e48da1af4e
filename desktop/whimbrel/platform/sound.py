"""The sound of a message, played by a program that the desktop has."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import threading
from functools import lru_cache

from whimbrel.platform import resources

MESSAGE = "sounds/message.wav"
_PLAYERS = (("pw-play",), ("paplay",), ("afplay",), ("aplay", "-q"))
_LONGEST = 10.0  # seconds: a sound system that is stuck is not waited for


def play() -> None:
    """Play it, beside everything else; nothing is heard, nor said, where nothing can play."""
    path = str(resources.path(MESSAGE))
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        return
    threading.Thread(target=_play, args=(path,), name="sound", daemon=True).start()


def _play(path: str) -> None:
    if (player := _find_player()) is None:
        return
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run([*player, path], stdin=quiet, stdout=quiet, stderr=quiet, timeout=_LONGEST, check=False)


@lru_cache(maxsize=1)
def _find_player() -> tuple[str, ...] | None:
    found = ((shutil.which(player[0]), player[1:]) for player in _PLAYERS)
    return next(((program, *rest) for program, rest in found if program is not None), None)
