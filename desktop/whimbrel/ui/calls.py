"""What this start and later ones of the same profile call for: done at once, or as soon as there is who can do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whimbrel.platform.instance import Call

if TYPE_CHECKING:
    from whimbrel.ui.main_window import MainWindow

_MOST = 20  # kept until they can be answered


class Calls:
    """Takes the calls for one main window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._hidden = False
        self._waiting: list[Call] = []

    def use(self, window: MainWindow) -> None:
        """Another window has taken the place of the first."""
        self._window = window

    def start(self, call: Call) -> None:
        """This start's own: show the window, unless it is to stay in the tray; the rest follows when all is there."""
        self._hidden = call.hidden and not (call.uri or call.new_conversation)
        if not self._hidden:
            self._window.show()
        self._waiting.append(call)

    def receive(self, call: Call) -> None:
        """A later start's: come to the front; while the history is still being opened, what is to be done waits."""
        if not call.hidden or call.uri or call.new_conversation:
            self._window.come_to_front(call.token)
        if self._window.conductor is None:
            self._waiting = [*self._waiting, call][-_MOST:]
        else:
            self._carry_out(call)

    def be_ready(self, *, has_account: bool) -> None:
        """The history is there, and the window is attached to it.

        A hidden start shows its window after all where there is no account, and where there is no tray.
        """
        conductor = self._window.conductor
        if self._hidden and conductor is not None:
            from whimbrel.ui.hidden_start import HiddenStart

            if has_account:
                HiddenStart(self._window, conductor.tray)
            else:
                self._window.show()
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            self._carry_out(call)

    def _carry_out(self, call: Call) -> None:
        if call.uri:
            self._window.open_uri(call.uri)
        if call.new_conversation and self._window.conductor is not None:
            self._window.conductor.commands.show_palette()
