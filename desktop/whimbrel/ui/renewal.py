"""Another window takes the place of the main window: what is shown in a language was made in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment
from whimbrel.model.conversation import ConversationId
from whimbrel.platform.session_state import OpenState
from whimbrel.platform.settings import Settings
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.run import under_way
from whimbrel.ui.widgets.search_field import SearchField

Bring = Callable[[MainWindow, Services], object]
"""Lets something be there in the next window."""


class Renewal:
    """Closes a window, and remembers what the next one needs of it."""

    def __init__(self, former: MainWindow) -> None:
        conductor = former.conductor
        self._former = former
        self._was_shown = former.isVisible()
        self._had_settings = conductor is not None and conductor.dialogs.is_showing("settings")
        found: list[list[Bring]] = [
            _ended_bars(former),
            _consoles(former),
            _viewers(former),
            _requests(former),
            _links(former),
        ]
        self._later = [each for some in found for each in some]
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
        if self._was_shown:
            window.come_to_front()
        for bring in self._later:
            bring(window, services)
        if self._had_settings and window.conductor is not None:
            from whimbrel.ui.settings.language import LanguagePage

            window.conductor.commands.show_settings(LanguagePage)


def _ended_bars(former: MainWindow) -> list[Bring]:
    """What tells that the last run did not end, where nobody has answered yet."""
    from whimbrel.ui.faults.ended_bar import EndedBar

    def bring(state: OpenState, window: MainWindow, _services: Services) -> None:
        if window.conductor is not None:
            window.conductor.offer_lost(state)

    shown = [bar for bar in former.findChildren(EndedBar) if not bar.isHidden()]
    return [partial(bring, former.conductor.lost) for _bar in shown if former.conductor is not None]


def _requests(former: MainWindow) -> list[Bring]:
    def bring(window: MainWindow, _services: Services) -> None:
        if window.conductor is not None:
            window.conductor.dialogs.review_requests(asked_for=False)

    return [bring] if former.conductor is not None and former.conductor.dialogs.is_showing("request") else []


def _links(former: MainWindow) -> list[Bring]:
    links = former.conductor.links.end() if former.conductor is not None else []

    def bring(window: MainWindow, _services: Services) -> None:
        if window.conductor is not None:
            window.conductor.links.take_over(links)

    return [bring]


def _consoles(former: MainWindow) -> list[Bring]:
    from whimbrel.ui.console.window import ConsoleState, ConsoleWindow, show_console

    def bring(state: ConsoleState, window: MainWindow, services: Services) -> None:
        show_console(services, window).restore(state)

    shown = [console for console in former.findChildren(ConsoleWindow) if console.isVisible()]
    return [partial(bring, console.state()) for console in shown]


def _viewers(former: MainWindow) -> list[Bring]:
    from whimbrel.ui.viewer.opening import open_viewer, view_from
    from whimbrel.ui.viewer.window import ViewerWindow

    def bring(number: ConversationId, picture: Attachment, window: MainWindow, services: Services) -> None:
        view = window.conductor.view if window.conductor is not None else None
        pane = view.pane_of(number) if view is not None else None
        if pane is not None:
            view_from(pane, picture)
        else:
            open_viewer(services, number, picture, window)

    shown = [each for each in _windows_over(former) if isinstance(each, ViewerWindow)]
    return [partial(bring, viewer.conversation_id, viewer.gallery.current) for viewer in shown]


class LanguageWatch(QObject):
    """Has the window renewed whenever the person has chosen another language, once who asked for it is done.

    What is typed into a dialog or the console is kept nowhere: as long as there is any, the renewal waits; so it does
    for what a person waits for: an export, say.

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
        working = under_way()
        begun = _begun_in(self._window())
        self._is_held = bool(working) or begun is not None
        if begun is not None:
            self._wait_for(begun)
        elif not working:
            self._renew(self._settings.language)
        elif isinstance(owner := working[0][1], QDialog):
            self._wait_for(owner)  # until what came of it was read
        else:
            working[0][0].add_done_callback(lambda _task: self._on_ended())

    def _wait_for(self, window: QWidget) -> None:
        if isinstance(window, QDialog):
            window.finished.connect(self._on_ended)
        window.destroyed.connect(self._on_ended)

    def _on_ended(self) -> None:
        if self._is_held:
            self._waits.start()


def _begun_in(main: MainWindow) -> QWidget | None:
    """A window over the main window into which something was typed that goes with it."""
    return next((each for each in _windows_over(main) if any(map(_is_typed, each.findChildren(QWidget)))), None)


def _windows_over(main: MainWindow) -> list[QWidget]:
    """Those of the windows of conversations too, but not these themselves: they are opened again."""
    view = main.conductor.view if main.conductor is not None else None
    owners: list[QWidget] = [main, *(view.windows if view is not None else [])]
    return [each for owner in owners for each in owner.findChildren(QWidget) if each.isWindow() and each.isVisible()]


def _is_typed(field: QWidget) -> bool:
    if isinstance(field, QLineEdit):
        return field.isModified() and bool(field.text()) and not isinstance(field, SearchField)
    if isinstance(field, QPlainTextEdit):
        return field.document().isModified() and bool(field.toPlainText()) and not field.isReadOnly()
    return False
