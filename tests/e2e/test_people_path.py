"""How people look to one another: a real window, worked by keys and read as a screen reader does, and a friend on
another library who publishes and asks as it stands in the XEPs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from tests.helpers.acceptance import PASSWORD, new_desktop, open_chat, sign_in, start, wait_online
from tests.helpers.desktop import App, Desktop, Element
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server

ALICE, BOB = "alicelooks", "boblooks"
PUBSUB = "http://jabber.org/protocol/pubsub"
NICK = "http://jabber.org/protocol/nick"
METADATA = "urn:xmpp:avatar:metadata"
DATA = "urn:xmpp:avatar:data"
MAGENTA = QColor(255, 0, 255)


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A desktop with a keyring."""
    with new_desktop(tmp_path_factory.mktemp("people")) as running:
        yield running


@pytest.fixture(scope="module")
def stanzas(desktop: Desktop) -> Path:
    """Where the program writes what goes over its stream."""
    return desktop.folder / "stanzas.xml"


@pytest.fixture(scope="module")
def window(desktop: Desktop, prosody: Server, stanzas: Path) -> App:
    """Alice's window, online; Bob is her contact."""
    for name in (ALICE, BOB):
        prosody.add_user(name, PASSWORD)
    prosody.make_contacts(ALICE, [BOB])
    app = start(desktop, prosody, "--log-xml", str(stanzas))
    sign_in(app, prosody, ALICE)
    wait_online(app)
    return app


def signed_in(server: Server) -> Friend:
    """Bob on another library, once it is entered."""
    return Friend(server.host, server.starttls_port, server.domain, BOB, PASSWORD, server.ca_file)


@pytest.fixture
async def bob(window: App, prosody: Server) -> AsyncIterator[Friend]:
    """Bob, online."""
    async with signed_in(prosody) as friend:
        yield friend


async def ask(bob: Friend, kind: str, to: str, children: str) -> str:
    """What comes back when Bob asks for something, as it came."""
    number = uuid.uuid4().hex
    addressed = f" to='{to}'" if to else ""
    await bob.send("raw", text=f"<iq type='{kind}' id='{number}'{addressed}>{children}</iq>")
    answer = await bob.wait_for(lambda event: event["event"] == "stanza" and number in event["xml"])
    return str(answer["xml"])


async def publish(bob: Friend, node: str, item: str, children: str) -> None:
    """Bob publishes an item."""
    told = f"<pubsub xmlns='{PUBSUB}'><publish node='{node}'><item id='{item}'>{children}</item></publish></pubsub>"
    assert 'type="result"' in await ask(bob, "set", "", told)


def items(node: str, item: str = "") -> str:
    """What asks for items of a node."""
    which = f"<item id='{item}'/>" if item else ""
    return f"<pubsub xmlns='{PUBSUB}'><items node='{node}'>{which}</items></pubsub>"


def picture(color: QColor, side: int) -> bytes:
    """A PNG of one colour."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(color)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def shows(desktop: Desktop, element: Element, color: QColor, folder: Path) -> bool:
    """Whether an element has a spot of a colour."""
    desktop.screenshot(folder / "screen.png")
    screen, box = QImage(str(folder / "screen.png")), element.look().box
    assert box is not None
    left, top, width, height = box
    return any(screen.pixelColor(x, y) == color for x in range(left, left + width) for y in range(top, top + height))


def open_details(app: App) -> Element:
    """*Details*, the last line of the menu of the last contact."""
    app.find("tree", "Contacts").focus()
    for key in ("End", "Menu", "Up", "Return"):
        app.press(key)
    return app.find("dialog", BOB)


def fact(dialog: Element, name: str) -> str:
    """What stands beside a name."""
    return next((told for label in dialog.find_all("label", name) if (told := label.look().description)), "")


async def test_what_a_friend_publishes_is_shown_and_their_picture_fetched_once(
    window: App, prosody: Server, bob: Friend, desktop: Desktop, stanzas: Path, tmp_path: Path
) -> None:
    card = "<FN>Robert Tables</FN><DESC>Likes &lt;b&gt;quotes&lt;/b&gt;</DESC><ORG><ORGNAME>School</ORGNAME></ORG>"
    assert 'type="result"' in await ask(bob, "set", "", f"<vCard xmlns='vcard-temp'>{card}</vCard>")
    data = picture(MAGENTA, 64)
    hash_ = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    await publish(bob, DATA, hash_, f"<data xmlns='{DATA}'>{base64.b64encode(data).decode()}</data>")
    info = f"<info id='{hash_}' type='image/png' bytes='{len(data)}' width='64' height='64'/>"
    await publish(bob, METADATA, hash_, f"<metadata xmlns='{METADATA}'>{info}</metadata>")
    await publish(bob, NICK, "current", f"<nick xmlns='{NICK}'>Bobby Tables</nick>")

    open_chat(window, BOB)
    window.find("page tab", "Contacts").click()
    row = window.find("tree", "Contacts").find("table cell", BOB)
    window.wait_for(lambda: shows(desktop, row, MAGENTA, tmp_path), "the picture in the list")
    dialog = open_details(window)
    dialog.find("label", "Nickname")
    window.wait_for(lambda: "Bobby Tables" in fact(dialog, "Nickname"), "the nickname")
    window.wait_for(lambda: fact(dialog, "Full name") == "Robert Tables", "the profile")
    assert fact(dialog, "About") == "Likes <b>quotes</b>"
    window.wait_for(lambda: "Scripted 7" in fact(dialog, "Presence"), "the name of his program")
    assert shows(desktop, dialog, MAGENTA, tmp_path)
    dialog.find("button", "Close").click()

    await bob.send("stop")
    window.wait_for(lambda: "Offline" in row.look().description, "Bob to be away")
    dialog = open_details(window)
    window.wait_for(lambda: fact(dialog, "Last seen").startswith("Today"), "when he was there last")
    dialog.find("button", "Close").click()
    async with signed_in(prosody):
        window.wait_for(lambda: "Online" in row.look().description, "Bob to be back")
        dialog = open_details(window)
        window.wait_for(lambda: "Scripted 7" in fact(dialog, "Presence"), "what was said since then")
        dialog.find("button", "Close").click()
    assert len(re.findall(f"SEND: <iq type=.get.[^\n]*{DATA}", stanzas.read_text())) == 1  # noqa: ASYNC240 - small


async def test_ones_own_picture_nickname_and_profile_reach_a_friend(
    window: App, prosody: Server, bob: Friend, tmp_path: Path
) -> None:
    alice = f"{ALICE}@{prosody.domain}"
    (tmp_path / "me.png").write_bytes(picture(QColor("navy"), 300))
    window.find("menu item", "Account").click()
    window.find("menu item", "Profile…").click()
    dialog = window.find("dialog", "Profile")
    dialog.find("text", "Nickname").set_text("Ally")
    window.wait_for(lambda: "enabled" in dialog.find("text", "Full name").look().states, "what the provider has")
    dialog.find("text", "Full name").set_text("Alice Looks")
    dialog.find("text", "About").set_text("Sees <b>all</b>")
    dialog.find("button", "Choose picture…").click()
    chooser = window.find("dialog", "Choose picture — Whimbrel")
    chooser.find("text", "File name:").set_text(str(tmp_path / "me.png"))
    chooser.find("button", "Open").click()
    window.find("dialog", "Crop picture").find("button", "Use picture").click()
    window.gone("dialog", "Crop picture")
    dialog.find("button", "Save").click()
    window.gone("dialog", "Profile")

    async def reaches(asked: str, *wanted: str) -> str:
        """What Bob is told, once it is all in it: the server is told of each thing by itself."""
        async with asyncio.timeout(20):
            told = await ask(bob, "get", alice, asked)
            while not all(words in told for words in wanted):
                told = await ask(bob, "get", alice, asked)
        return told

    await reaches(items(NICK), "Ally")
    await reaches("<vCard xmlns='vcard-temp'/>", "Alice Looks", "Sees &lt;b&gt;all&lt;/b&gt;")
    hash_ = re.findall("id=.([0-9a-f]{40})", await reaches(items(METADATA), "<info"))[-1]
    encoded = re.findall("<data[^>]*>([^<]+)", await reaches(items(DATA, hash_), "<data"))[0]
    image = QImage.fromData(base64.b64decode(encoded))
    assert (image.width(), image.height(), image.pixelColor(9, 9)) == (256, 256, QColor("navy"))
