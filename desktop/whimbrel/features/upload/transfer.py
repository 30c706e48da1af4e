"""Putting a file on an HTTP server: in pieces, with progress, certificates checked, nothing followed elsewhere."""

from __future__ import annotations

import asyncio
import importlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from whimbrel.features.upload.wire import Slot
from whimbrel.model.errors import ErrorKind, KnownError

if TYPE_CHECKING:
    from aiohttp import ClientSession

_PIECE = 64 * 1024
_STALLED = 60.0  # seconds without a piece going out, or an answer coming in
_CONNECT = 20.0
_DONE = (200, 201, 204)
_TOO_LARGE = 413
_LATER = (408, 425, 429, 500, 502, 503, 504)

Advance = Callable[[int], None]
"""Is told how many bytes have gone out so far."""


async def put_file(slot: Slot, path: Path, size: int, media_type: str, advance: Advance) -> None:
    """Put a file into a slot (XEP-0363 section 7).

    Raises:
        KnownError: FILE_GONE, TOO_LARGE, REFUSED, CERTIFICATE_INVALID, and what mends itself.
    """
    await asyncio.to_thread(importlib.import_module, "aiohttp")  # it takes a fifth of a second
    trust = await asyncio.to_thread(ssl.create_default_context)
    import aiohttp

    host = urlsplit(slot.put).hostname or ""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT)
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust), timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            await _put(session, slot, path, size, media_type, advance)
    except aiohttp.ClientConnectorCertificateError as error:
        raise KnownError(ErrorKind.CERTIFICATE_INVALID, str(error), subject=host) from error
    except aiohttp.ClientConnectorDNSError as error:
        raise KnownError(ErrorKind.HOST_UNKNOWN, str(error), subject=host) from error
    except aiohttp.ClientSSLError as error:
        raise KnownError(ErrorKind.TLS_FAILED, str(error), subject=host) from error
    except aiohttp.ClientConnectorError as error:
        raise KnownError(ErrorKind.CONNECTION_REFUSED, str(error), subject=host) from error
    except aiohttp.InvalidURL as error:
        raise KnownError(ErrorKind.REFUSED, f"an address that is none: {error}", subject=host) from error
    except TimeoutError as error:
        raise KnownError(ErrorKind.NO_ANSWER, "the upload stalled", subject=host) from error
    except aiohttp.ClientError as error:
        raise KnownError(ErrorKind.CONNECTION_LOST, str(error) or type(error).__name__, subject=host) from error


async def _put(session: ClientSession, slot: Slot, path: Path, size: int, media_type: str, advance: Advance) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_STALLED) as deadline:

        def went_out(done: int) -> None:
            deadline.reschedule(loop.time() + _STALLED)
            advance(done)

        from yarl import URL

        async with session.put(
            URL(slot.put, encoded=True),
            data=_pieces(path, went_out),
            headers=[
                *slot.headers,
                ("Content-Length", str(size)),
                ("Content-Type", media_type),
                ("User-Agent", "Whimbrel"),  # not with which versions of what
            ],
            allow_redirects=False,
        ) as answer:
            if answer.status in _DONE:
                return
            words = (await answer.content.read(300)).decode("utf-8", "replace").strip()
            raise _meaning(answer.status, f"HTTP {answer.status} {answer.reason or ''} {words}".strip())


async def _pieces(path: Path, went_out: Advance) -> AsyncIterator[bytes]:
    """What is in a file. Raises KnownError FILE_GONE where it cannot be read."""
    done = 0
    try:
        file = await asyncio.to_thread(path.open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
                done += len(piece)
                went_out(done)
        finally:
            file.close()
    except OSError as error:
        raise KnownError(ErrorKind.FILE_GONE, str(error), subject=path.name) from error


def _meaning(status: int, detail: str) -> KnownError:
    if status == _TOO_LARGE:
        return KnownError(ErrorKind.TOO_LARGE, detail)
    return KnownError(ErrorKind.TRY_LATER if status in _LATER else ErrorKind.REFUSED, detail)
