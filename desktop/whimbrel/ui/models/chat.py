"""A row of the list *Chats*: a conversation, or the entry *Archived*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QLocale

from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation
from whimbrel.ui.joining import join_facts
from whimbrel.ui.models.people import PersonKey
from whimbrel.ui.models.timeline_row import ME, is_action
from whimbrel.ui.words import muted_words, not_sent_words, presence_word, typing_words, unread_words, when_word

_ISOLATE, _POP = "\u2068", "\u2069"  # what is between them runs as it does by itself (UAX #9)

Order = tuple[bool, bool, bool, float, int]
"""Smaller comes first."""


@dataclass(frozen=True, slots=True)
class ArchivedEntry:
    """Stands before the conversations that were put away."""

    count: int
    shown: bool = False  # whether they are unfolded
    unread: int = 0  # what waits in them to be read

    @property
    def order(self) -> Order:
        """Behind all others, before what was put away."""
        return True, False, False, 0.0, 0

    @property
    def label(self) -> str:
        """What it is called."""
        return QCoreApplication.translate("Chats", "Archived")

    @property
    def description(self) -> str:
        """For assistive technology: how many there are, what is unread in them, and whether they show."""
        shown = QCoreApplication.translate("Chats", "unfolded")
        folded = QCoreApplication.translate("Chats", "folded")
        return join_facts((QLocale().toString(self.count), unread_words(self.unread), shown if self.shown else folded))


@dataclass(slots=True, eq=False)
class Chat:
    """A conversation and what is known about whom it is with."""

    conversation: Conversation
    label: str
    is_contact: bool = False
    is_notes: bool = False  # it is with oneself
    availability: Availability | None = None  # None: nothing is known
    is_typing: bool = False
    is_open: bool = False  # its draft is in sight

    @property
    def key(self) -> PersonKey:
        """Whom it is with."""
        return PersonKey(self.conversation.account_id, self.conversation.jid)

    @property
    def order(self) -> Order:
        """Sorts what was put away to the end, pinned ones to the start, then the latest."""
        last, archived = self.conversation.last_activity, self.conversation.archived
        time = -last.timestamp() if last else 0.0
        return archived, archived, not self.conversation.pinned, time, self.conversation.id

    @property
    def is_muted(self) -> bool:
        """Whether nothing is told of it now."""
        return self.conversation.is_muted(datetime.now(UTC))

    @property
    def wants_reading(self) -> bool:
        """Whether something in it is unread, or the person wants to come back to it."""
        return self.conversation.unread > 0 or self.conversation.marked_unread

    @property
    def counted(self) -> int:
        """By how much it adds to the count of what is unread: not where it is muted or was put away."""
        return (
            0
            if self.is_muted or self.conversation.archived
            else self.conversation.unread or int(self.conversation.marked_unread)
        )

    @property
    def lead(self) -> str:
        """What stands before the second line, where that is a draft."""
        shows = self.conversation.draft and not self.is_open and not self.is_typing
        return QCoreApplication.translate("Chats", "Draft:") if shows else ""

    @property
    def second(self) -> str:
        """The line beneath the name: that they write, what is written here and not sent, or what was said last."""
        if self.is_typing:
            return typing_words()
        if self.lead:
            return self.conversation.draft
        preview = self.conversation.preview
        if is_action(preview) and not self.conversation.preview_outgoing:
            return self.label + preview[len(ME) :]
        if preview and self.conversation.preview_outgoing and not self.is_notes:
            words = QCoreApplication.translate("Chats", "You: {text}")
            return words.replace("{text}", f"{_ISOLATE}{preview}{_POP}")
        return preview

    @property
    def tip(self) -> str:
        """What the signs of its row mean, for the mouse."""
        parts = [not_sent_words()] if self.conversation.failed else []
        if self.is_muted:
            parts.append(muted_words(self.conversation.muted_until))
        return "\n".join(parts)

    @property
    def description(self) -> str:
        """For assistive technology: presence, what is unread, what was not sent, marks, the second line, the time."""
        conversation = self.conversation
        parts = [presence_word(self.availability)] if self.availability is not None else []
        if conversation.unread:
            parts.append(unread_words(conversation.unread))
        elif conversation.marked_unread:
            parts.append(QCoreApplication.translate("Chats", "marked as unread"))
        if conversation.failed:
            parts.append(not_sent_words())
        if conversation.pinned:
            parts.append(QCoreApplication.translate("Chats", "pinned"))
        if self.is_muted:
            parts.append(muted_words(conversation.muted_until))
        if self.second:
            parts.append(f"{self.lead} {self.second}".strip())
        if conversation.last_activity is not None:
            parts.append(when_word(conversation.last_activity))
        return join_facts(parts)
