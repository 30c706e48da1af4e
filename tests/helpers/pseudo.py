"""A language that nobody speaks: longer words, with marks on their letters, so that what does not fit or is not
translated is seen without a translator."""

from __future__ import annotations

import re

from PySide6.QtCore import QTranslator

_LETTERS = str.maketrans("aeiouyAEIOUYcnsz", "àéîöüýÀÉÎÖÜÝçñšž")
_KEPT = re.compile(r"(\{\w+\}|%L?n|%\d|&\w|<[^>]*>|\n)")
_LONGER = 0.4  # German and Finnish are, in sentences


class PseudoTranslator(QTranslator):
    """Translates everything; what it was stays readable."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: bytes | str, source: bytes | str, disambiguation: bytes | str | None = None, n: int = -1
    ) -> str:
        text = source.decode() if isinstance(source, bytes) else str(source)
        if not text or text.startswith("QT_"):  # the direction of layouts is a text of Qt's, too
            return text
        parts = [part if _KEPT.fullmatch(part) else part.translate(_LETTERS) for part in _KEPT.split(text)]
        words = text.split(" ")
        more = " ".join("ẋ" * max(1, round(len(word) * _LONGER)) for word in words[: max(1, round(len(words) / 2))])
        ending = "…" if text.endswith("…") else ""
        return "".join(parts).removesuffix("…") + (f" {more}" if len(words) > 1 else more) + ending
