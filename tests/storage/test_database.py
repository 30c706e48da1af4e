"""Opening a history, whatever state it is in, and its transactions."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.storage.conftest import KEY, History
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.database import Database, encrypt, set_aside

SOURCE = Path(__file__).parents[2] / "desktop"
OTHER_KEY = bytes(32)


def failure_of_opening(path: Path, key: bytes | None) -> ErrorKind:
    with pytest.raises(KnownError) as caught:
        Database.open(path, key)
    return caught.value.kind


@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_written_is_there_after_opening_again(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "data" / "history.db"
    assert Database.is_encrypted_file(path) is None
    history = History.create(path, key)
    history.add("tomorrow")
    history.database.close()
    assert Database.is_encrypted_file(path) is (key is not None)
    again = Database.open(path, key)
    assert again.encrypted is (key is not None)
    assert again.rows("SELECT body FROM message") == [("tomorrow",)]
    again.close()


def test_only_the_owner_can_read_any_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "history.db").touch(0o644)
    umask = os.umask(0)
    history = History.create(folder / "history.db")
    os.umask(umask)
    history.add()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {"history.db", "history.db-wal", "history.db-shm"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    history.database.close()


def test_commits_survive_a_loss_of_power(history: History) -> None:
    assert history.database.row("PRAGMA journal_mode") == ("wal",)
    assert history.database.row("PRAGMA synchronous") == (2,)
    with history.database.transaction(durable=False):
        assert history.database.row("PRAGMA synchronous") == (1,)
    with pytest.raises(ValueError, match="no"), history.database.transaction(durable=False):
        raise ValueError("no")
    assert history.database.row("PRAGMA synchronous") == (2,)


def test_nothing_readable_is_in_the_files_of_an_encrypted_one(tmp_path: Path) -> None:
    history = History.create(tmp_path / "history.db", KEY)
    history.add("wherefore art thou")
    for close in (lambda: None, history.database.close):
        close()
        for path in tmp_path.iterdir():
            data = path.read_bytes()
            assert b"wherefore" not in data
            assert b"montague" not in data
            assert b"CREATE TABLE" not in data


def test_the_wrong_key_and_no_key_are_told(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    History.create(path, KEY).database.close()
    before = path.read_bytes()
    assert failure_of_opening(path, None) is ErrorKind.DATABASE_KEY_MISSING
    assert failure_of_opening(path, OTHER_KEY) is ErrorKind.DATABASE_KEY_MISSING
    assert path.read_bytes() == before


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("damage", ["text", "zeros", "cut", "first page", "rest"])
def test_a_damaged_one_is_told_and_left_as_it_is(tmp_path: Path, key: bytes | None, damage: str) -> None:
    path = tmp_path / "history.db"
    history = History.create(path, key)
    for number in range(100):
        history.add("x" * 1000, number)
    history.database.close()
    whole = path.read_bytes()
    noise = os.urandom(len(whole))
    data = {
        "text": b"not a database\n" * 1000,
        "zeros": bytes(len(whole)),
        "cut": whole[:10_000],
        "first page": whole[:60] + noise[60:4096] + whole[4096:],
        "rest": whole[:4096] + noise[4096:],
    }[damage]
    path.write_bytes(data)
    assert failure_of_opening(path, key) is ErrorKind.DATABASE_DAMAGED
    assert path.read_bytes() == data


@pytest.mark.parametrize("key", [None, KEY])
def test_damage_far_inside_is_told_when_it_is_met(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "history.db"
    history = History.create(path, key)
    for number in range(1000):
        history.add("x" * 1000, number)
    history.database.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(100 * 4096))
    database = Database.open(path, key)
    with pytest.raises(KnownError) as caught:
        database.rows("SELECT sum(length(body)) FROM message")
    assert caught.value.kind is ErrorKind.DATABASE_DAMAGED
    database.close()


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = History.create(path)
    history.database.execute("PRAGMA user_version = 0")
    history.database.close()
    assert failure_of_opening(path, None) is ErrorKind.DATABASE_DAMAGED


def test_a_second_process_is_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    program = (
        "import sys; from pathlib import Path; from whimbrel.storage.database import Database\n"
        "database = Database.open(Path(sys.argv[1]), None); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"open\n"
        assert failure_of_opening(path, None) is ErrorKind.DATABASE_LOCKED
        for change in (lambda: set_aside(path), lambda: encrypt(path, KEY)):
            with pytest.raises(KnownError) as caught:
                change()
            assert caught.value.kind is ErrorKind.DATABASE_LOCKED
        first.kill()
    Database.open(path, None).close()  # a lock does not outlive its holder


def test_what_was_committed_survives_being_killed(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.storage.conftest import History\n"
        "history = History.create(Path(sys.argv[1])); history.add('committed')\n"
        "with history.database.transaction():\n    history.add('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = SOURCE.parent
    subprocess.run([sys.executable, "-c", program, str(path)], env={**os.environ, "PYTHONPATH": f"{SOURCE}:{root}"})
    database = Database.open(path, None)
    assert database.rows("SELECT body FROM message") == [("committed",)]
    database.close()


class Stop(Exception):
    """Something goes wrong within a transaction."""


def add_and_stop(history: History, body: str) -> None:
    with history.database.transaction():
        history.add(body)
        raise Stop


def add_joined_and_stop(history: History, body: str) -> None:
    with history.database.transaction():
        with history.database.transaction():
            history.add(body)
        raise Stop


def test_a_failed_transaction_leaves_nothing(history: History) -> None:
    for fail in (add_and_stop, add_joined_and_stop):
        with pytest.raises(Stop):
            fail(history, "half")
    assert history.bodies() == []
    history.add("whole")
    assert history.bodies() == ["whole"]


def test_a_joined_transaction_that_fails_undoes_its_own_part(history: History) -> None:
    with history.database.transaction():
        history.add("outer", 1)
        with history.database.transaction():
            history.add("inner", 2)
        with pytest.raises(Stop):
            add_and_stop(history, "undone")
    assert history.bodies() == ["outer", "inner"]


def test_nothing_is_written_on_its_own_after_sqlite_has_undone_everything(history: History) -> None:
    """As it may do where the disk is full."""

    def go_on() -> None:
        with history.database.transaction():
            history.add("undone")
            with pytest.raises(dbapi2.IntegrityError):
                history.database.execute("INSERT OR ROLLBACK INTO account SELECT * FROM account")
            history.add("on its own")

    with pytest.raises(KnownError) as caught:
        go_on()
    assert caught.value.kind is ErrorKind.DISK_FULL
    assert history.bodies() == []
    history.add("later")
    assert history.bodies() == ["later"]


def test_a_full_database_is_told_after_undoing(history: History) -> None:
    history.add("kept")
    pages = history.database.row("PRAGMA page_count")
    assert pages is not None
    history.database.execute(f"PRAGMA max_page_count = {pages[0] + 4}")

    def overfill() -> None:
        with history.database.transaction():
            history.add("small")
            history.add("x" * 100_000)

    with pytest.raises(KnownError) as caught:
        overfill()
    assert caught.value.kind is ErrorKind.DISK_FULL
    assert history.bodies() == ["kept"]
    history.database.execute("PRAGMA max_page_count = 100000")
    history.add("x" * 100_000, 1)
    assert len(history.bodies()) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(history: History) -> int:
    """Add messages until the disk is full; returns how many there are."""
    for number in range(1000):
        try:
            history.add("x" * 10_000, number)
        except KnownError as error:
            if error.kind is not ErrorKind.DISK_FULL:
                raise
            return number
    raise AssertionError("the disk is never full")


@pytest.mark.parametrize("key", [None, KEY])
def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path, key: bytes | None) -> None:
    path = small_disk / "data" / "history.db"
    history = History.create(path, key)
    written = fill_up(history)
    assert len(history.bodies()) == written > 3
    with pytest.raises(KnownError):
        history.add("x" * 100_000)
    history.database.close()
    again = Database.open(path, key)
    assert again.row("SELECT count(*) FROM message") == (written,)
    again.close()


def test_no_room_for_the_encrypted_copy_leaves_the_plain_one(small_disk: Path) -> None:
    path = small_disk / "data" / "history.db"
    history = History.create(path)
    for number in range(16):
        history.add("x" * 10_000, number)
    history.database.close()
    free = os.statvfs(small_disk)
    (small_disk / "ballast").write_bytes(bytes(free.f_bavail * free.f_frsize - 100_000))
    with pytest.raises(KnownError) as caught:
        encrypt(path, KEY)
    assert caught.value.kind is ErrorKind.DISK_FULL
    assert {file.name for file in path.parent.iterdir()} == {"history.db", "history.db.lock"}
    again = Database.open(path, None)
    assert again.row("SELECT count(*) FROM message") == (16,)
    again.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert failure_of_opening(tmp_path / "file" / "data" / "history.db", None) is ErrorKind.DISK_FULL
    (tmp_path / "folder").mkdir()
    assert failure_of_opening(tmp_path / "folder", None) is ErrorKind.DISK_FULL


def test_one_that_is_set_aside_can_be_opened_there(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    for body in ("one", "two"):
        history = History.create(path)
        history.add(body)
        companion = (tmp_path / "history.db-wal").read_bytes()
        data = path.read_bytes()
        history.database.close()
        path.write_bytes(data)  # as after being killed: the message is in the companion only
        (tmp_path / "history.db-wal").write_bytes(companion)
        target = set_aside(path)
        assert not path.exists()
        assert not (tmp_path / "history.db-wal").exists()
        assert target.name.startswith("history-")
        old = Database.open(target, None)
        assert old.rows("SELECT body FROM message") == [(body,)]
        old.close()
    assert len(list(tmp_path.glob("history-*.damaged.db"))) == 2
