"""Python's cyclic garbage collector, kept on the GUI's thread.

By itself it runs in whatever thread allocates; there it would destroy widgets and timers that belong to the GUI's
thread, which Qt does not survive.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 1000  # milliseconds


class GarbageCollector(QObject):
    """Collects on the thread that made it, as soon as Python's own thresholds are passed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL)

    @staticmethod
    def spare_the_living() -> None:
        """Look no more at what there is now (modules, classes, what lives as long as the program): a full collection
        takes 50 ms after the start, and next to nothing without it."""
        gc.freeze()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
