"""*Appearance*: colours, size, and how messages look."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from whimbrel.platform.settings import Settings
from whimbrel.ui.settings.page import Page

_ZOOMS = (50, 75, 90, 100, 110, 125, 150, 175, 200, 250)  # per cent


class AppearancePage(Page):
    """Theme, size of texts, distance of rows, styling of messages."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Appearance")
    icon = "palette"

    def build(self) -> None:
        """Make the page's controls."""
        self.theme_box = self.choice(
            self.tr("Theme"),
            Settings.theme,
            (
                ("system", self.tr("As the desktop")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ),
            keywords=self.tr("colours, night, black, white"),
        )
        self.zoom_box = self.choice(
            self.tr("Text size"),
            Settings.zoom,
            [(size, self._size_words(size)) for size in sorted({*_ZOOMS, self.settings.zoom})],
            keywords=self.tr("zoom, font, large, small, scale"),
        )
        self.density_box = self.choice(
            self.tr("Row spacing"),
            Settings.density,
            (("comfortable", self.tr("Comfortable")), ("compact", self.tr("Compact"))),
            keywords=self.tr("density, height, dense, tight"),
        )
        self.heading(self.tr("Messages"))
        self.styling = self.check(
            self.tr("Style *strong*, _emphasised_ and `code`"),
            Settings.message_styling,
            keywords=self.tr("bold, italic, format"),
        )
        self.spelling = self.check(
            self.tr("Check spelling as I write"), Settings.check_spelling, keywords=self.tr("dictionary, typing errors")
        )
        self.settings.changed.connect(self._on_zoomed)

    def _on_zoomed(self, name: str) -> None:
        """By keys, which know sizes between those that are offered."""
        if name == "zoom" and self.zoom_box.findData(self.settings.zoom) < 0:
            self.zoom_box.addItem(self._size_words(self.settings.zoom), self.settings.zoom)
            self.zoom_box.setCurrentIndex(self.zoom_box.count() - 1)

    def _size_words(self, size: int) -> str:
        return self.locale().toString(size) + " %"
