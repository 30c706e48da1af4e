"""*Shortcuts*: every action with its keys, which can be others."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QT_TRANSLATE_NOOP, QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from whimbrel.ui.collation import collator
from whimbrel.ui.joining import list_words
from whimbrel.ui.settings.keys_dialog import KeysDialog
from whimbrel.ui.settings.page import Page
from whimbrel.ui.shortcuts import ALL, BY_NUMBER, IN_CONVERSATION, SHORTCUTS, Shortcut, keymap, shown_keys
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.label import Label

_AT_ONCE = 12  # rows that are made in a turn of the event loop
_SIDE_BY_SIDE = 20  # the least width for words and keys side by side, in times the height of a line


class KeysRow(QPushButton):
    """An action and its keys; pressing it changes them. It is as high as its words are."""

    def __init__(self, shortcut: Shortcut, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = shortcut.name
        self.setProperty("kind", "flat")
        self.setAutoDefault(False)
        self.setAccessibleName(shortcut.shown_words())
        self._keys = Label(size=SMALL, tone="second", wrap=True)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(4)
        self._words = Label(shortcut.shown_words(), wrap=True)
        row.addWidget(self._words, 3)
        row.addWidget(self._keys, 2)
        for label in self.findChildren(Label):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._take()
        keymap().changed.connect(self._take)

    def sizeHint(self) -> QSize:
        return self._row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the two can be one above the other."""
        widest = max(self._words.minimumSizeHint().width(), self._keys.minimumSizeHint().width())
        margins = self._row.contentsMargins()
        return QSize(widest + margins.left() + margins.right(), self._row.totalMinimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._align()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Keys stand at the end of the line, or beneath: at the interface's side, whatever script they are in."""
        is_narrow = self.width() < _SIDE_BY_SIDE * self.fontMetrics().height()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        is_left = (self.layoutDirection() is Qt.LayoutDirection.LeftToRight) == is_narrow
        side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        self._keys.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def _take(self) -> None:
        keys = keymap().of(self._name)
        words = "   ".join(map(shown_keys, keys)) or self.tr("No keys")
        others = {other for key in keys if (other := keymap().owner(key, but=self._name))}
        if others:
            also = list_words(sorted((ALL[other].shown_words() for other in others), key=collator().sortKey))
            words += "\n" + self.tr("In use for “{action}” too").replace("{action}", also)
        is_changed = keymap().is_changed(self._name)
        if is_changed:
            words += "\n" + self.tr("Changed")
        self._keys.setText(words)
        self.setAccessibleDescription(words)


class ShortcutsPage(Page):
    """A row an action, grouped by where it works."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Shortcuts")
    icon = "keyboard"

    def build(self) -> None:
        """Make the page's controls."""
        self.rows: dict[str, KeysRow] = {}
        self.note(self.tr("Choose an action to change its keys. Changes count at once, in menus too."))
        self.reset_button = self.button(
            self.tr("Reset all keys"), keymap().reset, keywords=self.tr("usual, default, restore")
        )
        self._on_keys_changed()
        keymap().changed.connect(self._on_keys_changed)

    def build_rest(self) -> Iterator[None]:
        """A row an action."""
        for words, shortcuts in (
            (self.tr("Everywhere"), SHORTCUTS),
            (self.tr("In a conversation"), IN_CONVERSATION),
            (self.tr("Chats by their place"), BY_NUMBER),
        ):
            self.heading(words)
            for first in range(0, len(shortcuts), _AT_ONCE):
                self._add_rows(shortcuts[first : first + _AT_ONCE])
                yield

    def _add_rows(self, shortcuts: tuple[Shortcut, ...]) -> None:
        words = self.tr("keys, keyboard, hotkey")
        for shortcut in shortcuts:
            row = self.rows[shortcut.name] = KeysRow(shortcut)
            row.clicked.connect(lambda _checked=False, name=shortcut.name: self.change(name))
            english = str(shortcut.words)
            keys = " ".join(keymap().of(shortcut.name))
            found_by = f"{words} {self.english(words)} {english} {keys}"
            self.add(row, shortcut.shown_words(), keywords=found_by)

    def change(self, name: str) -> KeysDialog:
        """Ask for an action's keys."""
        dialog = KeysDialog(name, self)
        dialog.open()
        return dialog

    def _on_keys_changed(self) -> None:
        self.reset_button.setEnabled(any(keymap().is_changed(name) for name in ALL))
