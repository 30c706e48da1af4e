"""Finding, exporting and deleting in the real window: what is deleted does not come back from a real archive."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.e2e.test_history_on_screen import new_address, other_device
from tests.helpers.program import Program
from tests.helpers.servers import Server

from whimbrel.core.search import Search
from whimbrel.model.archive import Beginning
from whimbrel.model.jid import JID
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.main_view import MainView
from whimbrel.ui.search.asking_dialogs import ask_delete, ask_export
from whimbrel.ui.search.delete_dialog import DeleteConversationDialog
from whimbrel.ui.search.export_dialog import ExportDialog
from whimbrel.ui.search.page import SearchPage

pytestmark = pytest.mark.server

SAID = 30


def view_of(program: Program) -> MainView:
    assert program.window.conductor is not None
    program.until(lambda: program.window.conductor.view is not None)
    assert program.window.conductor.view is not None
    return program.window.conductor.view


def open_pane(program: Program, jid: JID) -> ConversationPane:
    """A conversation on the screen."""
    view = view_of(program)
    view.open(program.services.accounts.list_accounts()[0].id, jid)
    assert view.area.current_pane is not None
    return view.area.current_pane


def search(program: Program, qtbot: QtBot, typed: str, found: int) -> SearchPage:
    """Search everywhere; wait for so many results."""
    view = view_of(program)
    program.window.activateWindow()
    program.until(program.window.isActiveWindow)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(program.window, Qt.Key.Key_F, keys)
    page = view.search
    assert page is not None
    page.field.setText(typed)
    program.until(lambda: page.model.rowCount() == found and not page._asking.is_waiting)
    return page


def speak(program: Program, stack: ExitStack, folder: Path, server: Server, sender: JID, to: JID, *bodies: str) -> None:
    """Somebody says something, with a device of theirs."""
    friend = stack.enter_context(other_device(program, folder, server, sender))
    account = friend.services.accounts.list_accounts()[0]
    talk = friend.services.conversations.open(account.id, to)
    for body in bodies:
        friend.services.outbox.submit(talk.id, body)
    program.until(lambda: not friend.services.outbox.pending(account.id))


def test_found_exported_deleted_and_gone(prosody: Server, start: StartProgram, tmp_path: Path, qtbot: QtBot) -> None:
    alice, bob, lili = (new_address(prosody, name) for name in ("alice", "bob", "lili"))
    program = start()
    with ExitStack() as stack:
        program.sign_in(prosody, alice.local, PASSWORD)
        lines = [*(f"secret {number}" for number in range(SAID)), "我们在图书馆见面", "https://example.org/secret"]
        speak(program, stack, tmp_path / "bob", prosody, bob, alice, *lines)
        speak(program, stack, tmp_path / "lili", prosody, lili, alice, "图书在这里", "a secret of Lili 👍🏽")
        conversations = program.services.conversations
        program.until(lambda: len(conversations.list_conversations()) == 2)
        talk = next(one for one in conversations.list_conversations() if one.jid == bob)
        program.until(lambda: len(conversations.latest(talk.id, 100)) == len(lines))
        _find(program, qtbot, bob, lili)
        _export(program, bob, tmp_path / "export.json", lines)
        _delete(program, bob)
    page = search(program, qtbot, "secret", 1)
    assert [result.name for result in page.model.results()] == [str(lili)]
    program.quit()
    _is_gone(start(), qtbot, bob, lili)


def _find(program: Program, qtbot: QtBot, bob: JID, lili: JID) -> None:
    """Two characters, in both; then by a chip in one; the hit is opened where it stands, and Esc goes back."""
    page = search(program, qtbot, "图书", 2)
    assert {result.jid for result in page.model.results()} == {bob, lili}
    page.field.setFocus()
    qtbot.keyClicks(page.field, f" from:{bob.local}")
    qtbot.keyClick(page.field.popup, Qt.Key.Key_Return)
    program.until(lambda: page.model.rowCount() == 1 and not page._asking.is_waiting)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    pane = view_of(program).area.current_pane
    assert pane is not None
    assert pane.conversation.jid == bob
    shown = [pane.model.message(row).body for row in pane.view.visible_rows()]
    assert "我们在图书馆见面" in shown
    assert len(shown) > 1
    page = search(program, qtbot, "👍", 1)
    page = search(program, qtbot, "secret has:link", 1)
    page.chips.chosen()[0].click()
    program.until(lambda: page.model.rowCount() == SAID + 2 and not page._asking.is_waiting)
    qtbot.keyClick(page.field, Qt.Key.Key_Escape)
    assert view_of(program).left.isVisible()


def _export(program: Program, bob: JID, path: Path, lines: list[str]) -> None:
    pane = open_pane(program, bob)
    dialog: ExportDialog = ask_export(program.services, pane.conversation, program.window)
    dialog.format.setCurrentIndex(dialog.format.count() - 1)
    dialog.export_to(path)
    program.until(lambda: dialog.status.text() == f"{len(lines)} messages exported.")
    dialog.reject()
    (exported,) = json.loads(path.read_text("utf-8"))["conversations"]
    assert [message["text"] for message in exported["messages"]] == lines


def _delete(program: Program, bob: JID) -> None:
    pane = open_pane(program, bob)
    dialog: DeleteConversationDialog = ask_delete(program.services, pane.conversation, program.window)
    program.until(dialog.delete.isEnabled)
    accepted: list[None] = []
    dialog.accepted.connect(lambda: accepted.append(None))
    dialog.delete.click()
    program.until(lambda: accepted)
    assert view_of(program).area.current is None


def _is_gone(program: Program, qtbot: QtBot, bob: JID, lili: JID) -> None:
    """After a restart: neither catching up nor paging in it brings anything back; what is new comes."""
    account = program.services.accounts.list_accounts()[0]
    program.run(program.services.accounts.set_password(account.id, PASSWORD, True))
    program.until(program.is_online)
    conversations = program.services.conversations
    lilis = conversations.list_conversations()[0]
    assert [one.jid for one in conversations.list_conversations()] == [lili]
    program.until(lambda: program.services.history.coverage(lilis.id).beginning is Beginning.REACHED)
    pane = open_pane(program, bob)
    program.run(program.services.history.load(pane.conversation.id))
    program.until(lambda: not program.services.history.coverage(pane.conversation.id).loading)
    assert pane.model.rowCount() == 0
    finding = program.services.offer(Search)
    hits = program.run(finding.find(finding.understand("secret")))
    assert [hit.message.body for hit in hits.hits] == ["a secret of Lili 👍🏽"]
    pane.composer.editor.setPlainText("a new beginning")
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)
    search(program, qtbot, "beginning", 1)
