"""The beginning of a new session: what can be used, the roster, what the features ask for (RFC 6121 section 2.2)."""

from __future__ import annotations

import asyncio
import logging
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import Support
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.handler import ClientExtension
from whimbrel.xmpp.roster import build_request, parse_answer
from whimbrel.xmpp.session import Session
from whimbrel.xmpp.stanzas import DISCO_INFO, ROSTER_VERSIONING

log = logging.getLogger(__name__)

_FEATURES = f"{{{DISCO_INFO}}}query/{{{DISCO_INFO}}}feature"


async def synchronise(
    session: Session,
    client: Client,
    account_id: AccountId,
    known: str | None,
    extensions: Sequence[ClientExtension],
    deadline: float,
) -> None:
    """Find out what is supported, fetch the roster, hand both over; what else came meanwhile is heard afterwards.

    Args:
        known: the version of the roster that we have, None for nothing.
        deadline: seconds that the answers may take.

    Raises:
        KnownError: NO_ANSWER or what the refusal of the roster means.
    """
    account, server, answer = await asyncio.gather(
        _find_features(session, session.own.bare, deadline),
        _find_features(session, JID("", session.own.domain), deadline),
        _fetch_roster(session, client, known, deadline),
    )
    parsed = await parse_answer(account_id, answer, known)
    session.support = Support(account, server, client.stream_features)
    session.ready = True
    for payload in _preludes(extensions, session.support):
        session.ask_quietly(payload)
    session.ready = session.tell(session.handler.on_roster, parsed)
    client.inbound.release()
    client.hear_on()


async def _fetch_roster(session: Session, client: Client, known: str | None, deadline: float) -> ET.Element:
    versioned = f"{{{ROSTER_VERSIONING}}}ver" in client.stream_features
    try:
        return await session.ask("get", None, build_request((known or "") if versioned else None), deadline)
    except KnownError as error:
        stage = ConnectionState.SYNCHRONISING.value
        raise KnownError(error.kind, error.detail, subject=error.subject, stage=stage) from error


async def _find_features(session: Session, to: JID, deadline: float) -> frozenset[str]:
    """What somebody says of itself (XEP-0030 section 3); nothing where it says nothing."""
    try:
        answer = await session.ask("get", to, ET.Element(f"{{{DISCO_INFO}}}query"), deadline)
    except KnownError as error:
        log.debug("%s does not say what it can: %s", to, error)
        return frozenset()
    return frozenset(feature.get("var", "") for feature in answer.iterfind(_FEATURES))


def _preludes(extensions: Sequence[ClientExtension], support: Support) -> list[ET.Element]:
    payloads: list[ET.Element] = []
    for extension in extensions:
        try:
            payloads += extension.prelude(support)
        except Exception:  # a fault in one feature keeps nobody from coming online
            log.exception("a feature failed before presence")
    return payloads
