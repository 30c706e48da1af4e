"""Records what Prosody and ejabberd say in an eventful session into ``corpus/``: ``python -m tests.fuzz.record``.

Only needed when a newer server says something new; the files are part of the tree. Nothing in them is anybody's: the
people, the texts and the servers are made up here.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import slixmpp

from tests.fuzz.streams import FOLDER, write_stream
from tests.helpers.certificates import Authority
from tests.helpers.servers import Ejabberd, Prosody, Server

DOMAIN = "example.test"
_ASKED = (
    ("get", None, "<query xmlns='jabber:iq:roster' ver=''/>"),
    ("get", f"me@{DOMAIN}", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
    ("get", DOMAIN, "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
    ("get", DOMAIN, "<query xmlns='http://jabber.org/protocol/disco#items'/>"),
    ("set", None, "<enable xmlns='urn:xmpp:carbons:2'/>"),
    ("get", None, "<blocklist xmlns='urn:xmpp:blocking'/>"),
    ("get", DOMAIN, "<ping xmlns='urn:xmpp:ping'/>"),
    ("get", DOMAIN, "<query xmlns='jabber:iq:version'/>"),
    ("get", f"nobody@{DOMAIN}", "<vCard xmlns='vcard-temp'/>"),
    ("get", None, "<unknown xmlns='urn:nobody:knows'/>"),
)
_PUBSUB = "http://jabber.org/protocol/pubsub"
_NICK = "http://jabber.org/protocol/nick"
_MDS = "urn:xmpp:mds:displayed:0"
_CAROL = "<item jid='carol@example.test' name='Carol'><group>A</group></item>"
_PAGE = (
    "<query xmlns='urn:xmpp:mam:2' queryid='{0}'><set xmlns='http://jabber.org/protocol/rsm'><max>5</max>{1}</set>"
    "</query>"
)
_LATER = (
    ("set", None, f"<query xmlns='jabber:iq:roster'>{_CAROL}</query>"),
    ("set", None, "<block xmlns='urn:xmpp:blocking'><item jid='spam@example.net'/></block>"),
    ("get", None, f"<pubsub xmlns='{_PUBSUB}'><items node='{_MDS}'/></pubsub>"),
    ("set", None, _PAGE.format("q1", "<before/>")),
    ("set", None, _PAGE.format("q2", "<after>gone</after>")),
    ("get", None, "<query xmlns='urn:xmpp:mam:2'/>"),
)
_PUBLISH = f"<pubsub xmlns='{_PUBSUB}'><publish node='{{0}}'><item id='{{1}}'>{{2}}</item></publish></pubsub>"
_DISPLAYED = f"<displayed xmlns='{_MDS}'><stanza-id xmlns='urn:xmpp:sid:0' by='me@example.test' id='7'/></displayed>"


class Person(slixmpp.ClientXMPP):
    """A device of somebody. ``heard`` is what it was told."""

    def __init__(self, jid: str, server: Server) -> None:
        super().__init__(jid, "secret")
        self.ca_certs = str(server.ca_file)
        for plugin in ("xep_0030", "xep_0115", "xep_0163", "xep_0199", "xep_0198"):
            self.register_plugin(plugin)
        for node in (_MDS, _NICK):
            self.plugin["xep_0163"].add_interest(node)
        self.heard: list[ET.Element] = []
        self.online = asyncio.Event()
        self.use_message_ids = self.use_presence_ids = False
        self.add_event_handler("session_start", lambda _: self.online.set())
        self._server = server

    def _spawn_event(self, xml: ET.Element) -> None:
        self.heard.append(xml)
        super()._spawn_event(xml)

    async def come(self) -> None:
        """Be online."""
        self.connect(self._server.host, self._server.starttls_port)
        async with asyncio.timeout(20):
            await self.online.wait()

    async def ask(self, kind: str, to: str | None, payload: str) -> None:
        """Ask, whatever the answer is."""
        iq = self.make_iq(id=self.new_id(), ito=to, itype=kind)
        iq.append(ET.fromstring(payload))
        with contextlib.suppress(slixmpp.exceptions.IqError, slixmpp.exceptions.IqTimeout):  # these too are recorded
            await iq.send(timeout=5)

    def say(self, to: str, payload: str, kind: str = "chat") -> None:
        """Send a message."""
        self.send_raw(f"<message to='{to}' type='{kind}' id='{self.new_id()}'>{payload}</message>")


async def perform(server: Server) -> list[ET.Element]:
    """Play the session; returns what the device ``me/desk`` heard."""
    for name in ("me", "alice", "bob"):
        server.add_user(name, "secret")
    me, phone, alice, bob = (
        Person(f"{name}@{DOMAIN}/{device}", server)
        for name, device in (("me", "desk"), ("me", "phone"), ("alice", "laptop"), ("bob", "pad"))
    )
    await alice.come()
    await alice.get_roster()
    alice.send_presence()
    alice.send_raw(f"<presence to='me@{DOMAIN}' type='subscribe'><status>It is Alice</status></presence>")
    alice.say(f"me@{DOMAIN}", "<body>while you were away</body>")
    await alice.ask("get", DOMAIN, "<ping xmlns='urn:xmpp:ping'/>")
    await me.come()
    for question in _ASKED:
        await me.ask(*question)
    me.send_presence(pshow="chat", pstatus="here", ppriority=5)
    me.send_raw(f"<presence to='alice@{DOMAIN}' type='subscribed'/><presence to='alice@{DOMAIN}' type='subscribe'/>")
    await me.ask("get", DOMAIN, "<ping xmlns='urn:xmpp:ping'/>")
    alice.send_raw(f"<presence to='me@{DOMAIN}' type='subscribed'/>")
    await phone.come()
    await phone.ask("set", None, "<enable xmlns='urn:xmpp:carbons:2'/>")
    phone.send_presence()
    await bob.come()
    bob.send_presence()
    bob.send_raw(f"<presence to='me@{DOMAIN}' type='subscribe'><nick xmlns='{_NICK}'>Bob</nick></presence>")
    alice.say(
        f"me@{DOMAIN}",
        "<body>hello</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/><active xmlns='http://jabber.org/protocol/chatstates'/>",
    )
    alice.say(f"me@{DOMAIN}", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")
    alice.say(f"me@{DOMAIN}/phone", "<body>to the phone</body><body xml:lang='de'>ans Telefon</body>")
    alice.say(f"me@{DOMAIN}", "<received xmlns='urn:xmpp:receipts' id='m1'/>")
    alice.say(f"me@{DOMAIN}", "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>")
    alice.say(f"me@{DOMAIN}", "<subject>About</subject><body>normal</body><thread>t1</thread>", "normal")
    alice.say(f"me@{DOMAIN}", "<body>news</body>", "headline")
    phone.say(f"alice@{DOMAIN}", "<body>from the phone</body><origin-id xmlns='urn:xmpp:sid:0' id='o2'/>")
    phone.say(f"alice@{DOMAIN}", "<displayed xmlns='urn:xmpp:chat-markers:0' id='o1'/>")
    me.say(f"nobody@{DOMAIN}", "<body>anybody?</body>")
    me.say(f"alice@{DOMAIN}", "<body>from here</body>")
    await alice.ask(
        "set",
        None,
        _PUBLISH.format("http://jabber.org/protocol/nick", "current", f"<nick xmlns='{_NICK}'>Ali</nick>"),
    )
    await phone.ask("set", None, _PUBLISH.format(_MDS, f"alice@{DOMAIN}", _DISPLAYED))
    for question in _LATER:
        await me.ask(*question)
    alice.send_presence(pshow="dnd", pstatus="busy")
    await alice.ask("get", DOMAIN, "<ping xmlns='urn:xmpp:ping'/>")
    await alice.disconnect(wait=1)
    await phone.disconnect(wait=1)
    await bob.disconnect(wait=1)
    await me.ask("get", DOMAIN, "<ping xmlns='urn:xmpp:ping'/>")
    heard = list(me.heard)
    await me.disconnect(wait=1)
    return heard


def main() -> None:
    """Record both."""
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder) / "authority")
        for kind in (Prosody, Ejabberd):
            server = kind(Path(folder) / kind.name, DOMAIN, authority=authority)
            try:
                write_stream(FOLDER / f"{server.name}.xml", asyncio.run(perform(server)))
            finally:
                server.stop()


if __name__ == "__main__":
    main()
