"""*Keyboard shortcuts*: the list of keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from whimbrel.ui.shortcuts import (
    BY_NUMBER,
    CHATS_BY_NUMBER,
    FIXED,
    IN_CONVERSATION,
    SHORTCUTS,
    keymap,
    shown_keys,
)
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


def listed_keys() -> list[tuple[str, tuple[str, ...]]]:
    """What has keys, with them: the chats by number as one, as long as nobody changed those."""
    keys = keymap()
    shown = [(each.shown_words(), keys.of(each.name)) for each in (*SHORTCUTS, *IN_CONVERSATION)]
    if any(keys.is_changed(each.name) for each in BY_NUMBER):
        shown += [(each.shown_words(), keys.of(each.name)) for each in BY_NUMBER]
    else:
        words = QCoreApplication.translate("Shortcuts", "First to ninth chat")
        shown.append((words, (f"Alt+1…{CHATS_BY_NUMBER}",)))
    shown += [(each.shown_words(), each.keys) for each in FIXED]
    return [(words, each) for words, each in shown if each]


class ShortcutsDialog(FittingDialog):
    """The list of keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("Shortcuts", "Keyboard shortcuts"), parent, width=460)
        area = ContentArea(self.windowTitle())
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        at_end = Qt.AlignmentFlag.AlignLeft if self.isRightToLeft() else Qt.AlignmentFlag.AlignRight
        for row, (words, keys) in enumerate(listed_keys()):
            grid.addWidget(Label(words, wrap=True), row, 0)
            shown = Label("\n".join(map(shown_keys, keys)), size=SMALL, tone="second")
            shown.setAlignment(at_end | Qt.AlignmentFlag.AlignAbsolute)
            grid.addWidget(shown, row, 1)
        grid.setColumnStretch(0, 1)
        area.column.setContentsMargins(8, 8, 8, 8)  # nothing touches the frame that shows the keyboard
        area.column.addLayout(grid)
        area.column.addStretch(1)
        self.content.addWidget(area, 1)
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.close)
