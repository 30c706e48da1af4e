"""In which words a message leaves: features change them for programs that do not know what they do."""

from __future__ import annotations

from collections.abc import Iterable

from whimbrel.core.feature import Feature
from whimbrel.model.envelope import OutgoingMessage


class Wording:
    """Rewords what is about to be sent (``Feature.reword``): messages, and corrections of them."""

    def __init__(self) -> None:
        self._features: tuple[Feature, ...] = ()

    def set_features(self, features: Iterable[Feature]) -> None:
        """Give the features, once, before anything is sent."""
        self._features = tuple(features)

    def reword(self, message: OutgoingMessage) -> OutgoingMessage:
        """The message as all features have it; ``message_id`` tells them which one it is, or corrects."""
        for feature in self._features:
            message = feature.reword(message)
        return message
