"""Where a fault happened, in words that can be shown to anybody: no value and no message of an exception is in them.

What an exception says may hold a stanza, an address, a path with somebody's name, the parameters of a query. So nothing
of that is used: what is told is the kinds of exceptions, the places in the program with their lines, and the few facts
that come from a fixed set (the number of a system's error, the kind of a known error).
"""

from __future__ import annotations

import errno
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import TracebackType

from whimbrel.model.account import ConnectionState
from whimbrel.model.errors import KnownError

_STAGES = frozenset(each.value for each in ConnectionState)
_ELSEWHERE = "[elsewhere]"
_MOST_LINKS = 8  # exceptions of one chain that are told of
_MOST_MEMBERS = 4  # of a group
_FIRST_FRAMES, _LAST_FRAMES = 6, 24  # of a longer traceback: an endless recursion has a thousand
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.<>]*", re.ASCII)
_CRASH_PLACE = re.compile(r'  File "([^"]*)", line (\d+) in ([A-Za-z0-9_.<>]+)', re.ASCII)
_CRASH_WORDS = re.compile(
    r"(Fatal Python error: (Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception"
    r"|Floating-point exception)|Windows fatal exception: [a-z ]+"
    r"|(Current thread|Thread) 0x[0-9a-f]+ \(most recent call first\):"
    r"|  Garbage-collecting|  <[a-z ]+>|  \.\.\.)"
)
_CAUSE = "The above was the cause of:"
_CONTEXT = "While the above was handled, this happened:"


def describe(error: BaseException) -> str:
    """The traceback of an exception and of what led to it, the oldest first, without any value."""
    parts: list[str] = []
    for link, words in reversed(list(_chain(error))):
        parts += [_describe_one(link), *([words] if words else [])]
    return "\n".join(parts)


def describe_crash(text: str) -> str:
    """What faulthandler wrote, in its own words and without where the program is installed."""
    lines = []
    for line in text.splitlines():
        place = _CRASH_PLACE.fullmatch(line)
        if place is not None:
            lines.append(f"  File {short_path(place[1])}, line {place[2]} in {place[3]}")
        elif _CRASH_WORDS.fullmatch(line):
            lines.append(line)
    return "\n".join(lines)


def signature(error: BaseException) -> str:
    """The same for two faults that are one: the kinds of exceptions, and where each was raised.

    How deep a recursion was, or which way led to the part of the program that is at fault, makes no other.
    """
    parts = []
    for link, _ in _chain(error):
        frames = _frames(link.__traceback__)[-3:]
        parts.append(f"{kind_of(link)} " + " ".join(f"{f.filename}:{f.lineno}" for f in frames))
    return " | ".join(parts)


def kind_of(error: BaseException) -> str:
    """The name of an exception's class, as its source code has it."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    is_known = kind.__module__ in sys.modules and _NAME.fullmatch(name) and len(name) < 200
    return name if is_known else "an exception"


def short_path(path: str) -> str:
    """A source file as the program or the library knows it, without where that is installed.

    A file that belongs to neither could have any name: its name is not told.
    """
    if path.startswith("<frozen "):
        return path
    for root in _roots():
        if path.startswith(root):
            return path[len(root) :].replace("\\", "/")
    return _ELSEWHERE


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """An exception and what led to it, the newest first, each with how it led to the one before it."""
    current: BaseException | None = error
    words = ""
    for _ in range(_MOST_LINKS):
        if current is None:
            return
        yield current, words
        is_meant = current.__cause__ is not None
        words = _CAUSE if is_meant else _CONTEXT
        current = current.__cause__ if is_meant else None if current.__suppress_context__ else current.__context__


def _describe_one(error: BaseException) -> str:
    frames = _frames(error.__traceback__)
    lines = ["Traceback (most recent call last):"] if frames else []
    if len(frames) > _FIRST_FRAMES + _LAST_FRAMES:
        skipped = len(frames) - _FIRST_FRAMES - _LAST_FRAMES
        lines += _format(frames[:_FIRST_FRAMES])
        lines.append(f"  ({skipped} more)")
        frames_shown = frames[-_LAST_FRAMES:]
    else:
        frames_shown = frames
    lines += _format(frames_shown)
    facts = _facts(error, frames[-1].line or "" if frames else "")
    lines.append(f"{kind_of(error)}{f' ({facts})' if facts else ''}")
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions[:_MOST_MEMBERS]:
            lines += ["  of several, one:", *(f"  | {line}" for line in _describe_one(member).splitlines())]
    return "\n".join(lines)


def _format(frames: list[traceback.FrameSummary]) -> list[str]:
    return [line.rstrip("\n") for line in traceback.StackSummary.from_list(frames).format()]


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """Where it went, with the lines of the source where these are the program's or a library's."""
    found = []
    for frame, number in traceback.walk_tb(trace):
        path = short_path(frame.f_code.co_filename)
        line = "" if path == _ELSEWHERE else linecache.getline(frame.f_code.co_filename, number).strip()
        name = frame.f_code.co_name if _NAME.fullmatch(frame.f_code.co_name) else "?"
        found.append(traceback.FrameSummary(path, number, name, lookup_line=False, line=line))
    return found


def _facts(error: BaseException, line: str) -> str:
    """What is known of an exception beside its kind, of what can only be one of a fixed set."""
    if isinstance(error, KnownError):
        return f"{error.kind.value}, {error.stage}" if error.stage in _STAGES else error.kind.value
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return errno.errorcode.get(error.errno, str(error.errno))
    if isinstance(error, AttributeError | NameError):
        name = error.name  # is data where getattr() was given it: then it is not in the line
        return name if isinstance(name, str) and name in _WORD.findall(line) else ""
    if type(error).__module__.startswith(("sqlite3", "sqlcipher3")):
        name = getattr(error, "sqlite_errorname", "")
        return name if isinstance(name, str) and _WORD.fullmatch(name) else ""
    return ""


@cache
def _roots() -> tuple[str, ...]:
    """The folders of the program and of the libraries, the longest first: one may lie in another."""
    import sysconfig  # not before the first paint

    package = Path(__file__).resolve().parent.parent.parent
    paths = {str(package), *(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib"))}
    paths |= {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    bundle = getattr(sys, "_MEIPASS", "")  # of PyInstaller
    separators = {str(Path(path)) + ("\\" if "\\" in path else "/") for path in (*paths, bundle) if path}
    return tuple(sorted(separators, key=len, reverse=True))
