"""What rows, tooltips and dialogs say about a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from whimbrel.model.contact import Contact, Presence, Subscription
from whimbrel.ui.joining import join_facts
from whimbrel.ui.widgets.label import plain_tip
from whimbrel.ui.words import presence_word, unread_words

if TYPE_CHECKING:
    from whimbrel.ui.models.people import Person

_LONGEST_WORD = 36  # characters that a dialog has room for
_PIECE = 12
_LONGEST_ADDRESS = 160
_LONGEST_LINE = 300  # characters of foreign text that a line may take


def group_title(name: str) -> str:
    """How a group is called; "" are those in no group."""
    return name or QCoreApplication.translate("Contacts", "Contacts")


def one_line(text: str) -> str:
    """Foreign text as one line of bearable length."""
    line = " ".join(text[: 4 * _LONGEST_LINE].split())
    return line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + "…"


def subscription_words(contact: Contact) -> str:
    """Who sees whose presence, in plain words."""
    translate = QCoreApplication.translate
    if contact.subscription is Subscription.BOTH:
        return translate("Contacts", "Mutual: you see each other")
    if contact.subscription is Subscription.TO:
        return translate("Contacts", "You see them, they don’t see you")
    if contact.ask:
        return translate("Contacts", "Waiting for approval")
    if contact.removed_by_them:
        return translate("Contacts", "Removed you from their contacts")
    if contact.subscription is Subscription.FROM:
        return translate("Contacts", "Sees you, you don’t see them")
    return translate("Contacts", "You don’t see each other")


def presence_line(presence: Presence) -> str:
    """The presence word and the status: "Online · at the studio"."""
    word = presence_word(presence.availability)
    status = one_line(presence.status)
    return f"{word} · \u2068{status}\u2069" if status else word  # isolated: the status may run right to left


def blocked_word() -> str:
    """What is said of somebody who is blocked, in place of their presence."""
    return QCoreApplication.translate("Contacts", "Blocked")


def second_line(person: Person) -> str:
    """What stands beneath the name; "" where there is nothing to say."""
    if person.blocked:
        return blocked_word()
    if not person.known:
        return str(person.contact.jid) if person.contact.name or person.contact.nick else ""
    if person.is_online or _can_see(person.contact):
        return presence_line(person.presence)
    return subscription_words(person.contact)


def describe(person: Person) -> str:
    """The accessible description: presence word, status line, unread count."""
    parts = []
    if person.blocked:
        parts.append(blocked_word())
    elif not person.known:
        parts.append(QCoreApplication.translate("Contacts", "Presence unknown"))
    else:
        parts.append(presence_word(person.presence.availability))
        if person.presence.status:
            parts.append(one_line(person.presence.status))
    if not _can_see(person.contact):
        parts.append(subscription_words(person.contact))
    if person.unread:
        parts.append(unread_words(person.unread))
    return join_facts(parts)


def tooltip(person: Person) -> str:
    """Name, address, presence and subscription; foreign text is escaped."""
    contact = person.contact
    named = contact.name or contact.nick
    lines = [one_line(contact.label), str(contact.jid)] if named else [str(contact.jid)]
    if person.blocked:
        lines.append(blocked_word())
    elif person.known:
        lines.append(presence_line(person.presence))
    lines.append(subscription_words(contact))
    return plain_tip("\n".join(lines))


def _can_see(contact: Contact) -> bool:
    return contact.subscription in (Subscription.TO, Subscription.BOTH)


def shortened(address: str) -> str:
    """An address that a dialog has room for: a very long one loses its middle, never the provider at its end."""
    half = _LONGEST_ADDRESS // 2
    return address if len(address) <= _LONGEST_ADDRESS else f"{address[:half]}…{address[-half:]}"


def breakable(text: str, longest: int = 3000) -> str:
    """Foreign text whose very long words may break, so that they do not widen a window; short ones are untouched."""
    cut = text if len(text) <= longest else text[:longest] + "…"
    return " ".join(_break_word(word) for word in cut.split())


def _break_word(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    return "\u200b".join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))
