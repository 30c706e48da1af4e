"""What a person chose, kept over restarts in ``settings.ini``. Never a secret."""

from __future__ import annotations

from pathlib import Path

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.platform.settings_file import open_settings
from whimbrel.platform.settings_kinds import Asked, Bytes, Choice, Flag, Json, Kept, Number, Text
from whimbrel.platform.translations import LANGUAGES, SYSTEM

DEFAULT_IDLE_MINUTES = 10
DEFAULT_FETCH_BYTES = 10_000_000
THEMES = ("system", "light", "dark", "contrast")
DENSITIES = ("comfortable", "compact")
ZOOM_RANGE = (50, 250)  # per cent
_DAY = 24 * 60  # minutes


def _parse_groups(pairs: list[list[object]]) -> set[tuple[int, str]]:
    return {(int(str(account)), str(name)) for account, name in pairs}


def _parse_words(words: list[object]) -> list[str]:
    return [str(word) for word in words]


def _parse_keys(changed: dict[str, list[object]]) -> dict[str, tuple[str, ...]]:
    return {str(action): tuple(map(str, keys)) for action, keys in changed.items() if isinstance(keys, list)}


class Settings(Kept):
    """Typed access to one profile's settings file; ``changed`` (inherited) names the attribute that became another.

    A value that is missing, or that somebody edited into nonsense, reads as its default. Writing is immediate for
    this process and reaches the disk with the next turn of the event loop, or with :meth:`save`.
    """

    # Presence
    availability = Choice("presence/availability", tuple(each.value for each in Availability), "online")
    status = Text("presence/status")
    idle_minutes = Number("presence/idle_minutes", DEFAULT_IDLE_MINUTES, 0, _DAY)  # without input until away; 0: never

    # Appearance
    theme = Choice("appearance/theme", THEMES, "system")
    zoom = Number("appearance/zoom", 100, *ZOOM_RANGE)  # the size of texts, in per cent of the desktop's
    language = Choice("appearance/language", LANGUAGES, SYSTEM)
    density = Choice("appearance/density", DENSITIES, "comfortable")  # the height of rows
    message_styling = Flag("appearance/message_styling", True)  # strong, code, quotes (XEP-0393)

    # The window
    close_to_tray = Asked("window/close_to_tray")  # closing it keeps the program running
    geometry = Bytes("window/geometry")  # of saveGeometry()
    splitter = Bytes("window/splitter")  # saveState() of the splitter between the panes
    last_tab = Number("window/last_tab", 0, 0, 1)  # of the left pane: 0 is Chats, 1 is Contacts
    autostart = Flag("window/autostart", False)  # with the session; what the system says of it goes before this
    start_hidden = Flag("window/start_hidden", False)  # in the tray, where it starts with the session
    shortcuts = Json("window/shortcuts", _parse_keys, {}, dict)  # by action, where they are not the usual ones

    # Contacts
    collapsed_groups = Json("contacts/collapsed_groups", _parse_groups, [], sorted)  # as (account id, name)
    show_offline = Flag("contacts/show_offline", True)

    # Notifications
    notifications = Flag("notifications/enabled", True)  # messages to closed chats raise one
    notification_content = Flag("notifications/content", True)  # who wrote, and what
    notification_sound = Flag("notifications/sound", True)
    accept_attention = Flag("notifications/accept_attention", False)  # contacts may ask the person to look here at once

    # What contacts are told, and what is fetched of theirs
    send_read_markers = Flag("privacy/send_read_markers", True)
    send_last_seen = Flag("privacy/send_last_seen", False)  # since when nobody is at the computer
    send_typing = Flag("privacy/send_typing", True)
    fetch_up_to = Number("privacy/fetch_up_to", DEFAULT_FETCH_BYTES, 0)  # bytes of a picture, unasked; 0: none
    strangers_may_write = Flag("privacy/strangers_may_write", True)  # False: only contacts, and whom one wrote to

    # History
    keep_days = Number("history/keep_days", 0, 0, 36_500)  # for which messages are kept; 0: for ever

    # Writing
    recent_emoji = Json("writing/recent_emoji", _parse_words, [], list)  # the latest first
    skin_tone = Number("writing/skin_tone", 0, 0, 5)  # of emoji, 1 (light) to 5 (dark); 0: none
    check_spelling = Flag("writing/check_spelling", True)  # underline words that no dictionary has

    # Advanced
    detailed_log = Flag("advanced/detailed_log", False)

    # Told once
    encryption_notice_shown = Flag("storage/encryption_notice_shown", False)  # not encrypted, for want of a keyring

    def __init__(self, path: Path) -> None:
        self.path = path
        store, self.set_aside = open_settings(path)  # where a file was put that could not be read; None: all is well
        super().__init__(store)

    def save(self) -> None:
        """Write to disk now."""
        self.store.sync()

    @property
    def own_presence(self) -> OwnPresence:
        """The presence chosen last."""
        return OwnPresence(Availability(self.availability), self.status)

    @own_presence.setter
    def own_presence(self, presence: OwnPresence) -> None:
        self.availability, self.status = presence.availability.value, presence.status
