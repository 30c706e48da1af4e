"""A plain history becomes an encrypted one, or stays what it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.conftest import KEY, History
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.database import Database, encrypt
from whimbrel.storage.outbox import OutboxKind, OutboxStore

ROOT = Path(__file__).parents[2]


def fill(path: Path, bodies: list[str]) -> None:
    history = History.create(path)
    for second, body in enumerate(bodies):
        message = history.add(body, second)
    OutboxStore(history.database).add(history.account.id, OutboxKind.MESSAGE, "k", "lane", {"a": [1]}, message.id)
    history.database.close()


def everything(path: Path, key: bytes | None) -> list[object]:
    database = Database.open(path, key)
    tables = database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    content: list[object] = [database.rows(f"SELECT * FROM {name}") for (name,) in tables]
    content += [
        database.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY name"),
        database.row("PRAGMA user_version"),
    ]
    database.close()
    return content


def test_all_of_it_is_there_and_nothing_readable(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    fill(path, ["wherefore", "a\0b", "美しい 🌱"])
    before = everything(path, None)
    encrypt(path, KEY)
    assert Database.is_encrypted_file(path)
    assert everything(path, KEY) == before
    assert {file.name for file in tmp_path.iterdir()} == {"history.db", "history.db.lock"}
    assert b"wherefore" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    encrypt(path, bytes(32))  # one that is encrypted stays as it is
    assert everything(path, KEY) == before


def test_what_a_killed_process_left_in_its_journal_comes_along(tmp_path: Path) -> None:
    path, journal = tmp_path / "history.db", tmp_path / "history.db-wal"
    history = History.create(path)
    history.add("in the journal only")
    left = (path.read_bytes(), journal.read_bytes())
    history.database.close()
    path.write_bytes(left[0])
    journal.write_bytes(left[1])
    encrypt(path, KEY)
    database = Database.open(path, KEY)
    assert database.rows("SELECT body FROM message") == [("in the journal only",)]
    database.close()


STEPS = {
    "before the copy": "encryption.connect = die",
    "while copying": "encryption._count_rows = lambda c: (c.execute('PRAGMA user_version'), die())",
    "copied": "encryption._verify = die",
    "verified": "encryption._sync = die",
    "before renaming": "os.replace = die",
    "renamed": "replace = os.replace; os.replace = lambda a, b: (replace(a, b), die())",
}


@pytest.mark.parametrize("step", STEPS)
def test_being_killed_in_the_middle_loses_nothing(tmp_path: Path, step: str) -> None:
    path = tmp_path / "history.db"
    fill(path, [f"message {number}" for number in range(200)])
    before = everything(path, None)
    program = (
        "import os, signal, sys; from pathlib import Path; from whimbrel.storage import encryption\n"
        f"def die(*_): os.kill(os.getpid(), signal.SIGKILL)\n{STEPS[step]}\n"
        f"encryption.encrypt(Path(sys.argv[1]), bytes(range(32)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "desktop")}
    result = subprocess.run([sys.executable, "-c", program, str(path)], env=environment)
    assert result.returncode == -signal.SIGKILL
    assert Database.is_encrypted_file(path) is (step == "renamed")
    assert everything(path, KEY if step == "renamed" else None) == before
    encrypt(path, KEY)  # the next start finishes it
    assert everything(path, KEY) == before
    assert not list(tmp_path.glob("*.encrypting*"))


def test_a_damaged_one_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    fill(path, ["x" * 1000] * 200)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(20 * 4096))
    before = path.read_bytes()
    with pytest.raises(KnownError) as caught:
        encrypt(path, KEY)
    assert caught.value.kind is ErrorKind.DATABASE_DAMAGED
    assert path.read_bytes()[100:] == before[100:]  # but for the header's note of the journal's kind
    assert not list(tmp_path.glob("*.encrypting*"))
