"""C4: what others write is shown as text, wherever it is shown; nothing of it is interpreted or fetched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtGui import Qt, QTextDocument, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream
from tests.ui.conftest import RecordingNotifier

from whimbrel.model.contact import Availability, Contact, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed
from whimbrel.model.jid import JID
from whimbrel.ui.main_window import MainWindow

EVIL = "<img src='file:///etc/hostname'><b>x</b><a href='javascript:alert(1)'>y</a>"
MARK = "<img"
ALICE = JID.parse("alice@example.net")
HELD = Qt.ItemDataRole


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What rich text asked for."""
    asked: list[str] = []
    monkeypatch.setattr(QTextDocument, "loadResource", lambda self, kind, url: asked.append(url.toString()))
    return asked


def items(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[QModelIndex]:
    """Every row of a model."""
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from items(model, index)


def shown_as_markup() -> tuple[list[str], int]:
    """Where foreign text would be taken for markup, on all widgets there are; and how often it shows at all."""
    wrong, seen = [], 0
    for widget in QApplication.allWidgets():
        if isinstance(widget, QLabel) and MARK in widget.text():
            seen += 1
            if widget.textFormat() is not Qt.TextFormat.PlainText:
                wrong.append(f"{type(widget).__name__}: {widget.text()[:60]}")
        if isinstance(widget, QTextEdit):
            wrong.append(f"{type(widget).__name__} may show rich text")
        tips = [widget.toolTip()]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            tips += [str(i.data(HELD.ToolTipRole) or "") for i in items(widget.model(), widget.rootIndex())]
        for tip in tips:
            foreign = MARK in tip or "&lt;img" in tip
            seen += foreign
            if Qt.mightBeRichText(tip) and foreign and MARK not in QTextDocumentFragment.fromHtml(tip).toPlainText():
                wrong.append(f"tooltip of {type(widget).__name__}: {tip[:60]}")
    return wrong, seen


async def test_c4_what_others_write_is_never_markup(
    window: MainWindow, core: Core, notifier: RecordingNotifier, qtbot: QtBot, fetched: list[str]
) -> None:
    account = core.add_account("me@example.org")
    stream: FakeStream = core.stream(account.id)
    stream.go_online(Contact(account.id, ALICE, EVIL, frozenset({EVIL}), Subscription.BOTH))
    stream.presence(f"{ALICE}/x", Availability.AWAY, EVIL)
    stream.receive_message(f"{ALICE}/x", EVIL)
    conversation = core.services.conversations.open(account.id, ALICE)
    qtbot.waitUntil(
        lambda: (EVIL, EVIL) in notifier.shown.values()
    )  # plain: what the desktop takes for markup, it escapes
    mine = core.services.outbox.submit(conversation.id, EVIL)
    refused = "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    text = f"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{EVIL.replace('<', '&lt;')}</text>"
    error = f"<error type='cancel'>{refused}{text}</error>"
    stream.receive_message(str(ALICE), None, type_="error", id_=mine.wire_id, extra=error)
    stream.subscription("stranger@evil.example", message=EVIL, nick=EVIL)
    core.services.bus.publish(ActionFailed(account.id, "roster-set", EVIL, KnownError(ErrorKind.REFUSED, EVIL)))

    conductor = window.conductor
    assert conductor is not None
    view = conductor.view
    assert view is not None
    qtbot.waitUntil(lambda: len(view.left.chats.shown()) == 1)
    conductor.open_conversation(conversation.id)
    conductor.dialogs.review_requests()
    contact = core.services.roster.find(account.id, ALICE)
    assert contact is not None
    actions = view.left.contacts.actions_on
    actions.show_details(contact)
    view.left.tabs.setCurrentIndex(1)
    view.left.contacts.contacts.flush()
    stream.set_status(stream.status.state.FAILED, KnownError(ErrorKind.STREAM_ERROR, EVIL, subject=EVIL))
    qtbot.waitUntil(lambda: len([w for w in QApplication.topLevelWidgets() if w.isVisible()]) >= 3)

    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QWidget) and widget.isVisible():
            widget.grab()
    wrong, seen = shown_as_markup()
    assert wrong == []
    assert seen >= 5, "it shows at all"
    assert fetched == []
