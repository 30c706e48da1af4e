"""Secrets: against a real gnome-keyring in a private session, and against backends that must not be trusted."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import InitError
from tests.helpers.core import Core
from tests.helpers.keyring_session import PASSWORD, KeyringSession, Prompter, missing_parts

from whimbrel.model.account import ConnectionSettings
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import StorageFailed
from whimbrel.model.jid import JID
from whimbrel.platform.secrets import SERVICE, Secrets

ROMEO = JID.parse("romeo@montague.example")
JULIET = JID.parse("juliet@capulet.example")
SOURCE = Path(__file__).parents[2] / "desktop"


class PlaintextKeyring(KeyringBackend):
    """What keyrings.alt offers where nothing better is there."""

    priority = 0.5  # type: ignore[assignment]  # keyring declares it as a property of the class
    __module__ = "keyrings.alt.file"

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("an unsafe keyring was read")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("an unsafe keyring was written")


class BrokenKeyring(KeyringBackend):
    """One whose daemon has died."""

    priority = 5  # type: ignore[assignment]  # keyring declares it as a property of the class

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("the daemon is gone")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise InitError("the daemon is gone")


class Chain(chainer.ChainerBackend):
    """A chain of given keyrings."""

    backends: list[KeyringBackend] = []  # type: ignore[assignment]  # noqa: RUF012 - a property of the class there
    priority = 0  # type: ignore[assignment]


def contents_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def keyring_kept() -> Iterator[None]:
    """The keyring that this process had before."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring_kept: None) -> Iterator[KeyringSession]:
    """An unlocked, empty gnome-keyring that this process uses."""
    if missing := missing_parts():
        pytest.fail(f"not installed: {', '.join(missing)}")
    with KeyringSession(tmp_path) as session:
        for name, value in session.environment.items():
            monkeypatch.setenv(name, value)
        keyring.set_keyring(SecretService.Keyring())
        yield session


@pytest.fixture
def secrets() -> Iterator[Secrets]:
    """Of the default profile."""
    secrets = Secrets("default")
    yield secrets
    secrets.close()


async def test_passwords_last_in_the_keyring(session: KeyringSession, secrets: Secrets) -> None:
    assert await secrets.usable()
    assert await secrets.get_password(ROMEO) is None
    assert await secrets.set_password(ROMEO.with_resource("balcony"), "wherefore ✓")
    await secrets.set_password(JULIET, "art thou")
    later = Secrets("default")
    assert await later.get_password(ROMEO) == "wherefore ✓"
    assert keyring.get_password(SERVICE, str(ROMEO)) == "wherefore ✓"
    await later.forget(ROMEO)
    assert await secrets.get_password(ROMEO) is None
    assert await secrets.get_password(JULIET) == "art thou"
    await later.forget(ROMEO)  # nothing there: no error
    later.close()


async def test_no_file_holds_a_password(session: KeyringSession, secrets: Secrets, tmp_path: Path) -> None:
    await secrets.set_password(ROMEO, "wherefore-art-thou")
    key = await secrets.database_key(create=True)
    assert key is not None
    files = contents_of(tmp_path)
    assert any("keyring" in name for name in files)
    for data in files.values():
        assert not any(secret in data for secret in (b"wherefore-art-thou", key, key.hex().encode()))


async def test_the_key_of_a_profile_is_made_once(session: KeyringSession, secrets: Secrets) -> None:
    assert await secrets.database_key(create=False) is None
    key = await secrets.database_key(create=True)
    assert key is not None
    assert len(key) == 32
    other, again = Secrets("other"), Secrets("default")
    assert await again.database_key(create=True) == key
    assert await other.database_key(create=False) is None
    other.close()
    again.close()


async def test_a_locked_keyring_waits_without_blocking(session: KeyringSession, secrets: Secrets) -> None:
    await secrets.set_password(ROMEO, "wherefore")
    session.lock()
    prompter = Prompter(session.address)
    waiting = asyncio.create_task(secrets.get_password(ROMEO))
    assert await asyncio.to_thread(prompter.asked.wait, 10)
    for _ in range(100):
        await asyncio.sleep(0)  # the loop turns while the prompt is open
    assert not waiting.done()
    prompter.answer(PASSWORD)
    assert await asyncio.wait_for(waiting, 10) == "wherefore"


async def test_a_dismissed_prompt_is_told(session: KeyringSession, secrets: Secrets) -> None:
    await secrets.set_password(ROMEO, "wherefore")
    session.lock()  # and nobody is there to ask: dismissed
    for attempt in (secrets.get_password(ROMEO), secrets.database_key(create=True), secrets.forget(ROMEO)):
        with pytest.raises(KnownError) as caught:
            await attempt
        assert caught.value.kind is ErrorKind.KEYRING_LOCKED
    assert not await secrets.set_password(ROMEO, "for now")
    assert await secrets.get_password(ROMEO) == "for now"


async def test_signing_in_beside_a_locked_keyring_tells_so_and_writes_nothing(
    session: KeyringSession, secrets: Secrets, tmp_path: Path
) -> None:
    await secrets.set_password(JULIET, "art thou")
    session.lock()
    core = Core(tmp_path, passwords=secrets)
    core.connects = True
    account = await core.services.accounts.sign_in(ROMEO, "wherefore-art-thou", ConnectionSettings(), remember=True)
    assert [(told.error.kind, told.error.subject) for told in core.published(StorageFailed)] == [
        (ErrorKind.PASSWORD_NOT_KEPT, str(ROMEO))
    ]
    assert await core.stream(account.id).password() == "wherefore-art-thou"
    assert not any(b"wherefore-art-thou" in data for data in contents_of(tmp_path).values())
    core.close()


async def test_an_open_prompt_does_not_keep_the_program_from_quitting(session: KeyringSession) -> None:
    session.lock()
    prompter = Prompter(session.address)
    program = (
        "import asyncio\nfrom whimbrel.model.jid import JID\nfrom whimbrel.platform.secrets import Secrets\n"
        "async def main():\n    task = asyncio.create_task(Secrets('default').get_password(JID.parse('a@b.example')))\n"
        "    await asyncio.to_thread(input)\n    task.cancel()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**session.environment, "PYTHONPATH": str(SOURCE)}, stdin=subprocess.PIPE
    )
    assert await asyncio.to_thread(prompter.asked.wait, 20)
    await asyncio.wait_for(process.communicate(b"\n"), 20)
    assert process.returncode == 0
    prompter.answer(None)


@pytest.mark.parametrize("available", [True, False])
def test_what_a_fresh_process_finds(available: bool, session: KeyringSession, tmp_path: Path) -> None:
    address = session.address if available else f"unix:path={tmp_path / 'nobody'}"
    program = "import asyncio\nfrom whimbrel.platform.secrets import Secrets\nprint(asyncio.run(Secrets('x').usable()))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**session.environment, "PYTHONPATH": str(SOURCE), "DBUS_SESSION_BUS_ADDRESS": address},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert result.stdout.strip() == str(available)


@pytest.mark.parametrize("backends", [[], [PlaintextKeyring()], [null.Keyring(), fail.Keyring()]])
@pytest.mark.parametrize("chained", [True, False])
async def test_without_a_safe_keyring_passwords_last_for_the_session(
    backends: list[KeyringBackend], chained: bool, keyring_kept: None, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chain, "backends", backends)
    keyring.set_keyring(Chain() if chained or not backends else backends[0])
    assert not await secrets.usable()
    assert not await secrets.set_password(ROMEO, "wherefore")
    assert await secrets.get_password(ROMEO) == "wherefore"
    assert await secrets.database_key(create=True) is None
    await secrets.forget(ROMEO)
    assert await secrets.get_password(ROMEO) is None


async def test_a_broken_keyring_is_told(keyring_kept: None, secrets: Secrets) -> None:
    keyring.set_keyring(BrokenKeyring())
    with pytest.raises(KnownError) as caught:
        await secrets.database_key(create=True)
    assert caught.value.kind is ErrorKind.KEYRING_UNAVAILABLE
    assert not await secrets.set_password(ROMEO, "wherefore")
    assert await secrets.get_password(ROMEO) == "wherefore"


async def test_session_only_never_asks_a_keyring(keyring_kept: None) -> None:
    keyring.set_keyring(PlaintextKeyring())
    secrets = Secrets("default", session_only=True)
    before = threading.active_count()
    assert not await secrets.usable()
    secrets.keep_for_session(ROMEO, "wherefore")
    assert await secrets.get_password(ROMEO) == "wherefore"
    assert await secrets.database_key(create=True) is None
    await secrets.forget(ROMEO)
    assert await secrets.get_password(ROMEO) is None
    assert threading.active_count() == before
