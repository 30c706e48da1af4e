"""Python's cyclic garbage collector, kept on the GUI's thread.

By itself it runs in whatever thread allocates; there it would destroy widgets and timers that belong to the GUI's
thread, which Qt does not survive.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject

_INTERVAL = 1.0  # seconds between two collections, at least


class GarbageCollector(QObject):
    """Collects on the thread that made it, as soon as Python's own thresholds are passed.

    It looks whenever the event loop turns, rather than by a timer of its own: a program that does nothing makes no
    garbage, and is not to be woken for it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._last = time.monotonic()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.awake.connect(self._on_turn)

    @staticmethod
    def spare_the_living() -> None:
        """Look no more at what there is now (modules, classes, what lives as long as the program): a full collection
        takes 50 ms after the start, and next to nothing without it."""
        gc.freeze()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._dispatcher.awake.disconnect(self._on_turn)
        gc.unfreeze()
        gc.enable()

    def _on_turn(self) -> None:
        now = time.monotonic()
        if now - self._last >= _INTERVAL:
            self._last = now
            self._collect()

    def _collect(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
