"""What the interface's tests share: the theme, a core on disk, a main window over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core, FakeKeeper
from tests.helpers.pseudo import PseudoTranslator

from whimbrel.platform import resources
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.run import running
from whimbrel.ui.theme.theme import Theme


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The application's theme, light and of normal size before and after."""
    installed = Theme.install(qapp)
    installed.set_mode("light")
    installed.set_zoom(100)
    yield installed
    installed.set_mode("light")
    installed.set_zoom(100)
    installed.set_still(False)
    installed.set_compact(False)


@pytest.fixture(autouse=True)
def own_tasks() -> Iterator[None]:
    """What a test's widgets began ends with its event loop: nothing of it runs on for the next test."""
    yield
    running.clear()


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """A whole core; nothing may have raised in it."""
    made = Core(tmp_path)
    yield made
    assert made.faults == []
    made.close()


@pytest.fixture
def bridge(core: Core, qapp: QApplication) -> Iterator[Bridge]:
    """The core's events as signals."""
    made = Bridge(core.services.bus)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of their own."""
    return Settings(tmp_path / "settings.ini")


@pytest.fixture(params=["en", "zh_CN", "long, from right to left"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The language of the interface; the last one is nobody's."""
    translator = QTranslator()
    if request.param == "zh_CN":
        assert translator.load(str(resources.path(f"translations/whimbrel_{request.param}.qm")))
    elif request.param != "en":
        translator = PseudoTranslator()
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    if not translator.isEmpty():
        QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


class RecordingNotifier(QObject):
    """Keeps what is to be shown."""

    activated = Signal(str)
    read_requested = Signal(str)
    reply_requested = Signal(str)
    replied = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, tuple[str, str]] = {}
        self.manners: dict[str, dict[str, object]] = {}

    def show(self, key: str, title: str, body: str, *, only_there: bool = False, **manners: object) -> None:
        if only_there and key not in self.shown:
            return
        self.shown[key] = (title, body)
        self.manners[key] = manners

    def close(self, key: str) -> None:
        self.shown.pop(key, None)


class UsableKeyring(FakeKeeper):
    """Passwords in memory, as a keyring would keep them."""

    async def usable(self) -> bool:
        return True


@pytest.fixture
def notifier(qapp: QApplication) -> RecordingNotifier:
    """Notifications that were shown."""
    return RecordingNotifier()


@pytest.fixture
def window(
    qtbot: QtBot, theme: Theme, settings: Settings, core: Core, bridge: Bridge, notifier: RecordingNotifier
) -> Iterator[MainWindow]:
    """The main window, shown, attached to the core."""
    made = MainWindow(theme, settings)
    with qtbot.waitExposed(made):
        made.show()
    made.attach(core.services, bridge, UsableKeyring(), notifier)  # type: ignore[arg-type]
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.finish()
    shiboken6.delete(made)  # before the core closes its file
