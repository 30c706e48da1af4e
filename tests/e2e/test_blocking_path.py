"""Blocking and unblocking on real servers: the server's list is what counts, also tomorrow."""

from __future__ import annotations

import uuid

import pytest
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.helpers.program import Program
from tests.helpers.servers import Server

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.jid import JID

pytestmark = pytest.mark.server


def test_block_find_it_again_and_unblock_offline(both: Server, start: StartProgram) -> None:
    user = f"alice-{uuid.uuid4().hex[:8]}"
    bob, eve = JID.parse(f"bob@{both.domain}"), JID.parse(f"eve@{both.domain}")
    both.add_user(user, PASSWORD)
    program = start()
    account_id = program.sign_in(both, user, PASSWORD).id
    program.until(lambda: program.services.blocker.supported(account_id))
    for jid in (bob, eve):
        program.services.blocker.block(account_id, jid)
    program.until(lambda: not program.services.outbox.pending(account_id))
    program.quit()

    again = start()
    blocker = again.services.blocker
    assert blocker.blocked(account_id) == set(), "not known before the server says so"
    connect(again, account_id)
    again.until(lambda: blocker.blocked(account_id) == {bob, eve})
    again.services.presence.set_own(OwnPresence(Availability.OFFLINE))
    again.until(lambda: not again.is_online())
    blocker.unblock(account_id, bob)
    assert not blocker.is_blocked(account_id, bob)
    again.quit()

    last = start()
    last.services.presence.set_own(OwnPresence(Availability.ONLINE))
    connect(last, account_id)
    last.until(lambda: not last.services.outbox.pending(account_id))
    last.until(lambda: last.services.blocker.blocked(account_id) == {eve})


def connect(program: Program, account_id: AccountId) -> None:
    """Give the password again, which is not kept over a restart here."""
    program.run(program.services.accounts.set_password(account_id, PASSWORD, True))
    program.until(program.is_online)
