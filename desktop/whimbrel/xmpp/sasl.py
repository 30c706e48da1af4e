"""SCRAM (RFC 5802) with a strong nonce, a key derivation that does not block, and a bound on the server's demands.

And what is signed in with at all: the strongest that is offered, never less than the server has offered before.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from slixmpp.util.sasl import client as slixmpp_sasl
from slixmpp.util.sasl.client import SASLCancelled
from slixmpp.util.sasl.mechanisms import SCRAM

from whimbrel.model.account import MECHANISMS
from whimbrel.xmpp.stanzas import SASL

MOST_ITERATIONS = 1_000_000  # about half a second; servers ask for 4,096 to some 100,000

_HASHES = {"SHA-512": "sha512", "SHA-256": "sha256", "SHA-1": "sha1"}
_BINDING = "{urn:xmpp:sasl-cb:0}sasl-channel-binding"  # what it offers of channel binding


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers for signing in."""

    mechanisms: frozenset[str]
    bindings: frozenset[str] | None = None  # types of channel binding; None: it says nothing of them

    @classmethod
    def parse(cls, features: ET.Element) -> Offer:
        """The offer in a server's ``<stream:features/>``."""
        mechanisms = frozenset((item.text or "").strip() for item in features.iterfind(f"{{{SASL}}}mechanisms/*"))
        element = features.find(_BINDING)
        if element is None:
            return cls(mechanisms)
        return cls(mechanisms, frozenset(item.get("type", "") for item in element))

    @property
    def strongest(self) -> str:
        """The best of what we use; "" where nothing of that is offered."""
        return next((name for name in MECHANISMS if name in self.mechanisms), "")

    def digest(self, hash_name: str) -> str:
        """What the server says of its offer where nobody changed it (XEP-0474 section 5.1), in base64."""
        text = "\x1e".join(sorted(self.mechanisms))
        if self.bindings is not None:
            text += "\x1f" + "\x1e".join(sorted(self.bindings))
        return base64.b64encode(hashlib.new(hash_name, text.encode()).digest()).decode()


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

    def contradicts(self, challenge: str, offer: Offer) -> bool:
        """Whether the server's first message (base64) tells of another offer than the one that we got (XEP-0474).

        False where it tells of none. That nobody changed what it tells is what the rest of SCRAM proves.
        """
        if self.step != 1:
            return False
        try:
            told = self.parse(base64.b64decode(challenge)).get(b"h")
        except ValueError:
            return False  # ``process`` says what is wrong with it
        return told is not None and told != offer.digest(_HASHES[self.hash_name]).encode()

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
    for name in MECHANISMS:
        if name.startswith("SCRAM-"):
            slixmpp_sasl.MECHANISMS[name] = Scram
