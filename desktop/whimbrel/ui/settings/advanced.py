"""*Advanced*: what helps to find out why something does not work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QDir, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from whimbrel.platform.settings import Settings
from whimbrel.ui.contacts.words import breakable
from whimbrel.ui.settings.page import Page
from whimbrel.ui.widgets.error_box import ErrorBox

_FILE = "whimbrel-stream.xml"


class AdvancedPage(Page):
    """The console, the log, and reporting a problem."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Advanced")
    icon = "terminal"

    def build(self) -> None:
        """Make the page's controls."""
        actions, logs = self.context.actions, self.context.logs
        self.heading(self.tr("XML console"))
        self.note(self.tr("See what an account says to its provider and hears from it, and say something by hand."))
        self.console = self.button(
            self.tr("Open the XML console"), actions["xml_console"].trigger, keywords=self.tr("stanzas, stream, debug")
        )
        self.console.setEnabled(actions["xml_console"].isEnabled())
        self.heading(self.tr("Log"))
        self.detail = self.check(
            self.tr("Log in detail"), Settings.detailed_log, keywords=self.tr("debug, verbose, troubleshooting")
        )
        self.note(
            self.tr(
                "The log stays on this computer. It holds no messages and no passwords, and of addresses the "
                "provider alone."
            )
        )
        self.folder = self.button(
            self.tr("Open the log folder"), self._open_folder, keywords=self.tr("files, directory")
        )
        self.folder.setEnabled(logs is not None)
        self.stream = self.button(self.tr("Log XML to a file…"), self._on_stream, keywords=self.tr("stanzas, stream"))
        self.stream.setEnabled(logs is not None)
        self.stream_note = self.note("")
        self.error = ErrorBox()
        self.column.addWidget(self.error)
        self.heading(self.tr("When something is wrong"))
        self.report = self.button(
            self.tr("Report a problem…"), actions["report_problem"].trigger, keywords=self.tr("bug, crash, support")
        )
        self._show_stream()

    def write_stream_to(self, path: Path | None) -> None:
        """Log XML to a file from now on; None: no more."""
        if self.context.logs is None:
            return
        self.error.clear()
        try:
            self.context.logs.write_stanzas(path)
        except OSError as error:
            words = self.tr("The file cannot be written there. Choose another folder or another name.")
            self.error.show_text(words, error.strerror or "")
        self._show_stream()

    def _open_folder(self) -> None:
        if self.context.logs is not None and self.context.logs.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.logs.folder)))

    def _on_stream(self) -> None:
        if self.context.logs is not None and self.context.logs.stanza_file is not None:
            self.write_stream_to(None)
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
        dialog = QFileDialog(self, self.tr("Log XML to a file"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it is written on
        dialog.setDefaultSuffix("xml")
        dialog.selectFile(_FILE)
        dialog.fileSelected.connect(lambda path: self.write_stream_to(Path(path)))
        dialog.open()

    def _show_stream(self) -> None:
        path = self.context.logs.stanza_file if self.context.logs is not None else None
        words = self.tr("Log XML to a file…") if path is None else self.tr("Stop logging XML")
        self.stream.setText(words)
        self.stream.setAccessibleName(words)
        self.stream_note.setText(
            self.tr("Until Whimbrel ends. The file holds addresses, but no messages and no passwords.")
            if path is None
            else self.tr("XML is logged to {file}.").replace("{file}", breakable(str(path)))
        )
