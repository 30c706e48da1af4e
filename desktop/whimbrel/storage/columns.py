"""How values of the model stand in a column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from whimbrel.model.jid import JID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def from_time(time: datetime) -> int:
    """Microseconds since 1970 in UTC. ``time`` is aware; a naive one raises TypeError."""
    return (time - _EPOCH) // _MICROSECOND


def to_time(microseconds: int) -> datetime:
    """The inverse of :func:`from_time`; aware, UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def to_jid(text: str) -> JID:
    """An address that was normalised before it was stored."""
    rest, _, resource = text.partition("/")
    local, _, domain = rest.rpartition("@")
    return JID(local, domain, resource)
