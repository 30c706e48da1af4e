"""The application's theme: palette, stylesheet and fonts, following the desktop or chosen."""

from __future__ import annotations

import enum
from dataclasses import fields
from string import Template
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from whimbrel.platform import resources
from whimbrel.ui.theme.contrast import with_accent
from whimbrel.ui.theme.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

    from whimbrel.platform.wishes import Wishes


class Size(enum.Enum):
    """The three text sizes, as factors of the desktop's."""

    SMALL = 0.86
    NORMAL = 1.0
    LARGE = 1.3


SMALL, NORMAL, LARGE = Size.SMALL, Size.NORMAL, Size.LARGE

_ZOOM_MIN, _ZOOM_MAX = 50, 250
_MIDDLE = 128
_MARK, _ARROW, _DROP = 16, 12, 28  # pixels: a box to check, an arrow, and the place that it stands in
_SPIN, _SPIN_ARROW = 20, 10
_HANDLE, _HANDLE_EDGE, _GROOVE = 14, 2, 4  # of a slider
_BAR, _BAR_APART, _PROGRESS = 10, 18, 6
_MENU_ICON, _CALENDAR_ICON = 16, 20
_PICTURES = 0.6  # of the growth of letters: were pictures to grow as much, there would be no room for words
_LEAST_ROW = 20  # pixels of height for the words of a control
_LEAST_POINTS = 10.5  # a smaller font of the desktop would make the small texts too small to read
_STILL = "QWidget { widget-animation-duration: 0; }"
_FOLLOWING = frozenset({"system", "contrast"})  # light or dark as the desktop is
_MODES = frozenset({"system", "light", "dark", "contrast"})


class Theme(QObject):
    """Tokens and fonts in use; ``changed`` is emitted after a switch of colours, zoom or styling."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._mode = "system"
        self._zoom = 100
        self._message_styling = True
        self._is_still = False
        self._moved = False  # whether Qt's own menus did before
        self._is_compact = False
        self._wants_contrast = False
        self._accent = QColor()  # the desktop's; invalid: our own
        self._is_dark = False
        self._base_font = QFont(app.font())
        self._base_points = max(self._base_font.pointSizeF(), _LEAST_POINTS)
        self.tokens: Tokens = LIGHT
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        app.styleHints().accessibility().contrastPreferenceChanged.connect(self._on_contrast_changed)
        self._apply()

    @classmethod
    def install(cls, app: QApplication) -> Theme:
        """Give the application its theme; once it has one, returns that."""
        existing = next((child for child in app.children() if isinstance(child, cls)), None)
        return existing if existing is not None else cls(app)

    @property
    def mode(self) -> str:
        """``system``, ``light``, ``dark`` or ``contrast``."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark tokens are in use."""
        return self._is_dark

    @property
    def is_contrasting(self) -> bool:
        """Whether high contrast was chosen, here or in the desktop."""
        return self._mode == "contrast" or (self._mode == "system" and self._wants_contrast)

    @property
    def zoom(self) -> int:
        """Text size in percent of the desktop's."""
        return self._zoom

    def set_mode(self, mode: str) -> None:
        """Follow the desktop (``system``), stay ``light`` or ``dark``, or have high contrast, light or dark as there.

        Raises:
            ValueError: there is no such theme.
        """
        if mode not in _MODES:
            raise ValueError(f"no theme {mode}")
        if mode == self._mode:
            return
        self._mode = mode
        from PySide6.QtCore import Qt  # some 30 ms: only where somebody chose

        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
        self._apply()

    def follow(self, wishes: Wishes) -> None:
        """Bring what the desktop wants into effect, as far as the person has not chosen otherwise."""
        self.set_still(wishes.still)
        self.set_contrast(wishes.contrast)
        self.set_accent(QColor(wishes.accent) if wishes.accent else QColor())
        self.set_desktop_font(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))

    def set_contrast(self, wanted: bool) -> None:
        """The desktop wants high contrast, or no longer; heeded where its look is followed."""
        if wanted != self._wants_contrast:
            self._wants_contrast = wanted
            self._on_scheme_changed()

    def set_accent(self, color: QColor) -> None:
        """The desktop's accent colour; an invalid one where it has none. High contrast has its own."""
        if color != self._accent:
            self._accent = QColor(color)
            self._apply()

    def set_desktop_font(self, font: QFont) -> None:
        """The desktop's font became another."""
        if font != self._base_font:
            self._base_font = QFont(font)
            self._base_points = max(font.pointSizeF(), _LEAST_POINTS)
            self._apply()

    def set_zoom(self, percent: int) -> None:
        """Set the text size, kept within 50 to 250 percent of the desktop's."""
        percent = max(_ZOOM_MIN, min(_ZOOM_MAX, percent))
        if percent != self._zoom:
            self._zoom = percent
            self._apply()

    @property
    def message_styling(self) -> bool:
        """Whether texts of messages are shown with their styling (XEP-0393)."""
        return self._message_styling

    def set_message_styling(self, styled: bool) -> None:
        """Show the styling of messages, or their bare text."""
        if styled != self._message_styling:
            self._message_styling = styled
            self.changed.emit()

    @property
    def is_compact(self) -> bool:
        """Whether rows of lists and messages stand close together."""
        return self._is_compact

    def set_compact(self, compact: bool) -> None:
        """Let more rows fit, or give them room."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.changed.emit()

    @property
    def is_still(self) -> bool:
        """Whether nothing is to move or fade by itself: the desktop asks for less motion."""
        return self._is_still

    def set_still(self, still: bool) -> None:
        """Let nothing move by itself from now on, or let it; Qt's own menus and widgets neither."""
        if still == self._is_still:
            return
        self._is_still = still
        from PySide6.QtCore import Qt  # some 30 ms: only where the desktop asks for it

        if still:
            self._moved = self._app.isEffectEnabled(Qt.UIEffect.UI_General)
        self._app.setEffectEnabled(Qt.UIEffect.UI_General, not still and self._moved)
        self._app.setStyleSheet(self._stylesheet())

    def points(self, size: Size) -> float:
        """A text size in points, with the zoom."""
        return round(self._base_points * size.value * self._zoom / 100, 2)

    def font(self, size: Size = NORMAL, bold: bool = False) -> QFont:
        """The desktop's font in one of the three sizes."""
        result = QFont(self._base_font)
        result.setPointSizeF(self.points(size))
        if bold:
            result.setWeight(QFont.Weight.DemiBold)
        return result

    def _on_scheme_changed(self) -> None:
        if self._mode == "system":
            self._apply()

    def _on_contrast_changed(self, preference: Qt.ContrastPreference) -> None:
        """Qt itself heard of it: on Windows and macOS."""
        self.set_contrast(preference.name == "HighContrast")

    def _apply(self) -> None:
        self._is_dark = self._mode == "dark" or (self._mode in _FOLLOWING and self._is_desktop_dark())
        if self.is_contrasting:
            self.tokens = CONTRAST_DARK if self._is_dark else CONTRAST_LIGHT
        else:
            tokens = DARK if self._is_dark else LIGHT
            self.tokens = with_accent(tokens, self._accent) if self._accent.isValid() else tokens
        self._app.setPalette(_palette(self.tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(self._stylesheet())
        self.changed.emit()

    def _is_desktop_dark(self) -> bool:
        """What QStyleHints.colorScheme says, read from Fusion's palette, which follows it.

        Asking for the enumeration itself would build all of the namespace Qt before the first paint.
        """
        style = self._app.style()
        return style.standardPalette().color(QPalette.ColorRole.Window).lightness() < _MIDDLE

    def grown(self, pixels: float, share: float = _PICTURES) -> int:
        """A size in pixels that grows with the letters and is never less than usual: of all that is no text.

        Args:
            share: of the growth of the letters; 1 is what stands in a line with them and means as much.
        """
        return round(pixels * (1 + share * (max(100, self._zoom) - 100) / 100))

    def _sizes(self) -> dict[str, str]:
        """The sizes that the stylesheet names."""
        handle = self.grown(_HANDLE)
        sizes = {
            "row": max(_LEAST_ROW, QFontMetrics(self.font()).height()),
            "mark": self.grown(_MARK, 1),
            "framed_mark": self.grown(_MARK, 1) - 2,
            "arrow": self.grown(_ARROW, 1),
            "drop": self.grown(_DROP, 1),
            "spin": self.grown(_SPIN, 1),
            "spin_arrow": self.grown(_SPIN_ARROW, 1),
            "handle": handle,
            "handle_round": handle // 2 + _HANDLE_EDGE,
            "handle_out": (handle + 2 * _HANDLE_EDGE - _GROOVE) // 2,
            "slider": handle + 2 * _HANDLE_EDGE + 6,
            "bar": self.grown(_BAR),
            "bar_apart": self.grown(_BAR_APART),
            "progress": self.grown(_PROGRESS),
            "menu_icon": self.grown(_MENU_ICON),
            "calendar_icon": self.grown(_CALENDAR_ICON),
        }
        return {name: f"{size}px" for name, size in sizes.items()}

    def _stylesheet(self) -> str:
        values = {field.name: getattr(self.tokens, field.name).name() for field in fields(self.tokens)}
        values["small"] = f"{self.points(SMALL)}pt"
        values["normal"] = f"{self.points(NORMAL)}pt"
        values["large"] = f"{self.points(LARGE)}pt"
        values.update(self._sizes())
        values["mode"] = "dark" if self.is_dark else "light"
        values["icons"] = resources.path("icons").as_posix()
        sheets = ("base", "contrast") if self.is_contrasting else ("base",)
        texts = (resources.read_bytes(f"themes/{sheet}.qss").decode() for sheet in sheets)
        sheet = "".join(Template(text).substitute(values) for text in texts)
        return f"{sheet}{_STILL}" if self._is_still else sheet


_installed: list[Theme] = []  # asked for in every paint: looking it up among the application's children takes long


def theme() -> Theme:
    """The application's theme; installed where it has none yet."""
    known = _installed[-1] if _installed else None
    if known is not None and shiboken6.isValid(known):
        return known
    app = QCoreApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("there is no application to have a theme")
    _installed[:] = [Theme.install(app)]
    return _installed[-1]


def font(size: Size = NORMAL, bold: bool = False) -> QFont:
    """The application's font in one of the three sizes."""
    return theme().font(size, bold)


def grown(pixels: float) -> int:
    """The size of a picture or an icon in pixels: it grows with the letters, less than they do."""
    return theme().grown(pixels)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for color_role, color in (
        (role.Window, tokens.background),
        (role.WindowText, tokens.text),
        (role.Base, tokens.background),
        (role.AlternateBase, tokens.side_pane),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.second_text),
        (role.Button, tokens.side_pane),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.on_accent),
        (role.ToolTipBase, tokens.text),
        (role.ToolTipText, tokens.background),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.Link, tokens.link),
        (role.LinkVisited, tokens.link),
        (role.Light, tokens.background),
        (role.Midlight, tokens.side_pane),
        (role.Mid, tokens.line),
        (role.Dark, tokens.second_text),
        (role.Shadow, QColor("#000000")),
    ):
        palette.setColor(color_role, color)
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, tokens.second_text)
    return palette
