"""The table of archive ranges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.helpers.core import Core
from whimbrel.model.archive import ArchiveRange, Point
from whimbrel.model.jid import JID
from whimbrel.storage.archive import ArchiveStore

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ALICE = JID.parse("alice@example.net")


def _range(first: int, last: int, *, start: bool = False) -> ArchiveRange:
    def at(number: int) -> datetime:
        return _BEGIN + timedelta(minutes=number)

    return ArchiveRange(Point(f"id{first}", at(first)), Point(f"id{last}", at(last)), at(last), at(first), start)


def test_ranges_are_kept_by_archive_and_peer(tmp_path: Path) -> None:
    core = Core(tmp_path)
    account = core.add_account()
    store = ArchiveStore(core.database)
    whole, part = [_range(0, 5, start=True), _range(10, 20)], [_range(12, 14), _range(30, 40)]
    store.set_ranges(account.id, account.jid, None, whole[::-1])
    store.set_ranges(account.id, account.jid, _ALICE, part)
    assert store.list_ranges(account.id, account.jid) == whole
    assert store.list_ranges(account.id, account.jid, _ALICE) == part
    store.remove_covered(account.id, account.jid)
    assert store.list_ranges(account.id, account.jid) == whole
    assert store.list_ranges(account.id, account.jid, _ALICE) == part[1:]
    store.set_ranges(account.id, account.jid, None, [])
    assert store.list_ranges(account.id, account.jid) == []
    core.close()


def test_the_newest_range_is_extended_and_its_time_never_goes_back(tmp_path: Path) -> None:
    core = Core(tmp_path)
    account = core.add_account()
    store = ArchiveStore(core.database)
    store.set_ranges(account.id, account.jid, None, [_range(0, 5), _range(10, 20)])
    store.extend(account.id, account.jid, Point("x", _BEGIN))
    old, new = store.list_ranges(account.id, account.jid)
    assert old == _range(0, 5)
    assert (new.first, new.last.id, new.stamp) == (_range(10, 20).first, "x", _range(10, 20).stamp)
    assert new.last.time > _range(10, 20).last.time
    core.close()


def test_in_an_empty_archive_a_range_begins(tmp_path: Path) -> None:
    core = Core(tmp_path)
    account = core.add_account()
    store = ArchiveStore(core.database)
    store.extend(account.id, account.jid, Point("x", _BEGIN))
    (begun,) = store.list_ranges(account.id, account.jid)
    assert (begun.first, begun.last, begun.reaches_start) == (Point("x", _BEGIN), Point("x", _BEGIN), True)
    core.close()
