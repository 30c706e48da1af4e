"""The real core, database and widgets in this process, with conversations of any length."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.world import World
from tests.helpers.core import Core
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from whimbrel.ui.conversation.pane import ConversationPane

_MINUTE = 60_000_000  # microseconds

_FILL = """
WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count)
INSERT INTO message (account_id, conversation_id, direction, sender, body, time, state, wire_id)
SELECT :account, :conversation, iif(n % 3 = 0, 'out', 'in'), iif(n % 3 = 0, :own, :other),
    'Message ' || n || ': ' || substr(:words, 1, 20 + n * 37 % 140),
    :last - (:count - n) * :minute, iif(n % 3 = 0, 'delivered', 'received'), :other || n
FROM number
"""


class Stage:
    """An application, a core with one account, and panes on it."""

    def __init__(self, application: QApplication, core: Core) -> None:
        from whimbrel.ui.bridge import Bridge

        self.application = application
        self.core = core
        self.account = core.add_account()
        self.bridge = Bridge(core.services.bus)

    def conversation(self, address: str, count: int) -> Conversation:
        """A conversation with a history of so many messages, a minute apart, up to an hour ago."""
        jid = JID.parse(address)
        conversation = self.core.services.conversations.open(self.account.id, jid)
        with self.core.database.transaction():
            self.core.database.execute(
                _FILL,
                {
                    "count": count,
                    "account": self.account.id,
                    "conversation": conversation.id,
                    "own": str(self.account.jid),
                    "other": address,
                    "words": "some words of a conversation, " * 6,
                    "last": int(time.time() * 1_000_000) - 60 * _MINUTE,
                    "minute": _MINUTE,
                },
            )
        return self.core.services.conversations.find(conversation.id) or conversation

    def pane(self, conversation: Conversation) -> ConversationPane:
        """A conversation on the screen, painted when this returns."""
        from whimbrel.ui.conversation.pane import ConversationPane

        pane = ConversationPane(self.core.services, self.bridge, conversation)
        pane.resize(800, 700)
        pane.show()
        self.application.processEvents()
        return pane

    def close(self, pane: ConversationPane) -> None:
        """Take a pane away."""
        pane.close()
        pane.deleteLater()
        self.application.processEvents()


@contextmanager
def stage(world: World) -> Iterator[Stage]:
    """A stage that is gone afterwards."""
    os.environ.update(world.environment)
    from PySide6.QtWidgets import QApplication

    from whimbrel.ui.theme.theme import Theme

    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    Theme.install(application)
    with tempfile.TemporaryDirectory(prefix="whimbrel-bench-") as folder:
        core = Core(Path(folder))
        made = Stage(application, core)
        try:
            yield made
        finally:
            made.bridge.close()
            core.close()
