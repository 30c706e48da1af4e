"""What a server shows to prove who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate's facts. Names are as the certificate has them: nobody has vouched for them."""

    subject: str
    issuer: str
    names: tuple[str, ...]  # host names and addresses that it is for
    not_before: datetime  # aware, UTC
    not_after: datetime  # aware, UTC
    fingerprint: str  # SHA-256 of all of it, 64 hexadecimal digits, small

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether a moment (aware) lies within its time."""
        return self.not_before <= moment <= self.not_after
