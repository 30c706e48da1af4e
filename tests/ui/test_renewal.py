"""Another language makes the window anew; what somebody is typing is not thrown away for it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.ui.album import picture
from tests.ui.conftest import RecordingNotifier

from whimbrel.core.offers.stanzas import SeenXml
from whimbrel.model.account import AccountId
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.console.window import ConsoleWindow, show_console
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.renewal import LanguageWatch, Renewal
from whimbrel.ui.run import run, running
from whimbrel.ui.search.export_dialog import ExportDialog
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.viewer.opening import open_viewer
from whimbrel.ui.viewer.window import ViewerWindow
from whimbrel.ui.widgets.plain_text import PlainText
from whimbrel.ui.widgets.search_field import SearchField


async def turn() -> None:
    """Let timers that are due and callbacks have their turn."""
    for _ in range(3):
        await asyncio.sleep(0)
        QApplication.processEvents()


def dialogs() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


@pytest.mark.parametrize("kind", [QLineEdit, lambda: PlainText("Message", lines=1)])
def test_what_is_typed_into_a_dialog_holds_the_renewal_until_the_dialog_ends(
    qtbot: QtBot, window: MainWindow, settings: Settings, kind: type[QWidget]
) -> None:
    renewed: list[str] = []
    LanguageWatch(settings, lambda: window, renewed.append)
    dialog = QDialog(window)
    layout = QVBoxLayout(dialog)
    field, search = kind(), SearchField("")
    layout.addWidget(field)
    layout.addWidget(search)
    dialog.show()
    qtbot.keyClicks(search, "looked for")
    settings.language = "en"
    qtbot.waitUntil(lambda: renewed == ["en"])  # nothing is lost
    qtbot.keyClicks(field, "bob@")
    settings.language = "zh_CN"
    settings.language = "en"
    settings.language = "zh_CN"
    turned: list[bool] = []
    QTimer.singleShot(0, lambda: turned.append(True))  # after the watch's own
    qtbot.waitUntil(lambda: turned == [True])
    assert renewed == ["en"]
    dialog.reject()
    qtbot.waitUntil(lambda: len(renewed) == 2)
    assert renewed == ["en", "zh_CN"]


async def test_the_console_and_dialogs_of_the_former_window_end_with_it(core: Core, window: MainWindow) -> None:
    account = core.add_account("alice@example.org")
    core.stream(account.id).go_online()
    assert window.conductor is not None
    window.conductor.commands.show_settings()
    console = show_console(core.services, window)
    console.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that it can be asked
    renewal = Renewal(window)
    assert not console.isVisible()
    assert console._stop is None
    assert not window.conductor.dialogs.is_showing("settings")
    assert renewal._had_settings


async def test_an_export_that_runs_holds_the_renewal_until_its_end_was_read(
    core: Core, window: MainWindow, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    core.online().receive_message("alice@example.net", "hi")
    renewed: list[str] = []
    LanguageWatch(settings, lambda: window, renewed.append)
    dialog = ExportDialog(core.services, None, "everything", window)
    dialog.open()
    dialog.export_to(tmp_path / "all.txt")
    settings.language = "zh_CN"
    while running:
        await asyncio.wait(running)
    assert "1 message" in dialog.status.text()
    assert renewed == []
    dialog.reject()
    await turn()
    assert renewed == ["zh_CN"]


async def test_what_runs_without_a_dialog_is_waited_for(window: MainWindow, settings: Settings) -> None:
    renewed: list[str] = []
    LanguageWatch(settings, lambda: window, renewed.append)
    ended = asyncio.Event()
    run(window, ended.wait(), on_error=lambda _error: None, must_end=True)
    run(window, asyncio.Event().wait(), on_error=lambda _error: None)
    settings.language = "zh_CN"
    await turn()
    assert renewed == []
    ended.set()
    await turn()
    assert renewed == ["zh_CN"]


async def test_links_that_wait_and_the_console_are_in_the_next_window(
    core: Core, window: MainWindow, theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    bob = JID.parse("bob@example.org")
    stream = core.online(Contact(AccountId(1), bob, "Bob", subscription=Subscription.BOTH))
    stream.subscription("tom@example.net")
    assert window.conductor is not None
    window.open_uri("xmpp:bob@example.org?remove")
    window.open_uri("xmpp:room@muc.example.org?join")
    window.conductor.dialogs.review_requests()
    console = show_console(core.services, window)
    console.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    console.model.add([SeenXml(datetime(2026, 11, 22), True, "<presence/>")])
    console.search.setText("pres")

    renewal = Renewal(window)
    following = MainWindow(theme, settings)
    qtbot.addWidget(following)
    notifier = RecordingNotifier()
    following.attach(core.services, Bridge(core.services.bus, following), None, notifier)  # type: ignore[arg-type]
    renewal.finish(following, core.services)

    assert sorted(each.windowTitle() for each in dialogs()) == ["Contact request", "Remove contact"]
    for each in dialogs():
        each.reject()
    assert [each.windowTitle() for each in dialogs()] == ["Group chat"]
    dialogs()[0].reject()
    again = following.findChild(ConsoleWindow)
    assert isinstance(again, ConsoleWindow)
    assert (again.model.rowCount(), again.search.text(), console._stop) == (1, "pres", None)
    again.close()
    following.finish()


async def test_the_picture_that_is_looked_at_is_in_the_next_window(
    core: Core, window: MainWindow, theme: Theme, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    stream = core.online()
    stream.receive_message("alice@example.net/x", "See https://files.example/one.png")
    conversation = core.services.conversations.open(stream.account_id, JID.parse("alice@example.net"))
    (message,) = core.services.conversations.latest(conversation.id, 5)
    picture(50, 40).save(str(tmp_path / "one.png"))
    store = AttachmentStore(core.database)
    store.remove_of_message(message.id)
    shown = store.add(
        NewAttachment(
            message.id,
            url="https://files.example/one.png",
            name="one.png",
            media_type="image/png",
            state=AttachmentState.HERE,
            path=str(tmp_path / "one.png"),
        )
    )
    assert window.conductor is not None
    window.conductor.open(conversation.account_id, conversation.jid)
    former = open_viewer(core.services, conversation.id, shown, window)
    former.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    renewal = Renewal(window)
    assert not former.isVisible()
    following = MainWindow(theme, settings, window.session)
    qtbot.addWidget(following)
    following.attach(core.services, Bridge(core.services.bus, following), None, RecordingNotifier())  # type: ignore[arg-type]
    renewal.finish(following, core.services)
    (viewer,) = following.findChildren(ViewerWindow)
    assert viewer.isVisible()
    assert viewer.gallery.current.id == shown.id
    viewer.close()
    while running:
        await asyncio.wait(running)
    following.finish()
