"""SCRAM (RFC 5802) with a strong nonce, a key derivation that does not block, and a bound on the server's demands."""

from __future__ import annotations

import base64
import hashlib
import secrets

from slixmpp.util.sasl.client import MECHANISMS, SASLCancelled
from slixmpp.util.sasl.mechanisms import SCRAM

SAFE_MECHANISMS = frozenset({"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"})
"""PLAIN is used only where neither of the others is offered, and like them only inside verified TLS."""

MOST_ITERATIONS = 1_000_000  # about half a second; servers ask for 4,096 to some 100,000

_HASHES = {"SHA-256": "sha256", "SHA-1": "sha1"}


class Scram(SCRAM):
    """slixmpp's SCRAM derives the key in a Python loop (10,000 rounds: 0.1 s of a frozen window)."""

    _prepared: tuple[bytes, int, bytes] | None = None  # salt, rounds, the key that they lead to

    def process_1(self, challenge: bytes) -> bytes:
        """The first message, with a nonce from the system's random numbers."""
        super().process_1(challenge)
        self.cnonce = secrets.token_hex(16).encode()
        name, _, _ = self.client_first_message_bare.rpartition(b",r=")
        self.client_first_message_bare = name + b",r=" + self.cnonce
        self.client_first_message = self.gs2_header + self.client_first_message_bare
        return self.client_first_message

    def prepare(self, challenge: str) -> None:
        """Derive the key for a challenge (base64) that :meth:`process` is about to get; call it in a thread.

        One that makes no sense is left to ``process``, which says so.
        """
        try:
            data = self.parse(base64.b64decode(challenge))
            salt, iterations = base64.b64decode(data[b"s"]), int(data[b"i"])
        except (KeyError, ValueError):
            return
        if 0 < iterations <= MOST_ITERATIONS:
            self._prepared = salt, iterations, self._derive(self.credentials["password"], salt, iterations)

    def Hi(self, text: str | bytes, salt: bytes, iterations: int) -> bytes:
        """The salted password. Raises SASLCancelled where the server demands too much work."""
        if not 0 < iterations <= MOST_ITERATIONS:
            raise SASLCancelled("the server asks for too many rounds")  # type: ignore[no-untyped-call]  # slixmpp's
        if self._prepared is not None and self._prepared[:2] == (salt, iterations):
            return self._prepared[2]
        return self._derive(text, salt, iterations)

    def _derive(self, text: str | bytes, salt: bytes, iterations: int) -> bytes:
        password = text if isinstance(text, bytes) else text.encode()
        return hashlib.pbkdf2_hmac(_HASHES[self.hash_name], password, salt, iterations)


def install() -> None:
    """Let slixmpp use ours for the mechanisms that we allow."""
    for name in SAFE_MECHANISMS:
        if name.startswith("SCRAM-"):
            MECHANISMS[name] = Scram
