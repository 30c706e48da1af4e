"""Every action of the main window with its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

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
    Shortcut("notes", (), QT_TRANSLATE_NOOP("Shortcuts", "Notes to self")),
    Shortcut("next_chat", ("Ctrl+Tab", "Alt+Down", "Ctrl+PgDown"), QT_TRANSLATE_NOOP("Shortcuts", "Next chat")),
    Shortcut(
        "previous_chat", ("Ctrl+Shift+Tab", "Alt+Up", "Ctrl+PgUp"), QT_TRANSLATE_NOOP("Shortcuts", "Previous chat")
    ),
    Shortcut("next_unread", ("Alt+Shift+Down",), QT_TRANSLATE_NOOP("Shortcuts", "Next unread chat")),
    Shortcut("previous_unread", ("Alt+Shift+Up",), QT_TRANSLATE_NOOP("Shortcuts", "Previous unread chat")),
    Shortcut("pin_chat", ("Ctrl+Shift+P",), QT_TRANSLATE_NOOP("Shortcuts", "Pin or unpin chat")),
    Shortcut("mark_chat", ("Ctrl+Shift+L",), QT_TRANSLATE_NOOP("Shortcuts", "Mark chat as read or unread")),
    Shortcut("mute_chat", ("Ctrl+Shift+M",), QT_TRANSLATE_NOOP("Shortcuts", "Mute or unmute chat…")),
    Shortcut("archive_chat", ("Ctrl+Shift+A",), QT_TRANSLATE_NOOP("Shortcuts", "Archive or unarchive chat")),
    Shortcut("search_everywhere", ("Ctrl+Shift+F",), QT_TRANSLATE_NOOP("Shortcuts", "Search everywhere…")),
    Shortcut("export_all", (), QT_TRANSLATE_NOOP("Shortcuts", "Export everything…")),
    Shortcut("delete_old", (), QT_TRANSLATE_NOOP("Shortcuts", "Delete old messages…")),
    Shortcut("next_region", ("F6",), QT_TRANSLATE_NOOP("Shortcuts", "Next region")),
    Shortcut("previous_region", ("Shift+F6",), QT_TRANSLATE_NOOP("Shortcuts", "Previous region")),
    Shortcut("close_conversation", ("Ctrl+W",), QT_TRANSLATE_NOOP("Shortcuts", "Close conversation")),
    Shortcut("open_window", (), QT_TRANSLATE_NOOP("Shortcuts", "Open in new window")),
    Shortcut("add_account", (), QT_TRANSLATE_NOOP("Shortcuts", "Add account…")),
    Shortcut("accounts", (), QT_TRANSLATE_NOOP("Shortcuts", "Accounts…")),
    Shortcut("profile", (), QT_TRANSLATE_NOOP("Shortcuts", "Profile…")),
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
    Shortcut("report_problem", (), QT_TRANSLATE_NOOP("Shortcuts", "Report a problem…")),
    Shortcut("about", (), QT_TRANSLATE_NOOP("Shortcuts", "About Whimbrel")),
)


def keys_of(name: str) -> QKeySequence:
    """The first keys of an action."""
    return next(QKeySequence(each.keys[0]) for each in SHORTCUTS if each.name == name)


def shown_keys(keys: str) -> str:
    """A shortcut as menus show it, in the person's language and their system's signs."""
    if "…" in keys:  # a range of keys
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class Actions:
    """The window's actions by stem; each works by its keys wherever the focus is in the window, *Quit* in any."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._by_name: dict[str, QAction] = {}
        for shortcut in SHORTCUTS:
            action = QAction(QCoreApplication.translate("Shortcuts", str(shortcut.words)), window)
            self._add(shortcut.name, action, shortcut.keys)
        for number in range(1, CHATS_BY_NUMBER + 1):
            self._add(f"chat_{number}", QAction(window), (f"Alt+{number}",))
        self["quit"].setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # from every window

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
        self._window.addAction(action)
        self._by_name[name] = action
