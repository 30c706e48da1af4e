"""The log, without secrets and without what people write to each other; faults are loud here.

What was not foreseen (an exception that nobody caught, in the main thread, another thread, a task or a destructor)
is logged with its traceback and handed to ``on_fault``. Qt's own warnings go to the log too.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from functools import cache
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from whimbrel.platform.paths import Profile

if TYPE_CHECKING:
    import asyncio  # costs more than all else here, and is not needed before the first paint

    from PySide6.QtCore import QMessageLogContext, QtMsgType

log = logging.getLogger(__name__)

_FILE = "whimbrel.log"
_MAX_BYTES = 2_000_000
_KEPT_FILES = 3
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_STREAM_LOGGER = "slixmpp.xmlstream.xmlstream"  # writes "SEND: …" and "RECV: …" at DEBUG
_NOISY = ("asyncio", "qasync", "slixmpp", "keyring", "aiodns")  # their DEBUG drowns ours

_GONE = "[…]"
_TEXT = r">[^<>]+(?=<|\Z)"
_ELEMENTS = (
    "password|auth|authenticate|response|challenge|success|initial-response|additional-data|token|hash|body|html"
    "|payload|subject|content|username|email|secret"
)
_SECRETS = "password|passwd|passphrase|secret|token|preauth"


@cache
def _element() -> re.Pattern[str]:
    return re.compile(
        rf"<((?:[\w.-]+:)?(?:{_ELEMENTS}))(\s[^<>]*)?(?<!/)>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
    )


@cache
def _registration() -> re.Pattern[str]:
    return re.compile(
        r"(<((?:[\w.-]+:)?query)\b[^<>]*jabber:iq:register[^<>]*(?<!/)>)(.*?)(</\2\s*>|\Z)", re.DOTALL | re.IGNORECASE
    )


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)\b(\w*(?:{_SECRETS})|body)\b(['\"]?\s*[=:]\s*)"
        r"(b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|[^\s,;&)}\]]+)"
    )


def redact(text: str) -> str:
    """The text without passwords, SASL exchanges, registration fields and bodies."""
    if "<" in text:
        text = _registration().sub(lambda m: m[1] + re.sub(_TEXT, f">{_GONE}", ">" + m[3])[1:] + m[4], text)
        text = _element().sub(lambda m: f"<{m[1]}{m[2] or ''}>{_GONE}</{m[1]}>", text)
    return _pair().sub(rf"\1\2{_GONE}", text)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole text, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to be written."""
        return redact(super().format(record))


class Logs:
    """What :func:`setup` installed. ``on_fault`` is called with every fault, from whatever thread it happened in."""

    def __init__(self, on_fault: Callable[[BaseException], None] | None) -> None:
        self.on_fault = on_fault
        self._handlers: list[logging.Handler] = []
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._watches_qt = False

    def report(self, error: BaseException, where: str) -> None:
        """Log a fault and tell ``on_fault``."""
        log.critical("Fault in %s", where, exc_info=error)
        if self.on_fault is not None:
            self.on_fault(error)

    def watch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Report what the tasks of this loop raise without anybody awaiting them."""
        loop.set_exception_handler(self._on_loop_exception)

    def watch_qt(self) -> None:
        """Send Qt's messages to the log (imports Qt)."""
        from PySide6.QtCore import qInstallMessageHandler

        qInstallMessageHandler(_on_qt_message)
        self._watches_qt = True

    def close(self) -> None:
        """Put everything back as it was."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        if self._watches_qt:
            from PySide6.QtCore import qInstallMessageHandler

            qInstallMessageHandler(None)
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            logging.getLogger(_STREAM_LOGGER).removeHandler(handler)
            handler.close()
        self._handlers.clear()

    def _add(self, handler: logging.Handler, logger: logging.Logger, layout: str = _FORMAT) -> None:
        handler.setFormatter(RedactingFormatter(layout, "%Y-%m-%d %H:%M:%S"))
        logger.addHandler(handler)
        self._handlers.append(handler)

    def _install_hooks(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def _on_exception(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, traceback)
        else:
            self.report(error, "the main thread")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self.report(args.exc_value, f"thread {args.thread.name if args.thread else '?'}")

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value, args.err_msg or "a destructor")

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(error, str(context.get("message", "a task")))
        else:
            log.error("The event loop says: %s", context.get("message"))


def setup(
    profile: Profile,
    debug: bool = False,
    log_xml: Path | None = None,
    on_fault: Callable[[BaseException], None] | None = None,
) -> Logs:
    """Start logging into the profile's folder, and to the terminal with ``debug``.

    Args:
        profile: whose ``logs`` folder is used; it exists.
        debug: our own DEBUG lines too.
        log_xml: where the redacted stanzas go; None for nowhere.
        on_fault: told about what nobody foresaw; may be set later on the result.

    Raises:
        OSError: where a file cannot be written.
    """
    logs = Logs(on_fault)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.INFO)
    logs._add(_PrivateFile(profile.logs / _FILE, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES), root)
    if debug:
        logs._add(logging.StreamHandler(), root)
    if log_xml is not None:
        stream = logging.getLogger(_STREAM_LOGGER)
        stream.setLevel(logging.DEBUG)
        handler = _PrivateFile(log_xml)
        handler.addFilter(_is_stanza)
        logs._add(handler, stream, "%(asctime)s.%(msecs)03d %(message)s")
        for other in logs._handlers[:-1]:
            other.addFilter(lambda record: not _is_stanza(record))
    logs._install_hooks()
    return logs


class _PrivateFile(RotatingFileHandler):
    """A log file that only its owner can read (0600)."""

    def __init__(self, path: Path, *, maxBytes: int = 0, backupCount: int = 0) -> None:  # noqa: N803 - logging's names
        super().__init__(path, maxBytes=maxBytes, backupCount=backupCount, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with contextlib.suppress(OSError):
            os.chmod(self.baseFilename, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def _is_stanza(record: logging.LogRecord) -> bool:
    return record.name == _STREAM_LOGGER and isinstance(record.msg, str) and record.msg.startswith(("SEND:", "RECV:"))


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    from PySide6.QtCore import QtMsgType

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s: %s", context.category or "default", text)
