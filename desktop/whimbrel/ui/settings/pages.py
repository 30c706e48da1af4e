"""The pages of *Settings*, in their order: a page is one class and one line here."""

from __future__ import annotations

from whimbrel.ui.settings.accounts import AccountsPage
from whimbrel.ui.settings.advanced import AdvancedPage
from whimbrel.ui.settings.appearance import AppearancePage
from whimbrel.ui.settings.general import GeneralPage
from whimbrel.ui.settings.history import HistoryPage
from whimbrel.ui.settings.language import LanguagePage
from whimbrel.ui.settings.notifications import NotificationsPage
from whimbrel.ui.settings.page import Page
from whimbrel.ui.settings.privacy import PrivacyPage
from whimbrel.ui.settings.shortcuts import ShortcutsPage
from whimbrel.ui.settings.status import StatusPage

PAGES: tuple[type[Page], ...] = (
    AccountsPage,
    StatusPage,
    GeneralPage,
    AppearancePage,
    NotificationsPage,
    PrivacyPage,
    HistoryPage,
    ShortcutsPage,
    LanguagePage,
    AdvancedPage,
)
