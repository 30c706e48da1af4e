"""Opening a conversation of 100,000 messages ÷ one of 1,000: until its pane is painted."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, middle
from tests.bench.world import World, add_messages

_ROUNDS = 15
_SIZES = (1_000, 100_000)


def run(world: World) -> Iterator[Figure]:
    """On the real core, database and widgets, in this process."""
    os.environ.update(world.environment)
    from PySide6.QtWidgets import QApplication

    from tests.helpers.core import Core
    from whimbrel.model.conversation import Conversation
    from whimbrel.model.jid import JID
    from whimbrel.ui.bridge import Bridge
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.theme.theme import Theme

    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    Theme.install(app)
    with tempfile.TemporaryDirectory(prefix="whimbrel-bench-") as folder:
        core = Core(Path(folder))
        account = core.add_account()
        bridge = Bridge(core.services.bus)
        with core.database.transaction():
            for size in _SIZES:
                add_messages(core.database, account.id, JID.parse(f"of{size}@example.org"), size)

        def seconds(conversation: Conversation) -> float:
            began = time.perf_counter()
            pane = ConversationPane(core.services, bridge, conversation)
            pane.resize(800, 700)
            pane.show()
            app.processEvents()
            taken = time.perf_counter() - began
            pane.close()
            pane.deleteLater()
            app.processEvents()
            return taken

        opened = [core.services.conversations.open(account.id, JID.parse(f"of{size}@example.org")) for size in _SIZES]
        times: list[list[float]] = [[], []]
        for _ in range(_ROUNDS):
            for index, conversation in enumerate(opened):
                times[index].append(seconds(conversation))
        core.close()
    small, large = (middle(values[2:]) * 1000 for values in times)
    yield Figure("opening 100,000 messages ÷ 1,000", large, "ms", 1.2, small)
