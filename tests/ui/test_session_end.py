"""The desktop's session ends: what is typed is on disk at once, and nothing is asked."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from tests.helpers.core import Core

from whimbrel.model.jid import JID
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.session_end import SessionEnd


def test_drafts_are_on_disk_when_the_session_may_end(window: MainWindow, core: Core) -> None:
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    end = SessionEnd(application, window, ["whimbrel"])
    stream = core.online()
    assert window.conductor is not None
    window.conductor.refresh_page()
    view = window.conductor.view
    assert view is not None
    view.open_window(stream.account_id, JID.parse("lili@example.org"))
    view.open(stream.account_id, JID.parse("bob@example.org"))
    composers = view.composers()
    assert len(composers) == 2
    for composer in composers:
        composer.editor.setPlainText("half a thought")
    end.save()
    for address in ("bob@example.org", "lili@example.org"):
        talk = core.services.conversations.open(stream.account_id, JID.parse(address))
        assert core.services.conversations.draft(talk.id) == "half a thought"
    assert window.isVisible()
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
