"""*Keyboard shortcuts*: the list of keys."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from whimbrel.ui.shortcuts import SHORTCUTS, Shortcut, shown_keys
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_IN_CONVERSATION = (
    Shortcut("", ("Enter",), QT_TRANSLATE_NOOP("Shortcuts", "Send the message")),
    Shortcut("", ("Shift+Enter",), QT_TRANSLATE_NOOP("Shortcuts", "New line in the message")),
    Shortcut("", ("Up",), QT_TRANSLATE_NOOP("Shortcuts", "Edit the last message")),
    Shortcut("", ("Ctrl+F",), QT_TRANSLATE_NOOP("Shortcuts", "Search in this conversation")),
    Shortcut("", ("Ctrl+Shift+R",), QT_TRANSLATE_NOOP("Shortcuts", "Reply to the message")),
    Shortcut("", ("Ctrl+Shift+E",), QT_TRANSLATE_NOOP("Shortcuts", "React to the message")),
    Shortcut("", ("Alt+1…9",), QT_TRANSLATE_NOOP("Shortcuts", "First to ninth chat")),
)


class ShortcutsDialog(FittingDialog):
    """The list of keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("Shortcuts", "Keyboard shortcuts"), parent, width=460)
        area = ContentArea(self.windowTitle())
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        listed = [shortcut for shortcut in (*SHORTCUTS, *_IN_CONVERSATION) if shortcut.keys]
        for row, shortcut in enumerate(listed):
            words = QCoreApplication.translate("Shortcuts", str(shortcut.words)).removesuffix("…")
            grid.addWidget(Label(words), row, 0)
            keys = Label("   ".join(map(shown_keys, shortcut.keys)), size=SMALL, tone="second")
            grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        area.column.addLayout(grid)
        area.column.addStretch(1)
        self.content.addWidget(area, 1)
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.close)
