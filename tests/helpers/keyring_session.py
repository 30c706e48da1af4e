"""A real gnome-keyring on a D-Bus session bus of its own, and somebody who answers its prompts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import Proxy, open_dbus_connection
from jeepney.wrappers import new_method_return

from tests.helpers.bus import bus_address, start_bus

PASSWORD = "correct horse"


def missing_parts() -> list[str]:
    """The programs that are needed and not installed."""
    return [program for program in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(program) is None]


class KeyringSession:
    """A context manager: inside it, ``environment`` leads programs to a keyring that is unlocked and empty.

    Nothing can be activated on its bus, so a prompt is dismissed at once unless a :class:`Prompter` is there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = bus_address(folder)
        homes = {
            "HOME": folder,
            "XDG_RUNTIME_DIR": folder / "run",
            "XDG_DATA_HOME": folder / "share",
            "XDG_CONFIG_HOME": folder / "config",
            "XDG_CACHE_HOME": folder / "cache",
        }
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")},
            **{name: str(path) for name, path in homes.items()},
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }
        for path in homes.values():
            path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __enter__(self) -> KeyringSession:
        try:
            self._processes.append(start_bus(self._folder, env=self.environment))
            self._start_keyring()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start_keyring(self) -> None:
        with open_dbus_connection(self.address) as connection:
            rule = MatchRule(
                type=MessageType.signal, interface="org.freedesktop.DBus", member="NameOwnerChanged", sender=None
            )
            rule.add_arg_condition(0, "org.freedesktop.secrets")
            Proxy(message_bus, connection).AddMatch(rule)
            with connection.filter(rule) as owners:
                keyring = subprocess.Popen(
                    ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                self._processes.append(keyring)
                assert keyring.stdin is not None
                keyring.stdin.write(PASSWORD.encode())
                keyring.stdin.close()
                connection.recv_until_filtered(owners, timeout=20)
        wait_for_collection(self.address)

    def lock(self) -> None:
        """Lock the collection that passwords go to."""
        import secretstorage

        with open_dbus_connection(self.address) as connection:
            secretstorage.get_default_collection(connection).lock()

    def _stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_collection(address: str) -> None:
    """Wait until there is a collection for passwords: asked to make one meanwhile, gnome-keyring dies now and then."""
    service = DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service")
    question = ("ReadAlias", "s", ("default",))
    end = time.monotonic() + _START_SECONDS
    with open_dbus_connection(address) as connection:
        while time.monotonic() < end:
            answer = connection.send_and_get_reply(new_method_call(service, *question))
            if answer.header.message_type is MessageType.method_return and answer.body != ("/",):
                return
            time.sleep(0.02)
    raise RuntimeError("gnome-keyring made no collection")


_START_SECONDS = 20.0
_PROMPTER = "org.gnome.keyring.SystemPrompter"
_PROMPTER_PATH = "/org/gnome/keyring/Prompter"
_CALLBACK = "org.gnome.keyring.internal.Prompter.Callback"


class Prompter:
    """Stands in for the dialog that asks for the keyring's password (gcr's system prompter).

    ``asked`` is set once a password is asked for; it is answered when :meth:`answer` is called.
    """

    def __init__(self, address: str) -> None:
        self.asked = threading.Event()
        self._connection = open_dbus_connection(address)
        Proxy(message_bus, self._connection).RequestName(_PROMPTER)
        self._answered = threading.Event()
        self._password: str | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def answer(self, password: str | None) -> None:
        """Type a password into the prompt, or dismiss it (None)."""
        self._password = password
        self._answered.set()

    def _work(self) -> None:
        handlers: dict[str, Callable[[Message], bool]] = {
            "BeginPrompting": self._begin,
            "PerformPrompt": self._perform,
            "StopPrompting": self._stop,
        }
        going_on = True
        while going_on:
            call = self._connection.receive()
            if handler := handlers.get(call.header.fields.get(HeaderFields.member, "")):
                self._connection.send(new_method_return(call))
                going_on = handler(call)
        self._connection.close()

    def _begin(self, call: Message) -> bool:
        self._call_back(call, "PromptReady", "sa{sv}s", ("", {}, ""))
        return True

    def _perform(self, call: Message) -> bool:
        self.asked.set()
        self._answered.wait(30)
        exchange = "" if self._password is None else _encrypted(call.body[3], self._password)
        self._call_back(call, "PromptReady", "sa{sv}s", ("no" if self._password is None else "yes", {}, exchange))
        return True

    def _stop(self, call: Message) -> bool:
        self._call_back(call, "PromptDone", "", ())
        return False

    def _call_back(self, call: Message, member: str, signature: str, body: tuple[object, ...]) -> None:
        address = DBusAddress(call.body[0], call.header.fields[HeaderFields.sender], _CALLBACK)
        self._connection.send(new_method_call(address, member, signature, body))


_MODP_1536 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF",
    16,
)


def _encrypted(exchange: str, password: str) -> str:
    """A password for the other side of gcr's secret exchange ``sx-aes-1`` (gcr-secret-exchange.c)."""
    theirs = dict(line.split("=", 1) for line in exchange.splitlines() if "=" in line)
    private = secrets.randbits(1024)
    shared = pow(int.from_bytes(base64.b64decode(theirs["public"]), "big"), private, _MODP_1536)
    extracted = hmac.digest(bytes(32), shared.to_bytes(192, "big"), hashlib.sha256)
    key = hmac.digest(extracted, b"\1", hashlib.sha256)[:16]
    padder = PKCS7(128).padder()
    padded = padder.update(password.encode()) + padder.finalize()
    iv = secrets.token_bytes(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    public = pow(2, private, _MODP_1536).to_bytes(192, "big")
    values = {"public": public, "secret": encryptor.update(padded) + encryptor.finalize(), "iv": iv}
    return "[sx-aes-1]\n" + "".join(f"{name}={base64.b64encode(value).decode()}\n" for name, value in values.items())
