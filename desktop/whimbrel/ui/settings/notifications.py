"""*Notifications*: what tells of messages, and how much it tells."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.page import Page


class NotificationsPage(Page):
    """Whether messages are told of, with what, and whether one hears it."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Notifications")
    icon = "bell"

    def build(self) -> None:
        """Make the page's controls."""
        self.notifications = self.check(
            self.tr("Notify of new messages"), Settings.notifications, keywords=self.tr("alerts, pop-ups, quiet")
        )
        self.content_shown = self.check(
            self.tr("Show who wrote and what in notifications"),
            Settings.notification_content,
            keywords=self.tr("preview, sender, privacy, lock screen"),
        )
        self.sound = self.check(
            self.tr("Play a sound with notifications"), Settings.notification_sound, keywords=self.tr("mute, silent")
        )
        self.attention = self.check(
            self.tr("Contacts may ask for my attention"), Settings.accept_attention, keywords=self.tr("nudge, buzz")
        )
        self.attention.toggled.connect(lambda _accepted: self._tell_what_we_can())
        self.note(self.tr("Chats that are muted stay quiet. A chat is muted in its menu, for as long as you choose."))
        self._allow_rest(self.settings.notifications)
        self.notifications.toggled.connect(self._allow_rest)

    def _allow_rest(self, enabled: bool) -> None:
        for box in (self.content_shown, self.sound, self.attention):
            box.setEnabled(enabled)

    def _tell_what_we_can(self) -> None:
        """What we can is told with presence (XEP-0115): so it is sent again."""
        self.context.services.presence.set_own(self.context.services.presence.own)
