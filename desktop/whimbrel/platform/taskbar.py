"""By which name the desktop's shell knows the program's windows and notifications."""

from __future__ import annotations

import sys


def claim_identity(application_id: str) -> None:
    """On Windows, take the id that the installer gave the program's shortcut; call it before the first window.

    Without it the taskbar and the notifications would take the program for another one, without its name and icon.
    Elsewhere the desktop file's name does the same (``QGuiApplication.setDesktopFileName``).
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(application_id)
