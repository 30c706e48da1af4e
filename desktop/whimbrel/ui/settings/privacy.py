"""*Privacy*: what contacts are told, who may write, who is blocked, and what is fetched of others."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLocale

from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.blocked import BlockedList
from whimbrel.ui.settings.page import Page

_FETCH_CHOICES = (0, 1_000_000, 5_000_000, 10_000_000, 50_000_000)  # bytes


class PrivacyPage(Page):
    """What leaves this computer unasked, and what comes to it."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Privacy")
    icon = "eye-off"

    def build(self) -> None:
        """Make the page's controls."""
        self.heading(self.tr("What contacts are told"))
        self.typing = self.check(
            self.tr("Tell contacts when I am writing to them"), Settings.send_typing, keywords=self.tr("typing")
        )
        self.read_markers = self.check(
            self.tr("Tell contacts when I have read their messages"),
            Settings.send_read_markers,
            keywords=self.tr("read markers, receipts, ticks"),
        )
        self.last_seen = self.check(
            self.tr("Tell contacts since when I am away"), Settings.send_last_seen, keywords=self.tr("last seen, idle")
        )
        self.heading(self.tr("Who may write"))
        self.strangers = self.choice(
            self.tr("Take messages from"),
            Settings.strangers_may_write,
            [(True, self.tr("Everybody")), (False, self.tr("Contacts and people I wrote to"))],
            keywords=self.tr("strangers, unknown people, spam"),
        )
        self.note(
            self.tr(
                "If only those may write, what others write is neither shown nor answered here; your provider and your "
                "other devices may keep it. They can still ask to become a contact."
            )
        )
        self.heading(self.tr("Blocked addresses"))
        self.blocked = BlockedList(self.context.services, self.context.bridge)
        self.add(
            self.blocked,
            self.tr("Blocked addresses"),
            keywords=self.tr("unblock, ban, ignore"),
            control=self.blocked.list,
        )
        self.heading(self.tr("Files"))
        size_words = QLocale().formattedDataSize
        self.fetching = self.choice(
            self.tr("Fetch pictures of contacts up to"),
            Settings.fetch_up_to,
            [
                (size, size_words(size, 0, QLocale.DataSizeFormat.DataSizeSIFormat) if size else self.tr("Never"))
                for size in sorted({*_FETCH_CHOICES, self.settings.fetch_up_to})
            ],
            keywords=self.tr("download, previews, images, media"),
        )
