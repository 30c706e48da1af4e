"""*Status*: what contacts see of the person's presence."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QLineEdit

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.page import Page
from whimbrel.ui.words import presence_word

_IDLE_CHOICES = (0, 2, 5, 10, 15, 30, 60)  # minutes
_MAX_MESSAGE = 500


class StatusPage(Page):
    """Presence, its message, and when it turns to away."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Status")
    icon = "user"

    def build(self) -> None:
        """Make the page's controls."""
        own = self.context.services.presence.own
        self.availability = self.plain_choice(
            self.tr("Status"),
            [(each.value, presence_word(each)) for each in Availability],
            own.availability.value,
            keywords=self.tr("presence, online, away, busy, invisible"),
        )
        self.availability.activated.connect(self._on_edited)
        self.message = QLineEdit(own.status)
        self.message.setMaxLength(_MAX_MESSAGE)
        self.message.editingFinished.connect(self._on_edited)
        self.context.bridge.own_presence_changed.connect(self._follow)
        self.field(self.tr("Status message"), self.message, keywords=self.tr("mood, note"))
        self.idle = self.choice(
            self.tr("Away without input after"),
            Settings.idle_minutes,
            [
                (minutes, self.tr("%n min", "", minutes) if minutes else self.tr("Never"))
                for minutes in sorted({*_IDLE_CHOICES, self.settings.idle_minutes})
            ],
            keywords=self.tr("idle, automatically"),
        )

    def leave(self) -> None:
        """Take what is written and not yet left with the keyboard."""
        if self.message.isModified():
            self._on_edited()

    def _follow(self, _event: object) -> None:
        """The status was chosen elsewhere; what is being written stays."""
        own = self.context.services.presence.own
        self.availability.setCurrentIndex(self.availability.findData(own.availability.value))
        if not self.message.isModified():
            self.message.setText(own.status)

    def _on_edited(self) -> None:
        self.message.setModified(False)
        chosen = OwnPresence(Availability(self.availability.currentData()), self.message.text().strip())
        if chosen != self.context.services.presence.own:
            self.context.services.presence.set_own(chosen)
