"""Real servers from Debian's packages, each private: loopback ports of its own, its own data and certificate.

Used by the tests and by the demo; imports neither pytest nor the program.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tests.helpers.certificates import Authority
from tests.helpers.prosody_data import write_roster

_START_SECONDS = 40.0
_STOP_SECONDS = 10.0


class ServerFailed(RuntimeError):
    """Raised where a server did not come up; its text holds the end of the server's log."""


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody uses, each another."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def prosody_missing() -> str:
    """Why Prosody cannot be started here, or ""."""
    return "" if shutil.which("prosody") else "prosody is not installed (apt-get install prosody)"


def ejabberd_missing() -> str:
    """Why ejabberd cannot be started here, or ""."""
    return "" if shutil.which("ejabberdctl") and shutil.which("erl") else "ejabberd is not installed"


class Server:
    """What both servers have in common. ``stop`` ends exactly the process that was started."""

    name = ""

    def __init__(self, folder: Path, domain: str, *, registration: bool, authority: Authority | None) -> None:
        self.domain = domain
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = authority or Authority(folder / "authority")
        self.ca_file = self.authority.ca_file
        self.host = "127.0.0.1"
        self.starttls_port, self.direct_tls_port, self._spare_port = free_ports(3)
        self.registration = registration
        self._process: subprocess.Popen[bytes] | None = None
        self._start: Callable[[], None]
        self._log = folder / "output.log"

    def add_user(self, local: str, password: str) -> None:
        """Create an account."""
        raise NotImplementedError

    def make_contacts(self, local: str, others: Iterable[str]) -> None:
        """Make an account the mutual contact of others, before any of them has signed in."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the server's process and wait for it. Does nothing where it has ended."""
        self.halt()

    def halt(self, *, kill: bool = False) -> None:
        """End the process, properly or (``kill``) as a power cut does; what is on disk stays for ``start_again``."""
        process, self._process = self._process, None
        if process is None:
            return
        (process.kill if kill else process.terminate)()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP_SECONDS)

    def cpu_seconds(self) -> float:
        """How much its process has worked so far; 0 where it does not run. Linux only."""
        if self._process is None:
            return 0.0
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime: proc(5)

    def start_again(self) -> None:
        """Start it as it was, on the same ports, after ``halt``. Raises ServerFailed."""
        self._start()

    def _run(
        self, command: list[str], ports: list[int], *, cwd: Path, env: dict[str, str] | None = None, user: str = ""
    ) -> None:
        self._start = partial(self._launch, command, ports, cwd=cwd, env=env, user=user)
        self._start()

    def _launch(
        self, command: list[str], ports: list[int], *, cwd: Path, env: dict[str, str] | None, user: str
    ) -> None:
        as_other = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                **as_other,
            )
        deadline = time.monotonic() + _START_SECONDS
        for port in ports:
            self._wait_for(port, deadline)

    def _wait_for(self, port: int, deadline: float) -> None:
        while True:
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServerFailed(f"{self.name} did not start: {self.log_tail()}")
            try:
                with socket.create_connection((self.host, port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)

    def log_tail(self) -> str:
        """The end of what the server wrote."""
        return self._log.read_text("utf-8", "replace")[-3000:] if self._log.exists() else ""


class Prosody(Server):
    """A private Prosody. ``folder`` must be its own; it stays after ``stop``."""

    name = "prosody"

    def __init__(
        self,
        folder: Path,
        domain: str = "example.test",
        *,
        registration: bool = False,
        authority: Authority | None = None,
        extra: str = "",
        largest_file: int = 0,
    ) -> None:
        """``largest_file``: it takes files of up to so many bytes, at https://localhost."""
        super().__init__(folder, domain, registration=registration, authority=authority)
        certificate = self.authority.issue(domain, "localhost")
        self.files_url = f"https://localhost:{self._spare_port}/"
        if largest_file:
            extra += _PROSODY_FILES.format(domain=domain, url=self.files_url, largest=largest_file)
        self._data = folder / "data"
        self._data.mkdir(exist_ok=True)
        (folder / "certs").mkdir(exist_ok=True)
        config = folder / "prosody.cfg.lua"
        config.write_text(
            _PROSODY.format(
                data=self._data,
                folder=folder,
                starttls=self.starttls_port,
                direct=self.direct_tls_port,
                registration="true" if registration else "false",
                domain=domain,
                chain=certificate.chain,
                key=certificate.key,
                extra=extra,
                https=self._spare_port if largest_file else "",
            ),
            "utf-8",
        )
        ports = [self.starttls_port, self.direct_tls_port, *([self._spare_port] if largest_file else [])]
        self._run(["prosody", "--config", str(config), "-F"], ports, cwd=folder)

    def add_user(self, local: str, password: str) -> None:
        """Create an account, also while the server runs."""
        accounts = self._data / _prosody_name(self.domain) / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        text = f'return {{\n\t["password"] = {json.dumps(password)};\n}};\n'
        (accounts / f"{_prosody_name(local)}.dat").write_text(text, "utf-8")

    def make_contacts(self, local: str, others: Iterable[str]) -> None:
        """Write the rosters."""
        others = tuple(others)
        addresses = {f"{other}@{self.domain}": (other, ()) for other in others}
        write_roster(self._data, self.domain, local, addresses)
        for other in others:
            write_roster(self._data, self.domain, other, {f"{local}@{self.domain}": (local, ())})


def _prosody_name(text: str) -> str:
    """How Prosody names a file: everything but ASCII letters and digits as %xx."""
    return "".join(chr(b) if chr(b).isascii() and chr(b).isalnum() else f"%{b:02x}" for b in text.encode())


_PROSODY = """
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{data}"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {starttls} }}
c2s_direct_tls_ports = {{ {direct} }}
s2s_ports = {{}}
http_ports = {{}}
https_ports = {{ {https} }}
https_interfaces = {{ "127.0.0.1" }}
https_ssl = {{ certificate = "{chain}"; key = "{key}"; }}
component_ports = {{}}
log = {{ info = "*console" }}
authentication = "internal_plain"
storage = "internal"
c2s_require_encryption = true
allow_registration = {registration}
min_seconds_between_registrations = 0
archive_expires_after = "never"
limits = {{ }}
modules_enabled = {{
  "roster"; "saslauth"; "tls"; "disco"; "ping"; "smacks"; "carbons"; "mam"; "blocklist"; "register";
  "pep"; "offline"; "private"; "vcard4"; "vcard_legacy"; "version"; "lastactivity"; "uptime"; "time"; "presence";
  "message"; "iq"; "c2s";
}}
modules_disabled = {{ "s2s" }}
ssl = {{ certificate = "{chain}"; key = "{key}"; }}
c2s_direct_tls_ssl = {{ certificate = "{chain}"; key = "{key}"; }}
VirtualHost "{domain}"
  ssl = {{ certificate = "{chain}"; key = "{key}"; }}
{extra}
"""

_PROSODY_FILES = """
Component "files.{domain}" "http_file_share"
  http_host = "localhost"
  http_external_url = "{url}"
  http_file_share_size_limit = {largest}
"""


class Ejabberd(Server):
    """A private ejabberd without Erlang's distribution (so no epmd and no node name that could clash).

    Its files lie in a folder of its own under the system's temporary folder, because its user must reach them;
    ``stop`` removes it.

    Args:
        sqlite: keep archives and offline messages in an SQLite file (needs Debian's erlang-p1-sqlite3) instead of
            Mnesia, which loses what it had not written when it is stopped.
    """

    name = "ejabberd"

    def __init__(
        self,
        folder: Path,
        domain: str = "example.test",
        *,
        registration: bool = False,
        authority: Authority | None = None,
        sqlite: bool = False,
    ) -> None:
        super().__init__(folder, domain, registration=registration, authority=authority)
        self._home = Path(tempfile.mkdtemp(prefix="whimbrel-ejabberd-"))
        self._api_port = self._spare_port
        certificate = self.authority.issue(domain)
        pem = self._home / "server.pem"
        pem.write_bytes(certificate.chain.read_bytes() + certificate.key.read_bytes())
        config = self._home / "ejabberd.yml"
        config.write_text(
            _EJABBERD.format(
                domain=domain,
                pem=pem,
                starttls=self.starttls_port,
                direct=self.direct_tls_port,
                api=self._api_port,
                register="allow" if registration else "deny",
                storage="sql" if sqlite else "mnesia",
            )
            + (self._make_database() if sqlite else ""),
            "utf-8",
        )
        (self._home / "spool").mkdir()
        (self._home / "inetrc").write_text('{lookup,["file","native"]}.\n', "utf-8")
        user = "ejabberd" if os.geteuid() == 0 else ""
        if user:
            for path in (self._home, *self._home.rglob("*")):
                shutil.chown(path, user, user)
        environment = {
            "EJABBERD_CONFIG_PATH": str(config),
            "EJABBERD_LOG_PATH": str(self._home / "ejabberd.log"),
            "ERL_LIBS": _erlang_libraries(),
            "ERL_CRASH_DUMP": str(self._home / "crash.dump"),
            "ERL_INETRC": str(self._home / "inetrc"),
            "HOME": str(self._home),
        }
        command = ["erl", "+S", "2:2", "+P", "50000", "+Q", "4096", "-noinput"]
        command += ["-mnesia", "dir", f'"{self._home / "spool"}"', "-s", "ejabberd"]
        self._run(
            command,
            [self.starttls_port, self.direct_tls_port, self._api_port],
            cwd=self._home,
            env=environment,
            user=user,
        )
        self._wait_for_database()

    def start_again(self) -> None:
        """Start it as it was, on the same ports, after ``halt``. Raises ServerFailed."""
        super().start_again()
        self._wait_for_database()

    def _wait_for_database(self) -> None:
        """It listens before it can store: what it takes until then is in no archive."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._call("get_offline_count", {"user": "nobody", "host": self.domain})
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(f"{self.name} cannot store: {error}; {self.log_tail()}") from error
                time.sleep(0.05)

    def add_user(self, local: str, password: str) -> None:
        """Create an account in the running server."""
        self._call("register", {"user": local, "host": self.domain, "password": password})

    def make_contacts(self, local: str, others: Iterable[str]) -> None:
        """Write the rosters of the running server."""
        for other in others:
            for one, two in ((local, other), (other, local)):
                item = {"user": two, "host": self.domain, "nick": two, "group": "", "subs": "both"}
                self._call("add_rosteritem", {"localuser": one, "localhost": self.domain, **item})

    def _make_database(self) -> str:
        """Lay out the database; returns what the configuration says of it."""
        path = self._home / "ejabberd.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.executescript(_SQLITE_SCHEMA.read_text("utf-8"))
        return f'sql_type: sqlite\nsql_database: "{path}"\n'

    def _call(self, command: str, arguments: dict[str, str]) -> None:
        url = f"http://127.0.0.1:{self._api_port}/api/{command}"
        body = json.dumps(arguments).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()

    def stop(self) -> None:
        """End the process and remove its files."""
        super().stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def log_tail(self) -> str:
        """The end of what the server wrote."""
        log = self._home / "ejabberd.log"
        return super().log_tail() + (log.read_text("utf-8", "replace")[-3000:] if log.exists() else "")


def _erlang_libraries() -> str:
    """The folder that holds ejabberd's Erlang application."""
    for parent in Path("/usr/lib").glob("*-linux-gnu*"):
        if any(parent.glob("ejabberd-*")):
            return str(parent)
    return "/usr/lib"


_SQLITE_SCHEMA = Path("/usr/share/ejabberd/sql/lite.sql")

_EJABBERD = """
hosts: ["{domain}"]
loglevel: 4
certfiles: ["{pem}"]
s2s_use_starttls: false
auth_method: internal
auth_password_format: plain
registration_timeout: infinity
acl:
  loopback: {{ip: [127.0.0.0/8, "::1/128"]}}
access_rules:
  register: {{{register}: all}}
api_permissions:
  "tests":
    from: [mod_http_api]
    who: {{access: {{allow: {{acl: loopback}}}}}}
    what: "*"
shaper: {{normal: 100000000, fast: 100000000}}
shaper_rules: {{c2s_shaper: fast, max_user_sessions: 20, max_user_offline_messages: 5000}}
listen:
  - {{port: {starttls}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true}}
  - {{port: {direct}, ip: "127.0.0.1", module: ejabberd_c2s, tls: true}}
  - {{port: {api}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {{"/api": mod_http_api}}}}
modules:
  mod_admin_extra: {{}}
  mod_roster: {{versioning: true, store_current_id: true}}
  mod_blocking: {{}}
  mod_privacy: {{}}
  mod_disco: {{}}
  mod_ping: {{}}
  mod_offline: {{db_type: {storage}}}
  mod_carboncopy: {{}}
  mod_mam: {{default: always, assume_mam_usage: true, db_type: {storage}}}
  mod_caps: {{}}
  mod_pubsub: {{plugins: [flat, pep]}}
  mod_private: {{}}
  mod_vcard: {{}}
  mod_last: {{}}
  mod_register: {{access: register, ip_access: all, welcome_message: {{subject: "", body: ""}}}}
  mod_stream_mgmt: {{resend_on_timeout: if_offline}}
"""
