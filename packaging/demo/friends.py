"""The friends: bare slixmpp clients who are present, acknowledge, and some of whom answer."""

from __future__ import annotations

import asyncio
import logging
import xml.etree.ElementTree as ET
from itertools import cycle
from pathlib import Path

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.stanza import Message, Presence

from demo.people import (
    DOMAIN,
    OTHER_DOMAIN,
    OWNER,
    PEOPLE,
    STRANGER,
    STRANGER_NAME,
    STRANGER_THANKS,
    STRANGER_WORDS,
    Person,
)
from demo.portraits import SIDE, paint

_OWNER_JID = f"{OWNER}@{DOMAIN}"
_MARKERS = "urn:xmpp:chat-markers:0"
_REACTIONS = "urn:xmpp:reactions:0"
_READING_SECONDS = 1.0
_TYPING_SECONDS = 1.5
_STILL_TYPING_SECONDS = 60.0  # what was said once of it does not count for ever
_SIGN_IN_SECONDS = 30.0


class Friend(slixmpp.ClientXMPP):
    """Somebody who is online."""

    def __init__(self, jid: str, password: str, ca_file: Path) -> None:
        super().__init__(jid, password)
        self.ca_certs = ca_file
        for plugin in ("xep_0054", "xep_0084", "xep_0085", "xep_0092", "xep_0172", "xep_0184", "xep_0199"):
            self.register_plugin(plugin)
        self.ready = asyncio.Event()
        self.add_event_handler("session_start", self._on_start)

    async def _on_start(self, _event: object) -> None:
        await self.get_roster()
        self.appear()
        self.ready.set()

    def appear(self) -> None:
        """Send the first presence."""
        self.send_presence()


class Contact(Friend):
    """A contact of Alice: greets her once, and answers where there are answers."""

    def __init__(self, person: Person, password: str, ca_file: Path) -> None:
        super().__init__(f"{person.jid}/phone", password, ca_file)
        self._person = person
        self._answers = cycle(person.answers)
        self._greeted = False
        self._queue: asyncio.Queue[str] = asyncio.Queue()  # ids of what is to be answered
        self._work: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._publishing: asyncio.Task[None] | None = None
        self.add_event_handler("message", self._on_message)
        self.add_event_handler("presence_available", self._on_presence)

    def appear(self) -> None:
        """Send the presence of this person, and start answering."""
        self.send_presence(pshow=self._person.show or None, pstatus=self._person.status or None)
        self._publishing = asyncio.create_task(self._publish())
        self._work = asyncio.create_task(self._answer())

    async def _publish(self) -> None:
        """Tell of themselves: a card, a nickname, a picture (after the card, which would take its place)."""
        card = self["xep_0054"].make_vcard()
        card["FN"], card["DESC"] = self._person.name, f"{self._person.name} is here to be talked with."
        picture = paint(self._person.local)
        avatars = self["xep_0084"]
        id_ = avatars.generate_id(picture)
        size, side = str(len(picture)), str(SIDE)
        told = {"id": id_, "type": "image/png", "bytes": size, "width": side, "height": side}
        try:
            await self["xep_0054"].publish_vcard(card)
            await self["xep_0172"].publish_nick(self._person.name)
            await avatars.publish_avatar(picture)
            await avatars.publish_avatar_metadata(items=[told])
        except (IqError, IqTimeout) as error:
            logging.getLogger(__name__).warning("%s has no picture: %s", self._person.local, error)

    def _on_presence(self, presence: Presence) -> None:
        if presence["from"].bare == _OWNER_JID and not self._greeted:
            self._greeted = True
            for greeting in self._person.greetings:
                self.send_message(_OWNER_JID, greeting, mtype="chat")
            if self._person.is_writing:
                self._writing = asyncio.create_task(self._write_on())

    async def _write_on(self) -> None:
        while True:
            self._chat_state("composing")
            await asyncio.sleep(_STILL_TYPING_SECONDS)

    def _on_message(self, message: Message) -> None:
        if message["body"] and message["from"].bare == _OWNER_JID and self._person.answers:
            self._queue.put_nowait(message["id"])

    async def _answer(self) -> None:
        while True:
            read = await self._queue.get()
            await asyncio.sleep(_READING_SECONDS)
            self._tell(ET.Element(f"{{{_MARKERS}}}displayed", id=read))
            if self._person.reaction:
                self._react(read)
            self._chat_state("composing")
            await asyncio.sleep(_TYPING_SECONDS)
            self.send_message(_OWNER_JID, next(self._answers), mtype="chat")

    def _react(self, message_id: str) -> None:
        """Give the person's emoji (XEP-0444)."""
        reactions = ET.Element(f"{{{_REACTIONS}}}reactions", id=message_id)
        ET.SubElement(reactions, f"{{{_REACTIONS}}}reaction").text = self._person.reaction
        self._tell(reactions)

    def _tell(self, payload: ET.Element) -> None:
        message = self.make_message(_OWNER_JID, mtype="chat")
        message.append(payload)
        message.send()

    def _chat_state(self, state: str) -> None:
        message = self.make_message(_OWNER_JID, mtype="chat")
        message["chat_state"] = state
        message.send()


class Stranger(Friend):
    """Somebody who asks to be a contact, and says thank you."""

    def __init__(self, password: str, ca_file: Path) -> None:
        super().__init__(f"{STRANGER}@{OTHER_DOMAIN}/desk", password, ca_file)
        self.add_event_handler("presence_subscribed", self._on_accepted)

    def appear(self) -> None:
        """Come online and ask."""
        self.send_presence()
        request = self.make_presence(pto=_OWNER_JID, ptype="subscribe", pstatus=STRANGER_WORDS, pnick=STRANGER_NAME)
        request.send()

    def _on_accepted(self, presence: Presence) -> None:
        if presence["from"].bare == _OWNER_JID:
            self.send_message(_OWNER_JID, STRANGER_THANKS, mtype="chat")


async def sign_in(host: str, port: int, password: str, ca_file: Path) -> list[Friend]:
    """Everybody who is online, signed in.

    Raises:
        TimeoutError: where that takes more than half a minute.
    """
    friends: list[Friend] = [Contact(person, password, ca_file) for person in PEOPLE if person.show is not None]
    friends.append(Stranger(password, ca_file))
    for friend in friends:
        friend.connect(host, port)
    async with asyncio.timeout(_SIGN_IN_SECONDS):
        for friend in friends:
            await friend.ready.wait()
    return friends


async def sign_out(friends: list[Friend]) -> None:
    """Everybody leaves."""
    await asyncio.gather(*(friend.disconnect(wait=1.0) for friend in friends), return_exceptions=True)
