"""How this program is started: for who starts it again later."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def start_command(profile: Path | None = None) -> list[str]:
    """The command that starts this program over the same profile, without a shell."""
    if appimage := os.environ.get("APPIMAGE"):
        command = [appimage]
    elif getattr(sys, "frozen", False):
        command = [sys.executable]
    else:
        started = Path(sys.argv[0])
        is_launcher = started.stem == "whimbrel" and started.suffix in ("", ".exe") and started.is_file()
        command = [str(started.resolve())] if is_launcher else [sys.executable, "-m", "whimbrel.cli"]
    return command if profile is None else [*command, "--profile", str(profile.expanduser().absolute())]
