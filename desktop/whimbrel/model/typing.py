"""How far somebody is with what they write (XEP-0085)."""

from __future__ import annotations

import enum


class ChatState(enum.Enum):
    """A chat state, by its name on the wire (XEP-0085 section 2)."""

    ACTIVE = "active"
    COMPOSING = "composing"
    PAUSED = "paused"
    INACTIVE = "inactive"
    GONE = "gone"
