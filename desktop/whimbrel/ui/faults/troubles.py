"""Watches for faults of the program itself, shows them, and offers to report them; tells of how the last run ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from whimbrel.platform.last_run import LASTING

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.platform.diagnosis import Diagnosis
    from whimbrel.ui.faults.crash_dialog import CrashDialog
    from whimbrel.ui.faults.ended_bar import EndedBar
    from whimbrel.ui.faults.report_dialog import ReportDialog

log = logging.getLogger(__name__)

_MOST_DIALOGS = 3  # of one run; what comes then is told of in a line, if at all


class Troubles(QObject):
    """One for the main window. Faults of any thread come here; those of before it was there, too.

    ``told``: that more faults come than dialogs are shown for.

    Args:
        former: that of the window whose place this one takes; what it has shown is not shown again.
    """

    told = Signal()
    _came = Signal()

    def __init__(self, diagnosis: Diagnosis, window: QWidget, former: Troubles | None = None) -> None:
        super().__init__(window)
        self.diagnosis = diagnosis
        self.services: Services | None = None
        self.dialog: CrashDialog | None = None
        self.report_dialog: ReportDialog | None = None
        self._window = window
        self._shown: set[str] = set() if former is None or former.dialog is not None else former._shown
        self._dialogs: int = 0 if former is None else former._dialogs
        self._is_over = False
        self._came.connect(self._show_new)
        diagnosis.faults.on_new = lambda _fault: self._came.emit()
        self._came.emit()
        if former is None:
            self._begin()
        diagnosis.settings.changed.connect(self._on_setting)
        QTimer.singleShot(LASTING, self, diagnosis.last_run.last)

    def _begin(self) -> None:
        """The program has started."""
        if self.diagnosis.last_run.crashed:
            log.warning("the last run did not end as it should")
        self.diagnosis.last_run.begin()
        if self.diagnosis.settings.detailed_log:
            self.diagnosis.logs.set_detail(True)

    def report(self) -> None:
        """*Report a problem*."""
        from whimbrel.ui.faults.names import telling_names
        from whimbrel.ui.faults.report_dialog import ReportDialog

        if self.report_dialog is None:
            self.report_dialog = ReportDialog(self.diagnosis, telling_names(self.services), self._window)
            self.report_dialog.destroyed.connect(self._on_report_gone)
        self.report_dialog.show()
        self.report_dialog.raise_()
        self.report_dialog.activateWindow()

    def make_ended_bar(self, reopen: Callable[[], None] | None) -> EndedBar | None:
        """The line that tells that the last run did not end; None where it did.

        Args:
            reopen: opens what was open; None where nothing was.
        """
        last_run = self.diagnosis.last_run
        if not last_run.crashed:
            return None
        from whimbrel.ui.faults.ended_bar import EndedBar

        bar = EndedBar(reopen, again=last_run.offers_safe_start)
        bar.report_requested.connect(self.report)
        return bar

    def hush(self) -> None:
        """The program is about to end: show nothing any more."""
        self._is_over = True

    def expect_end(self) -> None:
        """The desktop's session ends, and may wait for nobody: that is no crash."""
        self.diagnosis.last_run.end()

    def finish(self) -> None:
        """The program has ended as it should."""
        self.diagnosis.faults.on_new = None
        self.diagnosis.last_run.end()

    def _on_setting(self, name: str) -> None:
        if name == "detailed_log":
            self.diagnosis.logs.set_detail(self.diagnosis.settings.detailed_log)

    def _show_new(self) -> None:
        """Show what was not shown yet. On this object's thread, whatever thread was at fault."""
        new = [fault for fault in self.diagnosis.faults.list() if fault.signature not in self._shown]
        if not new or self._is_over:
            return
        self._shown.update(fault.signature for fault in new)
        if self.dialog is None and self._dialogs >= _MOST_DIALOGS:
            self.told.emit()
            return
        if self.dialog is None:
            self._open_dialog()
        if self.dialog is not None:
            self.dialog.show_faults(new)

    def _open_dialog(self) -> None:
        from whimbrel.platform.diagnosis import versions
        from whimbrel.ui.faults.crash_dialog import CrashDialog

        self._dialogs += 1
        self.dialog = CrashDialog(versions(), self._window)
        self.dialog.report_requested.connect(self.report)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.show()

    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _on_report_gone(self) -> None:
        self.report_dialog = None
