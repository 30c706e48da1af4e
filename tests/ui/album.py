"""A conversation with pictures that Alice sent, for what shows them."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from qasync import QEventLoop
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.program import until

from whimbrel.model.attachment import Attachment, AttachmentState, NewAttachment
from whimbrel.model.fetched import Fetched
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.ui.run import running
from whimbrel.ui.viewer.window import ViewerWindow

URL = "https://files.example/"


class SlowFetcher:
    """Gives ``data`` for every address, once ``open`` is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.data = b""
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(
        self,
        url: str,
        target: Path,
        most: int,
        advance: Callable[[int, int | None], None],
        *,
        unencrypted: bool = False,
    ) -> Fetched:
        self.asked.append((url, unencrypted))
        advance(500, 1000)
        await self.open.wait()
        await asyncio.to_thread(target.write_bytes, self.data)
        return Fetched(len(self.data), "image/png", "")


class Album:
    """Pictures that Alice sent."""

    def __init__(self, folder: Path, qtbot: QtBot, loop: QEventLoop) -> None:
        self.folder = folder
        self.loop = loop
        self.qtbot = qtbot
        self.fetcher = SlowFetcher()
        self.core = Core(folder, fetcher=self.fetcher)
        self.stream = self.core.online(contact("alice@example.net", "Alice"))
        self.core.choice.fetch_up_to = 0
        self._windows: list[QWidget] = []
        self.store = AttachmentStore(self.core.database)
        account = self.stream.account_id
        self.conversation = self.core.services.conversations.open(account, JID.parse("alice@example.net"))

    def add(self, name: str, **told: object) -> Attachment:
        url = str(told.pop("url", URL + name))
        self.stream.receive_message("alice@example.net/x", f"See {url}")
        row = self.core.database.row("SELECT max(id) FROM message")
        assert row is not None
        self.store.remove_of_message(MessageId(row[0]))
        told.setdefault("media_type", "image/png")
        return self.store.add(NewAttachment(MessageId(row[0]), url=url, name=name, **told))  # type: ignore[arg-type]

    def add_picture(self, name: str, width: int, height: int, **told: object) -> Attachment:
        path = self.folder / name
        picture(width, height).save(str(path))
        here = {"state": AttachmentState.HERE, "path": str(path), "width": width, "height": height}
        return self.add(name, **(here | told))

    def add_data(self, name: str, data: bytes, **told: object) -> Attachment:
        path = self.folder / name
        path.write_bytes(data)
        return self.add(name, state=AttachmentState.HERE, path=str(path), **told)

    def show(self, make: Callable[[], QWidget]) -> QWidget:
        """Show a window, and wait until nothing is decoded any more."""

        async def show() -> QWidget:
            window = make()
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            window.resize(640, 480)
            window.show()
            await until(lambda: not running)
            return window

        window = self.loop.run_until_complete(show())
        self.qtbot.addWidget(window)
        self._windows.append(window)
        return window

    def view(self, attachment: Attachment) -> ViewerWindow:
        """Look at a picture."""
        window = self.show(lambda: ViewerWindow(self.core.services, self.conversation.id, attachment))
        assert isinstance(window, ViewerWindow)
        self.viewer = window
        return window

    def close(self) -> None:
        """Close what was shown."""
        for window in self._windows:
            window.close()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something, and then until nothing that the interface began runs any more."""
        self.loop.run_until_complete(until(lambda: condition() and not running))

    def until_shown(self, width: int) -> None:
        """Until a picture of this width is on the screen."""
        self.until(lambda: self.viewer.canvas.image.width() == width)

    def do(self, act: Callable[[], object]) -> None:
        async def run() -> None:
            act()
            await until(lambda: not running)
            if self.fetcher.open.is_set():
                await self.core.tasks.wait_all()
            else:  # qasync's last turn is outside of the loop, where nobody can begin to wait
                await until(lambda: self.fetcher.asked)

        self.loop.run_until_complete(run())

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.do(lambda: self.qtbot.keyClick(self.viewer.canvas, key, modifiers))


def picture(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    return image


def animation(frames: int) -> bytes:
    """A GIF of 4 × 4 pixels whose frames are red, green and blue in turns, 30 ms each."""
    parts = [b"GIF89a", struct.pack("<HHBBB", 4, 4, 0x91, 0, 0), bytes.fromhex("ff0000 00ff00 0000ff 000000")]
    for frame in range(frames):
        codes = [code for _ in range(8) for code in (4, frame % 3, frame % 3)] + [5]  # cleared before codes grow
        bits = sum(code << 3 * place for place, code in enumerate(codes)).to_bytes(10, "little")
        parts.append(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0, 3, 0, 0))
        parts.append(struct.pack("<BHHHHB", 0x2C, 0, 0, 4, 4, 0) + b"\x02" + bytes([len(bits)]) + bits + b"\x00")
    return b"".join(parts) + b";"


@contextmanager
def open_album(folder: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Album]:
    """An album on a loop of its own; nothing may have raised."""
    qapp.setQuitOnLastWindowClosed(False)  # as the program does
    loop = QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop:
        made = Album(folder, qtbot, loop)
        yield made
        made.do(made.close)
        loop.run_until_complete(made.core.tasks.cancel_all())
        assert made.core.faults == [], made.core.faults
        made.core.close()
    asyncio.set_event_loop(None)
