"""What a capability may offer the core. One room each in ``features/``; the list FEATURES is in ``app.py``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from whimbrel.core.pipeline import Stage
from whimbrel.model.envelope import OutgoingMessage


class Feature:
    """The base of every feature: override what the feature offers."""

    name: str = ""
    """Its stem in every layer."""

    namespaces: tuple[str, ...] = ()
    """What it adds to our service discovery (XEP-0030)."""

    def stages(self) -> Sequence[Stage]:
        """Its stages of the receive pipeline."""
        return ()

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """What it adds to a message that is about to be sent."""
        return ()
