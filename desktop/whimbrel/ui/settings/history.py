"""*History*: for how long messages are kept, whether they are encrypted, where they lie; exporting and deleting."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent

from whimbrel.core.history_file import HistoryFile
from whimbrel.core.offers.fetching import FetchedCopies
from whimbrel.core.retention import Retention
from whimbrel.model.errors import KnownError
from whimbrel.ui.run import run
from whimbrel.ui.search.asking_dialogs import ask_delete_all, ask_delete_old, ask_export
from whimbrel.ui.settings.empty_dialog import EmptyDialog
from whimbrel.ui.settings.keep_dialog import KeepDialog
from whimbrel.ui.settings.page import Page
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.label import Label

_WEEK, _MONTH, _QUARTER, _HALF, _YEAR = 7, 31, 92, 183, 365  # days


class HistoryPage(Page):
    """What of the past stays on this computer."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "History")
    icon = "clock"

    def build(self) -> None:
        """Make the page's controls."""
        services = self.context.services
        self._file = services.offer(HistoryFile)
        self._copies = services.offer(FetchedCopies)
        self._make_keeping()
        self._make_encryption()
        self._make_place()
        self.heading(self.tr("Fetched files"))
        self.copies_size = self._fact(self.tr("Size of fetched files"))
        self.empty = self.button(self.tr("Empty…"), self._on_empty, keywords=self.tr("cache, pictures, free space"))
        self.error = ErrorBox()
        self.column.addWidget(self.error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # a window without a program behind it: nothing can be looked up
            return
        self._measure()
        if not self._file.encrypted:
            run(self, self.context.secrets.usable(), on_done=self._on_keyring, on_error=self._on_error)

    # parts

    def _make_keeping(self) -> None:
        self.heading(self.tr("Messages"))
        self._shown = self.settings.keep_days
        self.keep = self.plain_choice(
            self.tr("Keep messages for"),
            [(days, self._words(days)) for days in self._choices()],
            self._shown,
            keywords=self.tr("retention, expire, delete automatically"),
        )
        self.keep.activated.connect(self._on_keep)
        self.note(
            self.tr(
                "What is older is deleted from this computer each day, and not taken in if it comes later, even if you "
                "have not seen it. Your provider may keep it."
            )
        )
        self.export = self.button(
            self.tr("Export everything…"), lambda: ask_export(self.context.services, None, self.window())
        )
        self.delete_old = self.button(self.tr("Delete old messages…"), self._delete_old)
        self.delete_all = self.button(self.tr("Delete all history…"), self._delete_all)

    def _make_encryption(self) -> None:
        self.heading(self.tr("Encryption"))
        words = self.tr("Your history is encrypted. The key is in your keyring.")
        if not self._file.encrypted:
            words = self.tr("Your history is not encrypted, because no keyring could be opened when Whimbrel started.")
        self.encryption = Label(words, wrap=True)
        self.add(self.encryption, self.tr("Encryption"), keywords=self.tr("keyring, key, password"))
        self.encrypting = self.note("")
        self.encrypting.setVisible(not self._file.encrypted)

    def _make_place(self) -> None:
        self.heading(self.tr("On this computer"))
        self.history_size = self._fact(self.tr("Size of the history"))
        self.place = Label(str(self._file.folder), tone="second", wrap=True, name=self.tr("Folder of the history"))
        self.place.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.add(self.place, self.tr("Folder of the history"), keywords=self.tr("where, path, file, database"))
        self.open_folder = self.button(
            self.tr("Open folder"),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.folder))),
        )

    def _fact(self, name: str) -> Label:
        label = Label("…", wrap=True, name=name)
        self.add(label, name, keywords=self.tr("space, disk, bytes"))
        return label

    # for how long

    def _choices(self) -> list[int]:
        return [0, *sorted({_YEAR, _HALF, _QUARTER, _MONTH, _WEEK, self._shown} - {0}, reverse=True)]

    def _words(self, days: int) -> str:
        usual = {
            0: self.tr("Forever"),
            _YEAR: self.tr("1 year"),
            _HALF: self.tr("6 months"),
            _QUARTER: self.tr("3 months"),
            _MONTH: self.tr("1 month"),
            _WEEK: self.tr("1 week"),
            1: self.tr("1 day"),
        }
        return usual.get(days) or self.tr("%n days", "", days)

    def _on_keep(self) -> None:
        days = int(self.keep.currentData())
        if days == self._shown:
            return
        if days == 0 or 0 < self._shown < days:  # nothing goes that would not have gone before
            self.settings.keep_days = days
            self._on_asked()
            return
        dialog = KeepDialog(self.context.services, self.settings, days, self._words(days), self.window())
        dialog.finished.connect(self._on_asked)
        dialog.open()

    def _on_asked(self) -> None:
        """Show what holds now, and let it be applied from now on."""
        if self.settings.keep_days != self._shown:
            self._shown = self.settings.keep_days
            self.context.services.offer(Retention).start()
        self.keep.setCurrentIndex(self.keep.findData(self._shown))
        self._measure()

    # the rest

    def _measure(self) -> None:
        run(
            self,
            self._file.size(),
            on_done=lambda size: self._say_size(self.history_size, size),
            on_error=self._on_error,
        )
        run(
            self,
            self._copies.size(),
            on_done=lambda size: self._say_size(self.copies_size, size),
            on_error=self._on_error,
        )

    def _say_size(self, label: Label, size: int) -> None:
        label.setText(QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat))

    def _on_keyring(self, usable: bool) -> None:
        words = self.tr("It is encrypted at the first start that finds a keyring.")
        if usable:
            words = self.tr("There is a keyring now: your history is encrypted when Whimbrel starts next.")
        self.encrypting.setText(words)

    def _delete_old(self) -> None:
        ask_delete_old(self.context.services, self.window()).finished.connect(self._measure)

    def _delete_all(self) -> None:
        ask_delete_all(self.context.services, self.window()).finished.connect(self._measure)

    def _on_empty(self) -> None:
        dialog = EmptyDialog(self.window())
        dialog.accepted.connect(self._empty)
        dialog.open()

    def _empty(self) -> None:
        removing = self._copies.remove_all()
        run(self, removing, on_done=lambda _none: self._measure(), on_error=self._on_error, must_end=True)

    def _on_error(self, error: KnownError) -> None:
        self.error.show_error(error)
