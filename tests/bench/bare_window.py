"""Floor: a bare PySide6 main window."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.bench.process import say


def main() -> int:
    """Show it and tell when it was painted."""
    app = QApplication(["bare"])
    window = QMainWindow()
    window.setCentralWidget(QLabel("bare"))
    window.resize(1120, 760)
    window.show()
    app.processEvents()
    say("first paint")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
