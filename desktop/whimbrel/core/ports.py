"""What the core needs from its surroundings: passwords and the chosen presence; and what features offer to it."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.archive import Coverage, Gap
from whimbrel.model.contact import OwnPresence
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID


class PasswordKeeper(Protocol):
    """Keeps passwords (``platform/secrets.py``)."""

    async def get_password(self, jid: JID) -> str | None:
        """The password of a bare address; None where there is none. Raises KnownError KEYRING_LOCKED."""

    async def set_password(self, jid: JID, password: str) -> bool:
        """Keep a password for good; False where it is kept for this session only."""

    def keep_for_session(self, jid: JID, password: str) -> None:
        """Keep a password until the program ends."""

    async def forget(self, jid: JID) -> None:
        """Remove the password, wherever it is kept."""


class ChosenPresence(Protocol):
    """Keeps the presence that the person chose (``platform/settings.py``)."""

    own_presence: OwnPresence


class HistoryChoice(Protocol):
    """For how long the person keeps messages (``platform/settings.py``)."""

    @property
    def keep_days(self) -> int:
        """In days; 0: for ever."""


class CoreChoice(ChosenPresence, HistoryChoice, Protocol):
    """What the core itself asks of the settings."""


class PrivacyChoice(Protocol):
    """What others may know of the person (``platform/settings.py``)."""

    @property
    def send_read_markers(self) -> bool:
        """Whether contacts are told that their messages were read."""

    @property
    def send_last_seen(self) -> bool:
        """Whether contacts are told since when nobody is at the computer."""

    @property
    def fetch_up_to(self) -> int:
        """Pictures of contacts are fetched unasked up to so many bytes; 0: none are."""

    @property
    def strangers_may_write(self) -> bool:
        """Whether everybody may write, and not only contacts and whom the person wrote to."""

    @property
    def send_typing(self) -> bool:
        """Whether contacts are told that the person is writing to them."""

    @property
    def accept_attention(self) -> bool:
        """Whether contacts may ask the person to look here at once."""


class Blocker(Protocol):
    """Blocks addresses (XEP-0191), durably; what was asked for last counts at once."""

    def supported(self, account_id: AccountId) -> bool:
        """Whether the account's server can block, as far as is known."""

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Block an address, now or with the next connection. Raises KnownError DISK_FULL."""

    def unblock(self, account_id: AccountId, jid: JID) -> None:
        """Unblock an address, now or with the next connection. Raises KnownError DISK_FULL."""

    def blocked(self, account_id: AccountId) -> frozenset[JID]:
        """The addresses that are blocked, as far as is known (``BlocklistChanged``)."""

    def is_blocked(self, account_id: AccountId, jid: JID) -> bool:
        """Whether this bare address itself is blocked, not only its provider or one of its devices."""


class HistoryReader(Protocol):
    """Knows what is missing of conversations, and fetches it (XEP-0313). ``HistoryChanged`` tells of changes."""

    def coverage(self, conversation_id: ConversationId) -> Coverage:
        """What is here, and what is known to be missing."""

    def set_shown(self, conversation_id: ConversationId, shown: bool) -> None:
        """Whether a conversation is on the screen: those are fetched first."""

    async def load(self, conversation_id: ConversationId, gap: Gap | None = None) -> None:
        """Fetch a page of a gap (its newest part), or what is older than all that is here.

        Returns when it is on disk; the messages come as ``MessageAdded``. Does nothing where that is being done.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or why the archive refused; DISK_FULL.
        """
