"""The demonstration opens signed in, its friends answer, and it leaves nothing behind, however it ends."""

from __future__ import annotations

import copy
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.acceptance import new_desktop, open_chat, wait_message, wait_online
from tests.helpers.desktop import App, Desktop, wait_for

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop without anything of the person's."""
    with new_desktop(tmp_path) as running:
        yield running


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Where the demonstration makes its folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def _start(desktop: Desktop, folders: Path) -> App:
    paths = os.pathsep.join(str(ROOT / part) for part in ("packaging", ".", "desktop"))
    return desktop.start([sys.executable, "-m", "demo"], PYTHONPATH=paths, TMPDIR=str(folders))


def _wait_chats(window: App) -> None:
    """The list shows all that can be made of a chat."""
    window.find("page tab", "Chats").click()
    expected = {
        "Notes to self": "pinned",
        "Priya Nair": "typing…",
        "Yao Man": "Draft: ",
        "Kofi Asante": "Muted until ",
        "Mum": "marked as unread",
        "Archived": "1, folded",
    }

    def shown() -> dict[str, str]:
        looks = [row.look() for row in window.find("list", "Chats").find_all("list item")]
        return {look.name: look.description for look in looks}

    window.wait_for(lambda: all(words in shown().get(name, "") for name, words in expected.items()), "the chats")


class _Process:
    """The program that the demonstration started, as far as an App needs it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> None:
        """It runs as long as its owner does, which the test watches."""


def _window(demonstration: App, folders: Path) -> App:
    def look() -> int | None:
        assert demonstration.process.poll() is None, demonstration.log.read_text()
        commands = ((pid, Path(f"/proc/{pid}/cmdline").read_bytes()) for pid in _working_in(folders))
        return next((pid for pid, command in commands if b"demo.window" in command), None)

    pid = wait_for(look, "the window's process", 60)
    assert pid is not None
    window = copy.copy(demonstration)
    window.process = _Process(pid)  # type: ignore[assignment]
    return window


def _working_in(folders: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")).is_relative_to(folders):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_opens_signed_in_and_leaves_nothing_behind(desktop: Desktop, folders: Path, number: signal.Signals) -> None:
    demonstration = _start(desktop, folders)
    window = _window(demonstration, folders)
    wait_online(window)
    assert "Tomás" in window.find("dialog", "Contact request").find("text", "Name").text()
    _wait_chats(window)
    assert _working_in(folders), "the server and the program"

    demonstration.process.send_signal(number)
    demonstration.wait_ended()
    wait_for(lambda: not _working_in(folders), "every process ended")
    wait_for(lambda: not any(folders.iterdir()), "every file is gone")


def test_friends_answer(desktop: Desktop, folders: Path) -> None:
    window = _window(_start(desktop, folders), folders)
    wait_online(window)
    request = window.find("dialog", "Contact request")
    request.find("button", "Accept").click()
    window.gone("dialog", "Contact request")
    message = open_chat(window, "Kofi")
    message.set_text("Have you read it?")
    window.find("button", "Send").click()
    wait_message(window, "Have you read it?", "Read")
    wait_message(window, "In a review until four")
    wait_message(window, "And the minutes", "Minutes of the review.pdf")
    open_chat(window, "Tomás")
    wait_message(window, "the list of the estuary")
    open_chat(window, "Jonas")
    wait_message(window, "From the window", "the lakes.png")
