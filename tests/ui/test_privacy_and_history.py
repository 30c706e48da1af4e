"""*Privacy* and *History* of the settings: what they set, say, and ask before anything goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.setting import page_context

from whimbrel.core.offers.fetching import FetchedCopies
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui.run import running
from whimbrel.ui.search.delete_dialog import DeleteAllDialog
from whimbrel.ui.settings.empty_dialog import EmptyDialog
from whimbrel.ui.settings.history import HistoryPage
from whimbrel.ui.settings.keep_dialog import KeepDialog
from whimbrel.ui.settings.privacy import PrivacyPage
from whimbrel.ui.theme.theme import Theme

OLD = 8 * 86_400_000_000  # microseconds
Wait = Callable[..., None]


@pytest.fixture
def wait(qapp: QApplication, core: Core) -> Iterator[Wait]:
    """Lets the program run until a condition holds and no widget waits for anything."""
    loop = qasync.QEventLoop(qapp)

    def until(condition: Callable[[], object], act: Callable[[], object] = lambda: None) -> None:
        async def turn() -> None:
            act()
            async with asyncio.timeout(20):
                while not condition() or running:  # noqa: ASYNC110 - widgets have no event of asyncio's
                    await asyncio.sleep(0.01)

        loop.run_until_complete(turn())

    yield until
    loop.run_until_complete(core.tasks.cancel_all())
    loop.close()


@pytest.fixture
def history(core: Core, settings: Settings, theme: Theme, qtbot: QtBot, wait: Wait) -> HistoryPage:
    stream = core.online(contact("alice@example.net"))
    for number in range(3):
        stream.receive_message("alice@example.net/x", f"old {number}")
    core.database.execute(f"UPDATE message SET time = time - {OLD}")
    stream.receive_message("alice@example.net/x", "new")
    page = HistoryPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    wait(lambda: page.copies_size.text() != "…", page.show)
    return page


def dialog(kind: type[QWidget]) -> QWidget:
    (found,) = [widget for widget in QApplication.topLevelWidgets() if type(widget) is kind and widget.isVisible()]
    return found


def choose(page: HistoryPage, days: int) -> None:
    page.keep.setCurrentIndex(page.keep.findData(days))
    page.keep.activated.emit(page.keep.currentIndex())


def bodies(core: Core) -> list[str]:
    return [body for (body,) in core.database.rows("SELECT body FROM message ORDER BY id")]


def test_keeping_for_a_time_says_what_goes_and_asks(history: HistoryPage, core: Core, wait: Wait) -> None:
    core.choice.keep_days = 7  # as the settings will say
    asked: list[KeepDialog] = []

    def ask() -> None:
        choose(history, 7)
        found = dialog(KeepDialog)
        assert isinstance(found, KeepDialog)
        asked.append(found)

    wait(lambda: asked[-1].question.text() == "3 messages are older and are deleted now.", ask)
    wait(lambda: True, asked[-1].reject)
    assert (history.settings.keep_days, history.keep.currentText(), len(bodies(core))) == (0, "Forever", 4)
    wait(lambda: asked[-1].delete.isEnabled(), ask)
    wait(lambda: bodies(core) == ["new"] and history.settings.keep_days == 7, asked[-1].delete.click)
    wait(lambda: history.keep.currentText() == "1 week")
    wait(lambda: True, lambda: choose(history, 0))
    assert history.settings.keep_days == 0, "nothing more goes: so nobody is asked"


def test_what_is_said_of_the_history(history: HistoryPage, core: Core, wait: Wait) -> None:
    assert history.encryption.text().startswith("Your history is not encrypted")
    assert "encrypted when Whimbrel starts next" in history.encrypting.text()
    assert history.place.text() == str(core.database.folder)
    assert history.history_size.text().endswith("kB")
    assert history.copies_size.text().startswith("0")


def test_fetched_files_and_all_history_go_once_agreed(history: HistoryPage, core: Core, wait: Wait) -> None:
    copy = core.path.parent / "cache" / "media" / "0" / "a.png"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"x" * 2000)

    def empty() -> None:
        history.empty.click()
        found = dialog(EmptyDialog)
        assert isinstance(found, EmptyDialog)
        found.empty.click()

    wait(lambda: not copy.exists(), empty)
    asked: list[DeleteAllDialog] = []

    def delete() -> None:
        history.delete_all.click()
        found = dialog(DeleteAllDialog)
        assert isinstance(found, DeleteAllDialog)
        asked.append(found)

    wait(lambda: asked[0].question.text() == "Delete all conversations with their 4 messages?", delete)
    wait(lambda: not core.services.conversations.list_conversations(), asked[0].delete.click)
    assert core.services.offer(FetchedCopies) is not None


def test_who_may_write_and_who_is_blocked(
    core: Core, settings: Settings, theme: Theme, qtbot: QtBot, wait: Wait
) -> None:
    stream = core.online(contact("alice@example.net"))
    page = PrivacyPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    assert page.strangers.currentText() == "Everybody"
    page.strangers.setCurrentIndex(1)
    assert settings.strangers_may_write is False
    assert page.blocked.list.isHidden()
    account, blocker = stream.account_id, core.services.blocker
    for jid in ("mallory@evil.example", "evil.example"):
        blocker.block(account, JID.parse(jid))
    rows = page.blocked.list
    wait(lambda: rows.count() == 2)
    assert rows.item(1).text() == "mallory@evil.example"
    assert not page.blocked.unblock.isEnabled()
    rows.item(1).setSelected(True)
    wait(lambda: blocker.blocked(AccountId(1)) == {JID.parse("evil.example")}, page.blocked.unblock.click)
    wait(lambda: rows.count() == 1)
