"""Contacts: edits are shown at once and kept; the server's word wins; what it refuses is undone and told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, BOB, ME, contact
from tests.helpers.core import Core

from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, ContactChanged, ContactRemoved, RequestRemoved, RosterReplaced
from whimbrel.model.stream import RosterAnswer

NONE: frozenset[str] = frozenset()


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def found(core: Core, jid: object = ALICE) -> Contact:
    contact = next(c for c in core.services.roster.list_contacts() if c.jid == jid)
    return contact


async def test_add_is_durable_and_asks_to_see_them(core: Core) -> None:
    account = core.add_account()
    core.services.roster.add(account.id, ALICE.with_resource("x"), " Alice ", frozenset({" Friends ", " "}), "It is me")
    assert found(core) == Contact(account.id, ALICE, "Alice", frozenset({"Friends"}), ask=True, approved=True)
    stream = core.stream(account.id)
    stream.go_online()
    assert found(core).name == "Alice"  # the server's empty roster does not undo what waits
    await settle()
    assert stream.set_contacts == [(ALICE, "Alice", frozenset({"Friends"}))]
    assert stream.subscriptions == [(ALICE, "subscribed", ""), (ALICE, "subscribe", "It is me")]
    assert core.base.outbox.pending(account.id) == []


async def test_add_refuses_oneself_and_whom_one_has(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    for jid, kind in ((ME.with_resource("x"), ErrorKind.ADDRESS_OWN), (ALICE, ErrorKind.CONTACT_EXISTS)):
        with pytest.raises(KnownError) as caught:
            core.services.roster.add(stream.account_id, jid, "", NONE, "")
        assert caught.value.kind is kind


async def test_add_accepts_their_waiting_request(core: Core) -> None:
    stream = core.online()
    stream.subscription("alice@example.net")
    core.services.roster.add(stream.account_id, ALICE, "", NONE, "")
    await settle()
    assert {kind for _, kind, _ in stream.subscriptions} == {"subscribe", "subscribed"}
    assert core.services.requests.list_requests() == []
    assert len(core.published(RequestRemoved)) == 1


async def test_rename_and_groups_reach_server_and_disk(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "A", ("x", "y")))
    roster, account = core.services.roster, stream.account_id
    roster.rename(account, ALICE, "Alice")
    assert core.published(ContactChanged)[-1].contact.name == "Alice"
    roster.move(account, ALICE, "x", "z", copy=False)
    assert found(core).groups == {"y", "z"}
    roster.move(account, ALICE, "y", "w", copy=True)
    assert found(core).groups == {"y", "z", "w"}
    roster.move(account, ALICE, "y", None, copy=False)
    roster.set_groups(account, ALICE, found(core).groups - {"w"})
    await settle()
    assert stream.set_contacts[-1] == (ALICE, "Alice", frozenset({"z"}))
    assert stream.server_roster[ALICE].groups == {"z"}
    assert roster.groups() == ["z"]


async def test_unchanged_edits_send_nothing(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "Alice", ("x",)))
    core.services.roster.rename(stream.account_id, ALICE, "Alice")
    core.services.roster.move(stream.account_id, ALICE, "x", "x", copy=False)
    core.services.roster.rename_group("x", "  ")
    await settle()
    assert stream.set_contacts == []


async def test_groups_are_renamed_merged_and_dissolved(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "", ("old", "new")), contact("bob@example.net", "", ("old",)))
    core.services.roster.rename_group("old", "new")
    assert core.services.roster.groups() == ["new"]
    core.services.roster.dissolve_group("new")
    await settle()
    assert core.services.roster.groups() == []
    assert all(not c.groups for c in stream.server_roster.values())


async def test_many_changes_are_told_at_once(core: Core) -> None:
    core.online(*(contact(f"c{n}@example.net", "", ("old",)) for n in range(30)))
    before = len(core.published(ContactChanged))
    core.services.roster.rename_group("old", "new")
    assert len(core.published(ContactChanged)) == before
    assert core.events[-1] == RosterReplaced(found(core, contact("c1@example.net").jid).account_id)


async def test_remove_drops_what_waited(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    stream.go_online(contact("alice@example.net"))
    stream.lose()
    core.services.roster.rename(account.id, ALICE, "A")
    core.services.roster.remove(account.id, ALICE)
    assert core.published(ContactRemoved) == [ContactRemoved(account.id, ALICE)]
    stream.go_online()
    assert core.services.roster.list_contacts() == []  # though the server still has it
    await settle()
    assert (stream.set_contacts, stream.removed) == ([], [ALICE])
    assert stream.server_roster == {}


async def test_removed_and_added_again_ends_up_added(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "A"))
    stream.lose()
    core.services.roster.remove(stream.account_id, ALICE)
    core.services.roster.add(stream.account_id, ALICE, "B", NONE, "")
    stream.go_online()
    await settle()
    assert stream.server_roster[ALICE].name == found(core).name == "B"


async def test_what_the_server_refuses_becomes_what_the_server_has(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "Alice", ("x",)))
    stream.errors["set_contact"] = [KnownError(ErrorKind.NOT_ALLOWED)]
    core.services.roster.rename(stream.account_id, ALICE, "A")
    assert found(core).name == "A"
    await settle()
    assert found(core) == contact("alice@example.net", "Alice", ("x",), account_id=stream.account_id)
    (failed,) = core.published(ActionFailed)
    assert (failed.action, failed.subject, failed.error.kind) == (
        "roster-set",
        "alice@example.net",
        ErrorKind.NOT_ALLOWED,
    )
    assert core.base.outbox.pending(stream.account_id) == []


async def test_a_refused_addition_disappears_and_a_refused_removal_returns(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "Alice"))
    refusal = KnownError(ErrorKind.NOT_ALLOWED)
    stream.errors |= {"set_contact": [refusal], "remove_contact": [refusal]}
    core.services.roster.add(stream.account_id, BOB, "", NONE, "")
    core.services.roster.remove(stream.account_id, ALICE)
    await settle()
    assert [c.jid for c in core.services.roster.list_contacts()] == [ALICE]


async def test_a_removal_of_what_is_gone_is_no_error(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.errors["remove_contact"] = [KnownError(ErrorKind.NOT_FOUND)]
    core.services.roster.remove(stream.account_id, ALICE)
    await settle()
    assert core.published(ActionFailed) == []


async def test_pushes_win_and_unconfirmed_edits_stay_on_top(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.push("alice@example.net", contact("alice@example.net", "Renamed elsewhere"))
    assert found(core).name == "Renamed elsewhere"
    stream.hangs.add(ALICE)
    core.services.roster.rename(stream.account_id, ALICE, "Mine")
    stream.push("alice@example.net", contact("alice@example.net", "Old", subscription=Subscription.TO))
    assert (found(core).name, found(core).subscription) == ("Mine", Subscription.TO)
    stream.push("bob@example.net", contact("bob@example.net"))
    stream.push("bob@example.net", None)
    assert [c.jid for c in core.services.roster.list_contacts()] == [ALICE]
    assert core.published(ContactRemoved)[-1].jid == BOB
    stream.lose()


async def test_the_version_is_kept_and_an_answer_without_contacts_changes_nothing(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    version = stream.roster_version()
    assert version
    before = len(core.published(RosterReplaced))
    stream.handler.on_roster(RosterAnswer("", None))
    assert stream.roster_version() == version
    assert len(core.published(RosterReplaced)) == before
    stream.push("bob@example.net", contact("bob@example.net"))
    assert stream.roster_version() not in (version, None, "")
    assert len(core.services.roster.list_contacts()) == 2


async def test_who_ends_our_subscription_shows_as_removed_by_them(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.subscription("alice@example.net", "unsubscribed")
    assert (found(core).removed_by_them, found(core).subscription) == (True, Subscription.FROM)
    stream.push("alice@example.net", contact("alice@example.net", subscription=Subscription.FROM))
    assert found(core).removed_by_them
    core.services.roster.request_presence(stream.account_id, ALICE)
    assert (found(core).removed_by_them, found(core).ask) == (False, True)
    stream.push("alice@example.net", contact("alice@example.net", subscription=Subscription.FROM, ask=True))
    assert not found(core).removed_by_them
    stream.push("alice@example.net", contact("alice@example.net", subscription=Subscription.BOTH))
    assert not found(core).removed_by_them


async def test_removed_by_them_while_we_were_offline(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.lose()
    stream.go_online(contact("alice@example.net", subscription=Subscription.NONE))
    assert found(core).removed_by_them


async def test_a_refused_first_request_is_not_a_removal(core: Core) -> None:
    stream = core.online(contact("alice@example.net", subscription=Subscription.NONE, ask=True))
    stream.subscription("alice@example.net", "unsubscribed")
    assert (found(core).ask, found(core).removed_by_them) == (False, False)
