"""Forwarding: the menu's *Forward…*, and the dialog that asks to whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from whimbrel.core.offers.forwarding import Forwarding as Forwarder
from whimbrel.model.message import Message
from whimbrel.ui.conversation.extension import Extension, MenuEntry
from whimbrel.ui.conversation.forward_dialog import ForwardDialog, MessageGone, Target
from whimbrel.ui.conversation.replying import said

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane


class Forwarding(Extension):
    """Passes a message on to one or several others."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._forwarder = pane.services.find_offer(Forwarder)

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """*Forward…*."""
        if self._forwarder is None or message.retracted:
            return ()
        can = self._forwarder.can_forward(message)
        return (MenuEntry(self.tr("Forward…"), partial(self.ask, message), enabled=can),)

    def ask(self, message: Message) -> None:
        """Ask to whom, and send it there: as it is by then."""
        forwarder, now = self._forwarder, self.reread(message.id)
        if forwarder is None or now is None:
            return
        services = self.pane.services

        def send(target: Target) -> None:
            current = services.conversations.message(message.id)
            if current is None or current.retracted:
                raise MessageGone
            forwarder.forward(current, target.account_id, target.jid)

        ForwardDialog(services, said(now), send, self.pane).open()
