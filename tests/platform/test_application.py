"""What the desktop says to the program as a whole: to quit, and to open a link."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOLD = """
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QFileOpenEvent
from PySide6.QtWidgets import QWidget
from whimbrel.platform.application import DesktopApplication

class Stubborn(QWidget):
    def closeEvent(self, event):
        print("asked to close", flush=True)
        event.ignore()

app = DesktopApplication(["test"])
app.uri_opened.connect(lambda uri: print(uri, flush=True))
QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl("xmpp:b%C3%B6b@example.org?message;body=a%20b%0Ac")))
QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl("file:///etc/passwd")))
window = Stubborn()
window.show()
app.hands_on_quitting = True
app.quit_asked.connect(lambda: (print("told to quit", flush=True), app.exit(7)))
QTimer.singleShot(0, app.quit)  # as a session manager does it
print(app.exec())
"""


def test_a_logout_and_a_link_reach_the_program() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TOLD],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(Path(__file__).parents[2] / "desktop"),
        },
    )
    assert told.stdout.splitlines() == ["xmpp:b%C3%B6b@example.org?message;body=a%20b%0Ac", "told to quit", "7"]
