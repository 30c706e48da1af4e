"""What others ask of us: roster pushes are taken, the rest is answered, or refused as if nobody were there."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.handler import SessionHandler
from whimbrel.xmpp.roster import is_roster, parse_push
from whimbrel.xmpp.stanzas import address, iq_error, iq_result

log = logging.getLogger(__name__)


class Service:
    """Takes the requests that come in a session.

    Args:
        own: our full address.
        tell: calls the handler; False where it could not keep what came, and the stream has ended.
    """

    def __init__(
        self,
        account_id: AccountId,
        own: JID,
        handler: SessionHandler,
        answers: Answers,
        tell: Callable[[Callable[[Any], None], Any], bool],
    ) -> None:
        self._account_id = account_id
        self._own = own
        self._handler = handler
        self._answers = answers
        self._tell = tell

    def take(self, request: ET.Element) -> ET.Element | None:
        """The answer to an iq of type get or set; None where it is not done with.

        Raises:
            InvalidJID: where it comes from what is no address.
        """
        payload = request[0] if len(request) else None
        sender = address(request.get("from"))
        if payload is not None and is_roster(payload) and request.get("type") == "set":
            return self._take_roster_push(request, sender)
        if self._may_ask(sender):
            return self._answers.answer(request, payload)
        return iq_error(request, "service-unavailable")

    def _may_ask(self, sender: JID | None) -> bool:
        """Whether to answer: a stranger is told what the server says for who is not there (RFC 6121 8.5.3.2.3)."""
        if sender is None or sender.bare == self._own.bare or sender == JID("", self._own.domain):
            return True
        answers: list[bool] = []
        self._tell(lambda jid: answers.append(self._handler.sees_us(jid)), sender.bare)
        return answers == [True]

    def _take_roster_push(self, request: ET.Element, sender: JID | None) -> ET.Element | None:
        """Take a push from our own server, and from nobody else (RFC 6121 section 2.1.6)."""
        if sender not in (None, self._own.bare):
            log.debug("refused a roster push from a stranger")
            return iq_error(request, "service-unavailable")
        push = parse_push(self._account_id, request)
        if push is None:
            return iq_error(request, "bad-request", "modify")
        return iq_result(request) if self._tell(self._handler.on_roster_push, push) else None
