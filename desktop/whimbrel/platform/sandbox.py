"""Whether the program runs in a sandbox, where what lies outside is reached through portals."""

from __future__ import annotations

import os
from pathlib import Path


def in_flatpak() -> bool:
    """Whether this is a Flatpak."""
    return "FLATPAK_ID" in os.environ or Path("/.flatpak-info").exists()
