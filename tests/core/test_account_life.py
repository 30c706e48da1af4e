"""Accounts: signing in all or nothing, passwords, settings, removal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, ME
from tests.helpers.core import Core

from whimbrel.model.account import ConnectionSettings, ConnectionState, Security
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AccountAdded, AccountChanged, AccountRemoved, StorageFailed
from whimbrel.model.jid import JID

SETTINGS = ConnectionSettings()


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_sign_in_keeps_account_and_password_once_online(core: Core) -> None:
    signing_in = asyncio.ensure_future(core.services.accounts.sign_in(ME.with_resource("x"), "pw", SETTINGS, True))
    await settle()
    (stream,) = core.streams.values()
    assert await stream.password() == "pw"
    assert core.services.accounts.list_accounts() == []
    assert core.keeper.kept == {}
    stream.go_online()
    account = await signing_in
    assert core.services.accounts.list_accounts() == [account]
    assert core.keeper.kept == {ME: "pw"}
    assert core.published(AccountAdded) == [AccountAdded(account)]
    assert core.services.accounts.status(account.id).state is ConnectionState.ONLINE


@pytest.mark.parametrize("how", ["failed", "waiting", "cancelled", "went offline"])
async def test_sign_in_that_does_not_succeed_leaves_nothing(core: Core, how: str) -> None:
    signing_in = asyncio.ensure_future(core.services.accounts.sign_in(ME, "pw", SETTINGS, True))
    await settle()
    (stream,) = core.streams.values()
    if how == "cancelled":
        signing_in.cancel()
        with pytest.raises(asyncio.CancelledError):
            await signing_in
    else:
        if how == "failed":
            stream.fail(ErrorKind.PASSWORD_WRONG)
        elif how == "went offline":
            stream.set_status(ConnectionState.CONNECTING)
            core.services.presence.set_own(OwnPresence(Availability.OFFLINE))
        else:
            stream.lose()
        with pytest.raises(KnownError):
            await signing_in
    assert not stream.started
    assert core.services.accounts.list_accounts() == []
    assert core.base.stores.accounts.list_accounts() == []
    assert core.keeper.kept == core.keeper.session == {}
    assert core.published(AccountAdded) == []
    core.connects = True
    assert await core.services.accounts.sign_in(ME, "pw", SETTINGS, True)


async def test_an_account_that_exists(core: Core) -> None:
    core.add_account()
    with pytest.raises(KnownError, match="account-exists"):
        await core.services.accounts.sign_in(ME, "pw", SETTINGS, True)
    assert len(core.services.accounts.list_accounts()) == 1


async def test_not_remembered_is_kept_for_the_session_only(core: Core) -> None:
    core.connects = True
    await core.services.accounts.sign_in(ME, "pw", SETTINGS, False)
    assert (core.keeper.kept, core.keeper.session) == ({}, {ME: "pw"})


async def test_a_password_that_the_keyring_does_not_take_is_told(core: Core) -> None:
    core.connects, core.keeper.works = True, False
    told = StorageFailed(KnownError(ErrorKind.PASSWORD_NOT_KEPT, subject=str(ME)))
    account = await core.services.accounts.sign_in(ME, "pw", SETTINGS, True)
    assert core.published(StorageFailed) == [told]
    assert core.services.accounts.list_accounts() == [account]
    await core.services.accounts.set_password(account.id, "new", True)
    assert core.published(StorageFailed) == [told, told]
    await core.services.accounts.set_password(account.id, "new", False)
    assert core.published(StorageFailed) == [told, told]


async def test_without_a_password_it_asks(core: Core) -> None:
    account = core.add_account()
    core.keeper.kept.clear()
    with pytest.raises(KnownError) as caught:
        await core.stream(account.id).password()
    assert caught.value == KnownError(ErrorKind.PASSWORD_NEEDED, subject=str(ME))
    await core.services.accounts.set_password(account.id, "new", False)
    assert await core.stream(account.id).password() == "new"
    assert core.stream(account.id).log == ["retry"]
    assert core.published(AccountChanged)[-1].account.remember_password is False


async def test_changed_settings_connect_anew(core: Core) -> None:
    account = core.add_account()
    old = core.stream(account.id)
    settings = ConnectionSettings("host.example.org", 5223, Security.DIRECT_TLS, "desk")
    core.services.accounts.change_settings(account.id, settings)
    await core.tasks.wait_all()
    assert not old.started
    new = core.stream(account.id)
    assert new is not old
    assert new.started
    assert new.account.settings == settings
    assert core.services.accounts.list_accounts()[0].settings == settings


async def test_remove_takes_everything_along(core: Core) -> None:
    stream = core.online()
    stream.receive_message("alice@example.net", "hi")
    stream.subscription("bob@example.net")
    await core.services.accounts.remove(stream.account_id)
    assert not stream.started
    assert core.services.accounts.list_accounts() == []
    assert core.services.conversations.list_conversations() == []
    assert core.services.requests.list_requests() == []
    assert core.keeper.kept == {}
    assert core.events[-1] == AccountRemoved(stream.account_id)


@pytest.mark.parametrize(("kind", "stays"), [(ErrorKind.KEYRING_LOCKED, True), (ErrorKind.KEYRING_UNAVAILABLE, False)])
async def test_a_secret_that_cannot_be_removed_is_told(
    core: Core, monkeypatch: pytest.MonkeyPatch, kind: ErrorKind, stays: bool
) -> None:
    async def refuse(_: JID) -> None:
        raise KnownError(kind)

    monkeypatch.setattr(core.keeper, "forget", refuse)
    stream = core.online()
    with pytest.raises(KnownError, match=kind.value):
        await core.services.accounts.remove(stream.account_id)
    assert (len(core.services.accounts.list_accounts()) == 1) is stays
    assert stream.started is stays


async def test_two_accounts_do_not_mix(core: Core) -> None:
    one = core.online()
    two = core.online(jid="other@example.org")
    one.receive_message("alice@example.net", "to one")
    conversations = core.services.conversations
    assert conversations.latest(conversations.open(two.account_id, ALICE).id, 9) == []
    core.services.outbox.submit(conversations.open(two.account_id, ALICE).id, "from two")
    await settle()
    assert (len(one.sent), len(two.sent)) == (0, 1)
    await core.services.accounts.stop_all()
    assert core.services.accounts.status(one.account_id).state is ConnectionState.OFFLINE
    assert JID.parse("other@example.org") in core.keeper.kept


@pytest.mark.parametrize("how", ["settings twice", "settings and password"])
async def test_changing_again_while_the_last_connection_ends_leaves_one_that_sends(
    core: Core, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    first = core.online()
    ended = asyncio.Event()
    stop = first.stop

    async def stop_slowly() -> None:
        await ended.wait()
        await stop()

    monkeypatch.setattr(first, "stop", stop_slowly)
    core.services.accounts.change_settings(first.account_id, ConnectionSettings("a.example.org", 1, Security.STARTTLS))
    await settle()
    if how == "settings twice":
        settings = ConnectionSettings("b.example.org", 2, Security.STARTTLS)
        core.services.accounts.change_settings(first.account_id, settings)
    else:
        await core.services.accounts.set_password(first.account_id, "new", remember=True)
    await settle()
    assert core.stream(first.account_id) is first  # no two at once
    ended.set()
    await settle()
    second = core.stream(first.account_id)
    assert second.started
    second.go_online()
    conversation = core.services.conversations.open(first.account_id, ALICE)
    core.services.outbox.submit(conversation.id, "x")
    await settle()
    assert [message.body for message in second.sent] == ["x"]


async def test_who_is_online_again_before_the_farewell_ended_begins_after_it(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = core.online()
    ended, done = asyncio.Event(), []
    stop, start = stream.stop, stream.start

    async def stop_slowly() -> None:
        await ended.wait()
        done.append("stop")
        await stop()

    def note_start() -> None:
        done.append("start")
        start()

    monkeypatch.setattr(stream, "stop", stop_slowly)
    monkeypatch.setattr(stream, "start", note_start)
    core.services.presence.set_own(OwnPresence(Availability.OFFLINE))
    await settle()
    core.services.presence.set_own(OwnPresence(Availability.ONLINE))
    await settle()
    ended.set()
    await settle()
    assert done == ["stop", "start"]
    stream.go_online()
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    core.services.outbox.submit(conversation.id, "x")
    await settle()
    assert [message.body for message in stream.sent] == ["x"]
