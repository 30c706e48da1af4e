"""What an account's connection sends, once there is a session."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from abc import ABC, abstractmethod
from collections.abc import Callable

from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.jid import JID
from whimbrel.xmpp.messages import build_extension, build_message
from whimbrel.xmpp.presence import build_subscription
from whimbrel.xmpp.roster import build_item, build_removal
from whimbrel.xmpp.session import Session


class Sending(ABC):
    """The sending half of ``core.stream.Stream``."""

    @abstractmethod
    def _open(self) -> Session:
        """The session, where it takes requests: from ``on_roster`` on. Raises KnownError(NOT_CONNECTED)."""

    @abstractmethod
    def _online(self) -> Session:
        """The session, where the account is ONLINE. Raises KnownError(NOT_CONNECTED)."""

    def send_message(self, message: OutgoingMessage) -> None:
        """Hand a message over and ask the server to acknowledge it. Raises KnownError(NOT_CONNECTED) unless ONLINE."""
        self._online().send_message(build_message(message))

    def send_extension(self, to: JID, type_: str, wire_id: str, extensions: tuple[ET.Element, ...]) -> None:
        """Send a message stanza without a body. Raises KnownError(NOT_CONNECTED) unless ONLINE."""
        self._online().send_extension(build_extension(to, type_, wire_id, extensions))

    def send_stanza(self, stanza: ET.Element) -> None:
        """Send what a person wrote by hand. Raises KnownError: NOT_CONNECTED unless ONLINE, TOO_LARGE."""
        self._online().send(stanza)

    def send_subscription(self, to: JID, kind: str, message: str = "", extensions: tuple[ET.Element, ...] = ()) -> None:
        """Send subscribe, subscribed, unsubscribe or unsubscribed. Raises KnownError(NOT_CONNECTED) unless ONLINE."""
        self._online().send(build_subscription(to, kind, message, extensions))

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        """Send an iq (``kind``: get or set) and return the answer's whole ``<iq/>``. ``to`` None: our own server.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or what the error stanza means (``xmpp/errors.py``).
        """
        return await self._open().ask(kind, to, payload, timeout)

    async def collect(
        self,
        to: JID | None,
        payload: ET.Element,
        belongs: Callable[[ET.Element], bool],
        *,
        timeout: float = 30.0,
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Send an iq of type set; return its answer, and the messages before it that belong to it (XEP-0313).

        Raises:
            KnownError: as :meth:`request`.
        """
        return await self._open().collect(to, payload, belongs, timeout)

    async def set_contact(self, jid: JID, name: str, groups: frozenset[str]) -> None:
        """Add or change a roster entry (RFC 6121 section 2.3). Raises KnownError as :meth:`request`."""
        await self.request("set", None, build_item(jid, name, groups))

    async def remove_contact(self, jid: JID) -> None:
        """Remove a roster entry and both subscriptions (RFC 6121 section 2.5). Raises KnownError as :meth:`request`."""
        await self.request("set", None, build_removal(jid))
