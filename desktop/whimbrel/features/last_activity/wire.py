"""Last activity (XEP-0012) and idleness in presence (XEP-0319): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

IDLE = "urn:xmpp:idle:1"
QUERY = "{jabber:iq:last}query"

_IDLE = f"{{{IDLE}}}idle"
_DELAY = "{urn:xmpp:delay}delay"
_MOST_SECONDS = 50 * 365 * 24 * 3600


def build_idle(since: datetime) -> ET.Element:
    """Since when nobody is here."""
    return ET.Element(_IDLE, {"since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})


def parse_idle(presence: ET.Element) -> datetime | None:
    """Since when nobody is there; None where presence does not tell."""
    idle = presence.find(_IDLE)
    return _parse_time(idle.get("since", "")) if idle is not None else None


def parse_delay(presence: ET.Element) -> datetime | None:
    """When it was said, where that was earlier (XEP-0203)."""
    delay = presence.find(_DELAY)
    return _parse_time(delay.get("stamp", "")) if delay is not None else None


def build_answer(ago: timedelta) -> ET.Element:
    """How long ago somebody was here."""
    return ET.Element(QUERY, {"seconds": str(max(0, int(ago.total_seconds())))})


def parse_answer(answer: ET.Element) -> timedelta | None:
    """How long ago somebody was there; None where the answer makes no sense."""
    query = answer.find(QUERY)
    seconds = query.get("seconds", "") if query is not None else ""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return None
    return timedelta(seconds=int(seconds)) if int(seconds) < _MOST_SECONDS else None


def _parse_time(text: str) -> datetime | None:
    """A time of XEP-0082; None for anything else."""
    try:
        time = datetime.fromisoformat(text.strip()[:40])
        return time.astimezone(UTC) if time.tzinfo is not None and time.year > 1970 else None
    except (ValueError, OverflowError):
        return None
