"""What is said about messages: a real window, worked by keys and read as a screen reader does, and a friend on another
library who says and hears the stanzas as they stand in the XEPs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from tests.helpers.acceptance import PASSWORD, new_desktop, open_chat, sign_in, start, wait_message, wait_online
from tests.helpers.desktop import App, Desktop, Element
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server

ALICE, CAROL = "alicetalks", "caroltalks"
BOBS = tuple(f"bob{number}talks" for number in range(20))  # more than tests, with what is tried again

CORRECT = "urn:xmpp:message-correct:0"
REPLY = "urn:xmpp:reply:0"
FALLBACK = "urn:xmpp:fallback:0"
REACTIONS = "urn:xmpp:reactions:0"
RETRACT = "urn:xmpp:message-retract:1"
MARKERS = "urn:xmpp:chat-markers:0"
RECEIPTS = "urn:xmpp:receipts"
STYLING = "urn:xmpp:styling:0"


@dataclass
class Talk:
    """Alice's window, with the conversation with Bob open; Bob; what he has heard of her."""

    app: App
    alice: str
    name: str
    bob: Friend

    async def hears(self, body: str | None = None, matches: Callable[[ET.Element], object] = bool) -> ET.Element:
        """The first message that Bob gets from her with this body (None: any, or none) that matches."""

        def found() -> ET.Element | None:
            return next(
                (each for each in self.heard() if body in (None, each.findtext("body")) and matches(each)), None
            )

        await self.bob.wait_for(lambda _event: found() is not None)
        stanza = found()
        assert stanza is not None
        return stanza

    def heard(self) -> list[ET.Element]:
        """All messages that Bob got from her."""
        stanzas = [ET.fromstring(event["xml"]) for event in self.bob.events if event["event"] == "stanza"]
        return [each for each in stanzas if each.tag == "message" and each.get("from", "").startswith(self.alice)]

    async def bob_says(self, body: str, stanza_id: str, more: str = "") -> None:
        """Bob says something, with what more stands in the stanza."""
        await self.bob_sends(stanza_id, f"<body>{body}</body>{more}")

    async def bob_sends(self, stanza_id: str, children: str) -> None:
        """Bob sends a message with these children."""
        await self.bob.send("raw", text=f"<message to='{self.alice}' type='chat' id='{stanza_id}'>{children}</message>")

    def say(self, text: str) -> None:
        """Alice writes and sends."""
        self.app.find("text", "Message").focus()
        self.app.type(f"{text}\n")

    def stand_on(self, text: str) -> Element:
        """Put the keyboard on a message that shows, from the last one upwards."""
        wait_message(self.app, text)
        rows = self.app.find("list", "Messages")
        rows.focus()
        self.app.press("End")
        for row in reversed(rows.find_all("list item")):
            self.app.wait_for(lambda row=row: "focused" in row.look().states, "the keyboard on the next row")  # type: ignore[misc] # bound now
            if text in row.look().name:
                return row
            self.app.press("Up")
        raise AssertionError(f"{text!r} does not show")

    def texts(self) -> list[str]:
        """What the rows say, without who and when."""
        rows = self.app.find("list", "Messages").find_all("list item")
        return [re.sub(r"^[^,]*, [^,]*, ", "", row.look().name) for row in rows]


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A desktop with a keyring, in a language with a dictionary of one word."""
    with new_desktop(tmp_path_factory.mktemp("conversation")) as running:
        words = Path(running.env["HOME"]) / ".config" / "enchant" / "hunspell"
        words.mkdir(parents=True)
        (words / "en_GB.aff").write_text("SET UTF-8\nTRY esianrtolcdugmphbyfvkwzTESIANRTOLCDUGMPHBYFVKWZ\n")
        (words / "en_GB.dic").write_text("2\nTuesday\non\n")
        running.env["LANG"] = "en_GB.UTF-8"
        yield running


@pytest.fixture(scope="module")
def window(desktop: Desktop, prosody: Server) -> App:
    """Alice's window, online; Carol is her contact, and so is everybody who is Bob in one of the tests."""
    for name in (ALICE, CAROL, *BOBS):
        prosody.add_user(name, PASSWORD)
    prosody.make_contacts(ALICE, [CAROL, *BOBS])
    app = start(desktop, prosody)
    sign_in(app, prosody, ALICE)
    wait_online(app)
    return app


@pytest.fixture(scope="module")
def bobs() -> Iterator[str]:
    """Another Bob for each test, so that nothing was said before."""
    return iter(BOBS)


def go_to(app: App, name: str) -> Element:
    """Open a conversation once the window has the keyboard, after whatever dialog; the text to write in."""
    app.wait_for(lambda: "active" in app.find("frame").look().states, "the window to have the keyboard")
    open_chat(app, name)
    app.find("label", name)
    return app.find("text", "Message")


@pytest.fixture
async def talk(window: App, prosody: Server, bobs: Iterator[str]) -> AsyncIterator[Talk]:
    """The conversation, open in the window."""
    user = next(bobs)
    go_to(window, user)
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, user, PASSWORD, prosody.ca_file) as bob:
        yield Talk(window, f"{ALICE}@{prosody.domain}", user, bob)


def choose(talk: Talk, text: str, from_below: int) -> None:
    """Choose a line of a message's menu, counted from its end: Qt tells nobody of the lines of a context menu."""
    talk.stand_on(text)
    for key in ("Menu", *["Up"] * from_below, "Return"):
        talk.app.press(key)


@pytest.fixture
async def carol(prosody: Server) -> AsyncIterator[Friend]:
    """Another friend, online."""
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, CAROL, PASSWORD, prosody.ca_file) as friend:
        yield friend


async def test_edits_go_both_ways_and_only_of_ones_own(talk: Talk) -> None:
    app = talk.app
    talk.say("an earlier one")
    talk.say("a tpyo")
    first, second = await talk.hears("an earlier one"), await talk.hears("a tpyo")
    app.press("Up")
    app.find("panel", "Editing")
    app.press("Ctrl+a")
    app.type("a typo\n")
    assert about(await talk.hears("a typo"), CORRECT, "replace") == second.get("id")
    wait_message(app, "a typo", "edited")
    choose(talk, "an earlier one", 2)
    app.wait_for(lambda: app.find("text", "Message").text() == "an earlier one", "its text in the composer")
    app.press("Ctrl+a")
    app.type("the first one\n")
    assert about(await talk.hears("the first one"), CORRECT, "replace") == first.get("id")
    wait_message(app, "the first one", "edited")

    await talk.bob_says("helo", "e1")
    await talk.bob_says("what else", "e2")
    await talk.bob_says("hello", "e3", f"<replace xmlns='{CORRECT}' id='e1'/>")
    wait_message(app, "hello", "edited")
    await talk.bob_says("I owe Bob money", "e4", f"<replace xmlns='{CORRECT}' id='{second.get('id')}'/>")
    wait_message(app, "I owe Bob money")
    assert talk.texts()[-5:] == ["the first one", "a typo", "hello", "what else", "I owe Bob money"]
    choose(talk, "hello", 2)
    dialog = app.find("dialog", "Edits")
    assert {"helo", "hello"} <= {label.text() for label in dialog.find_all("label")}
    dialog.find("button", "Close").click()


async def test_answers_go_both_ways_and_lead_to_what_they_answer(talk: Talk) -> None:
    app = talk.app
    await talk.bob_says("when do we meet?", "q1")
    talk.stand_on("when do we meet?")
    app.press("Ctrl+Shift+r")
    app.find("panel", "Reply")
    app.type("at ten\n")
    answer = await talk.hears(matches=lambda stanza: stanza.find(f"{{{REPLY}}}reply") is not None)
    assert about(answer, REPLY, "reply") == "q1"
    fallback = answer.find(f"{{{FALLBACK}}}fallback/{{{FALLBACK}}}body")
    body = answer.findtext("body", "")
    assert fallback is not None
    cut = int(fallback.get("end", "0"))
    assert (body[cut:], body[:cut].splitlines()[-1]) == ("at ten", "> when do we meet?")
    row = wait_message(app, "at ten", "Delivered")
    assert "when do we meet?" in row.look().description
    app.gone("panel", "Reply")

    await talk.bob_says("\n".join(f"line {number}" for number in range(60)), "q2")
    quoted = "&gt; at ten 🕙\n"
    end = len("> at ten 🕙\n")  # characters, not bytes or what UTF-16 makes of them
    reply = f"<reply xmlns='{REPLY}' to='{talk.alice}' id='{answer.get('id')}'/>"
    fallback_to = f"<fallback xmlns='{FALLBACK}' for='{REPLY}'><body start='0' end='{end}'/></fallback>"
    await talk.bob_says(f"{quoted}fine", "q3", reply + fallback_to)
    assert "at ten" in wait_message(app, "fine").look().description
    assert talk.texts()[-1] == "fine"
    talk.stand_on("fine")
    app.wait_for(lambda: "at ten" not in talk.texts(), "the quoted message to be out of sight")
    app.press("Right")
    app.press("Return")
    wait_message(app, "at ten")


async def test_reactions_go_both_ways_and_are_withdrawn(talk: Talk) -> None:
    app = talk.app
    await talk.bob_says("shall we?", "r1")
    talk.stand_on("shall we?")
    app.press("Ctrl+Shift+e")
    app.press("1")
    heard = await talk.hears(matches=lambda stanza: reacted(stanza, "r1") == ["👍"])
    assert heard.find("body") is None
    wait_message(app, "shall we?", "👍 from You")
    app.press("Ctrl+Shift+e")
    app.press("1")
    await talk.hears(matches=lambda stanza: reacted(stanza, "r1") == [])
    app.wait_for(lambda: "👍" not in wait_message(app, "shall we?").look().description, "the reaction to go")

    talk.say("we shall")
    ours = (await talk.hears("we shall")).get("id")
    for number, emoji in enumerate(("🎉❤️", "❤️", "")):
        given = "".join(f"<reaction>{one}</reaction>" for one in re.findall("🎉|❤️", emoji))
        await talk.bob_sends(f"r{number}", f"<reactions xmlns='{REACTIONS}' id='{ours}'>{given}</reactions>")
        if emoji:
            wait_message(app, "we shall", f"{emoji[-2:]} from")
    app.wait_for(lambda: "❤️" not in wait_message(app, "we shall").look().description, "the reactions to go")
    assert talk.texts()[-2:] == ["shall we?", "we shall"]


async def test_deleting_for_everyone_goes_both_ways_and_deleting_here_stays_here(talk: Talk) -> None:
    app = talk.app
    talk.say("my secret")
    secret = (await talk.hears("my secret")).get("id")
    talk.say("no secret")
    other = (await talk.hears("no secret")).get("id")
    choose(talk, "my secret", 1)
    app.find("dialog", "Delete message").find("button", "Delete for everyone").click()
    await talk.hears(matches=lambda stanza: about(stanza, RETRACT, "retract") == secret)
    await talk.bob_says("his secret", "d1")
    wait_message(app, "his secret")
    await talk.bob_sends("d2", f"<retract xmlns='{RETRACT}' id='d1'/>")
    await talk.bob_sends("d3", f"<retract xmlns='{RETRACT}' id='{other}'/>")
    await talk.bob_says("only here", "d4")
    wait_message(app, "only here")
    assert talk.texts()[-4:] == ["Message deleted", "no secret", "Message deleted", "only here"]

    choose(talk, "only here", 1)
    dialog = app.find("dialog", "Delete message")
    assert not dialog.find_all("button", "Delete for everyone")
    dialog.find("button", "Delete on this device").click()
    app.wait_for(lambda: talk.texts()[-1] == "Message deleted", "it to go")
    choose(talk, "no secret", 1)
    app.find("dialog", "Delete message").find("button", "Delete on this device").click()
    app.wait_for(lambda: talk.texts()[-2:] == ["Message deleted"] * 2, "it to go")
    talk.say("afterwards")
    await talk.hears("afterwards")
    told = [about(stanza, RETRACT, "retract") for stanza in talk.heard()]
    assert [each for each in told if each] == [secret]


async def test_a_message_is_passed_on(talk: Talk, carol: Friend) -> None:
    app = talk.app
    await talk.bob_says("pass the salt", "f1")
    wait_message(app, "pass the salt")
    choose(talk, "pass the salt", 2)
    app.find("dialog", "Forward").find("text", "Search")
    app.type("carol\n\n")  # chooses, sends
    app.gone("dialog", "Forward")
    heard = await carol.wait_for(lambda event: event["event"] == "message")
    assert (heard["body"], heard["from"].partition("/")[0]) == ("pass the salt", talk.alice)
    go_to(app, CAROL)
    wait_message(app, "pass the salt", "Delivered")


async def test_what_was_delivered_and_read_is_told_both_ways(talk: Talk) -> None:
    app = talk.app
    asked = f"<request xmlns='{RECEIPTS}'/><markable xmlns='{MARKERS}'/>"
    await talk.bob_says("do you read me?", "m1", asked)
    await talk.hears(matches=lambda stanza: about(stanza, RECEIPTS, "received") == "m1")
    await talk.hears(matches=lambda stanza: about(stanza, MARKERS, "displayed") == "m1")
    talk.say("loud")
    talk.say("and clear")
    last = await talk.hears("and clear")
    assert last.find(f"{{{RECEIPTS}}}request") is not None
    assert last.find(f"{{{MARKERS}}}markable") is not None
    wait_message(app, "loud", "Delivered")
    await talk.bob_sends("m2", f"<displayed xmlns='{MARKERS}' id='{last.get('id')}'/>")
    wait_message(app, "loud", "Read")
    wait_message(app, "and clear", "Read")


async def test_actions_and_styling_are_shown_as_such(talk: Talk, desktop: Desktop, tmp_path: Path) -> None:
    app = talk.app
    talk.say("/me waves")
    await talk.hears("/me waves")
    wait_message(app, f"{ALICE} waves")
    await talk.bob_says("/me bows", "s1")
    wait_message(app, f"{talk.name} bows")
    words = "*bold words are written so*"
    talk.say(words)
    assert (await talk.hears(words)).find(f"{{{STYLING}}}unstyled") is None
    for number in range(2):
        await talk.bob_says(words, f"s{number + 2}")
    await talk.bob_says(words, "s4", f"<unstyled xmlns='{STYLING}'/>")
    await talk.bob_says("the end", "s5")
    wait_message(app, "the end")
    assert talk.texts()[-4:-1] == [words] * 3
    desktop.screenshot(tmp_path / "screen.png")
    screen = QImage(str(tmp_path / "screen.png"))
    styled, unstyled = (ink(screen, row) for row in app.find("list", "Messages").find_all("list item")[-3:-1])
    assert styled > 1.1 * unstyled


async def test_emoji_are_completed_by_the_keyboard(talk: Talk) -> None:
    app = talk.app
    composer = app.find("text", "Message")
    composer.focus()
    app.type("well done :tada\n")  # chooses the first of those that are shown
    app.wait_for(lambda: composer.text() == "well done 🎉", "the emoji in place of its name")
    app.type(" :heart:\n")
    await talk.hears("well done 🎉 ❤️")


def test_a_wrong_word_is_underlined_and_mended_from_its_menu(
    window: App, bobs: Iterator[str], desktop: Desktop, tmp_path: Path
) -> None:
    def screen() -> QImage:
        desktop.screenshot(tmp_path / "screen.png")
        return QImage(str(tmp_path / "screen.png"))

    composer = go_to(window, next(bobs))
    composer.focus()
    window.press("Ctrl+a")
    window.type("on Tusday so")
    window.wait_for(lambda: any(is_red(color) for color in colors(screen(), composer)), "the line under the word")
    for _ in " so":
        window.press("Left")
    rows = window.find("list", "Messages")
    before = ink(screen(), rows)
    window.press("Menu")  # it opens over the messages, once it is known what could be meant
    window.wait_for(lambda: ink(screen(), rows) != before, "the menu")
    window.press("Down")
    window.press("Return")
    window.wait_for(lambda: composer.text() == "on Tuesday so", "the word that was meant")


def about(stanza: ET.Element, namespace: str, name: str) -> str | None:
    """The id of what a stanza speaks of."""
    child = stanza.find(f"{{{namespace}}}{name}")
    return None if child is None else child.get("id")


def reacted(stanza: ET.Element, message_id: str) -> list[str] | None:
    """The emoji that a stanza gives a message; None where it is about something else."""
    if about(stanza, REACTIONS, "reactions") != message_id:
        return None
    return [one.text or "" for one in stanza.iter(f"{{{REACTIONS}}}reaction")]


def colors(screen: QImage, element: Element) -> Iterator[QColor]:
    """The pixels of an element."""
    box = element.look().box
    assert box is not None
    left, top, width, height = box
    return (screen.pixelColor(x, y) for x in range(left, left + width) for y in range(top, top + height))


def ink(screen: QImage, row: Element) -> int:
    """How much of a row is dark."""
    return sum(255 - color.lightness() for color in colors(screen, row) if color.lightness() < 128)


def is_red(color: QColor) -> bool:
    """Whether it is the colour of what is wrong."""
    return color.red() - max(color.green(), color.blue()) > 60
