"""What a desktop gives programs over D-Bus, for tests: notifications, a tray, a taskbar, that write down what is asked.

They run in threads of their own, so that a program is answered while a test waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io import blocking
from jeepney.io.threading import DBusConnection, DBusRouter, Proxy, ReceiveStopped, open_dbus_connection
from jeepney.wrappers import unwrap_msg

_PATIENCE = 20.0  # seconds
_NOTIFICATIONS = "org.freedesktop.Notifications"
_PORTAL = "org.freedesktop.portal.Desktop"
_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM = "org.kde.StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"
_LAUNCHER = "com.canonical.Unity.LauncherEntry"

T = TypeVar("T")


class _Served:
    """A name on a bus and a thread that answers what is asked of it. Use it as a context manager."""

    def __init__(self, address: str, name: str = "", listens_to: str = "") -> None:
        self._changed = threading.Condition()
        self._connection: DBusConnection = open_dbus_connection(address)
        with DBusRouter(self._connection) as router:
            bus = Proxy(message_bus, router, timeout=_PATIENCE)
            if name:
                bus.RequestName(name)
            if listens_to:
                bus.AddMatch(MatchRule(type="signal", interface=listens_to))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.interrupt()
        self._thread.join(_PATIENCE)
        self._connection.close()

    def wait(self, look: Callable[[], T], what: str = "what is waited for") -> T:
        """Wait until something true is seen among what was asked; raises TimeoutError."""
        end = time.monotonic() + _PATIENCE
        with self._changed:
            while not (found := look()):
                if not self._changed.wait(end - time.monotonic()):
                    raise TimeoutError(f"{what}: {vars(self)}")
            return found

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except ReceiveStopped:
                return
            with self._changed:
                if message.header.message_type is MessageType.method_call:
                    self._serve_one(message)
                elif message.header.message_type is MessageType.signal:
                    self._hear(message)
                self._changed.notify_all()

    def _answer(self, message: Message, _method: str) -> Message:
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    def _serve_one(self, message: Message) -> None:
        self._connection.send(self._answer(message, message.header.fields[HeaderFields.member]))

    def _hear(self, message: Message) -> None:
        """What somebody told all."""


class Notification:
    """A notification as it was asked for."""

    def __init__(self, number: int, arguments: tuple[Any, ...]) -> None:
        self.number = number
        self.application: str
        self.replaces: int
        self.icon: str
        self.title: str
        self.body: str
        self.actions: list[str]
        self.hints: dict[str, tuple[str, Any]]
        self.timeout: int
        self.application, self.replaces, self.icon, self.title, self.body, self.actions, self.hints, self.timeout = (
            arguments
        )


class NotificationService(_Served):
    """Shows notifications, on paper.

    Attributes:
        asked: every notification that was asked for, in order.
        shown: those that show now, by number.
        closed: the numbers of those that the program took away.
        refused: how many were asked for while it was ``refusing``.
        answers: each is answered with it as soon as it shows.
        unanswered: how many calls came while it was ``silent``.
    """

    def __init__(self, address: str, *capabilities: str, first: int = 7) -> None:
        self.capabilities = list(capabilities)
        self.inhibited = False
        self.refusing = False
        self.refused = 0
        self.answers = ""
        self.silent = False
        self.unanswered = 0
        self.asked: list[Notification] = []
        self.shown: dict[int, Notification] = {}
        self.closed: list[int] = []
        self._next = first
        super().__init__(address, _NOTIFICATIONS)

    def click(self, number: int, action: str = "default") -> None:
        """Do what the person does with a notification: its action."""
        self._emit("ActionInvoked", "us", (number, action))

    def write(self, number: int, text: str) -> None:
        """Answer in the notification."""
        self._emit("NotificationReplied", "us", (number, text))

    def give_token(self, number: int, token: str) -> None:
        """Let the program bring its window to the front."""
        self._emit("ActivationToken", "us", (number, token))

    def dismiss(self, number: int) -> None:
        """The person wipes it away."""
        with self._changed:
            self.shown.pop(number, None)
        self._emit("NotificationClosed", "uu", (number, 2))

    def _serve_one(self, message: Message) -> None:
        if self.silent:
            self.unanswered += 1
            return
        super()._serve_one(message)
        if self.answers and message.header.fields[HeaderFields.member] == "Notify":
            self.write(self.asked[-1].number, self.answers)

    def _emit(self, name: str, signature: str, body: tuple[Any, ...]) -> None:
        self._connection.send(new_signal(_notifications_address(), name, signature, body))

    def _answer(self, message: Message, method: str) -> Message:
        if method == "GetCapabilities":
            return new_method_return(message, "as", (self.capabilities,))
        if method == "Get":
            return new_method_return(message, "v", (("b", self.inhibited),))
        if method == "Notify" and not self.refusing:
            number = message.body[1] or self._next
            self._next += not message.body[1]
            self.shown[number] = Notification(number, message.body)
            self.asked.append(self.shown[number])
            return new_method_return(message, "u", (number,))
        self.refused += method == "Notify"
        if method == "CloseNotification" and message.body[0] in self.shown:
            del self.shown[message.body[0]]
            self.closed.append(message.body[0])
            return new_method_return(message)
        return new_error(message, "org.freedesktop.DBus.Error.Failed")


class NotificationPortal(_Served):
    """The portal through which a sandbox shows notifications, on paper.

    Attributes:
        asked: every notification that was asked for, in order: its key and what was said of it.
        shown: those that show now, by key.
    """

    def __init__(self, address: str, version: int) -> None:
        self.version = version
        self.asked: list[tuple[str, dict[str, tuple[str, Any]]]] = []
        self.shown: dict[str, dict[str, tuple[str, Any]]] = {}
        super().__init__(address, _PORTAL)

    def click(self, key: str, action: str, token: str = "") -> None:
        """Do what the person does with a notification: its action."""
        given = [("a{sv}", {"activation-token": ("s", token)})] if token else []
        address = DBusAddress("/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Notification")
        self._connection.send(new_signal(address, "ActionInvoked", "ssav", (key, action, given)))

    def _answer(self, message: Message, method: str) -> Message:
        if method == "Get":
            return new_method_return(message, "v", (("u", self.version),))
        if method == "AddNotification":
            self.asked.append(message.body)
            self.shown[message.body[0]] = message.body[1]
            return new_method_return(message)
        if method == "RemoveNotification":
            self.shown.pop(message.body[0], None)
            return new_method_return(message)
        return super()._answer(message, method)


def pretend(address: str, name: str, signature: str, body: tuple[Any, ...]) -> None:
    """Send a signal of the notification service's in its place, as any program on the bus could."""
    with blocking.open_dbus_connection(address) as connection:
        connection.send(new_signal(_notifications_address(), name, signature, body))


def _notifications_address() -> DBusAddress:
    return DBusAddress("/org/freedesktop/Notifications", interface=_NOTIFICATIONS)


class TrayHost(_Served):
    """A tray (StatusNotifierItem). ``items``: the bus names of the icons in it."""

    def __init__(self, address: str) -> None:
        self.items: list[str] = []
        self._address = address
        super().__init__(address, _WATCHER)

    def _answer(self, message: Message, method: str) -> Message:
        if method == "RegisterStatusNotifierItem":
            self.items.append(message.header.fields[HeaderFields.sender])
            return new_method_return(message)
        values = {
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
            "RegisteredStatusNotifierItems": ("as", self.items),
        }
        if method == "Get":
            return new_method_return(message, "v", (values[message.body[1]],))
        if method == "GetAll":
            return new_method_return(message, "a{sv}", (values,))
        return super()._answer(message, method)

    def read(self, name: str) -> Any:
        """A property of the icon that came last."""
        item = DBusAddress("/StatusNotifierItem", bus_name=self.items[-1], interface=_ITEM)
        return self._ask(Properties(item).get(name))[0][1]

    def activate(self) -> None:
        """Click it."""
        item = DBusAddress("/StatusNotifierItem", bus_name=self.items[-1], interface=_ITEM)
        self._ask(new_method_call(item, "Activate", "ii", (0, 0)))

    def menu(self) -> dict[str, int]:
        """The entries of its menu, also of those in it, by name."""
        _revision, layout = self._ask(
            new_method_call(self._menu(), "GetLayout", "iias", (0, -1, ["label", "visible", "type"]))
        )
        found: dict[str, int] = {}

        def walk(entry: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> None:
            number, values, children = entry
            if "label" in values:
                found[values["label"][1].replace("_", "")] = number
            for _signature, child in children:
                walk(child)

        walk(layout)
        return found

    def choose(self, name: str) -> None:
        """Choose an entry of its menu."""
        event = (self.menu()[name], "clicked", ("s", ""), 0)
        self._ask(new_method_call(self._menu(), "Event", "isvu", event))

    def _menu(self) -> DBusAddress:
        return DBusAddress(self.read("Menu"), bus_name=self.items[-1], interface=_MENU)

    def _ask(self, message: Message) -> tuple[Any, ...]:
        with blocking.open_dbus_connection(self._address) as connection:
            return tuple(unwrap_msg(connection.send_and_get_reply(message, timeout=_PATIENCE)))


class Taskbar(_Served):
    """A taskbar with badges (Unity's LauncherEntry). ``badges``: the counts that were told, None where none shows."""

    def __init__(self, address: str) -> None:
        self.badges: list[int | None] = []
        super().__init__(address, listens_to=_LAUNCHER)

    def _hear(self, message: Message) -> None:
        if message.header.fields.get(HeaderFields.interface) == _LAUNCHER:
            _name, values = message.body
            shown = values.get("count-visible", ("b", True))[1]
            self.badges.append(values["count"][1] if shown and "count" in values else None)
