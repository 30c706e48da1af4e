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
        self._typing = services.find_offer(Typing)
        self._watched: set[tuple[AccountId, JID]] = set()
        bridge.typing_changed.connect(self._on_changed)

    def is_typing(self, account_id: AccountId, jid: JID) -> bool:
        """Whether somebody writes to us now."""
        return self._typing is not None and self._typing.is_typing(account_id, jid)

    def _on_changed(self, event: TypingChanged) -> None:
        self.changed.emit(event.account_id, event.jid)
        self._watch(event.account_id, event.jid)

    def _watch(self, account_id: AccountId, jid: JID) -> None:
        """Look again when somebody has been quiet for long: who says meanwhile that they still write, writes on."""
        if self._typing is None or (account_id, jid) in self._watched or not self._typing.is_typing(account_id, jid):
            return
        self._watched.add((account_id, jid))
        late = round(self._typing.patience * 1000) + 100
        QTimer.singleShot(late, self, lambda: self._on_late(account_id, jid))

    def _on_late(self, account_id: AccountId, jid: JID) -> None:
        self._watched.discard((account_id, jid))
        self.changed.emit(account_id, jid)
        self._watch(account_id, jid)
