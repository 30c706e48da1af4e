"""The owner of a private server, whose certificate nobody vouches for, with the real program."""

from __future__ import annotations

import hashlib
import ssl
import sys
from pathlib import Path

import pytest
from tests.helpers.acceptance import fill_in_sign_in, new_desktop, new_user, wait_online
from tests.helpers.desktop import App, Desktop, Element
from tests.helpers.servers import Server

pytestmark = pytest.mark.server


def start_trusting_nobody(desktop: Desktop) -> App:
    command = [sys.executable, "-m", "whimbrel.cli", "--profile", str(desktop.folder / "profile"), "--debug"]
    return desktop.start(command, SSL_CERT_FILE="/dev/null")


def shown_fingerprint(server: Server) -> str:
    """What the server's owner would read there."""
    pem = ssl.get_server_certificate((server.host, server.direct_tls_port))
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()


def read_fingerprint(dialog: Element) -> str:
    """What a screen reader says of the fingerprint, not of the word beside it."""
    return next(words for label in dialog.find_all("label", "SHA-256") if (words := label.look().description))


def test_owner_of_a_private_server_trusts_its_certificate_until_told_otherwise(tmp_path: Path, prosody: Server) -> None:
    alice = new_user(prosody, "alice")
    with new_desktop(tmp_path) as desktop:
        app = start_trusting_nobody(desktop)
        dialog = fill_in_sign_in(app, prosody, alice)
        dialog.find("button", "Sign in").click()
        dialog.find("button", "Show the certificate…").click()
        page = app.find("dialog", f"Certificate of {prosody.domain}")
        fingerprint = read_fingerprint(page)
        assert "".join(fingerprint.split()).replace(":", "") == shown_fingerprint(prosody)
        page.find("button", "This is my own server").click()
        assert "sensitive" not in page.find("button", "Trust this certificate").look().states
        page.find("check box", "I have compared the fingerprint with the one of my server").click()
        desktop.screenshot(tmp_path / "certificate.png")
        page.find("button", "Trust this certificate").click()
        app.gone("dialog", "Sign in")
        wait_online(app)
        app.kill()

        again = start_trusting_nobody(desktop)
        wait_online(again)
        again.find("menu item", "Account").click()
        again.find("menu item", "Accounts…").click()
        again.find("dialog", "Accounts").find("button", "Edit…").click()
        edit = again.find("dialog", "Edit account")
        assert read_fingerprint(edit) == fingerprint
        edit.find("button", "Stop trusting…").click()
        again.find("dialog", "Stop trusting this certificate?").find("button", "Stop trusting").click()
        connection = again.find("label", "Connection")
        again.wait_for(lambda: "Not connected" in connection.look().description, "the connection to end")
        edit.find("button", "Show the certificate…")
