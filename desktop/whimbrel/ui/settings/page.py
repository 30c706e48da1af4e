"""The base of a page of *Settings*: what its controls are made with, and found by."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.platform.settings import Settings
from whimbrel.platform.settings_kinds import Setting
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.shortcuts import Actions
from whimbrel.ui.theme.theme import SMALL, Theme
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.calm_combo import CalmCombo
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.focus_in_view import show_focus_in
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.wrapping_check import WrappingCheck

if TYPE_CHECKING:
    from whimbrel.platform.logs import Logs
    from whimbrel.ui.accounts.parts import Keyring

T = TypeVar("T")

_MARGIN = 24
_GAP = 16  # pixels above a heading, beyond the usual distance
_FIELD_WIDTH = 360  # pixels: what is chosen from is no wider


def folded(text: str) -> str:
    """A text as it is compared in searching: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(char for char in plain if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class PageContext:
    """What pages act through."""

    settings: Settings
    theme: Theme
    services: Services
    bridge: Bridge
    secrets: Keyring
    actions: Actions
    logs: Logs | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A control that can be found: its words as shown, all that it is found by, and where it is."""

    words: str
    found_by: str
    place: QWidget
    control: QWidget


class Page(QScrollArea):
    """A column of controls that scrolls. A page fills itself in :meth:`build`, a long one in :meth:`build_rest` too.

    ``self.tr()`` remembers the English of what it translates, so that a control is found by both.
    """

    name: object = ""  # QT_TRANSLATE_NOOP("SettingsPages", "…")
    icon = "settings"

    def __init__(self, context: PageContext, parent: QWidget | None = None, *, in_parts: bool = False) -> None:
        super().__init__(parent)
        self.context = context
        self.settings = context.settings
        self.entries: list[Entry] = []
        self._sources: dict[str, str] = {}
        self._heading = ""
        self._followers: dict[str, Callable[[], None]] = {}  # what shows a setting, by its name
        holder = QWidget()
        holder.setProperty("surface", "base")
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        self.column.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.title())
        show_focus_in(self)
        self.setWidget(holder)
        self.build()
        self._rest: Iterator[None] | None = self.build_rest()
        self.build_next()
        if not in_parts:
            self.build_all()
        self.settings.changed.connect(self._on_setting_changed)

    @classmethod
    def title(cls) -> str:
        """The page's name in the person's language."""
        return QCoreApplication.translate("SettingsPages", str(cls.name))

    def build(self) -> None:
        """Make the page's controls."""
        raise NotImplementedError

    def build_rest(self) -> Iterator[None]:
        """Make what takes longer than a turn of the event loop has time for; yields between its parts."""
        yield from ()

    def build_next(self) -> bool:
        """Make the next part; returns whether there was any."""
        if self._rest is None:
            return False
        try:
            next(self._rest)
        except StopIteration:
            self._rest = None
            self.column.addStretch(1)
        return True

    def build_all(self) -> None:
        """Make all that is not made yet."""
        while self.build_next():
            pass

    def leave(self) -> None:
        """The settings are being closed."""

    def tr(self, source: str, disambiguation: str = "", n: int = -1) -> str:  # type: ignore[override]  # Qt's is bytes
        translate = super().tr  # the words themselves stand where pages call this
        translated = translate(source, disambiguation, n)
        self._sources[translated] = source
        return translated

    def _on_setting_changed(self, name: str) -> None:
        """By keys, say: what shows follows."""
        if (follow := self._followers.get(name)) is not None:
            follow()

    def _show_value(self, box: QComboBox, value: object) -> None:
        """One that is not offered stays unseen: what shows is not chosen by that."""
        box.blockSignals(True)
        box.setCurrentIndex(box.findData(value))
        box.blockSignals(False)

    # what a page is made of

    def heading(self, words: str) -> None:
        """Begin a group of controls."""
        if self.column.count():
            self.column.addSpacing(_GAP)
        self._heading = words
        self.column.addWidget(Label(words, bold=True, wrap=True))

    def note(self, words: str) -> Label:
        """Say something about what stands above."""
        label = Label(words, size=SMALL, tone="second", wrap=True)
        self.column.addWidget(label)
        return label

    def check(self, words: str, setting: Setting[bool], *, keywords: str = "") -> QCheckBox:
        """Add a box that is kept in a setting."""
        box = self.plain_check(words, setting.__get__(self.settings, type(self.settings)), keywords=keywords)
        box.toggled.connect(lambda checked: setting.__set__(self.settings, checked))
        self._followers[setting.name] = lambda: box.setChecked(setting.__get__(self.settings, type(self.settings)))
        return box

    def plain_check(self, words: str, checked: bool, *, keywords: str = "") -> QCheckBox:
        """Add a box of which the page itself hears."""
        row = WrappingCheck(words)
        row.box.setChecked(checked)
        self.add(row, words, keywords=keywords, control=row.box)
        return row.box

    def choice(
        self, words: str, setting: Setting[T], choices: Sequence[tuple[T, str]], *, keywords: str = ""
    ) -> QComboBox:
        """Add a choice that is kept in a setting: values with their words."""
        box = self.plain_choice(words, choices, setting.__get__(self.settings, type(self.settings)), keywords=keywords)
        box.currentIndexChanged.connect(lambda _index: setting.__set__(self.settings, box.currentData()))
        self._followers[setting.name] = lambda: self._show_value(
            box, setting.__get__(self.settings, type(self.settings))
        )
        return box

    def plain_choice(self, words: str, choices: Sequence[tuple[T, str]], chosen: T, *, keywords: str = "") -> QComboBox:
        """Add a choice of which the page itself hears."""
        box = CalmCombo()
        for value, value_words in choices:
            box.addItem(value_words, value)
        box.setCurrentIndex(box.findData(chosen))
        said = " ".join(value_words for _value, value_words in choices)
        self.field(words, box, keywords=f"{keywords} {said} {self.english(said)}")
        return box

    def field(self, words: str, control: QWidget, *, keywords: str = "") -> Field:
        """Add an input with its label above."""
        field = Field(words, control)
        field.setMaximumWidth(_FIELD_WIDTH * max(100, self.context.theme.zoom) // 100)
        self.add(field, words, keywords=keywords, control=control)
        return field

    def button(self, words: str, act: Callable[[], object], *, keywords: str = "") -> QPushButton:
        """Add a button of its own line."""
        button = secondary_button(words)
        button.clicked.connect(lambda _checked=False: act())
        self.add(button, words, keywords=keywords)
        self.column.setAlignment(button, Qt.AlignmentFlag.AlignLeading)
        return button

    def add(self, place: QWidget, words: str, *, keywords: str = "", control: QWidget | None = None) -> None:
        """Append anything, and let it be found.

        Args:
            place: what is appended, and marked when somebody looks for it.
            words: its label.
            keywords: other words that it is found by, translated.
            control: what gets the focus; ``place`` itself where there is no other.
        """
        self.column.addWidget(place)
        self.let_find(place, words, keywords=keywords, control=control)

    def let_find(self, place: QWidget, words: str, *, keywords: str = "", control: QWidget | None = None) -> None:
        """Let something be found that stands in a layout of the page's own."""
        said = (words, keywords, self._heading, self.title())
        found_by = " ".join((*said, *map(self.english, said), str(self.name)))
        self.entries.append(Entry(words, folded(found_by), place, control if control is not None else place))

    def english(self, words: str) -> str:
        """What was translated to these words; nothing where that is not known."""
        return self._sources.get(words, "")
