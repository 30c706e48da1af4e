"""Contact requests: asked once, kept until answered, answered over any connection."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core

from whimbrel.model.contact import Subscription
from whimbrel.model.events import RequestAdded, RequestRemoved


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_request_is_kept_over_restarts_and_told_once(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online()
    stream.subscription("alice@example.net/x", message="Hello, it is Alice", nick="Alice")
    stream.subscription("alice@example.net", message="Hello, it is Alice", nick="Alice")
    (told,) = core.published(RequestAdded)
    core.close()
    again = Core(tmp_path)
    assert again.services.requests.list_requests() == [told.request]
    assert (told.request.jid, told.request.message, told.request.nick) == (ALICE, "Hello, it is Alice", "Alice")
    again.services.accounts.start_all()
    again.stream(stream.account_id).go_online()
    again.stream(stream.account_id).subscription("alice@example.net", message="Hello, it is Alice", nick="Alice")
    assert again.published(RequestAdded) == []
    again.close()


async def test_accept_adds_and_asks_back(core: Core) -> None:
    stream = core.online()
    stream.subscription("alice@example.net")
    core.services.requests.accept(stream.account_id, ALICE, "Alice", frozenset({"Friends"}))
    (shown,) = core.services.roster.list_contacts()
    assert (shown.name, shown.groups, shown.ask) == ("Alice", {"Friends"}, True)
    assert core.services.requests.list_requests() == []
    assert core.published(RequestRemoved) == [RequestRemoved(stream.account_id, ALICE)]
    await settle()
    assert stream.log == ["set alice@example.net", "subscribed alice@example.net", "subscribe alice@example.net"]


async def test_accept_does_not_ask_back_where_we_see_them(core: Core) -> None:
    stream = core.online(contact("alice@example.net", "Alice", ("x",), Subscription.TO))
    stream.subscription("alice@example.net")
    assert len(core.published(RequestAdded)) == 1
    core.services.requests.accept(stream.account_id, ALICE, "", frozenset())
    await settle()
    assert [kind for _, kind, _ in stream.subscriptions] == ["subscribed"]
    (shown,) = core.services.roster.list_contacts()
    assert (shown.name, shown.groups, shown.ask) == ("Alice", {"x"}, False)


@pytest.mark.parametrize("subscription", [Subscription.FROM, Subscription.BOTH])
async def test_who_sees_us_already_is_answered_silently(core: Core, subscription: Subscription) -> None:
    stream = core.online(contact("alice@example.net", subscription=subscription))
    stream.subscription("alice@example.net")
    await settle()
    assert core.published(RequestAdded) == []
    assert stream.subscriptions == [(ALICE, "subscribed", "")]


async def test_whom_we_asked_or_approved_is_accepted_without_a_question(core: Core) -> None:
    stream = core.online()
    core.services.roster.add(stream.account_id, ALICE, "", frozenset(), "")
    await settle()
    stream.subscription("alice@example.net")
    await settle()
    assert core.published(RequestAdded) == []
    assert [kind for _, kind, _ in stream.subscriptions] == ["subscribed", "subscribe", "subscribed"]


async def test_whom_we_added_may_ask_back_later_where_the_server_knows_no_pre_approval(core: Core) -> None:
    stream = core.online()
    core.services.roster.add(stream.account_id, ALICE, "", frozenset(), "")
    await settle()
    stream.push("alice@example.net", contact("alice@example.net", subscription=Subscription.TO))  # they let us see them
    stream.subscription("alice@example.net")
    await settle()
    assert core.published(RequestAdded) == []
    stream.push("alice@example.net", contact("alice@example.net", subscription=Subscription.BOTH))
    stream.push(
        "alice@example.net", contact("alice@example.net", subscription=Subscription.TO)
    )  # taken back, on another device
    stream.subscription("alice@example.net")
    assert len(core.published(RequestAdded)) == 1, "whom we have shut out is asked about"


async def test_declined_offline_is_not_asked_again_when_the_server_repeats_it(core: Core) -> None:
    stream = core.online()
    stream.subscription("alice@example.net")
    stream.lose()
    core.services.requests.decline(stream.account_id, ALICE)
    stream.go_online()
    stream.subscription("alice@example.net")
    await settle()
    assert len(core.published(RequestAdded)) == 1
    assert stream.subscriptions == [(ALICE, "unsubscribed", "")]
    stream.subscription("alice@example.net")  # much later: a new request
    assert len(core.published(RequestAdded)) == 2


async def test_an_answer_that_the_server_did_not_confirm_is_sent_again(core: Core) -> None:
    stream = core.online()
    stream.subscription("alice@example.net")
    stream.hangs.add(None)  # type: ignore[arg-type]  # the ping behind it
    core.services.requests.decline(stream.account_id, ALICE)
    await settle()
    stream.lose()
    stream.hangs.clear()
    stream.go_online()
    await settle()
    assert [kind for _, kind, _ in stream.subscriptions] == ["unsubscribed", "unsubscribed"]
    assert core.base.outbox.pending(stream.account_id) == []


async def test_withdrawn(core: Core) -> None:
    stream = core.online()
    stream.subscription("alice@example.net")
    stream.subscription("alice@example.net", "unsubscribe")
    assert core.services.requests.list_requests() == []
    assert len(core.published(RequestRemoved)) == 1


async def test_block_declines_and_blocks(core: Core) -> None:
    stream = core.online()
    await settle()
    assert core.services.requests.can_block(stream.account_id)
    stream.subscription("alice@example.net")
    core.services.requests.block(stream.account_id, ALICE)
    await settle()
    assert [kind for _, kind, _ in stream.subscriptions] == ["unsubscribed"]
    assert "{urn:xmpp:blocking}block" in [payload.tag for _, _, payload in stream.requests]
    assert core.services.requests.list_requests() == []


async def test_oneself_asks_for_nothing(core: Core) -> None:
    core.online().subscription("me@example.org/other")
    assert core.services.requests.list_requests() == []
