"""Says above the editor that a link has put words beneath what was being written."""

from __future__ import annotations

from whimbrel.ui.conversation.composer import Composer
from whimbrel.ui.conversation.strip import Strip
from whimbrel.ui.widgets.announce import announce


class AddedNote(Strip):
    """Goes by itself once the words are not there any more: sent, taken back or rewritten."""

    def __init__(self, composer: Composer) -> None:
        super().__init__("info", self.tr("Close notice"))
        self._composer = composer
        self._added = ""
        composer.add_strip(self)
        composer.editor.textChanged.connect(self._on_changed)
        self.close_button.clicked.connect(self.hide)

    @staticmethod
    def tell(composer: Composer, added: str) -> None:
        """Say what was added."""
        note = composer.findChild(AddedNote)
        (note if isinstance(note, AddedNote) else AddedNote(composer)).show_added(added)

    def show_added(self, added: str) -> None:
        """Appear, and tell assistive technology."""
        self._added = added
        self.show_words(self.tr("A link added to your draft"), " ".join(added.split()))
        announce(self, self.name.full_text())

    def _on_changed(self) -> None:
        if self.isVisible() and self._added not in self._composer.editor.toPlainText():
            self.hide()
