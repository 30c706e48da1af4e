"""What is kept of an account's trust: the strongest mechanism offered, and the certificate trusted as it is."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3

from tests.storage.conftest import History
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database

SCHEMA_1 = Path(__file__).parents[1] / "golden" / "schema-1.db"


def test_both_are_kept(history: History) -> None:
    store = AccountStore(history.database)
    changed = replace(history.account, mechanism="SCRAM-SHA-512", certificate="ab" * 32)
    store.set_account(changed)
    assert store.find_account(changed.id) == changed


@pytest.mark.parametrize(("proved", "mechanism"), [(0, ""), (1, "SCRAM-SHA-1")])
def test_a_server_that_had_proved_itself_gets_no_plain_password_after_an_update(
    tmp_path: Path, proved: int, mechanism: str
) -> None:
    path = Path(shutil.copy(SCHEMA_1, tmp_path / "history.db"))
    with closing(sqlcipher3.connect(str(path))) as old, old:
        old.execute("UPDATE account SET proved = ?", (proved,))
    database = Database.open(path, None)
    assert [account.mechanism for account in AccountStore(database).list_accounts()] == [mechanism]
    database.close()
