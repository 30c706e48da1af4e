"""``kill -9`` of the program at named points of its work, without any hook in its code.

In a process of its own, :func:`install` wraps the functions at which the points lie, and :func:`arm` decides at which
of them, and at which time of passing, the process kills itself. Nothing is flushed, closed or undone then.
"""

from __future__ import annotations

import enum
import functools
import importlib
import os
import signal
from collections.abc import Callable
from typing import Any


class Point(enum.Enum):
    """Where the program can die."""

    BEFORE_COMMIT = "before-commit"  # all is written, nothing is committed
    AFTER_COMMIT = "after-commit"  # committed, and nobody knows
    BEFORE_SEND = "before-send"  # marked as in flight on disk, not handed to the stream
    AFTER_SEND = "after-send"  # on the wire, nothing heard of it
    BEFORE_ACKNOWLEDGE = "before-acknowledge"  # the server says that it has it, that is not on disk
    BEFORE_STORE = "before-store"  # received, not stored
    AFTER_STORE = "after-store"  # stored, the server does not know
    AFTER_PAGE = "after-page"  # of the archive: fetched, not stored
    IN_PAGE = "in-page"  # its messages are written, its cursor is not, nothing is committed
    AFTER_PAGE_COMMIT = "after-page-commit"  # committed, and nobody knows
    IN_MIGRATION = "in-migration"  # before a statement of a migration


class _Fuse:
    """Counts how often the armed point is passed."""

    def __init__(self) -> None:
        self.point: Point | None = None
        self.left = 0

    def pass_by(self, point: Point) -> None:
        """The program is at a point; it may be its last."""
        if point is not self.point:
            return
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


_fuse = _Fuse()


def arm(point: Point | None, passing: int = 1) -> None:
    """Die when a point is passed for this many times from now on. None: do not die."""
    _fuse.point = point
    _fuse.left = passing


def install() -> None:
    """Wrap the functions at which the points lie. Before anything of the program is built."""
    install_in_storage()
    _wrap("whimbrel.xmpp.connection", "Connection", "send_message", _before(Point.BEFORE_SEND))
    _wrap("whimbrel.xmpp.client", "Client", "send_raw", _written)
    _wrap("whimbrel.core.session", "Session", "on_acknowledged", _before(Point.BEFORE_ACKNOWLEDGE))
    _wrap("whimbrel.core.session", "Session", "on_envelopes", _around(Point.BEFORE_STORE, Point.AFTER_STORE))
    _wrap("whimbrel.core.incoming", "Incoming", "receive_page", _page)


def install_in_storage() -> None:
    """Only the points that lie there: a commit's and a migration's."""
    _wrap("whimbrel.storage.database", "Database", "execute", _commits)
    module = importlib.import_module("whimbrel.storage.database")
    module.migrate = _statements(module.migrate)  # type: ignore[attr-defined]  # as it is named where it is called


_Function = Callable[..., Any]


def _wrap(module: str, owner: str, name: str, wrapper: Callable[[_Function], _Function]) -> None:
    cls = getattr(importlib.import_module(module), owner)
    original = getattr(cls, name)
    setattr(cls, name, functools.wraps(original)(wrapper(original)))


def _around(before: Point, after: Point) -> Callable[[_Function], _Function]:
    def wrapper(original: _Function) -> _Function:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            _fuse.pass_by(before)
            result = original(*args, **kwargs)
            _fuse.pass_by(after)
            return result

        return wrapped

    return wrapper


def _before(point: Point) -> Callable[[_Function], _Function]:
    def wrapper(original: _Function) -> _Function:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            _fuse.pass_by(point)
            return original(*args, **kwargs)

        return wrapped

    return wrapper


def _commits(original: _Function) -> _Function:
    def wrapped(self: Any, sql: str, parameters: Any = ()) -> Any:
        if sql != "COMMIT":
            return original(self, sql, parameters)
        _fuse.pass_by(Point.BEFORE_COMMIT)
        result = original(self, sql, parameters)
        _fuse.pass_by(Point.AFTER_COMMIT)
        return result

    return wrapped


def _written(original: _Function) -> _Function:
    def wrapped(self: Any, data: Any) -> Any:
        result = original(self, data)
        if "<body" in (data if isinstance(data, str) else data.decode("utf-8", "replace")):
            _fuse.pass_by(Point.AFTER_SEND)
        return result

    return wrapped


def _page(original: _Function) -> _Function:
    def wrapped(self: Any, envelopes: Any, also: Callable[[], None]) -> Any:
        _fuse.pass_by(Point.AFTER_PAGE)

        def with_cursor() -> None:
            _fuse.pass_by(Point.IN_PAGE)
            also()

        result = original(self, envelopes, with_cursor)
        _fuse.pass_by(Point.AFTER_PAGE_COMMIT)
        return result

    return wrapped


def _statements(original: _Function) -> _Function:
    def wrapped(connection: Any) -> Any:
        connection.set_trace_callback(lambda _sql: _fuse.pass_by(Point.IN_MIGRATION))
        try:
            return original(connection)
        finally:
            connection.set_trace_callback(None)

    return wrapped
