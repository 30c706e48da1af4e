"""*Delete…* in a message's menu: for everyone, or on this device."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.errors import KnownError
from whimbrel.model.message import DeliveryState, Message
from whimbrel.ui.contacts.words import breakable
from whimbrel.ui.conversation.extension import Extension, MenuEntry
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import retracted_words

_EXCERPT = 200  # characters


class Deleting(Extension):
    """Asks before anything goes."""

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """*Delete…*; a failed message has its own."""
        if message.state is DeliveryState.FAILED:
            return ()
        return (MenuEntry(self.tr("Delete…"), lambda: self.ask(message)),)

    def ask(self, message: Message) -> None:
        """Open the question."""
        eraser = self.pane.services.offer(Eraser)
        DeleteDialog(eraser, message, self.pane).open()


def retraction_words() -> str:
    """What programs that do not know of retractions show instead of a message that was taken back."""
    return QCoreApplication.translate("DeleteDialog", "/me deleted an earlier message, which your program cannot do.")


class DeleteDialog(FittingDialog):
    """Says what each way of deleting means, and does one."""

    def __init__(self, eraser: Eraser, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("DeleteDialog", "Delete message"), parent, width=400)
        self._eraser = eraser
        self._message_id = message.id
        text = retracted_words() if message.retracted else breakable(message.body, _EXCERPT)
        if text:
            self.content.addWidget(Label(text, tone="second", wrap=True))
        self.error = ErrorBox()
        self.for_everyone = danger_button(self.tr("Delete for everyone"))
        self.for_everyone.clicked.connect(self._delete_for_everyone)
        self.here = secondary_button(self.tr("Delete on this device"))
        self.here.clicked.connect(self._delete_here)
        if eraser.can_retract(message):
            if message.state is DeliveryState.QUEUED:
                words = self.tr("It has not been sent yet: nobody gets it.")
            else:
                words = self.tr(
                    "It goes from here, and the other side is asked to delete it. It may have been read by then, and"
                    " not every program does what it is asked."
                )
            self._add_choice(self.for_everyone, words)
        if not eraser.can_retract(message) or message.state is not DeliveryState.QUEUED:
            self._add_choice(self.here, self.tr("It goes from here only. Others, and your other devices, keep it."))
        self.content.addWidget(self.error)
        self.content.addStretch(1)
        cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        cancel.clicked.connect(self.reject)
        cancel.setFocus()

    def _add_choice(self, button: QPushButton, words: str) -> None:
        button.setAccessibleDescription(words)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(button)
        column.addWidget(Label(words, size=SMALL, tone="second", wrap=True))
        self.content.addLayout(column)

    def _delete_for_everyone(self) -> None:
        self._do(lambda: self._eraser.retract(self._message_id, retraction_words()))

    def _delete_here(self) -> None:
        self._do(lambda: self._eraser.delete_here(self._message_id))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KnownError as error:
            self.error.show_error(error)
        else:
            self.accept()
