"""Reads and works the accessibility tree of a running program, from outside it (AT-SPI 2).

A script for the system's Python, which has ``pyatspi``: ``desktop.py`` starts it and talks to it in lines of JSON.
A request is ``{"op": …, …}``, its answer ``{"ok": value}``, ``{"gone": text}`` where the thing meant is not there
(any more), or ``{"fault": text}``.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version has to be chosen first

_DEEPEST = 40
_KEYS = {  # X11 key symbols
    "BackSpace": 0xFF08,
    "Tab": 0xFF09,
    "Return": 0xFF0D,
    "Escape": 0xFF1B,
    "Home": 0xFF50,
    "Menu": 0xFF67,
    "Left": 0xFF51,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "End": 0xFF57,
    "F4": 0xFFC1,
    "F6": 0xFFC3,
    "F10": 0xFFC7,
}
_MODIFIERS = {"Shift": 50, "Ctrl": 37, "Alt": 64}  # key codes of the usual keyboard


class Gone(Exception):
    """What was asked for does not exist, or no longer."""


class Tree:
    """The accessibility tree, its nodes known to the other side by numbers."""

    def __init__(self) -> None:
        self._nodes: dict[int, Atspi.Accessible] = {}
        self._announced: dict[int, list[str]] = {}  # by process
        self._ear: Atspi.EventListener | None = None

    def answer(self, request: dict[str, Any]) -> Any:
        """Do what a request asks for."""
        operations: dict[str, Callable[..., Any]] = {
            "find": self.find,
            "describe": self.describe,
            "press": self.press,
            "set_text": self.set_text,
            "focus": self.focus,
            "keys": self.keys,
            "key": self.key,
            "dump": self.dump,
            "listen": self.listen,
            "announced": self.announced,
            "focused": self.focused,
        }
        operation = request.pop("op")
        return operations[operation](**request)

    def listen(self) -> None:
        """Keep what programs have read out, from now on."""
        if self._ear is None:
            self._ear = Atspi.EventListener.new(self._on_announced)
            self._ear.register("object:announcement")

    def focused(self, pid: int) -> list[str]:
        """Role and name of what has the keyboard in a program: one, or what it is in too."""
        shown = (node for root in self._applications(pid) for node, _depth in _walk(root, True))
        return [
            f"{_role(node)} {_name(node)}" for node in shown if node.get_state_set().contains(Atspi.StateType.FOCUSED)
        ]

    def announced(self, pid: int) -> list[str]:
        """What a program had read out since somebody listens, in order."""
        while GLib.MainContext.default().iteration(False):
            pass
        return self._announced.get(pid, [])

    def _on_announced(self, event: Atspi.Event) -> None:
        with contextlib.suppress(GLib.Error):  # who spoke is gone
            self._announced.setdefault(event.source.get_process_id(), []).append(str(event.any_data))

    def find(self, pid: int, role: str, name: str | None, within: int | None, showing: bool) -> list[int]:
        """The nodes of a program by role and name (None: any), in the order of the tree."""
        roots = [self._nodes[within]] if within is not None else self._applications(pid)
        found = []
        for root in roots:
            for node, _depth in _walk(root, showing):
                if _role(node) == role and (name is None or _name(node) == name):
                    found.append(self._remember(node))
        return found

    def describe(self, node: int) -> dict[str, Any]:
        """What a screen reader would say about a node, and where it is on the screen."""
        accessible = self._nodes[node]
        states = accessible.get_state_set().get_states()
        if Atspi.StateType.DEFUNCT in states:
            raise Gone("defunct")
        text = accessible.get_text_iface()
        extents = accessible.get_component_iface()
        box = extents.get_extents(Atspi.CoordType.SCREEN) if extents else None
        return {
            "role": _role(accessible),
            "name": _name(accessible),
            "description": accessible.get_description() or "",
            "states": sorted(state.value_nick for state in states),
            "text": Atspi.Text.get_text(text, 0, -1) if text else None,
            "box": [box.x, box.y, box.width, box.height] if box else None,
        }

    def press(self, node: int) -> str:
        """Do a node's main action; answers with the action's name."""
        action = self._nodes[node].get_action_iface()
        names = [Atspi.Action.get_action_name(action, index) for index in range(action.get_n_actions())]
        for wanted in ("Press", "Toggle", "ShowMenu", "SetFocus"):
            if wanted in names:
                action.do_action(names.index(wanted))
                return wanted
        raise Gone(f"nothing to press, only {names}")

    def set_text(self, node: int, text: str) -> bool:
        """Replace the contents of an editable text."""
        editable = self._nodes[node].get_editable_text_iface()
        if editable is None:
            raise Gone("not an editable text")
        return bool(editable.set_text_contents(text))

    def focus(self, node: int) -> bool:
        """Give a node the keyboard."""
        return bool(self._nodes[node].get_component_iface().grab_focus())

    def keys(self, text: str) -> None:
        """Type text on the keyboard, wherever it goes; a newline is Enter."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.key("Return", "")
            if line:
                Atspi.generate_keyboard_event(0, line, Atspi.KeySynthType.STRING)

    def key(self, name: str, modifier: str) -> None:
        """Press one key, alone or with Ctrl, Shift, Alt or several of them ("Ctrl+Shift")."""
        held = [_MODIFIERS[each] for each in modifier.split("+") if each]
        for code in held:
            Atspi.generate_keyboard_event(code, None, Atspi.KeySynthType.PRESS)
        symbol = _KEYS[name] if name in _KEYS else ord(name)
        Atspi.generate_keyboard_event(symbol, None, Atspi.KeySynthType.SYM)
        for code in reversed(held):
            Atspi.generate_keyboard_event(code, None, Atspi.KeySynthType.RELEASE)

    def dump(self, pid: int) -> str:
        """The whole tree in words, for the message of a test that fails."""
        lines = []
        for root in self._applications(pid):
            for node, depth in _walk(root, False):
                states = node.get_state_set()
                marks = "".join(
                    mark
                    for mark, state in (("*", Atspi.StateType.FOCUSED), ("-", Atspi.StateType.SHOWING))
                    if states.contains(state) == (mark == "*")
                )
                lines.append(f"{'  ' * depth}{marks}{_role(node)} {_name(node)!r} {node.get_description() or ''}")
        return "\n".join(lines)

    def _applications(self, pid: int) -> list[Atspi.Accessible]:
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        children = [desktop.get_child_at_index(index) for index in range(desktop.get_child_count())]
        found = [child for child in children if child is not None and child.get_process_id() == pid]
        for application in found:
            application.set_cache_mask(Atspi.Cache.NONE)  # nobody here listens for what makes a cache stale
        return found

    def _remember(self, node: Atspi.Accessible) -> int:
        number = len(self._nodes)
        self._nodes[number] = node
        return number


def _walk(root: Atspi.Accessible, showing: bool) -> Iterator[tuple[Atspi.Accessible, int]]:
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        try:
            states = node.get_state_set()
            if depth and showing and not states.contains(Atspi.StateType.SHOWING):
                continue
            count = node.get_child_count() if depth < _DEEPEST else 0
            children = [node.get_child_at_index(index) for index in range(count)]
        except GLib.Error:  # it went away while we looked
            continue
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(children) if child is not None)


def _role(node: Atspi.Accessible) -> str:
    """The role's name; newer versions call a push button a button."""
    return (node.get_role_name() or "").removeprefix("push ")


def _name(node: Atspi.Accessible) -> str:
    """The name, or for a combo box, which Qt names by its value on Linux, that of its label, as Orca does."""
    if _role(node) == "combo box":
        for relation in node.get_relation_set():
            if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and relation.get_n_targets():
                return relation.get_target(0).get_name() or ""
    return node.get_name() or ""


def main() -> None:
    """Answer requests until the other side closes."""
    Atspi.init()
    Atspi.set_timeout(5000, 15000)
    tree = Tree()
    for line in sys.stdin:
        try:
            answer = {"ok": tree.answer(json.loads(line))}
        except (Gone, GLib.Error) as error:
            answer = {"gone": str(error)}
        except Exception as error:  # noqa: BLE001 - said to the other side, where the test fails with it
            answer = {"fault": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
