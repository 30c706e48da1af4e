"""Attention: asking the other one to look here (XEP-0224), where the person takes part in that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whimbrel.core.offers.attention import Attention as Port
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.run import run

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane


class Attention(Extension):
    """A line of the head's menu."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._port = pane.services.find_offer(Port)
        menu = pane.header.menu
        self.action = menu.addAction(self.tr("Ask for attention"), self._ask)
        menu.removeAction(self.action)
        menu.insertAction(pane.header.date_action, self.action)
        self.action.setVisible(False)
        menu.aboutToShow.connect(self._update)

    def _update(self) -> None:
        self.action.setVisible(self._port is not None and self._port.can_ask(self.pane.conversation))

    def _ask(self) -> None:
        if self._port is not None:
            run(self, self._port.ask(self.pane.conversation), on_error=self.pane.error_box.show_error)
