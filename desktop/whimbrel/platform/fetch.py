"""Fetching files from addresses that others named: over the web only, from public addresses only, within bounds (C3).

The address that was checked is the one that is connected to: names are resolved here, for each connection, and the
socket is made only for an address that is allowed. Redirects are followed here too, each checked like the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import os
import secrets
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.fetched import Fetched
from whimbrel.model.origin import secure_origin
from whimbrel.platform.addresses import is_home, is_public

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver
    from yarl import URL

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a host. Raises OSError where there are none."""

_PIECE = 64 * 1024
_REDIRECTS = 5
_REDIRECT_STATUS = (301, 302, 303, 307, 308)
_FOUND = 200
_GONE = (404, 410)
_LATER = (408, 425, 429, 500, 502, 503, 504)
_MOST_TYPE = 100


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the operating system."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Fetcher:
    """Fetches one file at a time for each call; many may be under way.

    Args:
        resolve: finds addresses.
        allows: whether an address may be connected to.
        trust: makes the context that checks certificates; called in a thread.
        idle: seconds that a server may be silent.
        grace: seconds after which what has come must have come at ``slowest`` bytes a second at least.
        allows_home: whether an address may be connected to for ``home``, which is no public one.
        home: of which host files are fetched from a private network too (``secure_origin``); "": of none.
    """

    def __init__(
        self,
        resolve: Resolve = resolve_by_system,
        allows: Callable[[str], bool] = is_public,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        *,
        idle: float = 20.0,
        grace: float = 60.0,
        slowest: float = 4096.0,
        allows_home: Callable[[str], bool] = is_home,
        home: str = "",
    ) -> None:
        self._resolve = resolve
        self._allows = allows
        self._trust = trust
        self._idle = idle
        self._grace = grace
        self._slowest = slowest
        self._allows_home = allows_home
        self._home = home

    def at_home(self, origin: str) -> Fetcher:
        """One that reaches into a private network too: for this host at this port only (``secure_origin``)."""
        return Fetcher(
            self._resolve,
            self._allows,
            self._trust,
            idle=self._idle,
            grace=self._grace,
            slowest=self._slowest,
            allows_home=self._allows_home,
            home=origin,
        )

    async def fetch(
        self,
        url: str,
        target: Path,
        most: int,
        advance: Callable[[int, int | None], None],
        *,
        unencrypted: bool = False,
    ) -> Fetched:
        """Fetch a file; ``target`` is there only once it is whole.

        Args:
            most: the largest that is taken, in bytes, whatever the server says.
            advance: is told how many bytes are here, of how many where the server says so.
            unencrypted: whether an http address will do; one that is redirected from https never does.

        Raises:
            KnownError: NOT_SECURE, ADDRESS_PRIVATE, TOO_LARGE, NOT_FOUND, REFUSED, DISK_FULL, a certificate's kind, and
                what mends itself.
        """
        await asyncio.to_thread(importlib.import_module, "aiohttp")  # it takes a fifth of a second
        trust = await asyncio.to_thread(self._trust)
        gate = _Gate(self._resolve, self._allows, self._allows_home)
        pace = _Pace(self._grace, self._slowest)
        async with (
            _known(url, gate),
            asyncio.timeout(self._grace) as pace.deadline,
            self._session(gate, trust) as session,
            self._follow(session, gate, url, unencrypted) as answer,
        ):
            return await _keep(answer, target, most, pace, advance)

    def _session(self, gate: _Gate, trust: ssl.SSLContext) -> ClientSession:
        import aiohttp

        connector = aiohttp.TCPConnector(
            resolver=_resolver(gate), socket_factory=gate.make_socket, ssl=trust, use_dns_cache=False, force_close=True
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._idle, sock_read=self._idle),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            # Nothing of the person or the machine is told; what is packed could be far larger than it says.
            headers={"User-Agent": "Whimbrel", "Accept": "*/*", "Accept-Encoding": "identity"},
        )

    @contextlib.asynccontextmanager
    async def _follow(
        self, session: ClientSession, gate: _Gate, url: str, unencrypted: bool
    ) -> AsyncIterator[ClientResponse]:
        """The answer at the end of the redirects."""
        from yarl import URL

        place = URL(url, encoded=True)
        for _ in range(_REDIRECTS + 1):
            place = _checked(place, unencrypted)
            gate.is_at_home = bool(self._home) and secure_origin(str(place)) == self._home
            async with session.get(place, allow_redirects=False) as answer:
                where = answer.headers.get("Location")
                if answer.status not in _REDIRECT_STATUS or where is None:
                    _check_answer(answer)
                    yield answer
                    return
                unencrypted = unencrypted and place.scheme == "http"
                place = place.join(URL(where))
        raise KnownError(ErrorKind.REFUSED, "too many redirects", subject=place.host or "")


class _Pace:
    """Moves a deadline along with what comes, so that nobody can keep us with a byte now and then."""

    def __init__(self, grace: float, slowest: float) -> None:
        self.deadline: asyncio.Timeout | None = None
        self._began = asyncio.get_running_loop().time()
        self._grace = grace
        self._slowest = slowest

    def note(self, received: int) -> None:
        """So many bytes are here."""
        if self.deadline is not None:
            self.deadline.reschedule(self._began + self._grace + received / self._slowest)


class _Gate:
    """Lets connections through to allowed addresses only, and remembers what it refused.

    ``is_at_home``: what is asked now is the host that may be in a private network; of a redirect, it is found out anew.
    """

    def __init__(self, resolve: Resolve, allows: Callable[[str], bool], allows_home: Callable[[str], bool]) -> None:
        self._resolve = resolve
        self._allows = allows
        self._allows_home = allows_home
        self.is_at_home = False
        self.refused = ""

    def is_open(self, address: str) -> bool:
        """Whether an address may be connected to."""
        allowed = self._allows(address) or (self.is_at_home and self._allows_home(address))
        if not allowed:
            self.refused = address
        return allowed

    async def find(self, host: str, port: int) -> list[str]:
        """The allowed addresses of a host. Raises OSError where there is none."""
        found = [address for address in await self._resolve(host, port) if self.is_open(address)]
        if not found:
            raise OSError(f"{host} has no address that may be asked")
        return found

    def make_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for an address, checked once more: what is connected to is this and nothing else."""
        family, kind, protocol, _, where = info
        if not self.is_open(str(where[0])):
            raise OSError(f"{where[0]} is not to be asked")
        return socket.socket(family, kind, protocol)


def _resolver(gate: _Gate) -> AbstractResolver:
    """A resolver as the library wants it, without reading the library before it is needed."""
    from aiohttp.abc import AbstractResolver, ResolveResult

    class Checked(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            return [
                ResolveResult(
                    hostname=host,
                    host=address,
                    port=port,
                    family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                    proto=0,
                    flags=socket.AI_NUMERICHOST,
                )
                for address in await gate.find(host, port)
            ]

        async def close(self) -> None:
            """Nothing is kept open."""

    return Checked()


def _checked(place: URL, unencrypted: bool) -> URL:
    """An address that may be asked, without names and passwords in it. Raises KnownError."""
    host = place.host or ""
    if place.scheme not in ("https", "http") or not host:
        raise KnownError(ErrorKind.REFUSED, f"not a web address: {place.scheme}", subject=host)
    if place.scheme == "http" and not unencrypted:
        raise KnownError(ErrorKind.NOT_SECURE, "http", subject=host)
    return place.with_user(None) if place.user is not None or place.password is not None else place


def _check_answer(answer: ClientResponse) -> None:
    host, detail = answer.url.host or "", f"HTTP {answer.status} {answer.reason or ''}".strip()
    if answer.status in _GONE:
        raise KnownError(ErrorKind.NOT_FOUND, detail, subject=host)
    if answer.status in _LATER:
        raise KnownError(ErrorKind.TRY_LATER, detail, subject=host)
    if answer.status != _FOUND:
        raise KnownError(ErrorKind.REFUSED, detail, subject=host)
    packed = answer.headers.get("Content-Encoding", "identity").lower()
    if packed != "identity":
        raise KnownError(ErrorKind.REFUSED, f"packed ({packed[:_MOST_TYPE]}), which was not asked for", subject=host)


async def _keep(
    answer: ClientResponse, target: Path, most: int, pace: _Pace, advance: Callable[[int, int | None], None]
) -> Fetched:
    """Write what comes, and give it its name once it is whole. Raises KnownError TOO_LARGE, OSError."""
    total = answer.content_length
    if total is not None and total > most:
        raise KnownError(ErrorKind.TOO_LARGE, f"{total} bytes, at most {most}")
    part = target.with_name(f"{secrets.token_hex(8)}.part")  # two messages may have the same file
    digest, received = hashlib.sha256(), 0
    file = await asyncio.to_thread(_open_new, part)
    try:
        with file:
            async for piece in answer.content.iter_chunked(_PIECE):
                received += len(piece)
                if received > most:
                    raise KnownError(ErrorKind.TOO_LARGE, f"more than {most} bytes")
                await asyncio.to_thread(_write, file, digest, piece)
                pace.note(received)
                advance(received, total)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Fetched(received, answer.content_type[:_MOST_TYPE].lower(), b64encode(digest.digest()).decode())


def _open_new(path: Path) -> Any:
    """A new file for nobody else's eyes, and not to be run (C2)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _write(file: Any, digest: Any, piece: bytes) -> None:
    digest.update(piece)
    file.write(piece)


@contextlib.asynccontextmanager
async def _known(url: str, gate: _Gate) -> AsyncIterator[None]:
    """Turn what the library raises into what a person can be told."""
    import aiohttp
    from yarl import URL

    try:
        host = URL(url).host or ""
    except ValueError as error:
        raise KnownError(ErrorKind.REFUSED, f"an address that is none: {error}") from error
    try:
        yield
    except TimeoutError as error:
        raise KnownError(ErrorKind.NO_ANSWER, "too slow", subject=host) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _meaning(error, host, gate.refused) from error


def _meaning(error: Exception, host: str, refused: str) -> KnownError:
    import aiohttp

    detail = str(error) or type(error).__name__
    if refused:
        return KnownError(ErrorKind.ADDRESS_PRIVATE, refused, subject=host)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return KnownError(ErrorKind.CERTIFICATE_INVALID, detail, subject=host)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return KnownError(ErrorKind.HOST_UNKNOWN, detail, subject=host)
    if isinstance(error, aiohttp.ClientSSLError):
        return KnownError(ErrorKind.TLS_FAILED, detail, subject=host)
    if isinstance(error, aiohttp.ClientConnectorError):
        return KnownError(ErrorKind.CONNECTION_REFUSED, detail, subject=host)
    if isinstance(error, aiohttp.InvalidURL) or not isinstance(error, aiohttp.ClientError | OSError):
        return KnownError(ErrorKind.REFUSED, f"an address that is none: {detail}", subject=host)
    if isinstance(error, aiohttp.ClientError):
        return KnownError(ErrorKind.CONNECTION_LOST, detail, subject=host)
    return KnownError(ErrorKind.DISK_FULL, detail)
