"""*General*: when and how the program starts, and when it ends."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.platform.autostart import Autostart
from whimbrel.platform.paths import Profile
from whimbrel.platform.settings import Settings
from whimbrel.ui.run import run
from whimbrel.ui.settings.page import Page
from whimbrel.ui.widgets.error_box import ErrorBox


class GeneralPage(Page):
    """Starting with the session, and hidden; what closing the window does."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "General")
    icon = "power"

    def build(self) -> None:
        """Make the page's controls."""
        self._autostart = Autostart(self.settings, Profile.folder_of(self.settings.path))
        self.start = self.plain_check(
            self.tr("Start Whimbrel when I sign in to this computer"),
            self._autostart.is_on,
            keywords=self.tr("autostart, boot, automatically"),
        )
        self.hidden = self.check(
            self.tr("Start hidden in the tray"), Settings.start_hidden, keywords=self.tr("minimised, background")
        )
        self.tray = self.plain_check(
            self.tr("Keep running when the window is closed"),
            self.settings.close_to_tray is not False,
            keywords=self.tr("tray, background, quit"),
        )
        self.tray.toggled.connect(self._keep_running)
        self.error = ErrorBox()
        self.column.addWidget(self.error)
        self.hidden.setEnabled(self.start.isChecked())
        self.start.toggled.connect(self._switch)
        self.hidden.toggled.connect(lambda _checked: self._switch(True))

    def _keep_running(self, keep_running: bool) -> None:
        self.settings.close_to_tray = keep_running

    def _switch(self, on: bool) -> None:
        """Tell the desktop; where it refuses, the box shows what is true."""
        self.error.clear()
        self.hidden.setEnabled(on)
        run(self, self._autostart.switch(on), on_error=self._on_refused, must_end=True)

    def _on_refused(self, error: KnownError) -> None:
        self.start.blockSignals(True)
        self.start.setChecked(self._autostart.is_on)
        self.start.blockSignals(False)
        self.hidden.setEnabled(self.start.isChecked())
        if error.kind not in (ErrorKind.UNAVAILABLE, ErrorKind.NOT_ALLOWED):
            self.error.show_error(error)
            return
        words = self.tr(
            "The desktop did not change this. Look whether its settings let Whimbrel run in the background."
        )
        self.error.show_text(words, error.detail)
