"""States, days and times in words."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QObject, QTime

from whimbrel.model.account import ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability
from whimbrel.model.message import DeliveryState

_WEEK = 7

# conditions of RFC 6120 section 8.3.3 and ``ErrorKind`` values
_UNREACHABLE = frozenset({"service-unavailable", "recipient-unavailable", "unavailable", "redirect", "gone"})
_NO_ADDRESS = frozenset({"item-not-found", "remote-server-not-found", "jid-malformed", "not-found"})
_SILENT = frozenset({"remote-server-timeout", "no-answer"})
_FORBIDDEN = frozenset(
    {"forbidden", "not-allowed", "not-authorized", "policy-violation", "registration-required", "subscription-required"}
)
_BLOCKED = frozenset({"not-acceptable"})  # what a server answers of an address that we block (XEP-0191 section 3.4)
_UNACCEPTED = frozenset({"bad-request", "resource-constraint", "too-large"})


class Counts(QObject):
    """Words around a number. A class, because lupdate sees plural forms in ``tr`` only."""

    def unread(self, count: int) -> str:
        """How many messages are unread."""
        return self.tr("%n unread", "", count)


def unread_words(count: int) -> str:
    """How many messages are unread; "" for none."""
    return Counts().unread(count) if count else ""


def presence_word(availability: Availability) -> str:
    """A presence in one word."""
    return {
        Availability.ONLINE: QCoreApplication.translate("Presence", "Online"),
        Availability.AWAY: QCoreApplication.translate("Presence", "Away"),
        Availability.BUSY: QCoreApplication.translate("Presence", "Busy"),
        Availability.OFFLINE: QCoreApplication.translate("Presence", "Offline"),
    }[availability]


def connection_words(status: ConnectionStatus, now: float) -> str:
    """A connection's state; ``now`` is the event loop's clock in seconds, as in ``status.retry_at``."""
    if status.state is ConnectionState.ONLINE:
        return QCoreApplication.translate("Connection", "Online")
    if status.state is ConnectionState.OFFLINE:
        return QCoreApplication.translate("Connection", "Offline")
    if status.state is ConnectionState.FAILED:
        return QCoreApplication.translate("Connection", "Not connected")
    if status.state is ConnectionState.WAITING:
        if status.retry_at is None:
            return QCoreApplication.translate("Connection", "Waiting for network")
        seconds = max(0, math.ceil(status.retry_at - now))
        words = QCoreApplication.translate("Connection", "Waiting for network, retry in {seconds} s")
        return words.replace("{seconds}", str(seconds))
    return QCoreApplication.translate("Connection", "Connecting…")


def delivery_word(state: DeliveryState) -> str:
    """How far a message has come; "" for incoming ones."""
    if state.is_waiting:
        return QCoreApplication.translate("Delivery", "Waiting")
    return {
        DeliveryState.SENT: QCoreApplication.translate("Delivery", "Sent"),
        DeliveryState.DELIVERED: QCoreApplication.translate("Delivery", "Delivered"),
        DeliveryState.READ: QCoreApplication.translate("Delivery", "Read"),
        DeliveryState.FAILED: QCoreApplication.translate("Delivery", "Failed"),
    }.get(state, "")


def failure_words(error: str) -> str:
    """Why a message was not delivered, from the ``error`` that is kept with it; "" where that says nothing known."""
    condition = error.strip().partition(":")[0]
    words = {
        QCoreApplication.translate("Delivery", "nobody can be reached at this address now"): _UNREACHABLE,
        QCoreApplication.translate("Delivery", "there is no such address"): _NO_ADDRESS,
        QCoreApplication.translate("Delivery", "their provider does not answer"): _SILENT,
        QCoreApplication.translate("Delivery", "they or a provider do not allow it"): _FORBIDDEN,
        QCoreApplication.translate("Delivery", "it is not accepted, perhaps you block this address"): _BLOCKED,
        QCoreApplication.translate("Delivery", "a provider does not accept it, perhaps it is too long"): _UNACCEPTED,
    }
    return next((text for text, conditions in words.items() if condition in conditions), "")


def day_word(day: date, today: date | None = None) -> str:
    """A day as a separator names it: Today, Yesterday, the weekday within a week, else the date."""
    present = today if today is not None else datetime.now().astimezone().date()
    if day == present:
        return QCoreApplication.translate("Days", "Today")
    if day == present - timedelta(days=1):
        return QCoreApplication.translate("Days", "Yesterday")
    locale = QLocale()
    if timedelta(0) < present - day < timedelta(days=_WEEK):
        return locale.dayName(day.isoweekday())
    return locale.toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)


def time_word(moment: datetime) -> str:
    """The time of day of an aware moment, in local time, as the locale writes it."""
    local = moment.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def when_word(moment: datetime, today: date | None = None) -> str:
    """A moment as a list shows it, short: the time today, else the day."""
    present = today if today is not None else datetime.now().astimezone().date()
    day = moment.astimezone().date()
    if day == present:
        return time_word(moment)
    if day == present - timedelta(days=1):
        return QCoreApplication.translate("Days", "Yesterday")
    locale = QLocale()
    if timedelta(0) < present - day < timedelta(days=_WEEK):
        return locale.dayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
    return locale.toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
