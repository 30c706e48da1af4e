"""What pages of *Settings* are made with in tests."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow

from tests.helpers.core import Core, FakeKeeper
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.effects import Effects
from whimbrel.ui.settings.page import PageContext
from whimbrel.ui.shortcuts import Actions
from whimbrel.ui.theme.theme import Theme


class UsableKeyring(FakeKeeper):
    """Passwords in memory, as a keyring would keep them."""

    async def usable(self) -> bool:
        return True


def page_context(core: Core, settings: Settings, theme: Theme) -> PageContext:
    """A context over a core; settings take effect as they do in the program."""
    Effects(theme, settings, settings)
    bridge = Bridge(core.services.bus)
    bridge.setParent(settings)
    return PageContext(settings, theme, core.services, bridge, UsableKeyring(), Actions(QMainWindow()))
