"""What a person meets when something is not as it should be: no keyring, a taken name, a damaged history."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.helpers.acceptance import (
    PASSWORD,
    connect_by_hand,
    fill_in_sign_in,
    new_desktop,
    new_user,
    start,
    wait_online,
)
from tests.helpers.servers import Server

pytestmark = pytest.mark.server


def test_without_a_keyring_the_password_is_asked_for_in_each_session(tmp_path: Path, prosody: Server) -> None:
    alice = new_user(prosody, "alice")
    with new_desktop(tmp_path, keyring=False) as desktop:
        app = start(desktop, prosody)
        dialog = fill_in_sign_in(app, prosody, alice)
        remember = dialog.find("check box", "Remember password")
        assert "this session only" in remember.look().description
        assert "checked" not in remember.look().states
        dialog.find("button", "Sign in").click()
        app.gone("dialog", "Sign in")
        wait_online(app)
        app.kill()

        again = start(desktop, prosody)
        dialog = again.find("dialog", "Sign in")
        assert alice in dialog.find("label", "Error").look().description
        assert dialog.find("text", "Address").text() == f"{alice}@{prosody.domain}"
        dialog.find("password text", "Password").focus()
        again.type(f"{PASSWORD}\n")
        again.gone("dialog", "Sign in")
        wait_online(again)


def test_a_server_that_stays_silent_can_be_left_at_once(tmp_path: Path, prosody: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, new_desktop(tmp_path) as desktop:
        app = start(desktop, prosody)
        app.find("button", "Sign in").click()
        dialog = app.find("dialog", "Sign in")
        dialog.find("text", "Address").set_text("alice@example.org")
        dialog.find("password text", "Password").set_text(PASSWORD)
        dialog.find("button", "Advanced").click()
        dialog.find("text", "Host").set_text("127.0.0.1")
        dialog.find("text", "Port").set_text(str(silent.getsockname()[1]))
        dialog.find("button", "Sign in").click()
        progress = dialog.find("label", "Progress")
        app.wait_for(lambda: progress.look().description.endswith("…"), "the stage in words")
        address = dialog.find("text", "Address")
        assert "enabled" not in address.look().states
        dialog.find("button", "Cancel").click()
        app.wait_for(lambda: "enabled" in address.look().states, "the dialog to be usable again", timeout=5)
        assert address.text() == "alice@example.org"
        assert not dialog.find_all("label", "Error")
        dialog.find("button", "Cancel").click()
        app.gone("dialog", "Sign in")


def test_a_taken_name_is_said_and_another_one_is_taken(tmp_path: Path, prosody: Server) -> None:
    taken = new_user(prosody, "dora")
    with new_desktop(tmp_path) as desktop:
        app = start(desktop, prosody)
        app.find("button", "Create an account").click()
        dialog = app.find("dialog", "Create an account")
        connect_by_hand(dialog, prosody)
        dialog.find("combo box", "Provider").focus_inside()
        app.type(f"{prosody.domain}\n")
        name = dialog.find("text", "Username")
        name.set_text(taken)
        dialog.find("password text", "Password").set_text(PASSWORD)
        dialog.find("button", "Create account").click()
        assert "taken" in dialog.find("label", "Error").look().description
        name.set_text(f"{taken}2")
        dialog.find("button", "Create account").click()
        app.gone("dialog", "Create an account")
        wait_online(app)


def test_a_damaged_history_is_set_aside_and_never_deleted(tmp_path: Path, prosody: Server) -> None:
    with new_desktop(tmp_path) as desktop:
        data = desktop.folder / "profile" / "data"
        data.mkdir(parents=True)
        (data / "history.db").write_bytes(b"This is no database." * 500)
        app = start(desktop, prosody)
        dialog = app.find("dialog", "The history cannot be opened")
        dialog.find("button", "Try again").click()
        app.wait_for(lambda: app.log.read_text().count("The history cannot be opened") == 2, "the second try")
        dialog = app.find("dialog", "The history cannot be opened")
        dialog.find("button", "Set it aside and start fresh").click()
        app.find("button", "Sign in").click()
        app.find("dialog", "Sign in")
        kept = [path for path in data.iterdir() if path.name != "history.db"]
        assert any(path.read_bytes() == b"This is no database." * 500 for path in kept if path.is_file())


def test_a_program_that_cannot_open_its_history_can_be_quit(tmp_path: Path, prosody: Server) -> None:
    with new_desktop(tmp_path) as desktop:
        data = desktop.folder / "profile" / "data"
        data.mkdir(parents=True)
        (data / "history.db").write_bytes(b"This is no database." * 500)
        app = start(desktop, prosody)
        app.find("dialog", "The history cannot be opened").find("button", "Quit").click()
        assert app.wait_ended() == 0
