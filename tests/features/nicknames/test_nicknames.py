"""XEP-0172: shown where the contact has no name of ours; our own published."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core

from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, ContactChanged, RosterReplaced
from whimbrel.model.jid import JID
from whimbrel.model.nickname import clean

PUBSUB = "http://jabber.org/protocol/pubsub"
NICK = "http://jabber.org/protocol/nick"


def event(nick: str) -> str:
    item = f"<item><nick xmlns='{NICK}'>{nick}</nick></item>"
    return f"<event xmlns='{PUBSUB}#event'><items node='{NICK}'>{item}</items></event>"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


def nicknames(core: Core) -> Nicknames:
    return core.services.offer(Nicknames)


def label(core: Core, jid: str) -> str:
    (found,) = [each for each in core.services.roster.list_contacts() if str(each.jid) == jid]
    return found.label


def test_it_is_shown_where_there_is_no_name_of_ours(core: Core) -> None:
    stream = core.online(contact("alice@example.net"), contact("bob@example.net", "Bobby"))
    stream.receive_message("alice@example.net", None, type_="headline", extra=event("Alicia"))
    stream.receive_message("bob@example.net", None, type_="headline", extra=event("Robert"))
    assert (label(core, "alice@example.net"), label(core, "bob@example.net")) == ("Alicia", "Bobby")
    assert core.published(ContactChanged)[0].contact.nick == "Alicia"
    told = len(core.published(RosterReplaced))
    stream.lose()
    stream.go_online()
    assert len(core.published(RosterReplaced)) == told  # the same roster still
    stream.push("alice@example.net", contact("alice@example.net", groups=("Friends",)))
    assert label(core, "alice@example.net") == "Alicia"
    core.services.roster.rename(stream.account_id, ALICE, "Ally")
    assert label(core, "alice@example.net") == "Ally"
    stream.receive_message("alice@example.net", None, type_="headline", extra=event(""))
    assert nicknames(core).find(stream.account_id, ALICE) == ""


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("  Alice \n B ", "Alice B"),
        ("bob@example.net", ""),
        ("a\u202ebc", "abc"),
        ("\u200b\u2060", ""),
        ("...", ""),
        ("刘备", "刘备"),
        ("x" * 300, "x" * 60),
    ],
)
def test_what_deceives_is_not_shown(told: str, shown: str) -> None:
    assert clean(told) == shown


def test_our_own_goes_out_with_the_next_connection_and_a_refusal_is_told(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    stream.account_features |= {f"{PUBSUB}#publish-options"}
    nicknames(core).set_own(account.id, "Older")
    nicknames(core).set_own(account.id, "Newer")
    assert nicknames(core).find(account.id, JID.parse("me@example.org")) == "Newer"
    stream.go_online()
    (sent,) = [payload for kind, _, payload in stream.requests if kind == "set" and payload.tag.endswith("pubsub")]
    assert [nick.text for nick in sent.iter(f"{{{NICK}}}nick")] == ["Newer"]
    assert core.base.outbox.pending(account.id) == []
    stream.errors[f"{{{PUBSUB}}}pubsub"] = [KnownError(ErrorKind.NOT_ALLOWED)]
    nicknames(core).set_own(account.id, "No")
    assert [failed.action for failed in core.published(ActionFailed)] == ["nickname"]


async def test_who_is_asked_for_a_subscription_is_told_our_nickname(core: Core) -> None:
    stream = core.online()
    core.services.roster.add(stream.account_id, ALICE, "Alice", frozenset(), "It is me")
    await core.settle()
    nicknames(core).set_own(stream.account_id, "Robert")
    core.services.roster.add(stream.account_id, JID.parse("carol@example.net"), "", frozenset(), "")
    stream.subscription("dave@example.net")
    core.services.requests.decline(stream.account_id, JID.parse("dave@example.net"))
    await core.settle()
    told = {
        (str(to), kind): [(one.tag, one.text) for one in extensions]
        for (to, kind, _), extensions in zip(stream.subscriptions, stream.subscription_extensions, strict=True)
    }
    assert told[str(ALICE), "subscribe"] == []
    assert told["carol@example.net", "subscribe"] == [("{http://jabber.org/protocol/nick}nick", "Robert")]
    assert told["carol@example.net", "subscribed"] == told["dave@example.net", "unsubscribed"] == []


def test_what_a_stranger_calls_himself_in_a_request_deceives_nobody(core: Core) -> None:
    stream = core.online()
    stream.subscription("mallory@evil.example", nick="al\u202eice\u200b\n")
    stream.subscription("eve@evil.example", nick="alice@example.net")
    assert [one.nick for one in core.services.requests.list_requests()] == ["alice", ""]
