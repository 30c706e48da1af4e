"""The real program in a process of its own, that does what its arguments say and can be killed at any moment.

``sign-in``: signs in and quits. ``stay``: says "up" once it is online, and goes on. ``send``: says "up", then sends a
message for each line on stdin and echoes the line once the person would see it accepted.
"""

from __future__ import annotations

import itertools
import sys
import threading
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication
from tests.helpers.program import Program

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.jid import JID

_LIFE_SECONDS = 600.0


def sign_in(program: Program, address: str, password: str, host: str, port: str) -> None:
    """Sign in, so that the account is there on the next start."""
    settings = ConnectionSettings(host, int(port), Security.STARTTLS)
    program.run(program.services.accounts.sign_in(JID.parse(address), password, settings, True))
    program.quit()


def stay(program: Program) -> None:
    """Be there until it is killed."""
    program.until(program.is_online)
    sys.stdout.write("up\n")
    sys.stdout.flush()
    program.until(bool, timeout=_LIFE_SECONDS)


def send(program: Program, to: str) -> None:
    """Send what comes on stdin."""
    program.until(program.is_online)
    account = program.services.accounts.list_accounts()[0]
    conversation = program.services.conversations.open(account.id, JID.parse(to))
    lines: list[str] = []
    threading.Thread(target=lambda: lines.extend(iter(sys.stdin.readline, "")), daemon=True).start()
    sys.stdout.write("up\n")
    sys.stdout.flush()
    for number in itertools.count(1):
        program.until(partial(_has, lines, number), timeout=60)
        program.services.outbox.submit(conversation.id, lines[number - 1].rstrip("\n"))
        sys.stdout.write(lines[number - 1])
        sys.stdout.flush()


def _has(lines: list[str], number: int) -> bool:
    return len(lines) >= number


def main(folder: str, command: str, *arguments: str) -> None:
    """Start the program over a profile's folder."""
    program = Program(QApplication([]), Path(folder), session_only=False)
    program.load()
    {"sign-in": sign_in, "stay": stay, "send": send}[command](program, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
