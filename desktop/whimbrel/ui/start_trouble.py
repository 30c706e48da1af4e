"""Why the program cannot start at all: said in a window and on the terminal, before anything else is there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from whimbrel.ui.theme.theme import Theme

if TYPE_CHECKING:
    from whimbrel.platform.logs import Logs


def say_unwritable(app: QApplication, error: OSError) -> int:
    """A folder or file of the profile cannot be written. Returns the exit status."""
    words = QCoreApplication.translate(
        "StartTrouble",
        "Whimbrel cannot write where it keeps its files ({error}). "
        "Make that folder writable or free some space, or start Whimbrel with another one: whimbrel --profile FOLDER",
    )
    return _say(app, words.replace("{error}", f"{error.filename}: {error.strerror}"))


def say_unanswered(app: QApplication) -> int:
    """Another start of this profile runs and does not answer. Returns the exit status."""
    return _say(
        app,
        QCoreApplication.translate(
            "StartTrouble", "Whimbrel is running already, but it does not answer. End it, then start it again."
        ),
    )


def say_fault(app: QApplication, logs: Logs) -> int:
    """The program itself is at fault. Returns the exit status."""
    from whimbrel.platform.diagnosis import versions
    from whimbrel.ui.faults.crash_dialog import CrashDialog

    dialog = CrashDialog(versions(), at_start=True)
    dialog.show_faults(logs.faults.list())
    dialog.finished.connect(app.quit)
    dialog.show()
    app.exec()  # the program's own, once: no other event loop runs yet
    return 1


def _say(app: QApplication, words: str) -> int:
    sys.stderr.write(f"whimbrel: {words}\n")
    sys.stderr.flush()
    Theme.install(app)
    box = QMessageBox(QMessageBox.Icon.Critical, "Whimbrel", words)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.finished.connect(app.quit)
    box.open()
    app.exec()  # as above
    return 1
