"""Our own requests and their answers (RFC 6120 section 8.2.3). An answer counts only from whom was asked."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.xmpp.errors import stanza_error
from whimbrel.xmpp.stanzas import address, iq, new_id


@dataclass(frozen=True, slots=True)
class _Open:
    to: JID | None
    answer: asyncio.Future[ET.Element]


class Requests:
    """The requests of one stream that wait for an answer.

    Args:
        own: our full address.
        send: puts a stanza on the stream.
        explain: says what an answer of type error means.
    """

    def __init__(
        self,
        own: JID,
        send: Callable[[ET.Element], None],
        explain: Callable[[ET.Element], KnownError] = stanza_error,
    ) -> None:
        self._own = own
        self._send = send
        self._explain = explain
        self._open: dict[str, _Open] = {}

    async def ask(self, kind: str, to: JID | None, payload: ET.Element, timeout: float | None) -> ET.Element:
        """Send an iq and return the answer's ``<iq/>``; a ``timeout`` of None waits until the session ends.

        Raises:
            KnownError: NO_ANSWER, NOT_CONNECTED (the stream ended) or what the error answer means.
        """
        id_ = new_id()
        answer: asyncio.Future[ET.Element] = asyncio.get_running_loop().create_future()
        self._open[id_] = _Open(to, answer)
        try:
            self._send(iq(kind, to, id_, payload))
            async with asyncio.timeout(timeout):
                result = await answer
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=str(to or self._own.domain)) from error
        finally:
            self._open.pop(id_, None)
        if result.get("type") == "error":
            raise self._explain(result)
        return result

    def take(self, element: ET.Element) -> bool:
        """Whether an ``<iq/>`` of type result or error answers one of ours; then its asker has it."""
        open_ = self._open.get(element.get("id", ""))
        if open_ is None or not self._is_from(open_.to, element):
            return False
        if not open_.answer.done():
            open_.answer.set_result(element)
        return True

    def close(self) -> None:
        """The stream ended: nobody will be answered."""
        for open_ in self._open.values():
            if not open_.answer.done():
                open_.answer.set_exception(KnownError(ErrorKind.NOT_CONNECTED))

    def _is_from(self, to: JID | None, element: ET.Element) -> bool:
        """Our own account answers without an address, as our bare or full one, or as our server (section 8.1.2.1)."""
        try:
            sender = address(element.get("from"))
        except InvalidJID:
            return False
        server = JID("", self._own.domain)
        if to is None or to == self._own.bare:
            return sender in (None, self._own.bare, self._own, server)
        return sender == to or (sender is None and to == server)
