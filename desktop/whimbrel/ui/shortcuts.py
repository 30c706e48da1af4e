"""Every action of the main window with its keys, and the dialog that lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QMainWindow, QScrollArea, QWidget

from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.label import Label

CHATS_BY_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action's stem, keys (portable text) and words (a source text for translation)."""

    name: str
    keys: tuple[str, ...]
    words: object


SHORTCUTS = (
    Shortcut("palette", ("Ctrl+K",), QT_TRANSLATE_NOOP("Shortcuts", "Go to…")),
    Shortcut("new_conversation", ("Ctrl+N",), QT_TRANSLATE_NOOP("Shortcuts", "New conversation…")),
    Shortcut("next_chat", ("Ctrl+Tab", "Alt+Down", "Ctrl+PgDown"), QT_TRANSLATE_NOOP("Shortcuts", "Next chat")),
    Shortcut(
        "previous_chat", ("Ctrl+Shift+Tab", "Alt+Up", "Ctrl+PgUp"), QT_TRANSLATE_NOOP("Shortcuts", "Previous chat")
    ),
    Shortcut("next_unread", ("Alt+Shift+Down",), QT_TRANSLATE_NOOP("Shortcuts", "Next unread chat")),
    Shortcut("previous_unread", ("Alt+Shift+Up",), QT_TRANSLATE_NOOP("Shortcuts", "Previous unread chat")),
    Shortcut("next_region", ("F6",), QT_TRANSLATE_NOOP("Shortcuts", "Next region")),
    Shortcut("previous_region", ("Shift+F6",), QT_TRANSLATE_NOOP("Shortcuts", "Previous region")),
    Shortcut("close_conversation", ("Ctrl+W",), QT_TRANSLATE_NOOP("Shortcuts", "Close conversation")),
    Shortcut("open_window", (), QT_TRANSLATE_NOOP("Shortcuts", "Open in new window")),
    Shortcut("add_account", (), QT_TRANSLATE_NOOP("Shortcuts", "Add account…")),
    Shortcut("accounts", (), QT_TRANSLATE_NOOP("Shortcuts", "Accounts…")),
    Shortcut("settings", ("Ctrl+,",), QT_TRANSLATE_NOOP("Shortcuts", "Settings…")),
    Shortcut("quit", ("Ctrl+Q",), QT_TRANSLATE_NOOP("Shortcuts", "Quit")),
    Shortcut("add_contact", (), QT_TRANSLATE_NOOP("Shortcuts", "Add contact…")),
    Shortcut("new_group_chat", (), QT_TRANSLATE_NOOP("Shortcuts", "New group chat…")),
    Shortcut("join_group_chat", (), QT_TRANSLATE_NOOP("Shortcuts", "Join group chat…")),
    Shortcut("discover", (), QT_TRANSLATE_NOOP("Shortcuts", "Discover services…")),
    Shortcut("zoom_in", ("Ctrl++", "Ctrl+="), QT_TRANSLATE_NOOP("Shortcuts", "Zoom in")),
    Shortcut("zoom_out", ("Ctrl+-",), QT_TRANSLATE_NOOP("Shortcuts", "Zoom out")),
    Shortcut("zoom_reset", ("Ctrl+0",), QT_TRANSLATE_NOOP("Shortcuts", "Normal size")),
    Shortcut("shortcuts", ("Ctrl+/",), QT_TRANSLATE_NOOP("Shortcuts", "Keyboard shortcuts")),
    Shortcut("about", (), QT_TRANSLATE_NOOP("Shortcuts", "About Whimbrel")),
)

_IN_CONVERSATION = (
    Shortcut("", ("Enter",), QT_TRANSLATE_NOOP("Shortcuts", "Send the message")),
    Shortcut("", ("Shift+Enter",), QT_TRANSLATE_NOOP("Shortcuts", "New line in the message")),
    Shortcut("", ("Alt+1…9",), QT_TRANSLATE_NOOP("Shortcuts", "First to ninth chat")),
)


class Actions:
    """The window's actions by stem; each works by its keys, wherever the focus is in the window."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._by_name: dict[str, QAction] = {}
        for shortcut in SHORTCUTS:
            action = QAction(QCoreApplication.translate("Shortcuts", str(shortcut.words)), window)
            self._add(shortcut.name, action, shortcut.keys)
        for number in range(1, CHATS_BY_NUMBER + 1):
            self._add(f"chat_{number}", QAction(window), (f"Alt+{number}",))

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect(self, name: str, callback: Callable[[], object]) -> None:
        """Call something when an action is triggered."""
        self._by_name[name].triggered.connect(lambda _checked=False: callback())

    def set_enabled(self, names: tuple[str, ...], enabled: bool) -> None:
        """Enable or disable several actions."""
        for name in names:
            self._by_name[name].setEnabled(enabled)

    def _add(self, name: str, action: QAction, keys: tuple[str, ...]) -> None:
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._window.addAction(action)
        self._by_name[name] = action


class ShortcutsDialog(Dialog):
    """The list of keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("Shortcuts", "Keyboard shortcuts"), parent, width=460)
        holder = QWidget()
        holder.setProperty("surface", "base")
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        listed = [shortcut for shortcut in (*SHORTCUTS, *_IN_CONVERSATION) if shortcut.keys]
        for row, shortcut in enumerate(listed):
            words = QCoreApplication.translate("Shortcuts", str(shortcut.words)).removesuffix("…")
            grid.addWidget(Label(words), row, 0)
            keys = Label("   ".join(shortcut.keys), size=SMALL, tone="second")
            grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setMinimumHeight(360)
        self.content.addWidget(scroll)
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.close)
