"""Notifications: one for what comes together, none for what is read, one summary of what was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream
from tests.helpers.setting import page_context
from tests.ui.conftest import RecordingNotifier

from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.conversation import FOREVER, ConversationId
from whimbrel.model.envelope import Source
from whimbrel.model.events import CaughtUp
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui import missed as missed_module
from whimbrel.ui import notifications, request_notice
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.notifications import Notifications
from whimbrel.ui.settings.notifications import NotificationsPage
from whimbrel.ui.theme.theme import Theme


@pytest.fixture
def shown(
    core: Core, bridge: Bridge, settings: Settings, notifier: RecordingNotifier, monkeypatch: pytest.MonkeyPatch
) -> Notifications:
    monkeypatch.setattr(notifications, "_MOMENT", 50)
    monkeypatch.setattr(request_notice, "_MOMENT", 50)
    return Notifications(core.services, bridge, settings, notifier)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net", "Alice"), contact("bob@example.net", "Bob"))


def conversation(core: Core, stream: FakeStream, jid: str) -> ConversationId:
    return core.services.conversations.open(stream.account_id, JID.parse(jid)).id


def missed(core: Core, stream: FakeStream, **counts: int) -> None:
    """So many messages of each came in while we were away."""
    found: dict[ConversationId, int] = {}
    for name, count in counts.items():
        for number in range(count):
            stream.receive_message(f"{name}@example.net/x", f"{name} {number}", source=Source.ARCHIVE)
        found[conversation(core, stream, f"{name}@example.net")] = count
    core.services.bus.publish(CaughtUp(stream.account_id, found))


@pytest.mark.usefixtures("shown")
def test_messages_of_a_moment_make_one_notification(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str, str]] = []
    monkeypatch.setattr(notifier, "show", lambda *what, **_: calls.append(what))
    for body in ("one", "two", "<b>three</b>\nlines"):
        stream.receive_message("alice@example.net/x", body)
    stream.receive_message("bob@example.net/x", "hi")
    qtbot.waitUntil(lambda: len(calls) == 2)
    alice, bob = (conversation(core, stream, f"{name}@example.net") for name in ("alice", "bob"))
    assert calls == [
        (f"conversation:{alice}", "Alice", "3 new messages\n<b>three</b> lines"),
        (f"conversation:{bob}", "Bob", "hi"),
    ]


@pytest.mark.usefixtures("shown")
def test_what_is_read_elsewhere_loses_its_notification(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("bob@example.net/x", "read before it showed")
    core.services.unread.mark_read(conversation(core, stream, "bob@example.net"))
    stream.receive_message("alice@example.net/x", "one")
    alice = conversation(core, stream, "alice@example.net")
    qtbot.waitUntil(lambda: list(notifier.shown) == [f"conversation:{alice}"])
    stream.receive_message("me@example.org/phone", "answered there", to="alice@example.net")
    assert notifier.shown == {}


@pytest.mark.usefixtures("shown")
def test_they_can_be_off(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, settings: Settings, qtbot: QtBot
) -> None:
    settings.notifications = False
    stream.receive_message("alice@example.net/x", "psst")
    missed(core, stream, bob=2)
    settings.notifications = True
    stream.receive_message("bob@example.net/x", "hi")
    qtbot.waitUntil(lambda: len(notifier.shown) == 1)
    assert [title for title, _ in notifier.shown.values()] == ["Bob"]


@pytest.mark.usefixtures("shown")
def test_what_was_missed_makes_one_summary(core: Core, stream: FakeStream, notifier: RecordingNotifier) -> None:
    core.services.bus.publish(CaughtUp(stream.account_id, {}))
    assert notifier.shown == {}
    core.services.unread.set_viewed(conversation(core, stream, "lili@example.net"), True)
    missed(core, stream, alice=9, bob=2, stranger=1, lili=4)
    key = f"caught-up:{stream.account_id}"
    assert notifier.shown == {key: ("Whimbrel", "12 new messages in 3 conversations")}
    for name in ("alice", "bob"):
        core.services.unread.mark_read(conversation(core, stream, f"{name}@example.net"))
    assert key in notifier.shown
    core.services.unread.mark_read(conversation(core, stream, "stranger@example.net"))
    assert notifier.shown == {}


def test_a_summary_of_one_conversation_names_it(
    shown: Notifications, core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    missed(core, stream, alice=1)
    key = f"caught-up:{stream.account_id}"
    assert notifier.shown == {key: ("Alice", "1 new message")}
    with qtbot.waitSignal(shown.conversation_requested) as asked:
        notifier.activated.emit(key)
    assert asked.args == [conversation(core, stream, "alice@example.net")]
    missed(core, stream, bob=1)
    assert notifier.shown == {key: ("Whimbrel", "2 new messages in 2 conversations")}
    with qtbot.waitSignal(shown.window_requested):
        notifier.activated.emit(key)
    notifier.activated.emit("caught-up:nonsense")


@pytest.mark.usefixtures("shown")
def test_what_the_server_kept_for_us_is_summed_up_too(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_module, "_GATHERING", 50)
    kept = "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2020-02-02T02:02:02Z'/>"
    for name in ("alice", "alice", "bob", "stranger"):
        stream.receive_message(f"{name}@example.net/x", "long ago", extra=kept)
    core.services.unread.mark_read(conversation(core, stream, "stranger@example.net"))
    key = f"caught-up:{stream.account_id}"
    qtbot.waitUntil(lambda: notifier.shown == {key: ("Whimbrel", "3 new messages in 2 conversations")})
    missed(core, stream, bob=1)
    assert notifier.shown == {key: ("Whimbrel", "4 new messages in 2 conversations")}


@pytest.mark.usefixtures("shown")
def test_what_was_read_before_it_came_is_no_news(core: Core, stream: FakeStream, notifier: RecordingNotifier) -> None:
    alice = conversation(core, stream, "alice@example.net")
    stream.receive_message("alice@example.net/x", "read on the phone", source=Source.ARCHIVE)
    core.services.unread.mark_read(alice)
    core.services.bus.publish(CaughtUp(stream.account_id, {alice: 1}))
    assert notifier.shown == {}


ATTENTION = "<attention xmlns='urn:xmpp:attention:0'/>"


@pytest.mark.usefixtures("shown")
def test_nothing_is_told_of_what_is_muted(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    alice, bob = (conversation(core, stream, f"{name}@example.net") for name in ("alice", "bob"))
    core.services.conversations.set_muted(alice, FOREVER)
    core.services.conversations.set_muted(bob, datetime.now(UTC) - timedelta(seconds=1))
    for name in ("alice", "bob"):
        stream.receive_message(f"{name}@example.net/x", "hi")
    qtbot.waitUntil(lambda: list(notifier.shown) == [f"conversation:{bob}"])
    core.services.unread.mark_read(bob)
    missed(core, stream, alice=3)
    assert notifier.shown == {}


@pytest.mark.usefixtures("shown")
def test_busy_is_quiet(core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot) -> None:
    core.services.presence.set_own(OwnPresence(Availability.BUSY))
    stream.receive_message("alice@example.net/x", "not now")
    missed(core, stream, alice=2)
    stream.subscription("tomas@example.net")
    qtbot.wait(120)
    assert notifier.shown == {}
    core.services.presence.set_own(OwnPresence(Availability.ONLINE))
    stream.receive_message("bob@example.net/x", "now")
    qtbot.waitUntil(lambda: [title for title, _ in notifier.shown.values()] == ["Bob"])


def test_a_full_screen_is_quiet(
    core: Core, bridge: Bridge, settings: Settings, stream: FakeStream, notifier: RecordingNotifier
) -> None:
    full = [True]
    made = Notifications(core.services, bridge, settings, notifier, is_screen_full=lambda: full[0])
    missed(core, stream, alice=1)
    assert notifier.shown == {}
    full[0] = False
    missed(core, stream, alice=1)
    assert len(notifier.shown) == 1
    made.finish()


@pytest.mark.usefixtures("shown")
def test_who_wrote_and_what_can_be_hidden_and_the_sound_be_off(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, settings: Settings, qtbot: QtBot
) -> None:
    settings.notification_content, settings.notification_sound = False, False
    stream.receive_message("alice@example.net/x", "a secret")
    key = f"conversation:{conversation(core, stream, 'alice@example.net')}"
    qtbot.waitUntil(lambda: notifier.shown == {key: ("Whimbrel", "1 new message")})
    assert notifier.manners[key] == {"answerable": True, "heard": False, "picture": None}
    core.services.unread.mark_read(conversation(core, stream, "alice@example.net"))
    missed(core, stream, bob=2)
    assert notifier.shown == {f"caught-up:{stream.account_id}": ("Whimbrel", "2 new messages")}


@pytest.mark.usefixtures("shown")
def test_it_is_answered_and_marked_as_read_from_there(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    alice, bob = (conversation(core, stream, f"{name}@example.net") for name in ("alice", "bob"))
    core.services.conversations.set_draft(alice, "a draft")
    for name in ("alice", "bob"):
        stream.receive_message(f"{name}@example.net/x", "hi")
    qtbot.waitUntil(lambda: len(notifier.shown) == 2)
    stream.acknowledges = False
    notifier.replied.emit(f"conversation:{alice}", "on my way")
    assert list(notifier.shown) == [f"conversation:{bob}"]
    assert core.services.conversations.latest(alice, 1)[0].body == "on my way"
    assert core.services.conversations.draft(alice) == "a draft"
    notifier.read_requested.emit(f"conversation:{bob}")
    assert notifier.shown == {}
    assert core.services.unread.total() == 0
    for key in ("conversation:99", "conversation:x", "requests"):
        notifier.replied.emit(key, "to nobody")
        notifier.read_requested.emit(key)


@pytest.mark.usefixtures("shown")
def test_what_speaks_of_messages_is_no_news(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("alice@example.net/x", "helo", id_="a1")
    core.services.unread.mark_read(conversation(core, stream, "alice@example.net"))
    replace = "<replace xmlns='urn:xmpp:message-correct:0' id='a1'/>"
    reactions = "<reactions xmlns='urn:xmpp:reactions:0' id='a1'><reaction>👍</reaction></reactions>"
    stream.receive_message("alice@example.net/x", "hello", id_="a2", extra=replace)
    stream.receive_message("alice@example.net/x", None, id_="a3", extra=reactions)
    stream.receive_message("bob@example.net/x", "news")
    qtbot.waitUntil(lambda: bool(notifier.shown))
    assert [title for title, _ in notifier.shown.values()] == ["Bob"]


def test_attention_is_shown_where_it_is_wanted(
    shown: Notifications,
    core: Core,
    stream: FakeStream,
    notifier: RecordingNotifier,
    settings: Settings,
    qtbot: QtBot,
) -> None:
    stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION)
    assert notifier.shown == {}
    core.choice.accept_attention = True
    stream.receive_message("mallory@evil.example/x", None, type_="headline", extra=ATTENTION)
    stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION)
    key = f"conversation:{conversation(core, stream, 'alice@example.net')}"
    assert notifier.shown == {key: ("Alice", "Asks for your attention")}
    assert (notifier.manners[key]["heard"], notifier.manners[key]["urgent"]) == (True, True)
    settings.notification_content = False
    assert notifier.shown == {key: ("Whimbrel", "Asks for your attention")}
    core.services.unread.set_viewed(conversation(core, stream, "alice@example.net"), True)
    QApplication.instance().focusChanged.emit(None, None)
    qtbot.waitUntil(lambda: notifier.shown == {})


def test_no_notification_calls_to_what_is_looked_at(
    shown: Notifications, core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    core.choice.accept_attention = True
    core.services.unread.set_viewed(conversation(core, stream, "alice@example.net"), True)
    with qtbot.assertNotEmitted(shown.attention_shown):
        stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION)
    assert notifier.shown == {}
    stream.receive_message("bob@example.net/x", None, type_="headline", extra=ATTENTION)
    assert list(notifier.shown) == [f"conversation:{conversation(core, stream, 'bob@example.net')}"]


REPLACE = "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>"
RETRACT = "<retract xmlns='urn:xmpp:message-retract:1' id='{}'/>"


@pytest.mark.usefixtures("shown")
def test_it_follows_what_becomes_of_its_messages(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("alice@example.net/x", "one", id_="a1")
    stream.receive_message("alice@example.net/x", "tow", id_="a2")
    key = f"conversation:{conversation(core, stream, 'alice@example.net')}"
    qtbot.waitUntil(lambda: notifier.shown == {key: ("Alice", "2 new messages\ntow")})
    stream.receive_message("alice@example.net/x", "two", id_="a3", extra=REPLACE.format("a2"))
    assert notifier.shown == {key: ("Alice", "2 new messages\ntwo")}
    assert notifier.manners[key]["heard"] is False
    stream.receive_message("alice@example.net/x", None, id_="a4", extra=RETRACT.format("a2"))
    assert notifier.shown == {key: ("Alice", "one")}
    stream.receive_message("alice@example.net/x", None, id_="a5", extra=RETRACT.format("a1"))
    assert notifier.shown == {}


@pytest.mark.usefixtures("shown")
def test_what_was_taken_back_within_the_moment_is_not_shown(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("alice@example.net/x", "oops", id_="a1")
    stream.receive_message("alice@example.net/x", None, id_="a2", extra=RETRACT.format("a1"))
    stream.receive_message("bob@example.net/x", "news")
    qtbot.waitUntil(lambda: bool(notifier.shown))
    assert [title for title, _ in notifier.shown.values()] == ["Bob"]


@pytest.mark.usefixtures("shown")
def test_threat_s8_nobody_else_takes_a_notification_back(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("alice@example.net/x", "one", id_="a1")
    qtbot.waitUntil(lambda: bool(notifier.shown))
    stream.receive_message("mallory@evil.example/x", None, id_="a2", extra=RETRACT.format("a1"))
    stream.receive_message("mallory@evil.example/x", None, id_="a3", extra=REPLACE.format("a1"))
    assert ("Alice", "one") in notifier.shown.values()


@pytest.mark.usefixtures("shown")
def test_it_counts_until_something_is_read(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    alice = conversation(core, stream, "alice@example.net")
    for number, words in ((1, "1"), (2, "2 new messages\n2")):
        stream.receive_message("alice@example.net/x", str(number))
        qtbot.waitUntil(lambda words=words: list(notifier.shown.values()) == [("Alice", words)])
    core.services.unread.mark_read(alice)
    assert notifier.shown == {}
    stream.receive_message("alice@example.net/x", "3")
    qtbot.waitUntil(lambda: list(notifier.shown.values()) == [("Alice", "3")])


@pytest.mark.usefixtures("shown")
def test_me_is_told_with_the_name(core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot) -> None:
    stream.receive_message("alice@example.net/x", "/me waves")
    qtbot.waitUntil(lambda: [body for _, body in notifier.shown.values()] == ["Alice waves"])


@pytest.mark.usefixtures("shown")
def test_a_file_is_told_by_its_name(core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot) -> None:
    url = "https://files.example.net/8e2f/sea%20view.jpg"
    stream.receive_message("alice@example.net/x", url, extra=f"<x xmlns='jabber:x:oob'><url>{url}</url></x>")
    qtbot.waitUntil(lambda: list(notifier.shown.values()) == [("Alice", "sea view.jpg")])


@pytest.mark.usefixtures("shown")
def test_who_wrote_is_shown_by_picture_and_only_the_first_is_heard(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot
) -> None:
    stream.receive_message("alice@example.net/x", "hi")
    stream.receive_message("bob@example.net/x", "hi")
    qtbot.waitUntil(lambda: len(notifier.shown) == 2)
    alice, bob = (
        notifier.manners[f"conversation:{conversation(core, stream, name)}"]
        for name in ("alice@example.net", "bob@example.net")
    )
    assert (alice["heard"], bob["heard"]) == (True, False)
    pictures = [one["picture"] for one in (alice, bob)]
    assert all(isinstance(one, QImage) and one.pixelColor(48, 10).alpha() == 255 for one in pictures)
    assert pictures[0] != pictures[1]


@pytest.mark.usefixtures("shown")
def test_threat_c17_a_flood_makes_few_notifications(
    core: Core, stream: FakeStream, notifier: RecordingNotifier, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_module, "_GATHERING", 50)
    for number in range(40):
        stream.receive_message(f"s{number}@evil.example/x", "buy")
        stream.subscription(f"s{number}@evil.example")
    qtbot.waitUntil(lambda: len(notifier.shown) == 7)
    assert notifier.shown["requests"] == ("40 contact requests", "")
    assert notifier.shown[f"caught-up:{stream.account_id}"] == ("Whimbrel", "35 new messages in 35 conversations")
    for request in core.services.requests.list_requests():
        core.services.requests.decline(request.account_id, request.jid)
    qtbot.waitUntil(lambda: "requests" not in notifier.shown)


def test_what_is_chosen_takes_effect_on_what_shows(
    shown: Notifications,
    core: Core,
    stream: FakeStream,
    notifier: RecordingNotifier,
    settings: Settings,
    theme: Theme,
    qtbot: QtBot,
) -> None:
    page = NotificationsPage(page_context(core, settings, theme))
    qtbot.addWidget(page)
    stream.receive_message("alice@example.net/x", "a secret")
    stream.subscription("tomas@example.net")
    missed(core, stream, bob=1)
    qtbot.waitUntil(lambda: len(notifier.shown) == 3)
    page.content_shown.setChecked(False)
    hidden = [("", "Contact request"), ("1 new message", "Whimbrel"), ("1 new message", "Whimbrel")]
    qtbot.waitUntil(lambda: sorted((body, title) for title, body in notifier.shown.values()) == hidden)
    page.notifications.setChecked(False)
    assert notifier.shown == {}
    assert not page.attention.isEnabled()
