"""The contacts' dialogs: what is wrong is said at the field, what is right is done once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from tests.ui.contacts_world import World

from whimbrel.model.contact import Availability, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.contacts.add_dialog import AddContactDialog
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.input import read_groups, write_groups
from whimbrel.ui.contacts.remove_dialog import RemoveDialog


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    world.connect()
    yield world
    assert world.faults == []
    world.close()


def error_at(dialog: AddContactDialog, edit: QLineEdit) -> str:
    """What the field says; only that field says anything."""
    said = {name: getattr(dialog, name).accessibleDescription() for name in ("address", "name", "groups", "message")}
    assert sum(map(bool, said.values())) == 1, said
    return edit.accessibleDescription()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Enter an address"),
        ("   ", "Enter an address"),
        ("a@@b", "not an address"),
        ("@b", "not an address"),
        ("a b@c", "not an address"),
        ("bob", "not an address"),
        ("a\u2028b@c", "not an address"),
        ("x" * 10_000, "too long"),
        ("Alice@Example.org", "your own address"),
        ("friend@x.org", "already one of your contacts"),
        ("new@x.org/phone", "Leave out the slash"),
    ],
)
def test_a_wrong_address_is_said_at_the_field(qtbot: QtBot, world: World, address: str, words: str) -> None:
    world.contact("friend@x.org")
    dialog = AddContactDialog(world.services)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.address.setText(address)
    dialog.name.setText("kept")
    dialog.add.click()
    assert words in error_at(dialog, dialog.address)
    assert dialog.isVisible()
    assert dialog.name.text() == "kept"
    assert len(world.services.roster.list_contacts()) == 1
    qtbot.keyClicks(dialog.address, "x")
    assert dialog.address.accessibleDescription() == ""


@pytest.mark.parametrize(
    ("typed", "jid"),
    [
        ("  Bob@Example.net ", "bob@example.net"),
        ("xmpp:bob@example.net?message;body=hi", "bob@example.net"),
        ("xmpp:bob@example.net/phone", "bob@example.net"),
        ("gateway.example.net", "gateway.example.net"),
        ("bob@bücher.example", "bob@bücher.example"),
        ("bob@[::1]", "bob@[::1]"),
    ],
)
def test_a_right_address_is_added_and_asked(qtbot: QtBot, world: World, typed: str, jid: str) -> None:
    dialog = AddContactDialog(world.services, jid=typed)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.name.setText(" Bob ")
    dialog.groups.setText("Friends, , Work,Friends")
    dialog.message.setText("It’s Alice")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    contact = world.services.roster.find(world.account.id, JID.parse(jid))
    assert contact is not None
    assert (contact.name, contact.groups) == ("Bob", {"Friends", "Work"})
    assert (JID.parse(jid), "subscribe", "It’s Alice") in world.stream(world.account.id).subscriptions


def test_too_long_names_groups_and_messages_are_said_at_theirs(qtbot: QtBot, world: World) -> None:
    dialog = AddContactDialog(world.services, jid="bob@x.org")
    qtbot.addWidget(dialog)
    for edit in (dialog.name, dialog.groups, dialog.message):
        edit.setText("y" * 10_000)
        dialog.submit()
        assert "too long" in error_at(dialog, edit)
        edit.setText("")
    dialog.submit()
    assert world.services.roster.find(world.account.id, JID.parse("bob@x.org")) is not None


def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    qtbot: QtBot, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(type(world.services.roster), "add", full)
    dialog = AddContactDialog(world.services, jid="bob@x.org")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.submit()
    assert "disk is full" in dialog.error.label.text()
    assert (dialog.isVisible(), dialog.address.text()) == (True, "bob@x.org")


def test_the_account_is_asked_only_where_there_are_several(qtbot: QtBot, world: World) -> None:
    dialog = AddContactDialog(world.services)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.account.isVisible()
    other = world.add_account("alice@work.example")
    dialog = AddContactDialog(world.services, other.id, "bob@x.org")
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.account.findChild(QComboBox)
    assert box is not None
    assert box.isVisible()
    dialog.submit()
    assert [contact.jid for contact in world.services.roster.list_contacts(other.id)] == [JID.parse("bob@x.org")]


def test_enter_adds_also_while_groups_are_offered(qtbot: QtBot, world: World) -> None:
    world.contact("friend@x.org", "", "Friends")
    dialog = AddContactDialog(world.services, jid="bob@x.org")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.groups, "Fri")
    popup = dialog.groups.completer().popup()
    assert popup.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(popup, Qt.Key.Key_Return)


def test_groups_complete_after_a_comma(qtbot: QtBot, world: World) -> None:
    world.contact("friend@x.org", "", "Work, home", "Friends")
    dialog = AddContactDialog(world.services)
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.groups, "Friends, wo")
    completer = dialog.groups.completer()
    assert completer.currentCompletion() == 'Friends, "Work, home"'
    assert read_groups(completer.currentCompletion()) == {"Friends", "Work, home"}


@pytest.mark.parametrize(
    "groups", [{"Friends"}, {"a, b", 'say "hi"', '"'}, {"莉莉", "שלום, עולם", "朋友，同事"}, set()]
)
def test_groups_read_as_they_were_written(groups: set[str]) -> None:
    assert read_groups(write_groups(groups)) == groups


def test_groups_are_written_in_the_order_of_the_language() -> None:
    assert write_groups({"Zug", "Öst", "amis"}) == "amis, Öst, Zug"


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("朋友，同事, Work", {"朋友", "同事", "Work"}),  # as a Chinese keyboard types commas
        ('"a, b" , 5" disks, "half', {"a, b", '5" disks', '"half'}),
        (",，, ", set()),
    ],
)
def test_groups_part_at_commas(text: str, groups: set[str]) -> None:
    assert read_groups(text) == groups


def test_removing_is_asked_once_and_may_block(qtbot: QtBot, world: World) -> None:
    contact = world.contact("bob@x.org", "Bob <b>B</b>")
    dialog = RemoveDialog(world.services, contact)
    qtbot.addWidget(dialog)
    dialog.show()
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
    assert dialog.block.isVisible() == world.services.requests.can_block(world.account.id)
    dialog.block.setChecked(dialog.block.isVisible())
    dialog.remove.click()
    assert world.services.roster.list_contacts() == []
    assert JID.parse("bob@x.org") in world.stream(world.account.id).removed


def test_details_tell_each_device_and_the_subscription(qtbot: QtBot, world: World) -> None:
    contact = world.contact("bob@x.org", "Bob", "Friends", subscription=Subscription.TO)
    world.presence("bob@x.org", Availability.BUSY, "in a <i>review</i>")
    dialog = DetailsDialog(world.services, contact)
    qtbot.addWidget(dialog)
    labels = dialog.findChildren(QLabel)
    said = {label.accessibleName(): label.text() for label in labels if label.accessibleName()}
    assert said["Address"] == "bob@x.org"
    assert said["Presence"].startswith("Busy · ")
    assert "<i>review</i>" in said["Presence"]
    assert "(phone)" in said["Presence"]
    assert said["Subscription"] == "You see them, they don’t see you"
    assert said["Account"] == "alice@example.org"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
