"""What a person chose, kept over restarts in ``settings.ini``. Never a secret."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from whimbrel.model.contact import Availability, OwnPresence

DEFAULT_IDLE_MINUTES = 10
DEFAULT_FETCH_BYTES = 10_000_000
THEMES = ("system", "light", "dark")
ZOOM_RANGE = (50, 250)  # per cent
_MAX_IDLE_MINUTES = 24 * 60


class Settings:
    """Typed access to one profile's settings file.

    A value that is missing, or that somebody edited into nonsense, reads as its default. Writing is immediate for
    this process and reaches the disk with the next turn of the event loop, or with :meth:`save`.
    """

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()

    @property
    def own_presence(self) -> OwnPresence:
        """The presence chosen last."""
        try:
            availability = Availability(self._text("presence/availability", Availability.ONLINE.value))
        except ValueError:
            availability = Availability.ONLINE
        return OwnPresence(availability, self._text("presence/status"))

    @own_presence.setter
    def own_presence(self, presence: OwnPresence) -> None:
        self._store.setValue("presence/availability", presence.availability.value)
        self._store.setValue("presence/status", presence.status)

    @property
    def idle_minutes(self) -> int:
        """Minutes without input after which the presence turns to away; 0 is never."""
        return min(max(self._number("presence/idle_minutes", DEFAULT_IDLE_MINUTES), 0), _MAX_IDLE_MINUTES)

    @idle_minutes.setter
    def idle_minutes(self, minutes: int) -> None:
        self._store.setValue("presence/idle_minutes", minutes)

    @property
    def collapsed_groups(self) -> set[tuple[int, str]]:
        """The folded groups of the contacts' tree, as (account id, name)."""
        try:
            pairs = json.loads(self._text("contacts/collapsed_groups", "[]"))
            return {(int(account), str(name)) for account, name in pairs}
        except (ValueError, TypeError):
            return set()

    @collapsed_groups.setter
    def collapsed_groups(self, groups: set[tuple[int, str]]) -> None:
        self._store.setValue("contacts/collapsed_groups", json.dumps(sorted(groups)))

    @property
    def show_offline(self) -> bool:
        """Whether the contacts' tree lists those who are offline."""
        return self._flag("contacts/show_offline", True)

    @show_offline.setter
    def show_offline(self, shown: bool) -> None:
        self._store.setValue("contacts/show_offline", shown)

    @property
    def close_to_tray(self) -> bool | None:
        """Whether closing the window keeps the program running; None as long as nobody was asked."""
        return self._flag("window/close_to_tray", False) if self._store.contains("window/close_to_tray") else None

    @close_to_tray.setter
    def close_to_tray(self, keep_running: bool | None) -> None:
        if keep_running is None:
            self._store.remove("window/close_to_tray")
        else:
            self._store.setValue("window/close_to_tray", keep_running)

    @property
    def theme(self) -> str:
        """One of ``THEMES``."""
        chosen = self._text("window/theme", "system")
        return chosen if chosen in THEMES else "system"

    @theme.setter
    def theme(self, chosen: str) -> None:
        if chosen not in THEMES:
            raise ValueError(f"not a theme: {chosen}")
        self._store.setValue("window/theme", chosen)

    @property
    def zoom(self) -> int:
        """The size of texts, in per cent of the desktop's."""
        low, high = ZOOM_RANGE
        return min(max(self._number("window/zoom", 100), low), high)

    @zoom.setter
    def zoom(self, percent: int) -> None:
        self._store.setValue("window/zoom", percent)

    @property
    def message_styling(self) -> bool:
        """Whether messages are shown with their styling: strong, code, quotes."""
        return self._flag("conversation/message_styling", True)

    @message_styling.setter
    def message_styling(self, styled: bool) -> None:
        self._store.setValue("conversation/message_styling", styled)

    @property
    def geometry(self) -> bytes:
        """The main window's ``saveGeometry()``; empty at first."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, state: bytes) -> None:
        self._store.setValue("window/geometry", QByteArray(state))

    @property
    def splitter(self) -> bytes:
        """The ``saveState()`` of the splitter between the panes; empty at first."""
        return self._bytes("window/splitter")

    @splitter.setter
    def splitter(self, state: bytes) -> None:
        self._store.setValue("window/splitter", QByteArray(state))

    @property
    def last_tab(self) -> int:
        """The tab of the left pane that was open: 0 is *Chats*, 1 is *Contacts*."""
        return min(max(self._number("window/last_tab", 0), 0), 1)

    @last_tab.setter
    def last_tab(self, index: int) -> None:
        self._store.setValue("window/last_tab", index)

    @property
    def notifications(self) -> bool:
        """Whether messages to closed chats raise a desktop notification."""
        return self._flag("notifications/enabled", True)

    @notifications.setter
    def notifications(self, enabled: bool) -> None:
        self._store.setValue("notifications/enabled", enabled)

    @property
    def send_read_markers(self) -> bool:
        """Whether contacts are told that their messages were read."""
        return self._flag("privacy/send_read_markers", True)

    @send_read_markers.setter
    def send_read_markers(self, told: bool) -> None:
        self._store.setValue("privacy/send_read_markers", told)

    @property
    def send_last_seen(self) -> bool:
        """Whether contacts are told since when nobody is at the computer."""
        return self._flag("privacy/send_last_seen", False)

    @send_last_seen.setter
    def send_last_seen(self, told: bool) -> None:
        self._store.setValue("privacy/send_last_seen", told)

    @property
    def send_typing(self) -> bool:
        """Whether contacts are told that the person is writing to them."""
        return self._flag("privacy/send_typing", True)

    @send_typing.setter
    def send_typing(self, told: bool) -> None:
        self._store.setValue("privacy/send_typing", told)

    @property
    def accept_attention(self) -> bool:
        """Whether contacts may ask the person to look here at once."""
        return self._flag("notifications/accept_attention", False)

    @accept_attention.setter
    def accept_attention(self, accepted: bool) -> None:
        self._store.setValue("notifications/accept_attention", accepted)

    @property
    def notification_content(self) -> bool:
        """Whether notifications show who wrote, and what."""
        return self._flag("notifications/content", True)

    @notification_content.setter
    def notification_content(self, shown: bool) -> None:
        self._store.setValue("notifications/content", shown)

    @property
    def notification_sound(self) -> bool:
        """Whether a notification is heard."""
        return self._flag("notifications/sound", True)

    @notification_sound.setter
    def notification_sound(self, heard: bool) -> None:
        self._store.setValue("notifications/sound", heard)

    @property
    def fetch_up_to(self) -> int:
        """Pictures of contacts are fetched unasked up to so many bytes; 0: none are."""
        return max(self._number("privacy/fetch_up_to", DEFAULT_FETCH_BYTES), 0)

    @fetch_up_to.setter
    def fetch_up_to(self, size: int) -> None:
        self._store.setValue("privacy/fetch_up_to", size)

    @property
    def recent_emoji(self) -> list[str]:
        """The emoji used last, the latest first."""
        try:
            chars = json.loads(self._text("writing/recent_emoji", "[]"))
            return [str(char) for char in chars]
        except (ValueError, TypeError):
            return []

    @recent_emoji.setter
    def recent_emoji(self, chars: list[str]) -> None:
        self._store.setValue("writing/recent_emoji", json.dumps(chars))

    @property
    def skin_tone(self) -> int:
        """The skin tone of emoji, 1 (light) to 5 (dark); 0: none."""
        return min(max(self._number("writing/skin_tone", 0), 0), 5)

    @skin_tone.setter
    def skin_tone(self, tone: int) -> None:
        self._store.setValue("writing/skin_tone", tone)

    @property
    def check_spelling(self) -> bool:
        """Whether words that no dictionary has are underlined."""
        return self._flag("writing/check_spelling", True)

    @check_spelling.setter
    def check_spelling(self, checked: bool) -> None:
        self._store.setValue("writing/check_spelling", checked)

    @property
    def encryption_notice_shown(self) -> bool:
        """Whether the person was told that the history is not encrypted, for want of a keyring."""
        return self._flag("storage/encryption_notice_shown", False)

    @encryption_notice_shown.setter
    def encryption_notice_shown(self, shown: bool) -> None:
        self._store.setValue("storage/encryption_notice_shown", shown)

    def _text(self, key: str, default: str = "") -> str:
        value = self._store.value(key, default)
        if isinstance(value, list):  # an edited file: a comma outside quotes
            return ", ".join(str(part) for part in value)
        return value if isinstance(value, str) else default

    def _number(self, key: str, default: int) -> int:
        value = self._store.value(key, default)
        if isinstance(value, int):
            return value
        try:
            return int(str(value))
        except ValueError:
            return default

    def _flag(self, key: str, default: bool) -> bool:
        value = self._store.value(key, default)
        if isinstance(value, bool):
            return value
        return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower(), default)

    def _bytes(self, key: str) -> bytes:
        value = self._store.value(key)
        return bytes(value.data()) if isinstance(value, QByteArray) else b""
