"""A new device at a real server: the newest is there at once, the rest comes in without moving what is read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.helpers.program import Program, settings_for
from tests.helpers.real_core import RealCore
from tests.helpers.servers import Server

from whimbrel.model.archive import Beginning
from whimbrel.model.jid import JID
from whimbrel.ui.conversation.pane import ConversationPane

pytestmark = pytest.mark.server

SAID = 320
"""More than two pages of the archive, and more than a view shows."""


@contextmanager
def other_device(program: Program, folder: Path, server: Server, jid: JID) -> Iterator[RealCore]:
    """Another program, without a window, signed in."""
    core = RealCore(folder)
    program.run(core.services.accounts.sign_in(jid, PASSWORD, settings_for(server), True))
    yield core
    program.run(core.services.accounts.stop_all())
    program.run(core.tasks.cancel_all())
    core.close()
    assert core.faults == []


def new_address(server: Server, name: str) -> JID:
    user = f"{name}-{uuid.uuid4().hex[:8]}"
    server.add_user(user, PASSWORD)
    return JID.parse(f"{user}@{server.domain}")


def places(pane: ConversationPane) -> dict[int, float]:
    """Where the bubbles that show are, by message."""
    view = pane.view
    return {
        pane.model.message(row).id: view.row_top(row) + round(view.bubble(row).bubble_rect.top())
        for row in view.visible_rows()
    }


def test_the_rest_comes_in_above_and_is_whole(both: Server, start: StartProgram, tmp_path: Path) -> None:
    program = start()
    alice, bob = new_address(both, "alice"), new_address(both, "bob")
    with ExitStack() as stack:
        stack.enter_context(other_device(program, tmp_path / "phone", both, alice))
        friend = stack.enter_context(other_device(program, tmp_path / "bob", both, bob))
        account = friend.services.accounts.list_accounts()[0]
        talk = friend.services.conversations.open(account.id, alice)
        for number in range(SAID):
            friend.services.outbox.submit(talk.id, f"line {number}")
        program.until(lambda: not friend.services.outbox.pending(account.id))
        program.sign_in(both, alice.local, PASSWORD)
        conductor = program.window.conductor
        assert conductor is not None
        conductor.open(program.services.accounts.list_accounts()[0].id, bob)
        assert conductor.view is not None
        pane = conductor.view.area.current_pane
        assert pane is not None
        program.until(
            lambda: pane.model.rowCount() and pane.model.message(pane.model.rowCount() - 1).body == f"line {SAID - 1}"
        )
        assert pane.view.at_end, (pane.model.divider_row, pane.model.rowCount(), program.services.unread.total())
        bar = pane.view.verticalScrollBar()
        bar.setValue(max(bar.value() - 150, 0))
        before = places(pane)
        program.until(lambda: pane.model.coverage.beginning is Beginning.REACHED and not pane.model.coverage.gaps)
        after = places(pane)
        common = before.keys() & after.keys()
        assert len(common) >= 5
        assert {key: before[key] for key in common} == {key: after[key] for key in common}
        program.until(lambda: bar.setValue(0) or pane.history_marks.beginning.isVisible())
        assert pane.history_marks.beginning.label.text() == "This is the beginning of your conversation"
        bodies = [pane.model.message(row).body for row in range(pane.model.rowCount())]
        assert bodies == [f"line {number}" for number in range(SAID)]
        assert pane.view.jump_button.count == 0
