"""*Edits*: all texts that a message had, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whimbrel.model.version import Version
from whimbrel.ui.contacts.words import breakable
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import moment_words

_MOST_LINES = 40  # of a version that are shown
_MOST_SHOWN = 100  # versions


class VersionsDialog(FittingDialog):
    """What was said when, to be read and copied."""

    def __init__(self, versions: Sequence[Version], parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("VersionsDialog", "Edits"), parent, width=400)
        area = ContentArea(self.tr("Edits"))
        area.column.setSpacing(16)
        self.texts: list[Label] = []
        shown = [*versions[:1], *versions[1:][-_MOST_SHOWN:]]
        for number, version in reversed(list(enumerate(shown))):
            area.column.addLayout(self._make_version(version, is_first=number == 0))
        area.column.addStretch(1)
        self.content.addWidget(area, 1)
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.accept)
        close.setFocus()

    def _make_version(self, version: Version, *, is_first: bool) -> QVBoxLayout:
        when = moment_words(version.time)
        if is_first:
            when = self.tr("First sent: {when}").replace("{when}", when)
        text = Label(_shown(version.body), wrap=True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.texts.append(text)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Label(when, size=SMALL, tone="second"))
        column.addWidget(text)
        return column


def _shown(body: str) -> str:
    """A text as far as a dialog has room, whose very long words break."""
    lines = body.splitlines()
    shown = "\n".join(breakable(line) for line in lines[:_MOST_LINES])
    return shown if len(lines) <= _MOST_LINES else f"{shown}\n…"
