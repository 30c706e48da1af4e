"""The real application, started as its command does, with a listener beside it that tells of what happens.

The password comes by the first line of input and stays in memory, as in the demonstration.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.process import hear, say

if TYPE_CHECKING:
    from whimbrel.core.history import History
    from whimbrel.core.services import Services

_PAUSE = 0.001  # seconds between two questions to the event loop


class PaintListener(logging.Handler):
    """Hears the application's own debug line."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the first paint."""
        if record.getMessage() == "first paint":
            say("first paint")


def main() -> int:
    """Run it; returns its exit status."""
    start = hear()
    gc.disable()  # as ``cli.main`` does
    from whimbrel import app
    from whimbrel.cli import Options
    from whimbrel.model.jid import JID
    from whimbrel.platform.paths import Profile
    from whimbrel.platform.secrets import Secrets

    logging.getLogger("whimbrel.app").addHandler(PaintListener())
    logging.getLogger("whimbrel.app").setLevel(logging.DEBUG)

    class Listening(app.Application):
        """Tells of connections and messages; the rest is the application's."""

        def _build(self, history: History) -> Services:
            services = super()._build(history)  # nothing connects yet
            self._listen(services)
            if start.get("watch_turns"):
                self._turns = TurnWatch()
            return services

        def _listen(self, services: Services) -> None:
            from whimbrel.model.account import ConnectionState
            from whimbrel.model.events import CaughtUp, ConnectionChanged, MessageAdded

            added: Counter[int] = Counter()  # messages by conversation

            def on_connection(event: ConnectionChanged) -> None:
                if event.status.state is ConnectionState.ONLINE:
                    say("online", contacts=len(services.roster.list_contacts()))

            def on_message(event: MessageAdded) -> None:
                added[event.message.conversation_id] += 1
                if len(added) == start.get("chats") and added[event.message.conversation_id] == 1:
                    say("chats")
                if event.message.body.startswith("last of "):
                    say("received")

            def on_caught_up(event: CaughtUp) -> None:
                say("caught up", count=added.total())

            services.bus.subscribe(ConnectionChanged, on_connection)
            services.bus.subscribe(MessageAdded, on_message)
            services.bus.subscribe(CaughtUp, on_caught_up)

    app.Application = Listening  # type: ignore[misc]
    folder = Path(start["profile"])
    secrets = Secrets(Profile.at(folder).name, session_only=True)
    if "jid" in start:
        secrets.keep_for_session(JID.parse(start["jid"]), start["password"])
    return app.run(Options(folder, demo=True, debug=False, log_xml=None, uri=start.get("uri", "")), secrets=secrets)


class TurnWatch:
    """Asks the event loop every millisecond whether it is free, from another thread; an answer waits for the turn
    that is running, so the longest waits are the longest turns. ``{"ask": "turns"}`` by input tells all since the
    last time."""

    def __init__(self) -> None:
        from PySide6.QtCore import QObject, Signal

        class Bell(QObject):
            """Rings in the event loop's thread."""

            rung = Signal(float)

        self._bell = Bell()
        self._bell.rung.connect(self._on_rung)
        self._answered = threading.Event()
        self._waits: list[float] = []
        threading.Thread(target=self._ask, daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    def _on_rung(self, at: float) -> None:
        self._waits.append(time.monotonic() - at)
        self._answered.set()

    def _ask(self) -> None:
        while True:
            self._answered.clear()
            self._bell.rung.emit(time.monotonic())
            self._answered.wait()
            time.sleep(_PAUSE)

    def _listen(self) -> None:
        while hear():
            waits, self._waits = self._waits, []
            say("turns", waits=waits)


if __name__ == "__main__":
    sys.exit(main())
