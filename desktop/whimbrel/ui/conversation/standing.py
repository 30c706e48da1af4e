"""How a conversation stands in the list, from its head: pin, mark as unread, mute, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from whimbrel.ui.chats.menu import ChatMenu
from whimbrel.ui.conversation.extension import Extension

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane


class Standing(Extension):
    """Lines of the head's menu: those of the chat's menu in the list, made anew whenever it opens."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._lines: ChatMenu | None = None
        menu = pane.header.menu
        self._end = menu.insertSeparator(menu.actions()[-1])  # Close stays at the end
        menu.aboutToShow.connect(self._on_about_to_show)

    def _on_about_to_show(self) -> None:
        pane = self.pane
        menu = pane.header.menu
        if self._lines is not None:
            for action in self._lines.lines():
                menu.removeAction(action)
            self._lines.deleteLater()
        conversation = pane.services.conversations.find(pane.conversation.id) or pane.conversation
        self._lines = ChatMenu(pane.services, conversation, pane)
        self._lines.put_away_requested.connect(pane.close_requested)
        self._lines.failed.connect(pane.error_box.show_error)
        for action in self._lines.lines():
            if action.menu() is None:
                action.setShortcut(QKeySequence())  # the window has the key: twice, it would do nothing
            menu.insertAction(self._end, action)
