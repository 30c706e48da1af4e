"""Public providers with open in-band registration, offered where an account is created; any other may be typed."""

from __future__ import annotations

SUGGESTED_PROVIDERS: tuple[str, ...] = (
    "jabber.fr",
    "disroot.org",
    "yax.im",
    "xmpp.jp",
    "404.city",
    "chatterboxtown.us",
)
