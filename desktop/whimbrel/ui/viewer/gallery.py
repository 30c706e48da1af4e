"""The pictures of a conversation, from the oldest to the newest, as they come, go and are fetched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from whimbrel.core.offers.fetching import Files
from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import (
    ConversationRemoved,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
    MessagesAnnotated,
    TransferAdvanced,
)
from whimbrel.model.message import Message, MessageId
from whimbrel.ui.bridge import Bridge


class Gallery(QObject):
    """Stands at one of the pictures. ``changed``: another is shown, or it is another now; ``emptied``: none is left."""

    changed = Signal()
    advanced = Signal()  # the one that is shown is on its way
    emptied = Signal()

    def __init__(
        self, services: Services, conversation_id: ConversationId, first: Attachment, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._files = services.offer(Files)
        self._conversation_id = conversation_id
        self._pictures = self._files.pictures(conversation_id)
        places = [place for place, one in enumerate(self._pictures) if one.id == first.id]
        if not places:  # it is older than all that are listed
            self._pictures.insert(0, first)
        self._at = places[0] if places else 0
        self._follow(Bridge(services.bus, self))
        self._want()

    @property
    def current(self) -> Attachment:
        """The picture at which it stands."""
        return self._pictures[self._at]

    @property
    def message(self) -> Message | None:
        """The message of that picture."""
        return self._services.conversations.message(self.current.message_id)

    @property
    def place(self) -> int:
        """Its place among them, from 0."""
        return self._at

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._pictures)

    @property
    def beside(self) -> Sequence[Attachment]:
        """Those next to it: the newer one, then the older one."""
        return self._pictures[self._at + 1 : self._at + 2] + self._pictures[max(self._at - 1, 0) : self._at]

    @property
    def progress(self) -> tuple[int, int | None]:
        """How many bytes of the picture are here while it is being fetched, of how many."""
        return self._files.progress(self.current.id)

    def go(self, step: int) -> None:
        """Stand at another; at the ends nothing happens."""
        at = min(max(self._at + step, 0), len(self._pictures) - 1)
        if at != self._at:
            self._at = at
            self._want()
            self.changed.emit()

    def fetch(self, *, unencrypted: bool = False) -> None:
        """The person wants this picture."""
        self._files.fetch(self.current.id, unencrypted=unencrypted)

    def cancel(self) -> None:
        """Not after all."""
        self._files.cancel(self.current.id)

    def close(self) -> None:
        """Hear nothing more."""
        self._bridge.close()

    def _want(self) -> None:
        """Fetch what is looked at and what comes next, as far as that may be done unasked; keep what is here."""
        if self.current.path:
            self._files.use(self.current)
        missing = {one.message_id for one in (self.current, *self.beside) if not is_here(one)}
        found = [self._services.conversations.message(message_id) for message_id in missing]
        self._files.want([message for message in found if message is not None])

    # what happens meanwhile

    def _follow(self, bridge: Bridge) -> None:
        self._bridge = bridge
        bridge.message_added.connect(self._on_message_added)
        bridge.message_changed.connect(self._on_message_changed)
        bridge.message_removed.connect(self._on_message_removed)
        bridge.messages_annotated.connect(self._on_annotated)
        bridge.transfer_advanced.connect(self._on_advanced)
        bridge.conversation_removed.connect(self._on_conversation_removed)

    def _on_message_added(self, event: MessageAdded) -> None:
        if event.message.conversation_id != self._conversation_id:
            return
        last = self._services.conversations.message(self._pictures[-1].message_id)
        if last is None or (event.message.time, event.message.id) > (last.time, last.id):
            files = self._files.files([event.message]).get(event.message.id, ())
            if new := [one for one in files if one.is_picture]:
                self._pictures += new
                self.changed.emit()

    def _on_message_changed(self, event: MessageChanged) -> None:
        if event.message.retracted:
            self._remove(event.message.id)

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self._remove(event.message.id)

    def _on_conversation_removed(self, event: ConversationRemoved) -> None:
        if event.conversation.id == self._conversation_id:
            self.emptied.emit()

    def _on_annotated(self, event: MessagesAnnotated) -> None:
        """Read anew what these messages' pictures are; whatever else is said of them does not matter here."""
        if event.conversation_id != self._conversation_id:
            return
        shown = {one.message_id for one in self._pictures} & event.message_ids
        found = [self._services.conversations.message(message_id) for message_id in shown]
        files = self._files.files([message for message in found if message is not None])
        now = {one.id: one for ones in files.values() for one in ones}
        before = list(self._pictures)
        self._pictures = [now.get(one.id, one) for one in before]
        if self._pictures != before:
            self.changed.emit()

    def _on_advanced(self, event: TransferAdvanced) -> None:
        if event.attachment_id == self.current.id:
            self.advanced.emit()

    def _remove(self, message_id: MessageId) -> None:
        current = self.current
        left = [one for one in self._pictures if one.message_id != message_id]
        if len(left) == len(self._pictures):
            return
        if not left:
            self.emptied.emit()
            return
        gone_before = sum(one.message_id == message_id for one in self._pictures[: self._at])
        self._at = min(self._at - gone_before, len(left) - 1)
        self._pictures = left
        if self.current != current:
            self._want()
        self.changed.emit()


def is_here(attachment: Attachment) -> bool:
    """Whether there is a copy on this machine."""
    return attachment.state is not AttachmentState.FETCHING and bool(attachment.path)
