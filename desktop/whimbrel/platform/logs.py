"""The log, without secrets and without what people write to each other (``redaction.py``); faults are loud here.

What was not foreseen (an exception that nobody caught, in the main thread, another thread, a task or a destructor)
is logged with its traceback, kept once (``faults.py``) and handed to ``on_fault``. So is what our code caught, so that
the rest goes on, and logged as an error with its traceback. Qt's own warnings go to the log too.
What exceptions say is written in a detailed log only: it may hold anything. Where the interpreter itself dies, it
writes to ``crash.log``, and the next start finds that.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from whimbrel.platform.faults import Faults
from whimbrel.platform.paths import Profile
from whimbrel.platform.redaction import redact, without_locals
from whimbrel.platform.traces import describe, describe_crash

if TYPE_CHECKING:
    import asyncio  # costs more than all else here, and is not needed before the first paint

    from PySide6.QtCore import QMessageLogContext, QtMsgType

log = logging.getLogger(__name__)

LOG_FILE = "whimbrel.log"
_CRASH_FILE = "crash.log"
_LAST_CRASH_FILE = "crash-last.log"
_MOST_CRASH_BYTES = 64_000
_MAX_BYTES = 2_000_000
_KEPT_FILES = 3
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_TIME = "%Y-%m-%d %H:%M:%S"
_STREAM_LOGGER = "slixmpp.xmlstream.xmlstream"  # writes "SEND: …" and "RECV: …" at DEBUG
_OURS = "whimbrel"
_NOISY = ("asyncio", "qasync", "slixmpp", "keyring", "aiodns")  # their DEBUG drowns ours


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole text, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to be written."""
        return redact(super().format(record))


class _LogFormatter(RedactingFormatter):
    """Of the log itself: of addresses their provider alone; of exceptions what they say only ``in_detail``.

    No line but the first begins where lines of records do: what a server says cannot look like another record.
    """

    in_detail = False

    def format(self, record: logging.LogRecord) -> str:
        cached, record.exc_text = record.exc_text, None  # another handler may have kept it with what it says
        try:
            return "\n  ".join(without_locals(super().format(record)).splitlines())
        finally:
            record.exc_text = cached

    def formatException(self, ei: Any) -> str:
        error = ei[1]
        return super().formatException(ei) if self.in_detail or error is None else describe(error)


class Logs:
    """What :func:`setup` installed. ``on_fault`` is called with every fault, from whatever thread it happened in."""

    def __init__(self, on_fault: Callable[[BaseException], None] | None, folder: Path | None = None) -> None:
        self.on_fault = on_fault
        self.folder = folder
        self.faults = Faults()
        self.last_crash = ""  # what the interpreter wrote when it died the last time
        self._handlers: list[logging.Handler] = []
        self._caught = _Caught(self)
        self._formatters: list[_LogFormatter] = []
        self._stanzas: logging.Handler | None = None
        self._crash_file: TextIO | None = None
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._watches_qt = False

    def report(self, error: BaseException, where: str) -> None:
        """Log a fault and tell ``on_fault``. One that comes again and again is logged ever more rarely."""
        count = self.note(error, where)
        if count & (count - 1) == 0:
            log.critical("Fault in %s%s", where, f", {count} times now" if count > 1 else "", exc_info=error)

    def note(self, error: BaseException, where: str) -> int:
        """Keep a fault that is logged elsewhere, and tell ``on_fault``. Returns how often it came."""
        fault = self.faults.note(error, where)
        if self.on_fault is not None:
            self.on_fault(error)
        return fault.count if fault is not None else self.faults.beyond

    @property
    def in_detail(self) -> bool:
        """Whether our own DEBUG lines are logged, and what exceptions say."""
        return any(formatter.in_detail for formatter in self._formatters)

    def set_detail(self, in_detail: bool) -> None:
        """Log in detail, or as usual, from now on."""
        logging.getLogger().setLevel(logging.DEBUG if in_detail else logging.INFO)
        for formatter in self._formatters:
            formatter.in_detail = in_detail

    @property
    def stanza_file(self) -> Path | None:
        """Where stanzas are written now."""
        return Path(self._stanzas.baseFilename) if isinstance(self._stanzas, _PrivateFile) else None

    def write_stanzas(self, path: Path | None) -> None:
        """Write stanzas, redacted, to a file from now on; None: no more.

        Raises:
            OSError: the file cannot be written; then what was stays.
        """
        handler = _PrivateFile(path) if path is not None else None
        stream = logging.getLogger(_STREAM_LOGGER)
        if self._stanzas is not None:
            stream.removeHandler(self._stanzas)
            self._handlers.remove(self._stanzas)
            self._stanzas.close()
        self._stanzas = handler
        stream.setLevel(logging.INFO if handler is None else logging.DEBUG)
        if handler is not None:
            handler.addFilter(_is_stanza)
            self._add(handler, stream, RedactingFormatter("%(asctime)s.%(msecs)03d %(message)s", _TIME))

    def watch_hard_crashes(self) -> None:
        """Let the interpreter write where it was when it dies; find what it wrote the last time (``last_crash``)."""
        if self.folder is None:
            return
        path, last = self.folder / _CRASH_FILE, self.folder / _LAST_CRASH_FILE
        try:
            if path.exists() and path.stat().st_size:
                path.replace(last)
                self.last_crash = describe_crash(last.read_text("utf-8", errors="replace")[:_MOST_CRASH_BYTES])
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._crash_file = open(descriptor, "w", encoding="utf-8")  # noqa: SIM115 - stays open while we run
            faulthandler.enable(self._crash_file)
        except OSError as error:
            log.warning("a crash could not be written down: %s", error.strerror)

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
        logging.getLogger(_OURS).removeHandler(self._caught)
        if self._crash_file is not None:
            faulthandler.disable()
            self._crash_file.close()
            self._crash_file = None

    def _add(self, handler: logging.Handler, logger: logging.Logger, formatter: RedactingFormatter) -> None:
        handler.setFormatter(formatter)
        if isinstance(formatter, _LogFormatter):
            handler.addFilter(lambda record: not _is_stanza(record))
            self._formatters.append(formatter)
        logger.addHandler(handler)
        self._handlers.append(handler)

    def _install_hooks(self) -> None:
        logging.getLogger(_OURS).addHandler(self._caught)
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
    logs = Logs(on_fault, profile.logs)
    root = logging.getLogger()
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.INFO)
    file = _PrivateFile(profile.logs / LOG_FILE, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES)
    logs._add(file, root, _LogFormatter(_FORMAT, _TIME))
    if debug:
        logs._add(logging.StreamHandler(), root, _LogFormatter(_FORMAT, _TIME))
    logs.set_detail(debug)
    if log_xml is not None:
        logs.write_stanzas(log_xml)
    logs._install_hooks()
    return logs


class _Caught(logging.Handler):
    """Notes the faults that our code logs as it catches them; those that :meth:`Logs.report` logs are noted."""

    def __init__(self, logs: Logs) -> None:
        super().__init__(logging.ERROR)
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        """Note a fault."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and record.name != log.name:
            self._logs.note(error, record.name)


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
