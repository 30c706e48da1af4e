"""Compact rows: chats, contacts and messages stand closer at once, and what is being read stays."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.main_window import MainWindow

BOB = JID.parse("bob@example.org")


async def test_rows_stand_closer_at_once(window: MainWindow, core: Core, qtbot: QtBot) -> None:
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(Contact(account.id, BOB, "Bob"))
    for number in range(30):
        stream.receive_message("bob@example.org/x", f"message {number}")
    assert window.conductor is not None
    view = window.conductor.view
    assert view is not None
    qtbot.waitUntil(lambda: len(view.left.chats.shown()) == 1)
    view.open(account.id, BOB)
    timelines = window.findChildren(TimelineView)
    assert len(timelines) == 1
    timeline, chats, contacts = timelines[0], view.left.chats, view.left.contacts
    qtbot.waitUntil(lambda: timeline.timeline.rowCount() == 30)

    def heights() -> tuple[int, int, int]:
        group = contacts.model().index(0, 0)
        contact = contacts.model().index(0, 0, group)
        rows = timeline.visible_rows()
        message = timeline.row_top(rows[-1]) - timeline.row_top(rows[-2])
        return chats.sizeHintForRow(0), contacts.indexRowSizeHint(contact), message

    def last_bottom() -> int:
        return timeline.visualRect(timeline.timeline.index(29, 0, QModelIndex())).bottom()

    timeline.follow_end()
    qtbot.waitUntil(lambda: timeline.at_end and len(timeline.visible_rows()) > 2)
    roomy, seen, bottom = heights(), len(timeline.visible_rows()), last_bottom()
    window.settings.density = "compact"
    qtbot.waitUntil(lambda: len(timeline.visible_rows()) > seen)
    assert all(close < wide for close, wide in zip(heights(), roomy, strict=True))
    assert last_bottom() == bottom, "the newest stays at the end"
    window.settings.density = "comfortable"
    qtbot.waitUntil(lambda: heights() == roomy)
