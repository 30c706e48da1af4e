"""States, days and times in words."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QObject, QTime

from whimbrel.model.account import ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import FOREVER
from whimbrel.model.errors import ErrorKind
from whimbrel.model.message import DeliveryState

_WEEK = 7

# conditions of RFC 6120 section 8.3.3 and ``ErrorKind`` values
_UNREACHABLE = frozenset({"service-unavailable", "recipient-unavailable", "unavailable", "redirect", "gone"})
_NO_ADDRESS = frozenset({"item-not-found", "jid-malformed", "not-found"})
_NO_PROVIDER = frozenset({"remote-server-not-found", "host-unknown"})
_SILENT = frozenset({"remote-server-timeout", "no-answer"})
_FORBIDDEN = frozenset({"forbidden", "not-allowed", "not-authorized", "registration-required", "subscription-required"})
_POLICY = frozenset({"policy-violation"})
_BLOCKED = frozenset({"not-acceptable"})  # what a server answers of an address that we block (XEP-0191 section 3.4)
_UNACCEPTED = frozenset({"bad-request"})
_TOO_LARGE = frozenset({"too-large"})
_NO_FILES = frozenset({"files-not-taken"})
_FILE_GONE = frozenset({"file-gone"})
_BUSY = frozenset({"resource-constraint", "try-later", "unexpected-request"})
_FAULTY = frozenset({"internal-server-error"})


class Counts(QObject):
    """Words around a number. A class, because lupdate sees plural forms in ``tr`` only."""

    def unread(self, count: int) -> str:
        """How many messages are unread."""
        return self.tr("%n unread", "", count)

    def new_messages(self, count: int) -> str:
        """How many messages are new."""
        return self.tr("1 new message") if count == 1 else self.tr("%n new messages", "", count)


def unread_words(count: int) -> str:
    """How many messages are unread; "" for none."""
    return Counts().unread(count) if count else ""


def new_messages_words(count: int) -> str:
    """How many messages are new."""
    return Counts().new_messages(count)


def not_sent_words() -> str:
    """What is said of a conversation in which a message of ours could not be sent."""
    return QCoreApplication.translate("Delivery", "Not sent")


def typing_words() -> str:
    """What is said of somebody who writes to us now."""
    return QCoreApplication.translate("Presence", "typing…")


def missing_words() -> str:
    """What stands where messages of a conversation are known to be missing."""
    return QCoreApplication.translate("History", "Messages are missing here")


def presence_word(availability: Availability) -> str:
    """A presence in one word."""
    return {
        Availability.ONLINE: QCoreApplication.translate("Presence", "Online"),
        Availability.AWAY: QCoreApplication.translate("Presence", "Away"),
        Availability.BUSY: QCoreApplication.translate("Presence", "Busy"),
        Availability.OFFLINE: QCoreApplication.translate("Presence", "Offline"),
    }[availability]


def connection_words(
    status: ConnectionStatus, now: float | None = None, *, again: bool = False, restarting: bool = False
) -> str:
    """A connection's state.

    Args:
        now: the event loop's clock in seconds, as in ``status.retry_at``. None: without counting down.
        again: whether it was online before.
        restarting: whether the provider said that it restarts, and is not known to be back.
    """
    kind = status.error.kind if status.error is not None else None
    if status.state is ConnectionState.ONLINE:
        return QCoreApplication.translate("Connection", "Online")
    if status.state is ConnectionState.OFFLINE:
        return QCoreApplication.translate("Connection", "Offline")
    if kind is ErrorKind.RESOURCE_CONFLICT:
        return QCoreApplication.translate("Connection", "Signed in elsewhere with the same name")
    if status.state is ConnectionState.FAILED:
        return QCoreApplication.translate("Connection", "Not connected")
    if restarting:
        kind = ErrorKind.SERVER_SHUTDOWN
    if status.state is ConnectionState.WAITING:
        return _waiting_words(kind, None if now is None or status.retry_at is None else status.retry_at - now)
    if restarting:
        return _waiting_words(kind, None)
    if again:
        return QCoreApplication.translate("Connection", "Reconnecting…")
    return QCoreApplication.translate("Connection", "Connecting…")


def _waiting_words(kind: ErrorKind | None, left: float | None) -> str:
    """What is waited for, and how many seconds at most."""
    if kind is ErrorKind.SERVER_SHUTDOWN:
        words = QCoreApplication.translate("Connection", "Provider is restarting")
        counting = QCoreApplication.translate("Connection", "Provider is restarting, retry in {seconds} s")
    elif kind in (None, ErrorKind.NO_NETWORK):
        words = QCoreApplication.translate("Connection", "Waiting for network")
        counting = QCoreApplication.translate("Connection", "Waiting for network, retry in {seconds} s")
    else:
        words = QCoreApplication.translate("Connection", "Waiting to reconnect")
        counting = QCoreApplication.translate("Connection", "Waiting, retry in {seconds} s")
    return words if left is None else counting.replace("{seconds}", str(max(0, math.ceil(left))))


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


def edited_word() -> str:
    """That a message was changed by its author after it was sent."""
    return QCoreApplication.translate("Timeline", "edited")


def retracted_words() -> str:
    """What stands in place of the text of a message that its author took back."""
    return QCoreApplication.translate("Timeline", "Message deleted")


def failure_words(error: str) -> str:
    """Why a message was not delivered, from the ``error`` that is kept with it; "" where that says nothing known."""
    condition = error.strip().partition(":")[0]
    words = (
        (QCoreApplication.translate("Delivery", "nobody can be reached at this address now"), _UNREACHABLE),
        (QCoreApplication.translate("Delivery", "there is no such address"), _NO_ADDRESS),
        (QCoreApplication.translate("Delivery", "their provider cannot be found"), _NO_PROVIDER),
        (QCoreApplication.translate("Delivery", "their provider does not answer"), _SILENT),
        (QCoreApplication.translate("Delivery", "they or a provider do not allow it"), _FORBIDDEN),
        (QCoreApplication.translate("Delivery", "it is against a provider's rules"), _POLICY),
        (QCoreApplication.translate("Delivery", "it is not accepted, perhaps you block this address"), _BLOCKED),
        (QCoreApplication.translate("Delivery", "a provider does not accept it, perhaps it is too long"), _UNACCEPTED),
        (QCoreApplication.translate("Delivery", "it is too large for your provider"), _TOO_LARGE),
        (QCoreApplication.translate("Delivery", "your provider does not take files"), _NO_FILES),
        (QCoreApplication.translate("Delivery", "the file is not there any more"), _FILE_GONE),
        (QCoreApplication.translate("Delivery", "a provider has too much to do now"), _BUSY),
        (QCoreApplication.translate("Delivery", "a provider has a fault"), _FAULTY),
    )
    return next((text for text, conditions in words if condition in conditions), "")


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


def moment_words(moment: datetime) -> str:
    """The day and the time of an aware moment, in full, in local time."""
    there = moment.astimezone()
    return _with_time(day_word(there.date()), there)


def dated_words(moment: datetime) -> str:
    """As :meth:`moment_words`, with the date whatever day it is."""
    there = moment.astimezone()
    date_words = QLocale().toString(QDate(there.year, there.month, there.day), QLocale.FormatType.LongFormat)
    return _with_time(date_words, there)


def _with_time(day: str, moment: datetime) -> str:
    words = QCoreApplication.translate("Days", "{day}, {time}")
    return words.replace("{day}", day).replace("{time}", time_word(moment))


def brief_moment_words(moment: datetime) -> str:
    """A moment, short: the time, with the day where that is not today."""
    there = moment.astimezone()
    if there.date() == datetime.now().astimezone().date():
        return time_word(there)
    local = QDateTime(QDate(there.year, there.month, there.day), QTime(there.hour, there.minute))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def muted_words(until: datetime | None) -> str:
    """That nothing is told of a conversation, and until when; None and ``FOREVER`` have no end."""
    if until is None or until >= FOREVER:
        return QCoreApplication.translate("Chats", "Muted")
    return QCoreApplication.translate("Chats", "Muted until {time}").replace("{time}", brief_moment_words(until))


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
