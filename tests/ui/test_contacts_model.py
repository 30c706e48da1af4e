"""The tree of contacts as a model: always what a freshly built one would be, in few steps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from tests.ui.contacts_world import World, contact

from whimbrel.model.contact import Availability, Subscription
from whimbrel.model.jid import JID
from whimbrel.ui.models.contacts import MIME_TYPE, ContactsModel

ONLINE, AWAY, BUSY, OFFLINE = Availability
Shown = list[tuple[str, str, list[tuple[str, str]]]]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    assert world.faults == []
    world.close()


def shown(model: ContactsModel) -> Shown:
    """Everything that the model shows."""
    model.flush()
    role = Qt.ItemDataRole.AccessibleDescriptionRole
    groups = []
    for row in range(model.rowCount()):
        group = model.index(row, 0)
        rows = [model.index(each, 0, group) for each in range(model.rowCount(group))]
        groups.append((group.data(), group.data(role), [(index.data(), index.data(role)) for index in rows]))
    return groups


def names(model: ContactsModel) -> dict[str, list[str]]:
    return {title: [name for name, _ in rows] for title, _, rows in shown(model)}


def made(world: World) -> ContactsModel:
    model = ContactsModel(world.services, world.bridge)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def test_groups_come_by_name_and_those_without_one_last(qtbot: QtBot, world: World) -> None:
    world.contact("a@x.org", "Ann", "Work", "Friends")
    world.contact("b@x.org", "Émile")
    world.contact("z@x.org", "Zoe")
    world.contact("c@x.org", "eva")
    assert list(names(made(world)).items()) == [
        ("Friends", ["Ann"]),
        ("Work", ["Ann"]),
        ("Contacts", ["Émile", "eva", "Zoe"]),
    ]


def test_contacts_have_no_rows_beneath_them(qtbot: QtBot, world: World) -> None:
    for name in ("a", "b", "c"):
        world.contact(f"{name}@x.org")
    model = made(world)
    last = model.index(2, 0, model.index(0, 0))
    assert last.isValid()
    assert model.rowCount(last) == 0
    assert not model.index(0, 0, last).isValid()


def test_presence_comes_before_the_name(qtbot: QtBot, world: World) -> None:
    model = made(world)
    for name in ("Ann", "Ben", "Cid", "Dan"):
        world.contact(f"{name}@x.org", name, "Friends")
    world.connect()
    world.presence("cid@x.org", AWAY)
    world.presence("dan@x.org", ONLINE, "at the studio")
    world.unread("dan@x.org", 2)
    assert shown(model) == [
        (
            "Friends",
            "2 of 4",
            [("Dan", "Online, at the studio, 2 unread"), ("Cid", "Away"), ("Ann", "Offline"), ("Ben", "Offline")],
        )
    ]


def test_presence_is_unknown_without_a_connection(qtbot: QtBot, world: World) -> None:
    model = made(world)
    world.contact("ann@x.org", "Ann")
    assert shown(model) == [("Contacts", "1", [("Ann", "Presence unknown")])]
    world.connect()
    world.presence("ann@x.org", BUSY)
    assert shown(model) == [("Contacts", "1 of 1", [("Ann", "Busy")])]
    world.disconnect()
    assert shown(model) == [("Contacts", "1", [("Ann", "Presence unknown")])]


def test_subscription_is_plain(qtbot: QtBot, world: World) -> None:
    world.connect()
    world.contact("ann@x.org", "Ann", subscription=Subscription.NONE, ask=True)
    world.contact("ben@x.org", "Ben", subscription=Subscription.FROM)
    rows = shown(made(world))[0][2]
    assert rows == [("Ann", "Offline, Waiting for approval"), ("Ben", "Offline, Sees you, you don’t see them")]


def test_search_finds_by_name_and_address(qtbot: QtBot, world: World) -> None:
    world.contact("ann@x.org", "Ann Lee", "Friends")
    world.contact("ben@harbour.org", "Ben", "Work")
    world.contact("lili@x.org", "莉莉", "Friends")
    model = made(world)
    for text, found in (
        ("LEE an", {"Friends": ["Ann Lee"]}),
        ("harb", {"Work": ["Ben"]}),
        ("莉", {"Friends": ["莉莉"]}),
        ("nobody", {}),
        ("", {"Friends": ["Ann Lee", "莉莉"], "Work": ["Ben"]}),
    ):
        model.set_filter(text)
        assert names(model) == found


def test_those_who_are_offline_can_be_left_out(qtbot: QtBot, world: World) -> None:
    model = made(world)
    world.connect()
    for name in ("Ann", "Ben", "Cid"):
        world.contact(f"{name}@x.org", name)
    world.presence("ann@x.org", ONLINE)
    world.unread("cid@x.org", 1)
    model.flush()
    model.set_show_offline(False)
    assert names(model) == {"Contacts": ["Ann", "Cid"]}
    model.set_filter("ben")
    assert names(model) == {"Contacts": ["Ben"]}


def test_accounts_share_the_tree(qtbot: QtBot, world: World) -> None:
    other = world.add_account("alice@work.example")
    model = made(world)
    world.contact("ann@x.org", "Ann", "Friends")
    world.contact("ann@x.org", "Ann at work", "Friends", account=other)
    assert names(model) == {"Friends": ["Ann", "Ann at work"]}


def test_a_tooltip_never_holds_markup_of_others(qtbot: QtBot, world: World) -> None:
    world.contact("ann@x.org", "<img src=x>")
    model = made(world)
    text = model.index(0, 0, model.index(0, 0)).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in text
    assert "&lt;img src=x&gt;" in text


def test_a_burst_is_one_update_and_keeps_selected_rows(qtbot: QtBot, world: World) -> None:
    world.connect(*(contact(f"c{i:03}@x.org", f"C{i:03}") for i in range(200)))
    model = made(world)
    kept = QPersistentModelIndex(model.contact_index(world.account.id, JID.parse("c100@x.org")))
    updates: list[int] = []
    model.filled.connect(updates.append)
    for i in range(100, 200):
        world.presence(f"c{i:03}@x.org", ONLINE)
    qtbot.waitUntil(lambda: bool(updates), timeout=2000)
    assert len(updates) == 1
    assert (kept.row(), kept.data()) == (0, "C100")


def test_a_drop_onto_a_group_asks_for_a_move(qtbot: QtBot, world: World) -> None:
    world.contact("ann@x.org", "Ann", "Friends")
    world.contact("ben@x.org", "Ben", "Work")
    model = made(world)
    friends, work = model.group_index("Friends"), model.group_index("Work")
    mime = model.mimeData([model.index(0, 0, friends), friends])
    assert mime.hasFormat(MIME_TYPE)
    with qtbot.waitSignal(model.move_requested) as moved:
        assert model.dropMimeData(mime, Qt.DropAction.MoveAction, -1, -1, model.index(0, 0, work))
    ann = (world.account.id, JID.parse("ann@x.org"), "Friends")
    assert moved.args == [[ann], "Work", False]
    with qtbot.waitSignal(model.new_group_requested) as created:
        assert model.dropMimeData(mime, Qt.DropAction.CopyAction, -1, -1, QModelIndex())
    assert created.args == [[ann], True]
    with qtbot.assertNotEmitted(model.move_requested):
        assert not model.dropMimeData(mime, Qt.DropAction.MoveAction, -1, -1, friends)


_PEOPLE = [f"{name}@x.org" for name in ("ann", "ben", "cid", "dan", "eva", "fay")]
_GROUPS = st.frozensets(st.sampled_from(["Friends", "Work", "Family"]))
_STEP = st.one_of(
    st.tuples(st.just("contact"), st.sampled_from(_PEOPLE), st.sampled_from(["", "Ann", "Zoe", "莉莉"]), _GROUPS),
    st.tuples(st.just("remove"), st.sampled_from(_PEOPLE)),
    st.tuples(st.just("presence"), st.sampled_from(_PEOPLE), st.sampled_from(Availability)),
    st.tuples(st.just("unread"), st.sampled_from(_PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("replace"), st.lists(st.sampled_from(_PEOPLE), unique=True), _GROUPS),
    st.tuples(st.just("filter"), st.sampled_from(["", "an", "x.org", "莉"])),
    st.tuples(st.sampled_from(["connect", "disconnect", "flush"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=40))
def test_any_history_ends_in_what_a_new_model_shows(qtbot: QtBot, steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        model = made(world)
        text = ""
        for step in steps:
            match step:
                case ("contact", str(address), str(name), frozenset() as groups):
                    world.contact(address, name, *groups)
                case ("remove", str(address)):
                    world.remove(address)
                case ("presence", str(address), Availability() as availability):
                    world.presence(address, availability, "here")
                case ("unread", str(address), int(count)):
                    world.unread(address, count)
                case ("replace", list(addresses), frozenset() as groups):
                    world.connect(*(contact(address, "", tuple(groups)) for address in addresses))
                case ("filter", str(text)):
                    model.set_filter(text)
                case ("connect",):
                    world.connect()
                case ("disconnect",):
                    world.disconnect()
                case _:
                    model.flush()
        fresh = ContactsModel(world.services, world.bridge)
        fresh.set_filter(text)
        expected = shown(fresh)
        fresh.deleteLater()
        assert shown(model) == expected
        world.close()
