"""Another language while the program runs: nothing of what is shown then is in the former one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.pseudo import PseudoTranslator
from tests.ui.conftest import RecordingNotifier, UsableKeyring
from tests.ui.test_translations import SAME_EVERYWHERE, shown

from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.console.window import show_console
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.renewal import Renewal

BOB, LILI = JID.parse("bob@example.org"), JID.parse("lili@example.org")
_PLAIN = re.compile(r"[A-Za-z]*[aeiouyAEIOUY][a-z]+|[A-Za-z]+[aeiouy]")  # the other language has marks on its vowels
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole)
_OWN_NAMES = frozenset({"English"})  # languages are named in themselves
_TURNS = 30  # of the event loop: pages of the settings are made in parts


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[PseudoTranslator]:
    """The other language, to be installed by a test."""
    translator = PseudoTranslator()
    yield translator
    QCoreApplication.removeTranslator(translator)


def _open_all(window: MainWindow, core: Core, account: int) -> None:
    """Every window that the menus open, and conversations."""
    conductor = window.conductor
    assert conductor is not None
    assert conductor.view is not None
    conductor.view.open(account, BOB)
    conductor.view.open_window(account, LILI)
    dialogs = conductor.dialogs
    dialogs.sign_in()
    dialogs.create_account()
    dialogs.accounts()
    dialogs.add_contact()
    dialogs.profile()
    dialogs.shortcuts()
    dialogs.about()
    conductor.commands.show_settings()
    show_console(core.services, window)


def _texts() -> Iterator[tuple[str, str]]:
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window.parentWidget() is None:
            yield from shown(window)
            for view in window.findChildren(QAbstractItemView):
                yield from _items(view)


def _items(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model = view.model()
    if isinstance(model, QAbstractItemModel):
        for row in range(min(model.rowCount(QModelIndex()), 50)):
            for role in _ROLES:
                yield type(model).__name__, str(model.data(model.index(row, 0), role) or "")


def _former() -> list[tuple[str, str]]:
    """What is plain English, with who says it."""
    said = {(kind, text) for kind, text in _texts() if text not in _OWN_NAMES and not text.startswith("/")}
    return sorted((kind, text) for kind, text in said if _PLAIN.search(SAME_EVERYWHERE.sub("", text)))


async def _settle() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        QApplication.processEvents()


async def test_nothing_is_left_of_the_former_language(
    window: MainWindow, core: Core, qtbot: QtBot, pseudo: PseudoTranslator, notifier: RecordingNotifier
) -> None:
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(Contact(account.id, BOB, "Bob"), Contact(account.id, LILI, "莉莉"))
    stream.receive_message("bob@example.org/x", "12345")
    _open_all(window, core, account.id)
    await _settle()
    assert len(_former()) > 100
    renewal = Renewal(window)
    window.session.renew()
    QCoreApplication.installTranslator(pseudo)
    following = MainWindow(window.theme, window.settings, window.session)
    following.attach(core.services, Bridge(core.services.bus, following), UsableKeyring(), notifier)  # type: ignore[arg-type]
    renewal.finish(following, core.services)
    await _settle()
    assert following.isVisible()
    assert _former() == []
    _open_all(following, core, account.id)
    await _settle()
    assert _former() == []
    following.finish()
    shiboken6.delete(following)
