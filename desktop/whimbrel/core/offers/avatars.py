"""Pictures of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """What is to be our picture, ready to be published."""

    data: bytes
    media_type: str  # image/png or image/jpeg
    width: int  # pixels
    height: int


class Avatars(Protocol):
    """Knows whose picture is which, fetches it when it is wanted. ``AvatarChanged`` tells of changes."""

    def find_hash(self, jid: JID) -> str:
        """Which picture an address has, on any account of ours; "" for none. Quick: asked with every painting."""

    def find_picture(self, hash_: str) -> bytes | None:
        """A picture that is here, as it was published: an image that nobody has looked into. None: not here."""

    def want(self, jid: JID) -> None:
        """A picture is on the screen that is not here: fetch it, if its owner may be asked."""

    def set_own(self, account_id: AccountId, picture: OwnPicture | None) -> None:
        """Show ourselves by another picture (None: by none), now or with the next connection.

        Raises:
            KnownError: DISK_FULL; TOO_LARGE.
        """
