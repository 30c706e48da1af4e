"""What can be seen without eyes: nothing is cut off, in both languages, in large text, on narrow screens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fit import cut_off
from tests.helpers.setting import page_context

from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.platform.diagnosis import Diagnosis
from whimbrel.platform.last_run import LastRun
from whimbrel.platform.logs import Logs
from whimbrel.platform.settings import Settings
from whimbrel.ui.accounts.crop_dialog import CropDialog
from whimbrel.ui.accounts.profile_dialog import ProfileDialog
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.add_dialog import AddContactDialog
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.remove_dialog import RemoveDialog
from whimbrel.ui.contacts.request_dialog import RequestDialog
from whimbrel.ui.conversation.editor import MessageEditor
from whimbrel.ui.conversation.forward_dialog import ForwardDialog
from whimbrel.ui.conversation.go_to_date import GoToDateDialog
from whimbrel.ui.faults.crash_dialog import CrashDialog
from whimbrel.ui.faults.report_dialog import ReportDialog
from whimbrel.ui.run import running
from whimbrel.ui.search.delete_dialog import DeleteConversationDialog, DeleteOldDialog
from whimbrel.ui.search.export_dialog import ExportDialog
from whimbrel.ui.settings.about_dialog import AboutDialog
from whimbrel.ui.settings.close_dialog import CloseDialog
from whimbrel.ui.settings.dialog import SettingsDialog
from whimbrel.ui.settings.finder import Hit
from whimbrel.ui.settings.page import Page
from whimbrel.ui.settings.pages import PAGES
from whimbrel.ui.settings.shortcuts_dialog import ShortcutsDialog
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.widgets.label import ElidedLabel

LILI = JID.parse("lili@example.org")
NARROW = 480
LOW = 800


class Talk:
    """One contact, and the conversation with her."""

    def __init__(self, core: Core, theme: Theme, folder: Path) -> None:
        self.core, self.theme = core, theme
        self.settings = Settings(folder / "settings.ini")
        self.account = core.add_account("alice@example.org")
        self.contact = Contact(self.account.id, LILI, "莉莉 with a name that is not short at all")
        core.stream(self.account.id).go_online(self.contact)

    def ask(self) -> QDialog:
        """Somebody asks to be a contact."""
        self.core.stream(self.account.id).subscription("tomas@example.net", "subscribe", "Hi, from the bird count!")
        self.bridge = Bridge(self.core.services.bus)
        return RequestDialog(self.core.services, self.bridge)

    @property
    def conversation(self) -> Conversation:
        return self.core.services.conversations.open(self.account.id, LILI)


@pytest.fixture
def talk(core: Core, theme: Theme, tmp_path: Path) -> Talk:
    """Alice, online."""
    return Talk(core, theme, tmp_path)


def _settings(talk: Talk, kind: type[Page]) -> QDialog:
    """A page of the settings in a narrow window."""
    talk.settings.zoom = talk.theme.zoom
    dialog = SettingsDialog(page_context(talk.core, talk.settings, talk.theme))
    dialog.resize(min(NARROW * talk.theme.zoom // 100, LOW), 700)
    dialog.show_hit(Hit(kind))
    return dialog


def _report(talk: Talk) -> QDialog:
    """A report of a program without troubles."""
    return ReportDialog(Diagnosis(Logs(None), talk.settings, LastRun(talk.settings.path.parent / "running")), ())


DIALOGS: dict[str, Callable[[Talk], QDialog]] = {
    **{f"settings {kind.name}": partial(_settings, kind=kind) for kind in PAGES},
    "shortcuts": lambda _: ShortcutsDialog(),
    "close": lambda _: CloseDialog(),
    "export": lambda t: ExportDialog(t.core.services, t.conversation, "莉莉"),
    "delete": lambda t: DeleteConversationDialog(t.core.services, t.conversation, "莉莉"),
    "delete old": lambda t: DeleteOldDialog(t.core.services),
    "about": lambda _: AboutDialog(),
    "add": lambda t: AddContactDialog(t.core.services),
    "request": lambda t: t.ask(),
    "forward": lambda t: ForwardDialog(t.core.services, "words", lambda _: None),
    "date": lambda _: GoToDateDialog(date(2026, 1, 1), date(2026, 11, 22)),
    "details": lambda t: DetailsDialog(t.core.services, t.contact),
    "remove": lambda t: RemoveDialog(t.core.services, t.contact),
    "profile": lambda t: ProfileDialog(t.core.services, [t.account]),
    "fault": lambda _: CrashDialog("Whimbrel 0.1.0"),
    "report": lambda t: _report(t),
    "crop": lambda _: CropDialog(QImage(400, 300, QImage.Format.Format_RGB32)),
}


@pytest.mark.parametrize("zoom", [100, 250])
@pytest.mark.parametrize("name", list(DIALOGS))
def test_no_words_of_dialogs_are_cut_off(
    talk: Talk, theme: Theme, language: str, qapp: QApplication, name: str, zoom: int
) -> None:
    theme.set_zoom(zoom)

    async def look() -> None:
        dialog = DIALOGS[name](talk)
        dialog.show()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                while running or not dialog.windowHandle().isExposed() or cut_off(dialog):  # noqa: ASYNC110 - of Qt's
                    await asyncio.sleep(0.01)
        assert cut_off(dialog) == []
        if zoom == 100:
            assert dialog.width() <= NARROW
        assert dialog.height() <= LOW
        dialog.close()

    loop = qasync.QEventLoop(qapp)
    loop.run_until_complete(look())
    loop.close()


@pytest.mark.parametrize("text", ["words of mine, ", "这是我的回答，也很长，", "emoji 😀 and 漢字 and أهلا "])
def test_the_composer_shows_every_line_that_it_grew_for(qtbot: QtBot, text: str) -> None:
    holder, editor = QWidget(), MessageEditor()
    layout = QVBoxLayout(holder)
    layout.addStretch(1)
    layout.addWidget(editor)
    holder.resize(400, 500)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    editor.setPlainText(text * 6)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.waitUntil(lambda: editor.viewport().rect().contains(editor.cursorRect()))
    assert editor.verticalScrollBar().value() == 0


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("name", ["Bob Martens", "أمينة"])
def test_a_name_stands_where_lines_begin_whatever_its_script(
    qtbot: QtBot, direction: Qt.LayoutDirection, name: str
) -> None:
    label = ElidedLabel(name)
    label.setLayoutDirection(direction)
    label.resize(400, 24)
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    image = label.grab().toImage()
    ground = image.pixelColor(200, 0)
    inked = {x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != ground}
    if direction is Qt.LayoutDirection.LeftToRight:
        assert max(inked) < image.width() / 2
    else:
        assert min(inked) > image.width() / 2
