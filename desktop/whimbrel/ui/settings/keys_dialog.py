"""The keys of one action: taken away, added by pressing them, and taken from another action by choice."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit, QVBoxLayout, QWidget

from whimbrel.ui.shortcuts import ALL, is_typing, is_usable, keymap, portable, shown_keys
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button, primary_button, secondary_button
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_WALKS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_DEAD = range(0x0100_1100, 0x0100_1300)  # AltGr, keys that compose the next letter, input methods: no letter yet
_LOCKS = (
    Qt.Key.Key_unknown,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_ScrollLock,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_Hyper_L,
    Qt.Key.Key_Hyper_R,
)
_ENDS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyCapture(QKeySequenceEdit):
    """Takes the keys that are pressed in it, one stroke; Tab, Esc and Enter alone do what they do everywhere."""

    pressed = Signal(str)  # portable

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.keySequenceChanged.connect(self._on_changed)
        self.begin()

    def begin(self) -> None:
        """Wait for the next keys."""
        self.clear()
        for field in self.findChildren(QLineEdit):
            field.setPlaceholderText(self.tr("Press the keys"))  # Qt has put in its own

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _WALKS and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
                return self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            if event.key() in _ENDS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                event.ignore()
                return False
            if event.key() in _DEAD or event.key() in _LOCKS:
                return True  # they are none by themselves
        return super().event(event)

    def _on_changed(self, sequence: QKeySequence) -> None:
        if not sequence.isEmpty():
            self.pressed.emit(portable(sequence.toString()))


class KeysDialog(FittingDialog):
    """Nothing counts before *Save*."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(ALL[name].shown_words(), parent, width=380)
        self._name = name
        self._taken: dict[str, str] = {}  # key → whose it was
        self._wanted = ""  # keys of another action, which may be taken
        self.keys = keymap().of(name)
        self.list = QVBoxLayout()
        self.list.setSpacing(4)
        self.content.addLayout(self.list)
        self.capture = KeyCapture()
        self.field = Field(self.tr("New keys"), self.capture)
        self.content.addWidget(self.field)
        self.conflict = Label(wrap=True, name=self.tr("Keys that are in use"))
        self.take_button = secondary_button("")
        self.content.addWidget(self.conflict)
        self.content.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.usual_button = self.add_button(secondary_button(self.tr("Usual keys")), left=True)
        self.cancel_button = self.add_button(secondary_button(self.tr("Cancel")))
        self.save_button = self.add_button(primary_button(self.tr("Save")), default=True)
        self.capture.pressed.connect(self._on_pressed)
        self.take_button.clicked.connect(self._take)
        self.usual_button.clicked.connect(self._use_usual)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._save)
        self._say_conflict("")
        self._fill()
        self.capture.setFocus()

    def _fill(self) -> None:
        while (item := self.list.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.deleteLater()
        for key in self.keys:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(Label(shown_keys(key)), 1)
            remove = icon_button("trash", self.tr("Remove {keys}").replace("{keys}", shown_keys(key)))
            remove.clicked.connect(partial(self._remove, key))
            line.addWidget(remove)
            self.list.addWidget(row)
        if not self.keys:
            self.list.addWidget(Label(self.tr("No keys"), tone="second"))

    def _on_pressed(self, key: str) -> None:
        self.capture.begin()
        self._say_conflict("")
        if key in self.keys:
            self.field.set_error(self.tr("{keys} is there already.").replace("{keys}", shown_keys(key)))
            return
        if not is_usable(key):
            words = self.tr("{keys} is needed for writing. Press keys together with Ctrl or Alt, or F1 to F12.")
            if is_typing(key):
                words = self.tr("{keys} types a character or opens a menu on many computers. Use Ctrl without Alt.")
            self.field.set_error(words.replace("{keys}", shown_keys(key)))
            return
        self.field.set_error(None)
        owner = keymap().owner(key, but=self._name)
        if owner is not None and key not in self._taken:
            self._say_conflict(key, owner)
        else:
            self._add(key)

    def _say_conflict(self, key: str, owner: str = "") -> None:
        """Name who has the keys, and offer to take them; nothing hides both."""
        self._wanted = key
        self.conflict.setVisible(bool(key))
        self.take_button.setVisible(bool(key))
        if not key:
            return
        action = ALL[owner].shown_words()
        words = self.tr("{keys} belongs to “{action}”.")
        self.conflict.setText(words.replace("{keys}", shown_keys(key)).replace("{action}", action))
        self.take_button.setText(self.tr("Use it here instead"))
        self.take_button.setAccessibleName(self.take_button.text())
        announce(self.conflict, self.conflict.text(), urgent=True)

    def _take(self) -> None:
        key, owner = self._wanted, keymap().owner(self._wanted, but=self._name)
        if owner is not None:
            self._taken[key] = owner
        self._say_conflict("")
        self._add(key)
        self.capture.setFocus()

    def _add(self, key: str) -> None:
        self.keys = (*self.keys, key)
        self._fill()

    def _remove(self, key: str, _checked: bool = False) -> None:
        self.keys = tuple(each for each in self.keys if each != key)
        self._fill()
        self.capture.setFocus()

    def _use_usual(self) -> None:
        self.keys = ()
        self._taken.clear()
        free = (key for key in ALL[self._name].keys if keymap().owner(key, but=self._name) is None)
        self.keys = tuple(free)
        self.field.set_error(None)
        self._say_conflict("")
        self._fill()
        if (missing := [key for key in ALL[self._name].keys if key not in self.keys]) and (
            owner := keymap().owner(missing[0], but=self._name)
        ):
            self._say_conflict(missing[0], owner)

    def _save(self) -> None:
        for key in self.keys:
            if owner := self._taken.get(key):
                keymap().set(owner, tuple(each for each in keymap().of(owner) if each != key))
        keymap().set(self._name, self.keys)
        self.accept()
