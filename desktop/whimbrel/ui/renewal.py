"""Another window takes the place of the main window: what is shown in a language was made in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from whimbrel.core.services import Services
from whimbrel.platform.settings import Settings
from whimbrel.ui.main_window import MainWindow


class Renewal:
    """Closes a window, and remembers what the next one needs of it."""

    def __init__(self, former: MainWindow) -> None:
        conductor = former.conductor
        self._former = former
        self._was_shown = former.isVisible()
        self._had_settings = conductor is not None and conductor.dialogs.is_showing("settings")
        former.finish()

    async def bury(self) -> None:
        """Let go of the former window, once its notifications are taken away."""
        if self._former.conductor is not None:
            await self._former.conductor.withdraw()
        self._former.deleteLater()

    def finish(self, window: MainWindow, services: Services) -> None:
        """Bring the next window, which is attached, to where the former was."""
        if (troubles := self._former.troubles) is not None:
            from whimbrel.ui.faults.troubles import Troubles

            watching = Troubles(troubles.diagnosis, window)
            watching.services = services
            window.watch_troubles(watching)
        if not self._was_shown:
            return
        window.come_to_front()
        if self._had_settings and window.conductor is not None:
            from whimbrel.ui.settings.language import LanguagePage

            window.conductor.commands.show_settings(LanguagePage)


def watch_language(settings: Settings, renew: Callable[[str], None]) -> None:
    """Call ``renew`` with the language whenever the person has chosen another, once who asked for it is done."""

    def on_changed(name: str) -> None:
        if name == "language":
            QTimer.singleShot(0, settings, lambda: renew(settings.language))

    settings.changed.connect(on_changed)
