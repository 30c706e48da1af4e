"""Every action that has keys, or may be given some: which they are, and which the person chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

if TYPE_CHECKING:
    from whimbrel.platform.settings import Settings

CHATS_BY_NUMBER = 9
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_USABLE = re.compile(r"(Meta|Ctrl|Alt)\+|(Shift\+)?F\d")
_TYPES = re.compile(r"Ctrl\+Alt\+(Shift\+)?(.|Space)|Alt\+(Shift\+)?[^\W\d_]")
_FOR_EDITING = frozenset({"Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Y", "Ctrl+Z", "Ctrl+Shift+Z"})


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action's stem, keys (portable text) and words (a source text for translation)."""

    name: str
    keys: tuple[str, ...]
    words: object

    def shown_words(self) -> str:
        """What it is called in the person's language."""
        words = QCoreApplication.translate("Shortcuts", str(self.words)).removesuffix("…")
        return words.replace("{number}", self.name.rpartition("_")[2])


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
    Shortcut("xml_console", (), QT_TRANSLATE_NOOP("Shortcuts", "XML console")),
    Shortcut("about", (), QT_TRANSLATE_NOOP("Shortcuts", "About Whimbrel")),
)

IN_CONVERSATION = (
    Shortcut("find", ("Ctrl+F",), QT_TRANSLATE_NOOP("Shortcuts", "Search in this conversation")),
    Shortcut("reply", ("Ctrl+Shift+R",), QT_TRANSLATE_NOOP("Shortcuts", "Reply to the message")),
    Shortcut("react", ("Ctrl+Shift+E",), QT_TRANSLATE_NOOP("Shortcuts", "React to the message")),
)

BY_NUMBER = tuple(
    Shortcut(f"chat_{number}", (f"Alt+{number}",), QT_TRANSLATE_NOOP("Shortcuts", "Chat {number}"))
    for number in range(1, CHATS_BY_NUMBER + 1)
)

FIXED = (  # they belong to writing
    Shortcut("", ("Enter",), QT_TRANSLATE_NOOP("Shortcuts", "Send the message")),
    Shortcut("", ("Shift+Enter",), QT_TRANSLATE_NOOP("Shortcuts", "New line in the message")),
    Shortcut("", ("Up",), QT_TRANSLATE_NOOP("Shortcuts", "Edit the last message")),
)

ALL = {each.name: each for each in (*SHORTCUTS, *IN_CONVERSATION, *BY_NUMBER)}


class Keymap(QObject):
    """Which keys each action has: the usual ones, or those that the person chose, kept in the settings.

    What the settings say of actions that this version does not know stays there.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._chosen: dict[str, tuple[str, ...]] = {}

    def use(self, settings: Settings) -> None:
        """Take what is kept in settings, and keep it there from now on."""
        if settings is not self._settings:
            settings.changed.connect(self._on_changed)
        self._settings = settings
        self._take()

    def of(self, name: str) -> tuple[str, ...]:
        """The keys of an action, as portable text; the first is shown in menus."""
        return self._chosen.get(name, ALL[name].keys)

    def set(self, name: str, keys: tuple[str, ...]) -> None:
        """Give an action these keys alone."""
        others = {other: kept for other, kept in self._chosen.items() if other != name}
        self._keep(others if keys == ALL[name].keys else {**others, name: keys})

    def reset(self) -> None:
        """Give every action its usual keys."""
        self._keep({name: keys for name, keys in self._chosen.items() if name not in ALL})

    def is_changed(self, name: str) -> bool:
        """Whether an action has other keys than usual."""
        return self.of(name) != ALL[name].keys

    def owner(self, key: str, but: str = "") -> str | None:
        """The action that has a key; ``but`` is not looked at."""
        return next((name for name in ALL if name != but and key in self.of(name)), None)

    def _keep(self, chosen: dict[str, tuple[str, ...]]) -> None:
        self._chosen = chosen
        if self._settings is not None and self._settings.shortcuts != chosen:
            self._settings.shortcuts = chosen  # heard again
        else:
            self.changed.emit()

    def _on_changed(self, name: str) -> None:
        if name == "shortcuts":
            self._take()

    def _take(self) -> None:
        kept = self._settings.shortcuts if self._settings is not None else {}
        self._chosen = {
            name: tuple(key for each in keys if is_usable(key := portable(each))) if name in ALL else keys
            for name, keys in kept.items()
        }
        self.changed.emit()


def keymap() -> Keymap:
    """The application's; made where there is none yet."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application to have keys")
    known = app.findChild(Keymap)
    return known if isinstance(known, Keymap) else Keymap(app)


def portable(keys: str) -> str:
    """Keys as they are kept; nothing where they mean none."""
    return QKeySequence(keys, _PORTABLE).toString(_PORTABLE).replace("Backtab", "Tab")  # what Shift makes of it


def is_usable(keys: str) -> bool:
    """Whether keys, as they are kept, would not be missed in writing: one stroke with Ctrl, Alt or Meta, or F1 …"""
    return bool(_USABLE.match(keys)) and ", " not in keys and keys not in _FOR_EDITING and not is_typing(keys)


def is_typing(keys: str) -> bool:
    """Whether keys with Alt type something on many keyboards (where Ctrl+Alt is AltGr), or may open a menu."""
    return bool(_TYPES.fullmatch(keys))


def keys_of(name: str) -> QKeySequence:
    """The first keys of an action; empty where it has none."""
    return QKeySequence(next(iter(keymap().of(name)), ""))


class Keys(QShortcut):
    """Keys of an action that something other than the main window carries out, as they are at any time."""

    def __init__(
        self,
        name: str,
        owner: QWidget,
        act: Callable[[], object],
        context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
    ) -> None:
        super().__init__(owner)
        self._name = name
        self.setContext(context)
        self.activated.connect(lambda: act())
        self._take()
        keymap().changed.connect(self._take)

    def _take(self) -> None:
        self.setKeys([QKeySequence(key) for key in keymap().of(self._name)])


def shown_keys(keys: str) -> str:
    """A shortcut as menus show it, in the person's language and their system's signs."""
    if "…" in keys:  # a range of keys
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class KeysShown(QObject):
    """Tells what shows the keys of an action somewhere, at first and whenever they are others; "" where it has none."""

    def __init__(self, name: str, owner: QObject, show: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._name, self._show = name, show
        self._tell()
        keymap().changed.connect(self._tell)

    def _tell(self) -> None:
        self._show(shown_keys(keys_of(self._name).toString()))


class KeyedAction(QAction):
    """An action with its keys, as they are at any time."""

    def __init__(self, name: str, words: str, window: QMainWindow) -> None:
        super().__init__(words, window)
        self._name = name
        self._take()
        keymap().changed.connect(self._take)

    def _take(self) -> None:
        self.setShortcuts([QKeySequence(key) for key in keymap().of(self._name)])


# What is about the program, not about the main window: wanted in a conversation's own window too.
_IN_EVERY_WINDOW = ("quit", "settings", "shortcuts")


class Actions:
    """The window's actions by stem; each works by its keys wherever the focus is in the window, some in any."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._by_name: dict[str, QAction] = {}
        for shortcut in SHORTCUTS:
            self._add(shortcut.name, QCoreApplication.translate("Shortcuts", str(shortcut.words)))
        for shortcut in BY_NUMBER:
            self._add(shortcut.name, "")
        for name in _IN_EVERY_WINDOW:
            self[name].setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect(self, name: str, callback: Callable[[], object]) -> None:
        """Call something when an action is triggered."""
        self._by_name[name].triggered.connect(lambda _checked=False: callback())

    def set_enabled(self, names: tuple[str, ...], enabled: bool) -> None:
        """Enable or disable several actions."""
        for name in names:
            self._by_name[name].setEnabled(enabled)

    def _add(self, name: str, words: str) -> None:
        self._by_name[name] = action = KeyedAction(name, words, self._window)
        self._window.addAction(action)
