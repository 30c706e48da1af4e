"""Which host of the web, at which port, an address leads to."""

from __future__ import annotations

from urllib.parse import urlsplit

_HTTPS = 443


def secure_origin(url: str) -> str:
    """Scheme, host and port of an address with https, to be compared; "" of any other, and of one that is none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() != "https" or not host or not host.isascii():
        return ""
    return f"https://{host}:{_HTTPS if port is None else port}"
