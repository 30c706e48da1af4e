"""Passwords and the history's key in the operating system's keyring, or for this session only."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.platform.threads import DaemonThreads

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "im.whimbrel.Whimbrel"
_KEY_BYTES = 32

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_UNSAFE_MODULES = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt.")
"""Nowhere, nowhere, and files in plain text or with a password asked for on the terminal."""

_ERRORS_BY_MODULE = {
    "secretstorage.exceptions": "SecretStorageException",
    "jeepney.wrappers": "DBusErrorResponse",
    "win32ctypes.pywin32.pywintypes": "error",
}
"""What keyring's backends let through from their libraries."""


class Secrets:
    """The secrets of one profile.

    Every call to the keyring is made in one thread of its own, where a locked keyring may wait for the person as long
    as it takes; the event loop goes on meanwhile.

    Args:
        profile_name: tells the profiles of one person apart (``Profile.name``).
        session_only: use no keyring at all; may be changed later.
    """

    def __init__(self, profile_name: str, session_only: bool = False) -> None:
        self._key_user = f"database:{profile_name}"
        self.session_only = session_only
        self._session: dict[JID, str] = {}
        self._thread = DaemonThreads("keyring", 1)
        self._backend: KeyringBackend | None = None  # belongs to the thread

    async def usable(self) -> bool:
        """Whether there is a keyring that keeps secrets secret. It may still be locked."""
        return not self.session_only and await self._run(self._find_backend) is not None

    async def get_password(self, jid: JID) -> str | None:
        """The password of an address: the one kept for this session, else the keyring's.

        Raises:
            KnownError: KEYRING_LOCKED where the person did not unlock the keyring, KEYRING_UNAVAILABLE where it failed.
        """
        kept = self._session.get(jid.bare)
        return kept if kept is not None else await self._call(lambda backend: _read(backend, str(jid.bare)))

    async def set_password(self, jid: JID, password: str) -> bool:
        """Keep a password in the keyring; returns False where that was impossible: then it is for this session only."""
        self._session[jid.bare] = password
        try:
            stored = await self._call(lambda backend: _write(backend, str(jid.bare), password))
        except KnownError as error:
            _log.warning("The keyring did not take the password: %s", error)
            return False
        if stored and self._session.get(jid.bare) == password:
            del self._session[jid.bare]
        return stored is True

    def keep_for_session(self, jid: JID, password: str) -> None:
        """Keep a password until the program ends; it goes before the keyring's."""
        self._session[jid.bare] = password

    async def forget(self, jid: JID) -> None:
        """Remove the password of an address from everywhere.

        Raises:
            KnownError: KEYRING_LOCKED or KEYRING_UNAVAILABLE where the keyring may still have it.
        """
        self._session.pop(jid.bare, None)
        await self._call(lambda backend: _delete(backend, str(jid.bare)))

    async def database_key(self, create: bool) -> bytes | None:
        """The key of the history, 32 bytes; None where there is none, or no keyring.

        Args:
            create: make one where there is none. It is returned only once the keyring gives it back.

        Raises:
            KnownError: KEYRING_LOCKED where the person did not unlock the keyring, KEYRING_UNAVAILABLE where it failed.
        """
        return await self._call(lambda backend: _key(backend, self._key_user, create))

    def close(self) -> None:
        """Let the thread end once its current call is done."""
        self._thread.shutdown()

    async def _call(self, work: Callable[[KeyringBackend], _T]) -> _T | None:
        if self.session_only:
            return None

        def call() -> _T | None:
            backend = self._find_backend()
            return None if backend is None else _explained(work, backend)

        return await self._run(call)

    async def _run(self, work: Callable[[], _T]) -> _T:
        import asyncio  # not needed before the first paint

        return await asyncio.wrap_future(self._thread.submit(work))

    def _find_backend(self) -> KeyringBackend | None:
        """In the thread: importing keyring and asking D-Bus take about 0.1 s."""
        if self._backend is None:
            import keyring
            from keyring.backends.chainer import ChainerBackend

            try:
                found = keyring.get_keyring()
            except (ImportError, AttributeError, RuntimeError) as error:  # a keyring configured that is not there
                _log.warning("No keyring: %s", error)
                return None
            candidates = found.backends if isinstance(found, ChainerBackend) else [found]
            self._backend = next((backend for backend in candidates if _is_safe(backend)), None)
        return self._backend


def _is_safe(backend: KeyringBackend) -> bool:
    """A chain is never used as such: it goes on to the next keyring, even an unsafe one."""
    return not f"{type(backend).__module__}.".startswith(_UNSAFE_MODULES)


def _read(backend: KeyringBackend, user: str) -> str | None:
    return backend.get_password(SERVICE, user)


def _write(backend: KeyringBackend, user: str, secret: str) -> bool:
    backend.set_password(SERVICE, user, secret)
    return True


def _delete(backend: KeyringBackend, user: str) -> None:
    if _read(backend, user) is not None:
        backend.delete_password(SERVICE, user)


def _key(backend: KeyringBackend, user: str, create: bool) -> bytes | None:
    text = _read(backend, user)
    if text is None and create:
        _write(backend, user, secrets.token_hex(_KEY_BYTES))
        text = _read(backend, user)
        if text is None:
            raise KnownError(ErrorKind.KEYRING_UNAVAILABLE, "the keyring does not keep what it takes")
    if text is None:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise KnownError(ErrorKind.KEYRING_UNAVAILABLE, "the stored key is not one")
    return key


def _explained(work: Callable[[KeyringBackend], _T], backend: KeyringBackend) -> _T:
    """Do something with the keyring; its errors become known ones, with no secret in them."""
    from keyring.errors import KeyringError, KeyringLocked

    failures: tuple[type[Exception], ...] = (KeyringError, OSError, EOFError, RuntimeError, *_library_errors())
    try:
        return work(backend)
    except KeyringLocked as error:
        raise KnownError(ErrorKind.KEYRING_LOCKED, str(error)) from error
    except failures as error:
        kind = ErrorKind.KEYRING_LOCKED if _was_dismissed(error) else ErrorKind.KEYRING_UNAVAILABLE
        raise KnownError(kind, f"{type(error).__name__}: {error}") from error


def _library_errors() -> list[type[Exception]]:
    return [getattr(sys.modules[module], name) for module, name in _ERRORS_BY_MODULE.items() if module in sys.modules]


def _was_dismissed(error: BaseException) -> bool:
    causes: list[BaseException | None] = [error, error.__cause__]
    return any(type(cause).__name__ in ("PromptDismissedException", "LockedException") for cause in causes)
