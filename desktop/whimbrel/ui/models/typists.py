"""Who writes to us now, for what shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.core.offers.typing import Typing
from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.events import TypingChanged
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge


class Typists(QObject):
    """Follows the core. ``changed`` carries (account id, address) of who began or ceased, or said nothing for long."""

    changed = Signal(object, object)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        try:
            self._typing: Typing | None = services.offer(Typing)
        except LookupError:
            self._typing = None
        bridge.typing_changed.connect(self._on_changed)

    def is_typing(self, account_id: AccountId, jid: JID) -> bool:
        """Whether somebody writes to us now."""
        return self._typing is not None and self._typing.is_typing(account_id, jid)

    def _on_changed(self, event: TypingChanged) -> None:
        self.changed.emit(event.account_id, event.jid)
        if self._typing is not None and self._typing.is_typing(event.account_id, event.jid):
            late = round(self._typing.patience * 1000) + 100
            QTimer.singleShot(late, self, lambda: self.changed.emit(event.account_id, event.jid))
