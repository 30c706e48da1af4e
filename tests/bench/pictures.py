"""Scrolling past 200 pictures, all here, none decoded yet: how long turns of the event loop are meanwhile."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figure import Figure, percentile
from tests.bench.stage import Stage, stage
from tests.bench.world import World

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from whimbrel.model.attachment import Attachment
    from whimbrel.model.conversation import Conversation
    from whimbrel.ui.conversation.pane import ConversationPane

_COUNT = 200
_KINDS = ((4000, 3000, "jpg"), (3000, 4000, "jpg"), (1920, 1080, "png"), (1200, 1600, "jpg"), (800, 600, "png"))
_STILL = 3  # frames without movement: that is the end
_FRAME = 1 / 60  # seconds
_WHEEL = 120  # pixels a frame
_PAUSE = 0.001
_AT_END = 2.0  # seconds for what is in view to be decoded

_ATTACH = """
INSERT INTO attachment
    (message_id, position, url, name, media_type, size, width, height, thumbnail, description, hashes, state, path,
    error)
SELECT id, 0, 'https://files.example.org/' || id, :name, :type, :size, :width, :height, x'', '', '[]', 'here', :path, ''
FROM message WHERE id = :message
"""


def run(world: World) -> Iterator[Figure]:
    """At 60 frames a second from the newest to the oldest and back, with photographs as cameras make them."""
    from qasync import QEventLoop

    from whimbrel.platform.threads import DaemonThreads

    with stage(world) as made:
        conversation = made.conversation("pictures@example.org", _COUNT)
        _attach(made, made.core.path.parent)
        loop = QEventLoop(made.application)
        loop.set_default_executor(DaemonThreads("bench", 8))
        asyncio.set_event_loop(loop)
        with loop:
            turns, frames, shown = loop.run_until_complete(_look(made, conversation))
        asyncio.set_event_loop(None)
    note = f"longest {max(turns):.0f} ms of {len(turns)}, {frames} frames, {shown} pictures shown"
    yield Figure("turns while 200 pictures are scrolled past, p99", percentile(turns, 0.99), "ms", 50, note=note)


async def _look(made: Stage, conversation: Conversation) -> tuple[list[float], int, int]:
    """Returns the turns in ms, how many frames were scrolled, and how many pictures were painted meanwhile."""
    from whimbrel.ui.conversation.media import Media

    pane = made.pane(conversation)
    media = next(one for one in pane.extensions if isinstance(one, Media))
    painted: set[int] = set()
    find = media.pictures.find

    def note(attachment: Attachment, width: int, height: int, radius: float) -> QImage | None:
        image = find(attachment, width, height, radius)
        if image is not None:
            painted.add(attachment.id)
        return image

    media.pictures.find = note  # type: ignore[method-assign]  # only to count
    turns: list[float] = []
    watching = asyncio.ensure_future(_watch(turns))
    await asyncio.sleep(_AT_END)
    frames = 0
    for step in (-_WHEEL, _WHEEL):
        frames += await _scroll(pane, step)
        await asyncio.sleep(_AT_END)
    watching.cancel()
    await asyncio.wait([watching])
    return turns, frames, len(painted)


async def _scroll(pane: ConversationPane, step: int) -> int:
    """Scroll until nothing moves any more; returns how many frames that took."""
    bar = pane.view.verticalScrollBar()
    frames = still = 0
    while still < _STILL:
        before = (bar.value(), pane.view.row_at(0))
        bar.setValue(bar.value() + step)
        await asyncio.sleep(_FRAME)
        frames += 1
        still = still + 1 if (bar.value(), pane.view.row_at(0)) == before else 0
    return frames


async def _watch(turns: list[float]) -> None:
    """Ask to be called again in a millisecond; how much later it comes is how long the turns were that came between."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_PAUSE)
        turns.append(max(time.perf_counter() - began - _PAUSE, 0) * 1000)


def _attach(made: Stage, folder: Path) -> None:
    """A picture with every message."""
    pictures = [_picture(folder / f"{number}.{kind[2]}", kind[0], kind[1]) for number, kind in enumerate(_KINDS)]
    rows = made.core.database.rows("SELECT id FROM message ORDER BY id")
    with made.core.database.transaction():
        for number, (message,) in enumerate(rows):
            source, (width, height, ending) = pictures[number % len(_KINDS)], _KINDS[number % len(_KINDS)]
            path = folder / f"copy{number}.{ending}"
            shutil.copyfile(source, path)
            told = {"message": message, "name": path.name, "type": f"image/{ending.replace('jpg', 'jpeg')}"}
            measures = {"size": path.stat().st_size, "width": width, "height": height, "path": str(path)}
            made.core.database.execute(_ATTACH, told | measures)


def _picture(path: Path, width: int, height: int) -> Path:
    """A picture with as much in it as a photograph: as much work to decode."""
    from PySide6.QtCore import QSize, Qt
    from PySide6.QtGui import QImage

    noise = QImage(
        random.Random(width).randbytes(width * height // 16), width // 8, height // 8, QImage.Format.Format_RGB32
    )
    image = noise.scaled(
        QSize(width, height), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert image.convertToFormat(QImage.Format.Format_RGB888).save(str(path), quality=88)
    return path
