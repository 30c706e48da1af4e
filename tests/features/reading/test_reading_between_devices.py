"""XEP-0490: what is read on one device is read on the others; told to nobody else; never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.features.reading.node import FEATURES, Node
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.features.reading import publishing
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.events import CaughtUp, ConversationChanged
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind

ME = "me@example.org"
CONTACT = contact("alice@example.net")


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    """Not online yet."""
    return core.stream(core.add_account().id)


@pytest.fixture
async def node(stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> Node:
    made = Node(stream)
    monkeypatch.setattr(publishing, "_SPACING", 0.0)
    monkeypatch.setattr(stream, "request", made.request)
    return made


def stanza_id(value: str) -> str:
    return f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{value}'/>"


def receive(stream: FakeStream, *ids: str, source: Source = Source.LIVE, sender: str = "alice@example.net/x") -> None:
    for value in ids:
        stream.receive_message(sender, f"says {value}", extra=stanza_id(value), source=source)


def conversation(core: Core, jid: JID = ALICE) -> Conversation:
    account = core.base.stores.accounts.list_accounts()[0]
    found = core.services.conversations.find(core.services.conversations.open(account.id, jid).id)
    assert found is not None
    return found


def read(core: Core) -> None:
    core.services.unread.mark_read(conversation(core).id)


async def test_what_is_read_here_is_published_privately(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1", "a2")
    read(core)
    await core.settle()
    assert node.items == {"alice@example.net": "a2"}
    assert node.access == "whitelist"
    assert core.services.outbox.pending(stream.account_id) == []
    receive(stream, "a3")
    read(core)
    await core.settle()
    assert node.items == {"alice@example.net": "a3"}
    assert node.log.count("get configure") == 1, "the access model is looked at once a session"


async def test_what_is_read_one_after_another_is_published_together(
    core: Core, stream: FakeStream, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_SPACING", 3600.0)
    stream.go_online(CONTACT)
    for value in ("a1", "a2", "a3"):
        receive(stream, value)
        read(core)
        await core.settle()
    assert node.items == {"alice@example.net": "a1"}
    monkeypatch.setattr(publishing, "_SPACING", 0.0)
    stream.lose()
    stream.resume()
    await core.settle()
    assert node.items == {"alice@example.net": "a3"}, "what was not published yet waits on disk"
    assert node.log.count("set publish") == 2
    assert core.services.outbox.pending(stream.account_id) == []


@pytest.mark.parametrize("missing", sorted(FEATURES))
async def test_s5_nothing_is_published_where_it_could_be_seen(
    core: Core, stream: FakeStream, node: Node, missing: str
) -> None:
    stream.account_features.discard(missing)
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    assert node.log == []
    assert core.services.outbox.pending(stream.account_id) == []


async def test_s5_a_node_that_others_see_is_made_private_first(core: Core, stream: FakeStream, node: Node) -> None:
    node.access = "presence"
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    assert node.log[-4:] == ["set publish", "set configure", "set publish", "get configure"]
    assert (node.access, node.items) == ("whitelist", {"alice@example.net": "a1"})


async def test_s5_a_node_that_stays_visible_gets_nothing(core: Core, stream: FakeStream, node: Node) -> None:
    node.access, node.obedient = "presence", False
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    assert node.items == {}
    assert core.services.outbox.pending(stream.account_id) == [], "and it is given up"


async def test_s5_a_server_that_ignores_the_condition_is_found_out(core: Core, stream: FakeStream, node: Node) -> None:
    node.honest, node.obedient = False, False
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    assert node.log[-1] == "set delete"
    assert node.items == {}
    receive(stream, "a2")
    read(core)
    await core.settle()
    assert node.items == {}, "nothing more in this session"


async def test_a_server_that_knows_few_options_is_configured_first(core: Core, stream: FakeStream, node: Node) -> None:
    node.ignorant = True
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    assert node.log[1:] == ["set publish", "set configure", "set create", "set publish", "get configure"]
    receive(stream, "a2")
    read(core)
    await core.settle()
    assert node.log[-1] == "set publish"
    assert (node.access, node.items) == ("whitelist", {"alice@example.net": "a2"})


async def test_what_is_read_elsewhere_is_read_here_and_never_unread_again(
    core: Core, stream: FakeStream, node: Node
) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1", "a2", "a3")
    node.event("alice@example.net", "a2")
    assert conversation(core).unread == 1
    assert core.published(ConversationChanged)[-1].conversation.unread == 1
    node.event("alice@example.net", "a1")
    assert conversation(core).unread == 1, "a slow device undoes nothing"
    node.event("alice@example.net", "a3", sender=None)
    assert conversation(core).unread == 0
    node.tell("<retract id='alice@example.net'/>")
    assert conversation(core).unread == 0
    await core.settle()
    assert "set publish" not in node.log, "what others told is not told back"


@pytest.mark.parametrize("sender", ["mallory@evil.example/x", "alice@example.net", f"{ME}/evil", "example.org"])
async def test_s4_events_of_others_are_ignored(core: Core, stream: FakeStream, node: Node, sender: str) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1")
    node.event("alice@example.net", "a1", sender)
    node.event("alice@example.net", "later", sender)
    receive(stream, "later")
    assert conversation(core).unread == 2


async def test_s4_what_makes_no_sense_is_ignored(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1")
    node.event("bob@example.net", "a1")
    node.event("alice@example.net/x", "a1")
    node.event("@@", "a1")
    node.event("alice@example.net", "")
    node.event("alice@example.net", "a1", by="room@muc.example.net")
    node.event("alice@example.net", "a1", source=Source.ARCHIVE)
    node.tell("<item id='alice@example.net'/>")
    node.tell("<item id='alice@example.net'><displayed xmlns='urn:xmpp:mds:displayed:0'/></item>")
    assert conversation(core).unread == 1


async def test_what_was_read_while_away_is_fetched(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1", "a2")
    stream.lose()
    node.items = {"alice@example.net": "a2", "stranger@example.net": "b7"}
    stream.go_online(CONTACT)
    await core.settle()
    assert conversation(core).unread == 0
    stream.lose()
    node.log.clear()
    stream.resume()
    await core.settle()
    assert node.log == [], "in a resumed session nothing was missed"


async def test_what_is_not_here_yet_is_read_when_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = Core(tmp_path)
    stream = core.stream(core.add_account().id)
    node = Node(stream)
    monkeypatch.setattr(stream, "request", node.request)
    node.items = {"alice@example.net": "a2"}
    stream.go_online(CONTACT)
    await core.settle()
    await core.tasks.cancel_all()
    core.close()
    core = Core(tmp_path)  # what is awaited is on disk
    core.services.accounts.start_all()
    stream = core.stream(core.base.stores.accounts.list_accounts()[0].id)
    stream.go_online(CONTACT)
    receive(stream, "a1", source=Source.ARCHIVE)
    receive(stream, "a2", sender="mallory@evil.example/x", source=Source.ARCHIVE)
    assert conversation(core).unread == 1
    receive(stream, "a3", source=Source.ARCHIVE)
    receive(stream, "a2", source=Source.ARCHIVE)
    assert conversation(core).unread == 0, "a2 came in after the others here"
    receive(stream, "a4")
    assert conversation(core).unread == 1
    await core.tasks.cancel_all()


async def test_an_id_that_comes_later_is_found_once_all_is_here(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
    stream.receive_message("alice@example.net/x", "live, without an id of the archive", extra=origin)
    node.event("alice@example.net", "a1")
    stream.receive_message(
        "alice@example.net/x",
        "live, without an id of the archive",
        extra=f"{origin}<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='a1'/>",
        source=Source.ARCHIVE,
    )
    core.services.bus.publish(CaughtUp(stream.account_id, {}))
    await core.settle()
    assert conversation(core).unread == 0


async def test_what_was_read_offline_is_told_with_the_next_session(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1", "a2")
    stream.lose()
    read(core)
    assert [row.kind for row in core.services.outbox.pending(stream.account_id)] == [OutboxKind.READ_STATE]
    node.items = {"alice@example.net": "a1"}
    stream.go_online(CONTACT)
    await core.settle()
    assert node.items == {"alice@example.net": "a2"}


async def test_a_slow_device_waits_before_it_tells(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1")
    stream.lose()
    read(core)
    node.items = {"alice@example.net": "a3"}  # read further elsewhere, where it is not here yet
    node.gate.clear()
    stream.go_online(CONTACT)
    await core.settle()
    assert "set publish" not in node.log, "what the server has is asked first"
    node.gate.set()
    await core.settle()
    assert node.items == {"alice@example.net": "a3"}
    await core.tasks.cancel_all()


async def test_our_own_echo_does_nothing(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    receive(stream, "a1")
    read(core)
    await core.settle()
    before = len(core.events), len(node.log)
    node.event("alice@example.net", "a1")
    await core.settle()
    assert (len(core.events), len(node.log)) == before


async def test_what_we_send_is_not_told_as_read(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    core.services.unread.set_viewed(conversation(core).id, True)
    receive(stream, "a1")
    ours = core.services.outbox.submit(conversation(core).id, "ours")
    await core.settle()
    for sender, ids in (
        (f"{ME}/desk", f"<origin-id xmlns='urn:xmpp:sid:0' id='{ours.wire_id}'/>{stanza_id('o2')}"),
        (f"{ME}/phone", stanza_id("o3")),
    ):
        stream.receive_message(sender, "ours", to=str(ALICE), extra=ids)
    stream.receive_message("alice@example.net/x", "no archive has it")
    await core.settle()
    assert conversation(core).unread == 0
    assert node.items == {"alice@example.net": "a1"}
    assert node.log.count("set publish") == 1


async def test_a_position_is_never_told_to_move_back(core: Core, stream: FakeStream, node: Node) -> None:
    stream.go_online(CONTACT)
    await core.settle()
    receive(stream, "a1")
    stream.receive_message(
        f"{ME}/phone",
        "sent and told as read from the phone",
        to=str(ALICE),
        extra=stanza_id("o2"),
    )
    node.items = {"alice@example.net": "o2"}
    node.event("alice@example.net", "o2")
    core.services.unread.set_viewed(conversation(core).id, True)
    old = datetime.now(UTC) - timedelta(days=1)
    stream.receive(
        Envelope(
            stream.account_id,
            stream.full_jid,
            JID.parse("alice@example.net/x"),
            stream.full_jid,
            "chat",
            "",
            message_element("of long ago"),
            datetime.now(UTC),
            Source.ARCHIVE,
            archive_ids=True,
            archive_id="a0",
            stamp=old,
            news=False,
        )
    )
    await core.settle()
    assert node.items == {"alice@example.net": "o2"}
    assert core.services.outbox.pending(stream.account_id) == []
