"""Message stanzas as rows, as they came: for the tables that keep some for later."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope, Source
from whimbrel.storage.columns import from_time, to_jid, to_time
from whimbrel.storage.database import Row

_AS_IT_CAME = "account_id, own_jid, sender, recipient, type, wire_id, stanza, received, source, archive_ids"
COLUMNS = f"{_AS_IT_CAME}, archive_id, stamp, news"
MARKS = ", ".join("?" for _ in COLUMNS.split(", "))


def to_row(envelope: Envelope) -> tuple[object, ...]:
    """The values of ``COLUMNS``."""
    return (
        envelope.account_id,
        str(envelope.own_jid),
        str(envelope.sender or ""),
        str(envelope.recipient or ""),
        envelope.type,
        envelope.wire_id,
        ET.tostring(envelope.element, encoding="unicode"),
        from_time(envelope.received),
        envelope.source.value,
        envelope.archive_ids,
        envelope.archive_id,
        None if envelope.stamp is None else from_time(envelope.stamp),
        envelope.news,
    )


def to_envelope(row: Row) -> Envelope:
    """The stanza of a row of ``COLUMNS``."""
    account_id, own_jid, sender, recipient, type_, wire_id, stanza, received, source, archive_ids, *archived = row
    archive_id, stamp, news = archived
    return Envelope(
        AccountId(account_id),
        to_jid(own_jid),
        to_jid(sender) if sender else None,
        to_jid(recipient) if recipient else None,
        type_,
        wire_id,
        ET.fromstring(stanza),
        to_time(received),
        Source(source),
        bool(archive_ids),
        archive_id,
        None if stamp is None else to_time(stamp),
        bool(news),
    )
