"""The one place where a picture is opened large."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import MessageId
from whimbrel.ui.viewer.window import ViewerWindow

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane


def open_viewer(
    services: Services,
    conversation_id: ConversationId,
    attachment: Attachment,
    parent: QWidget,
    show_message: Callable[[MessageId], object] | None = None,
) -> ViewerWindow:
    """Show a picture of a conversation, in place of one that is looked at already; see :class:`ViewerWindow`."""
    for viewer in parent.findChildren(ViewerWindow):
        viewer.close()
    viewer = ViewerWindow(services, conversation_id, attachment, parent, show_message)
    viewer.show()
    return viewer


def view_from(pane: ConversationPane, attachment: Attachment) -> ViewerWindow:
    """Show a picture of the conversation of a pane, which may be put away behind it."""
    viewer = open_viewer(pane.services, pane.conversation.id, attachment, pane.window(), pane.show_message)
    pane.destroyed.connect(viewer.forget_conversation)
    return viewer
