"""Says what keeping messages for a time only takes away, and asks, before it does."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.core.retention import Retention
from whimbrel.core.services import Services
from whimbrel.platform.settings import Settings
from whimbrel.ui.search.delete_dialog import DeleteDialog


class KeepDialog(DeleteDialog):
    """Once it is agreed to, messages are kept for ``days`` days, today and from then on.

    Args:
        words: that time, as it was chosen.
    """

    def __init__(
        self, services: Services, settings: Settings, days: int, words: str, parent: QWidget | None = None
    ) -> None:
        self._words = words
        super().__init__(services, "", parent)
        title = self.tr("Keep messages for %1").replace("%1", words)
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self._settings = settings
        self._days = days
        self._retention = services.offer(Retention)
        self.count_first(self._retention.count(days), self._show_count)

    def what_goes(self) -> str:
        return self.tr(
            "From now on, every day, what is older than that leaves this computer for good, with the copies of its "
            "files."
        )

    def what_stays(self) -> str:
        return self.tr(
            "It is not fetched again. What is not sent yet stays. Other people, your other devices and your provider "
            "keep what they have."
        )

    async def work(self) -> int:
        self._settings.keep_days = self._days
        return await self._retention.apply(self.on_progress)

    def _show_count(self, count: int) -> None:
        words = self.tr("%Ln messages are older and are deleted now.", "", count)
        if count == 1:
            words = self.tr("1 message is older and is deleted now.")
        self.show_count(words if count else self.tr("No message is that old now."), count)
        if not count:
            self.delete.setText(self.tr("Keep for %1").replace("%1", self._words))
            self.delete.setAccessibleName(self.delete.text())
        self.delete.setEnabled(True)
