"""What the window leaves behind when it closes for good."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from tests.helpers.core import Core

from whimbrel.model.jid import JID
from whimbrel.ui.main_window import MainWindow


def test_no_conversation_reads_on_from_a_history_that_is_closed_next(window: MainWindow, core: Core) -> None:
    stream = core.online()
    conductor = window.conductor
    assert conductor is not None
    conductor.open(stream.account_id, JID.parse("bob@example.org"))
    assert conductor.view is not None
    pane = conductor.view.area.current_pane
    assert pane is not None
    pane.composer.editor.setPlainText("half a thought")
    window.finish()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(pane)
    talk = core.services.conversations.open(stream.account_id, JID.parse("bob@example.org"))
    assert core.services.conversations.draft(talk.id) == "half a thought"
    assert core.history.shown == set()
