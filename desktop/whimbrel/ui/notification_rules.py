"""Whether the person wants to be told now, and how: what all notifications ask before they are shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QImage

from whimbrel.core.services import Services
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation
from whimbrel.platform.settings import Settings

_SILENCE = 2.0  # seconds between two sounds, at least


class Shows(Protocol):
    """What is needed of ``platform.notify.Notifier``."""

    activated: SignalInstance
    read_requested: SignalInstance
    reply_requested: SignalInstance
    replied: SignalInstance

    def show(
        self,
        key: str,
        title: str,
        body: str,
        *,
        answerable: bool = False,
        heard: bool = False,
        urgent: bool = False,
        only_there: bool = False,
        picture: QImage | None = None,
    ) -> None:
        """Show or replace a notification."""

    def close(self, key: str) -> None:
        """Take it away."""


class Rules:
    """What the person chose, and what they do now.

    Args:
        is_screen_full: whether a program other than this one fills the screen.
    """

    def __init__(self, services: Services, settings: Settings, is_screen_full: Callable[[], bool]) -> None:
        self._services = services
        self._settings = settings
        self._is_screen_full = is_screen_full
        self._last_sound: float | None = None

    @property
    def are_on(self) -> bool:
        """Whether there are notifications at all."""
        return self._settings.notifications

    @property
    def shows_content(self) -> bool:
        """Whether they tell who wrote, and what."""
        return self._settings.notification_content

    def may_tell(self, conversation: Conversation | None = None) -> bool:
        """Whether the person is to be told now, of this conversation: not while Busy, nor over a full screen."""
        if not self.are_on or self._services.presence.own.availability is Availability.BUSY:
            return False
        if conversation is not None and conversation.is_muted(datetime.now(UTC)):
            return False
        return not self._is_screen_full()

    def take_sound(self) -> bool:
        """Whether the notification that is shown now is to be heard: not where another one just was."""
        now = time.monotonic()
        if not self._settings.notification_sound:
            return False
        if self._last_sound is not None and now - self._last_sound < _SILENCE:
            return False
        self._last_sound = now
        return True


def number_in(key: str, prefix: str) -> int | None:
    """What follows a prefix in a notification's key; None where it is no number."""
    rest = key.removeprefix(prefix)
    return int(rest) if rest != key and rest.isascii() and rest.isdigit() else None
