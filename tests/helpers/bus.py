"""A D-Bus of a test's own, on which nothing starts by itself: least of all a keyring that asks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from jeepney import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{kind}</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def is_missing() -> bool:
    """Whether the program for it is not installed."""
    return shutil.which("dbus-daemon") is None


def bus_address(folder: Path) -> str:
    """The address of the bus that is started in a folder, whose name may not be long."""
    return f"unix:path={folder / 'bus'}"


def start_bus(
    folder: Path, *, kind: str = "session", env: Mapping[str, str] | None = None, log: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a bus and wait until it listens; who starts it ends the process.

    Args:
        kind: session or system.
        log: where its complaints go.
    """
    config = folder / "bus.conf"
    config.write_text(_CONFIG.format(kind=kind, address=bus_address(folder)))
    process = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if log is None else log,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        if not process.stdout.readline():
            process.wait(10)
            raise RuntimeError("dbus-daemon did not start")
    return process


def has_owner(address: str, name: str) -> bool:
    """Whether somebody on a bus bears a name now."""
    with open_dbus_connection(address) as connection:
        return bool(Proxy(message_bus, connection).NameHasOwner(name)[0])
