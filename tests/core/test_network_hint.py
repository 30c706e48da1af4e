"""What the machine says of its network: words for who waits, and a reason to make sure; never more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.helpers.core import Core

from whimbrel.model.account import ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged

LOST = KnownError(ErrorKind.CONNECTION_LOST)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    made = Core(tmp_path)
    yield made
    assert made.faults == []
    made.close()


async def test_who_waits_waits_for_the_network_while_there_is_none(core: Core) -> None:
    account = core.add_account()
    accounts, stream = core.services.accounts, core.streams[account.id]
    stream.set_status(ConnectionState.WAITING, LOST)
    accounts.set_network(False)
    assert accounts.status(account.id).error == KnownError(ErrorKind.NO_NETWORK)
    assert core.published(ConnectionChanged)[-1].status == accounts.status(account.id)
    assert stream.checks == 0, "the back-off goes on: loopback and a VPN need no internet"
    accounts.set_network(True)
    assert accounts.status(account.id).error == LOST
    assert stream.checks == 1


async def test_a_connection_that_works_is_not_doubted(core: Core) -> None:
    account = core.add_account()
    accounts, stream = core.services.accounts, core.streams[account.id]
    stream.go_online()
    accounts.set_network(False)
    assert accounts.status(account.id).state is ConnectionState.ONLINE
    assert stream.checks == 0
