"""XEP-0191: offered where the server can, durable, told when refused."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, BOB
from tests.helpers.core import Core

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, BlocklistChanged

BLOCK = "{urn:xmpp:blocking}block"
UNBLOCK = "{urn:xmpp:blocking}unblock"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


def test_supported_where_the_server_says_so(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    assert not core.services.blocker.supported(account.id)
    stream.go_online()
    assert core.services.blocker.supported(account.id)
    stream.lose()
    stream.features.clear()
    stream.go_online()
    assert not core.services.blocker.supported(account.id)


def test_blocked_offline_goes_out_with_the_next_connection(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    core.services.blocker.block(account.id, ALICE.with_resource("x"))
    stream.go_online()
    (sent,) = [payload for _, _, payload in stream.requests if payload.tag == BLOCK]
    assert ET.tostring(sent) == (
        b'<ns0:block xmlns:ns0="urn:xmpp:blocking"><ns0:item jid="alice@example.net" /></ns0:block>'
    )
    assert core.base.outbox.pending(account.id) == []


def test_a_refusal_is_told(core: Core) -> None:
    stream = core.online()
    stream.errors[BLOCK] = [KnownError(ErrorKind.NOT_ALLOWED)]
    core.services.blocker.block(stream.account_id, ALICE)
    (failed,) = core.published(ActionFailed)
    assert (failed.action, failed.subject) == ("block", "alice@example.net")
    assert core.base.outbox.pending(stream.account_id) == []


def test_the_list_is_the_servers(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    stream.blocked = {str(ALICE.bare), "not@@valid"}
    stream.go_online()
    assert core.services.blocker.is_blocked(account.id, ALICE)
    assert not core.services.blocker.is_blocked(account.id, BOB)
    assert len(core.published(BlocklistChanged)) == 1
    stream.lose()
    stream.blocked = {str(BOB.bare)}
    stream.go_online()
    assert core.services.blocker.blocked(account.id) == {BOB.bare}


def test_unblocking_unblocks_nobody_else(core: Core) -> None:
    stream = core.online()
    blocker = core.services.blocker
    for jid in (ALICE, BOB):
        blocker.block(stream.account_id, jid)
    stream.blocked.add("eve@example.net")  # by another device
    blocker.unblock(stream.account_id, ALICE.with_resource("x"))
    assert stream.blocked == {str(BOB.bare), "eve@example.net"}
    assert {str(jid) for jid in blocker.blocked(stream.account_id)} == stream.blocked
    assert core.base.outbox.pending(stream.account_id) == []


def test_the_last_wish_counts_at_once_and_alone_goes_out(core: Core) -> None:
    account = core.add_account()
    stream = core.stream(account.id)
    core.services.blocker.block(account.id, ALICE)
    assert core.services.blocker.is_blocked(account.id, ALICE)
    core.services.blocker.unblock(account.id, ALICE)
    assert not core.services.blocker.is_blocked(account.id, ALICE)
    stream.blocked = {str(ALICE.bare)}
    stream.go_online()
    assert [payload.tag for kind, _, payload in stream.requests if kind == "set"] == [UNBLOCK]
    assert not core.services.blocker.is_blocked(account.id, ALICE)


def test_a_refused_unblocking_leaves_it_blocked(core: Core) -> None:
    stream = core.online()
    core.services.blocker.block(stream.account_id, ALICE)
    stream.errors[UNBLOCK] = [KnownError(ErrorKind.NOT_ALLOWED)]
    core.events.clear()
    core.services.blocker.unblock(stream.account_id, ALICE)
    assert core.services.blocker.is_blocked(stream.account_id, ALICE)
    assert isinstance(core.events[-1], BlocklistChanged)
    assert len(core.published(ActionFailed)) == 1
