"""What a person tells of themselves (XEP-0054, XEP-0292)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One line each, but for ``about``; "" where nothing is told."""

    full_name: str = ""
    about: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    birthday: str = ""  # as it is written there; mostly ISO 8601
    organization: str = ""
    role: str = ""
    place: str = ""  # a town

    @property
    def is_empty(self) -> bool:
        """Whether nothing is told at all."""
        return self == Profile()
