"""A desktop of its own for a test: screen, window manager, D-Bus, accessibility, keyring; and programs worked on it.

Everything is started by the test, known by its process id and ended with it. A program is worked as a person with a
screen reader does it: by role and accessible name.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import selectors
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from tests.helpers.bus import bus_address, has_owner, start_bus
from tests.helpers.keyring_session import wait_for_collection

_SYSTEM_PYTHON = "/usr/bin/python3"
_BUS_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
_NEEDED = ("Xvfb", "dbus-daemon", "openbox", _SYSTEM_PYTHON, _BUS_LAUNCHER)
_ROOT = Path(__file__).parents[2]
_POLL = 0.05  # seconds between two looks
_PATIENCE = 20.0  # seconds

T = TypeVar("T")


class NotThere(AssertionError):
    """Something that a person would see did not appear in time."""


def missing_parts() -> list[str]:
    """What has to be installed before a desktop can be had here; empty where all is there."""
    missing = [part for part in _NEEDED if shutil.which(part) is None]
    probe = "import gi; gi.require_version('Atspi', '2.0')"
    if _SYSTEM_PYTHON not in missing and subprocess.run([_SYSTEM_PYTHON, "-c", probe], capture_output=True).returncode:
        missing.append("python3-pyatspi")
    return missing


def wait_for(predicate: Callable[[], T], what: str, timeout: float = _PATIENCE) -> T:
    """Look again and again until ``predicate`` gives something true; raises NotThere after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not (value := predicate()):
        if time.monotonic() > deadline:
            raise NotThere(f"{what}: not within {timeout:g} s")
        time.sleep(_POLL)
    return value


class Desktop:
    """A private desktop. Use it as a context manager, or call :meth:`close`.

    Args:
        folder: becomes the home folder; logs of what is started go there too.
        keyring: whether a real, unlocked gnome-keyring runs in it.
        size: of the screen, in pixels.
    """

    def __init__(self, folder: Path, *, keyring: bool = False, size: tuple[int, int] = (1280, 900)) -> None:
        self.folder = folder
        self._short = Path(tempfile.mkdtemp(prefix="desktop-"))  # names of sockets may not be long
        self._processes: list[subprocess.Popen[bytes]] = []
        self._reader: _Reader | None = None
        self.env = self._environment()
        try:
            self._start_screen(size)
            self._start_buses()
            if keyring:
                self._start_keyring()
            self._reader = _Reader(self.env, self._log("atspi"))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, argv: Sequence[str], **env: str) -> App:
        """Start a program on this desktop; its output goes to a file in the folder."""
        assert self._reader is not None
        name = f"program-{len(self._processes)}"
        process = self._spawn(argv, name, env=self.env | env)
        return App(process, self._reader, self.folder / f"{name}.log")

    def screenshot(self, path: Path) -> None:
        """Write what the screen shows, as PNG."""
        from PySide6.QtGui import QImage

        raw = (self._short / "Xvfb_screen0").read_bytes()  # X window dump, version 7
        head = struct.unpack(">25I", raw[:100])
        header, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
        pixels = raw[header + colours * 12 :]
        QImage(pixels, width, height, line, QImage.Format.Format_RGB32).save(str(path))

    def close(self) -> None:
        """End everything that was started here, last first."""
        if self._reader is not None:
            self._reader.close()
        for process in reversed(self._processes):
            _end(process)
        shutil.rmtree(self._short, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        home = self.folder / "home"
        runtime = self._short / "run"
        home.mkdir(parents=True, exist_ok=True)
        runtime.mkdir(mode=0o700)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
        return {
            "LANG": "C.UTF-8",
            **kept,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_SESSION_TYPE": "x11",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONPATH": os.pathsep.join((str(_ROOT / "desktop"), str(_ROOT))),
            "PYTHONUNBUFFERED": "1",
        }

    def _start_screen(self, size: tuple[int, int]) -> None:
        read, write = os.pipe()
        geometry = f"{size[0]}x{size[1]}x24"
        self._spawn(
            [
                "Xvfb",
                f":{random.randrange(1_000, 50_000)}",  # servers that look for a free number trip over one another
                "-displayfd",
                str(write),
                "-screen",
                "0",
                geometry,
                "-nolisten",
                "tcp",
                "-fbdir",
                str(self._short),
            ],
            "xvfb",
            pass_fds=(write,),
        )
        os.close(write)
        self.env["DISPLAY"] = f":{_read_line(read, 'a display')}"

    def _start_buses(self) -> None:
        with self._log("dbus") as log:
            self._processes.append(start_bus(self._short, env=self.env, log=log))
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus_address(self._short)
        self._spawn([_BUS_LAUNCHER, "--launch-immediately"], "at-spi")
        # Who asks for the tree's bus before it is there is ended by the library that asks.
        wait_for(lambda: has_owner(bus_address(self._short), "org.a11y.Bus"), "the accessibility bus")
        self._spawn(["openbox", "--sm-disable"], "openbox")

    def _start_keyring(self) -> None:
        process = self._spawn(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"], "keyring", pipe=True
        )
        assert process.stdin is not None
        process.stdin.write(b"password")
        process.stdin.close()
        wait_for_collection(self.env["DBUS_SESSION_BUS_ADDRESS"])

    def _spawn(
        self,
        argv: Sequence[str],
        name: str,
        *,
        env: dict[str, str] | None = None,
        pass_fds: tuple[int, ...] = (),
        pipe: bool = False,
    ) -> subprocess.Popen[bytes]:
        log = self._log(name)
        process = subprocess.Popen(
            argv,
            env=env or self.env,
            stdin=subprocess.PIPE if pipe else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
            cwd=self.folder,
            start_new_session=True,
        )
        log.close()
        self._processes.append(process)
        return process

    def _log(self, name: str) -> IO[bytes]:
        return (self.folder / f"{name}.log").open("wb")


class App:
    """A program on a desktop, worked from outside."""

    def __init__(self, process: subprocess.Popen[bytes], reader: _Reader, log: Path) -> None:
        self.process = process
        self.log = log
        self._reader = reader
        reader.ask("listen")

    def find(self, role: str, name: str | None = None, *, timeout: float = _PATIENCE) -> Element:
        """The first showing element of a role and name, as soon as there is one; raises NotThere with the tree."""
        return self._find(role, name, None, timeout)

    def find_all(self, role: str, name: str | None = None) -> list[Element]:
        """Every showing element of a role and name that is there now."""
        return self._find_all(role, name, None)

    def wait_for(self, predicate: Callable[[], T], what: str, timeout: float = _PATIENCE) -> T:
        """Wait until a predicate holds (a vanished element counts as no); the failure shows the tree."""

        def look() -> T | None:
            if self.process.poll() is not None:
                raise AssertionError(
                    f"the program ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}"
                )
            with contextlib.suppress(NotThere):
                return predicate()
            return None

        try:
            found = wait_for(look, what, timeout)
        except NotThere as error:
            raise NotThere(f"{error}\n{self.dump()}\n{self.log.read_text()[-2000:]}") from None
        assert found is not None
        return found

    def gone(self, role: str, name: str) -> None:
        """Wait until no element of this role and name shows any more."""
        self.wait_for(lambda: not self.find_all(role, name), f"{role} {name!r} to go")

    def type(self, text: str) -> None:
        """Type on the keyboard, into whatever has it; a newline is Enter.

        A shortcut pressed next may overtake it: for the sake of screen readers Qt holds a letter until the bus has
        answered, but no shortcut. :meth:`wait_typed` comes between.
        """
        self._reader.ask("keys", text=text)

    def wait_typed(self, role: str, name: str, text: str) -> None:
        """Wait until all that was typed into an element has arrived there."""
        self.wait_for(
            lambda: any(each.look().text == text for each in self.find_all(role, name)), f"{text!r} in {role} {name!r}"
        )

    def wait_focused(self, role: str, name: str) -> None:
        """Wait until an element has the keyboard, before something is typed into it."""
        self.wait_for(
            lambda: any("focused" in each.look().states for each in self.find_all(role, name)),
            f"{role} {name!r} to have the focus",
        )

    def press(self, key: str) -> None:
        """Press a key wherever it goes: ``Return``, ``Down``, ``Ctrl+k``."""
        modifier, _plus, name = key.rpartition("+")
        self._reader.ask("key", name=name, modifier=modifier)

    def announced(self) -> list[str]:
        """What it had read out by a screen reader since it was started, in order."""
        return [str(said) for said in self._reader.ask("announced", pid=self.process.pid)]

    def focused(self) -> list[str]:
        """Role and name of what has the keyboard."""
        return [str(each) for each in self._reader.ask("focused", pid=self.process.pid)]

    def dump(self) -> str:
        """The program's accessibility tree in words."""
        return str(self._reader.ask("dump", pid=self.process.pid))

    def kill(self) -> None:
        """End the program as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def wait_ended(self, timeout: float = _PATIENCE) -> int:
        """Wait until the program has ended; its exit status."""
        return self.process.wait(timeout)

    def _find(self, role: str, name: str | None, within: int | None, timeout: float) -> Element:
        found = self.wait_for(lambda: self._find_all(role, name, within), f"{role} {name!r}", timeout)
        return found[0]

    def _find_all(self, role: str, name: str | None, within: int | None) -> list[Element]:
        numbers = self._reader.ask("find", pid=self.process.pid, role=role, name=name, within=within, showing=True)
        return [Element(self, self._reader, number) for number in numbers]


@dataclass(frozen=True)
class Look:
    """What a screen reader would say about an element; ``box`` is x, y, width, height on the screen, in pixels."""

    role: str
    name: str
    description: str
    states: frozenset[str]
    text: str | None
    box: tuple[int, int, int, int] | None


class Element:
    """An element of a program's window. What it does raises NotThere where it has vanished."""

    def __init__(self, app: App, reader: _Reader, number: int) -> None:
        self._app = app
        self._reader = reader
        self._number = number

    def find(self, role: str, name: str | None = None, *, timeout: float = _PATIENCE) -> Element:
        """The first showing element inside this one, as :meth:`App.find`."""
        return self._app._find(role, name, self._number, timeout)

    def find_all(self, role: str, name: str | None = None) -> list[Element]:
        """Every showing element inside this one."""
        return self._app._find_all(role, name, self._number)

    def look(self) -> Look:
        """How it is now."""
        seen: dict[str, Any] = self._reader.ask("describe", node=self._number)
        box = tuple(seen["box"]) if seen["box"] else None
        return Look(seen["role"], seen["name"], seen["description"], frozenset(seen["states"]), seen["text"], box)

    def text(self) -> str:
        """What it says: its text, or its name where it has no text."""
        look = self.look()
        return look.text if look.text is not None else look.name

    def click(self) -> None:
        """Wait until it can be used, then do its main action."""
        self._app.wait_for(lambda: {"enabled", "sensitive"} & self.look().states, "the element to be usable")
        self._reader.ask("press", node=self._number)

    def set_text(self, text: str) -> None:
        """Replace what is written in it."""
        self._reader.ask("set_text", node=self._number, text=text)

    def focus(self) -> None:
        """Give it the keyboard and wait until it has it."""
        self._reader.ask("focus", node=self._number)
        self._app.wait_for(lambda: "focused" in self.look().states, "the focus")

    def focus_inside(self) -> None:
        """Give the keyboard to it or, for an editable combo box, to the line in it."""
        self._reader.ask("focus", node=self._number)
        self._app.wait_for(self._has_focus_inside, "the focus")

    def _has_focus_inside(self) -> bool:
        return "focused" in self.look().states or any("focused" in e.look().states for e in self.find_all("text"))

    def choose(self, name: str) -> None:
        """Choose an item of a combo box: open it, type the item's name, Enter."""
        self.click()
        self.find("list item", name)
        self._app.type(f"{name}\n")
        self._app.wait_for(lambda: not self.find_all("list item"), "the list to close")


class _Reader:
    """The other side of ``atspi.py``."""

    def __init__(self, env: dict[str, str], log: IO[bytes]) -> None:
        with log:
            self._process = subprocess.Popen(
                [_SYSTEM_PYTHON, "-W", "ignore::DeprecationWarning", str(Path(__file__).with_name("atspi.py"))],
                env={name: value for name, value in env.items() if not name.startswith("PYTHON")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def ask(self, op: str, **arguments: Any) -> Any:
        """Ask for something and wait for the answer; raises NotThere where it is gone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"op": op} | arguments) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the reader of the accessibility tree has ended")
        answer = json.loads(line)
        if "gone" in answer:
            raise NotThere(answer["gone"])
        if "fault" in answer:
            raise RuntimeError(f"{op}: {answer['fault']}")
        return answer["ok"]

    def close(self) -> None:
        """End it."""
        _end(self._process)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _read_line(descriptor: int, what: str) -> str:
    """The first line that arrives on a pipe, whose end is then closed."""
    collected = b""
    with selectors.DefaultSelector() as selector, os.fdopen(descriptor, "rb", buffering=0) as pipe:
        selector.register(pipe, selectors.EVENT_READ)
        while not collected.endswith(b"\n"):
            if not selector.select(_PATIENCE):
                raise RuntimeError(f"{what} did not start")
            if not (chunk := pipe.read(256)):
                raise RuntimeError(f"{what} ended at once")
            collected += chunk
    return collected.decode().strip()
