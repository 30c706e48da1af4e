"""Whimbrel as a person with a keyboard and a screen reader meets it: its windows by role and accessible name."""

from __future__ import annotations

import contextlib
import stat
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.desktop import App, Desktop, Element, missing_parts
from tests.helpers.servers import Server

PASSWORD = "correct horse"


@contextlib.contextmanager
def new_desktop(folder: Path, *, keyring: bool = True) -> Iterator[Desktop]:
    """A desktop under a folder, with or without a real, unlocked keyring; at its end no program may have faults."""
    if missing := missing_parts():
        pytest.skip(f"NOT TESTED: packaging/test installs what is missing here: {', '.join(missing)}")
    home = folder / "desktop"
    home.mkdir()
    with Desktop(home, keyring=keyring) as running:
        yield running
    for log in home.glob("program-*.log"):
        text = log.read_text()
        assert " ERROR " not in text, text
        assert "Traceback" not in text, text


def new_user(server: Server, name: str) -> str:
    """The name of an account that nobody else uses."""
    user = f"{name}-{uuid.uuid4().hex[:6]}"
    server.add_user(user, PASSWORD)
    return user


def start(desktop: Desktop, server: Server, *arguments: str) -> App:
    """Start the program over the desktop's one profile."""
    command = [
        sys.executable,
        "-m",
        "whimbrel.cli",
        "--profile",
        str(desktop.folder / "profile"),
        "--debug",
        *arguments,
    ]
    return desktop.start(command, SSL_CERT_FILE=str(server.ca_file))


def connect_by_hand(dialog: Element, server: Server) -> None:
    """Fill in *Advanced*: the servers of these tests are in no DNS."""
    dialog.find("button", "Advanced").click()
    dialog.find("text", "Host").set_text(server.host)
    dialog.find("text", "Port").set_text(str(server.starttls_port))
    dialog.find("combo box", "Security").choose("STARTTLS")


def fill_in_sign_in(app: App, server: Server, user: str, password: str = PASSWORD) -> Element:
    """Open the dialog and fill it in."""
    app.find("button", "Sign in").click()
    dialog = app.find("dialog", "Sign in")
    dialog.find("text", "Address").set_text(f"{user}@{server.domain}")
    dialog.find("password text", "Password").set_text(password)
    connect_by_hand(dialog, server)
    return dialog


def sign_in(app: App, server: Server, user: str, password: str = PASSWORD) -> Element:
    """Fill in the dialog and press its button."""
    dialog = fill_in_sign_in(app, server, user, password)
    dialog.find("button", "Sign in").click()
    return dialog


def wait_online(app: App) -> None:
    """Wait until the main window says so."""
    connection = app.find("label", "Connection")
    app.wait_for(lambda: "Online" in connection.look().description, "being online")


def open_chat(app: App, name: str) -> Element:
    """Ctrl+K, the name, Enter; the text to write in."""
    app.press("Ctrl+k")
    app.wait_focused("text", "Go to")
    app.type(name)
    app.wait_typed("text", "Go to", name)
    app.press("Return")
    app.gone("text", "Go to")
    return app.find("text", "Message")


def wait_message(app: App, text: str, state: str = "") -> Element:
    """The row of a message, once it is there in this state."""

    def look() -> Element | None:
        for row in app.find("list", "Messages").find_all("list item"):
            seen = row.look()
            if text in seen.name and state in seen.description:
                return row
        return None

    found = app.wait_for(look, f"the message {text!r} {state}")
    assert found is not None
    return found


def quit_program(app: App) -> None:
    """Quit by the menu."""
    app.find("menu item", "Account").click()
    app.find("menu item", "Quit").click()
    assert app.wait_ended() == 0


def assert_private(folder: Path) -> None:
    """Nobody else can reach what is kept, and the password is nowhere in it."""
    kept = list((folder / "profile").iterdir())
    assert kept
    for path in kept:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name
    files = [path for top in kept for path in (top, *top.rglob("*")) if path.is_file()]
    assert any(path.name.startswith("history") for path in files)
    for path in (*files, *folder.glob("*.log")):
        assert PASSWORD.encode() not in path.read_bytes(), path.name
