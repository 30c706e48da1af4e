"""Another window takes the place of the main window: what is shown in a language was made in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.platform.settings import Settings
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.widgets.search_field import SearchField


class Renewal:
    """Closes a window, and remembers what the next one needs of it."""

    def __init__(self, former: MainWindow) -> None:
        conductor = former.conductor
        self._former = former
        self._was_shown = former.isVisible()
        self._had_settings = conductor is not None and conductor.dialogs.is_showing("settings")
        crash = former.troubles.dialog if former.troubles is not None else None  # shown again by the next
        for each in _windows_over(former):
            if each is not crash:
                each.close()  # takes what is chosen there, and watches nothing any more
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

            watching = Troubles(troubles.diagnosis, window, former=troubles)
            watching.services = services
            window.watch_troubles(watching)
        if not self._was_shown:
            return
        window.come_to_front()
        if self._had_settings and window.conductor is not None:
            from whimbrel.ui.settings.language import LanguagePage

            window.conductor.commands.show_settings(LanguagePage)


class LanguageWatch(QObject):
    """Has the window renewed whenever the person has chosen another language, once who asked for it is done.

    What is typed into a dialog or the console is kept nowhere: as long as there is any, the renewal waits.

    Args:
        window: the main window of that time.
        renew: is called with the language.
    """

    def __init__(self, settings: Settings, window: Callable[[], MainWindow], renew: Callable[[str], None]) -> None:
        super().__init__(settings)
        self._settings, self._window, self._renew = settings, window, renew
        self._waits = QTimer(self, singleShot=True, interval=0)
        self._waits.timeout.connect(self._on_turn)
        self._is_held = False
        settings.changed.connect(self._on_changed)

    def _on_changed(self, name: str) -> None:
        if name == "language" and not self._is_held:
            self._waits.start()

    def _on_turn(self) -> None:
        begun = _begun_in(self._window())
        self._is_held = begun is not None
        if begun is None:
            self._renew(self._settings.language)
            return
        ended = begun.finished if isinstance(begun, QDialog) else begun.destroyed
        ended.connect(self._waits.start)


def _begun_in(main: MainWindow) -> QWidget | None:
    """A window over the main window into which something was typed that goes with it."""
    return next((each for each in _windows_over(main) if any(map(_is_typed, each.findChildren(QWidget)))), None)


def _windows_over(main: MainWindow) -> list[QWidget]:
    return [each for each in main.findChildren(QWidget) if each.isWindow() and each.isVisible()]


def _is_typed(field: QWidget) -> bool:
    if isinstance(field, QLineEdit):
        return field.isModified() and bool(field.text()) and not isinstance(field, SearchField)
    if isinstance(field, QPlainTextEdit):
        return field.document().isModified() and bool(field.toPlainText()) and not field.isReadOnly()
    return False
