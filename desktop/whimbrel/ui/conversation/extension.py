"""What a feature adds to a conversation on the screen: a module each in this folder, listed in ``extensions.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from whimbrel.core.begun import Begun
from whimbrel.ui.words import retracted_words

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of a message's menu. ``shortcut`` is only shown: whoever adds the entry sees to the key.

    With ``entries``, it opens a menu of those; the label may be anybody's words then (the name of a file).
    """

    label: str
    run: Callable[[], None] = lambda: None
    shortcut: QKeySequence | None = None
    enabled: bool = True
    entries: Sequence[MenuEntry] = ()


class Extension(QObject):
    """The base of every extension: override what the feature adds. Made once for each pane, and gone with it.

    What is shown above the composer (what is answered, which files will go) is a widget given to
    ``pane.composer.add_strip``, hidden while there is nothing to show.
    """

    status_changed = Signal()  # status() is another now

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)

    @property
    def pane(self) -> ConversationPane:
        """The pane that it belongs to: its parent, since a reference of ours would make a circle."""
        return cast("ConversationPane", self.parent())

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """What is shown with these messages."""
        return {}

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """What can be done with a message."""
        return ()

    def status(self) -> str:
        """A line for the head instead of the presence ("typing…"); "" for none."""
        return ""

    def is_ready(self) -> bool:
        """Whether what is to be sent can be, now. Whoever says no says why, or calls ``composer.send`` once it can."""
        return True

    def take(self, text: str) -> bool:
        """Send a text in its own way (as a correction, with files). Returns whether it did. Raises KnownError."""
        return False

    def also(self) -> Callable[[Message], None] | None:
        """What is to be written in the transaction of the message that is being sent (what it answers)."""
        return None

    def on_sent(self) -> None:
        """The composer's text is on disk, as a message or as whatever else was made of it."""

    def restore(self) -> None:
        """The pane is made: take up what was begun in its conversation before (``core/begun.py``)."""

    def reread(self, message_id: MessageId) -> Message | None:
        """A message as it is now, when something is to be done with it; None, and that is said, where it is gone."""
        now = self.pane.services.conversations.message(message_id)
        if now is None or now.retracted:
            self.pane.error_box.show_text(retracted_words())
            return None
        return now

    def make_room(self) -> bool:
        """Something else is begun that writes into the draft: give that back. Returns whether it is there now."""
        return True

    def on_closed(self) -> None:
        """The pane is being put away, for good."""

    def needs_escape(self) -> bool:
        """Whether there is something that Escape leaves (an edit, an answer)."""
        return False

    def leave(self) -> None:
        """Escape was pressed, and it is for this one."""


def find_begun(pane: ConversationPane) -> Begun | None:
    """What keeps what was begun besides a text; None where nobody does."""
    return pane.services.find_offer(Begun)
