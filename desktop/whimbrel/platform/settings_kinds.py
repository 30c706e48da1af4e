"""The kinds of settings: each a descriptor that reads nonsense as its default, and tells when it changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Generic, Self, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

T = TypeVar("T")

_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_NONSENSE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)  # what odd JSON can lead to


class Kept(QObject):
    """What has settings. ``changed`` carries the attribute's name, after a value became another one."""

    changed = Signal(str)

    def __init__(self, store: QSettings) -> None:
        super().__init__()
        self.store = store


class Setting(Generic[T]):
    """One value under one key; ``read`` takes what the file has, ``write`` gives what it is to have."""

    name = ""

    def __init__(self, key: str, default: T) -> None:
        self.key = key
        self.default = default

    def __set_name__(self, owner: type[Kept], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, kept: None, owner: type[Kept]) -> Self: ...

    @overload
    def __get__(self, kept: Kept, owner: type[Kept]) -> T: ...

    def __get__(self, kept: Kept | None, owner: type[Kept]) -> Self | T:
        return self if kept is None else self.read(kept.store.value(self.key))

    def __set__(self, kept: Kept, value: T) -> None:
        """Keep a value.

        Raises:
            ValueError: it is not one of those that there are.
        """
        before = self.read(kept.store.value(self.key))
        raw = self.write(value)
        if raw is None:
            kept.store.remove(self.key)
        else:
            kept.store.setValue(self.key, raw)
        if self.read(kept.store.value(self.key)) != before:
            kept.changed.emit(self.name)

    def read(self, raw: object) -> T:
        """What the file's value means; the default where it is missing or means nothing."""
        raise NotImplementedError

    def write(self, value: T) -> object:
        """The file's value; None removes it."""
        return value


class Flag(Setting[bool]):
    """Yes or no."""

    def read(self, raw: object) -> bool:
        return _FLAGS.get(str(raw).lower(), self.default)


class Asked(Setting[bool | None]):
    """Yes or no, or None as long as nobody was asked."""

    def __init__(self, key: str) -> None:
        super().__init__(key, None)

    def read(self, raw: object) -> bool | None:
        return None if raw is None else _FLAGS.get(str(raw).lower(), False)


class Number(Setting[int]):
    """A whole number between two, or from one on; what is beyond reads as the nearest."""

    def __init__(self, key: str, default: int, least: int, most: int = 2**53) -> None:
        super().__init__(key, default)
        self.least, self.most = least, most

    def read(self, raw: object) -> int:
        try:
            number = int(str(raw))
        except ValueError:
            return self.default
        return min(max(number, self.least), self.most)

    def write(self, value: int) -> object:
        return min(max(value, self.least), self.most)


class Text(Setting[str]):
    """Words of the person's, up to some length in characters."""

    def __init__(self, key: str, default: str = "", most: int = 4096) -> None:
        super().__init__(key, default)
        self.most = most

    def read(self, raw: object) -> str:
        if isinstance(raw, list):  # an edited file: a comma outside quotes
            raw = ", ".join(str(part) for part in raw)
        return raw[: self.most] if isinstance(raw, str) else self.default


class Choice(Setting[str]):
    """One of several words."""

    def __init__(self, key: str, choices: tuple[str, ...], default: str) -> None:
        super().__init__(key, default)
        self.choices = choices

    def read(self, raw: object) -> str:
        return raw if isinstance(raw, str) and raw in self.choices else self.default

    def write(self, value: str) -> object:
        if value not in self.choices:
            raise ValueError(f"not one of {', '.join(self.choices)}: {value}")
        return value


class Bytes(Setting[bytes]):
    """What Qt gives to be kept, such as a window's geometry; empty at first."""

    def __init__(self, key: str) -> None:
        super().__init__(key, b"")

    def read(self, raw: object) -> bytes:
        return bytes(raw.data()) if isinstance(raw, QByteArray) else b""

    def write(self, value: bytes) -> object:
        return QByteArray(value)


class Json(Setting[T]):
    """Anything else, as JSON.

    Args:
        key: where it is kept.
        parse: makes the value of what JSON has; whatever it cannot take reads as ``parse(empty)``.
        empty: what JSON has where there is nothing.
        dump: makes what JSON can have of a value.
    """

    def __init__(self, key: str, parse: Callable[..., T], empty: object, dump: Callable[[T], object]) -> None:
        super().__init__(key, parse(empty))
        self._parse, self._empty, self._dump = parse, empty, dump

    def read(self, raw: object) -> T:
        try:
            return self._parse(json.loads(raw) if isinstance(raw, str) else self._empty)
        except _NONSENSE:
            return self._parse(self._empty)

    def write(self, value: T) -> object:
        return json.dumps(self._dump(value))
