"""The tree of contacts as a person uses it: folding, keys, menus, search, dragging."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAction, QContextMenuEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from tests.ui.contacts_world import World

from whimbrel.model.contact import Availability, Subscription
from whimbrel.model.jid import JID
from whimbrel.ui.contacts.edit_dialog import EditDialog
from whimbrel.ui.contacts.tree import ContactsTree

ANN, BEN = "ann@x.org", "ben@x.org"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    world.connect()
    world.contact(ANN, "Ann", "Friends")
    world.contact(BEN, "Ben", "Work")
    world.contact("cid@x.org", "Cid", subscription=Subscription.FROM)
    yield world
    assert world.faults == []
    world.close()


@pytest.fixture
def tree(qtbot: QtBot, world: World) -> ContactsTree:
    return made(qtbot, world)


def made(qtbot: QtBot, world: World) -> ContactsTree:
    tree = ContactsTree(world.services, world.bridge, world.settings)
    qtbot.addWidget(tree)
    tree.resize(320, 600)
    tree.show()
    return tree


def select(tree: ContactsTree, world: World, address: str) -> None:
    tree.setCurrentIndex(tree.contacts.contact_index(world.account.id, JID.parse(address)))


def open_menu(tree: ContactsTree) -> dict[str, QAction]:
    """The Menu key at the current row."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), tree.mapToGlobal(QPoint(0, 0)))
    tree.contextMenuEvent(event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    menu.close()
    return actions


def dialog(tree: ContactsTree) -> EditDialog:
    found = [widget for widget in tree.window().findChildren(EditDialog) if widget.isVisible()]
    assert len(found) == 1
    return found[0]


def groups_of(world: World, address: str) -> set[str]:
    contact = world.services.roster.find(world.account.id, JID.parse(address))
    assert contact is not None
    return set(contact.groups)


def test_folded_groups_stay_folded(qtbot: QtBot, world: World, tree: ContactsTree) -> None:
    assert all(tree.isExpanded(tree.contacts.index(row, 0)) for row in range(3))
    row = tree.visualRect(tree.contacts.group_index("Work")).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert not tree.isExpanded(tree.contacts.group_index("Work"))
    again = made(qtbot, world)
    assert not again.isExpanded(again.contacts.group_index("Work"))
    assert again.isExpanded(again.contacts.group_index("Friends"))


def test_a_double_click_on_a_group_counts_once(qtbot: QtBot, tree: ContactsTree) -> None:
    row = tree.visualRect(tree.contacts.group_index("Work")).center()
    for _ in range(2):
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=row)
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=row)
        qtbot.mouseRelease(tree.viewport(), Qt.MouseButton.LeftButton, pos=row)
        assert not tree.isExpanded(tree.contacts.group_index("Work"))
        tree.setExpanded(tree.contacts.group_index("Work"), True)


def test_searching_unfolds_and_then_folds_again(world: World, tree: ContactsTree) -> None:
    tree.setExpanded(tree.contacts.group_index("Work"), False)
    tree.set_filter("ben")
    assert tree.isExpanded(tree.contacts.group_index("Work"))
    contact = tree.current_contact()
    assert contact is not None
    assert contact.name == "Ben"
    tree.set_filter("")
    assert not tree.isExpanded(tree.contacts.group_index("Work"))
    assert world.settings.collapsed_groups == {(0, "Work")}


def test_a_group_that_comes_back_is_folded_as_it_was(world: World, tree: ContactsTree) -> None:
    tree.setExpanded(tree.contacts.group_index("Work"), False)
    world.remove(BEN)
    tree.contacts.flush()
    world.contact(BEN, "Ben", "Work")
    tree.contacts.flush()
    assert not tree.isExpanded(tree.contacts.group_index("Work"))


def test_enter_and_double_click_open_the_conversation(qtbot: QtBot, world: World, tree: ContactsTree) -> None:
    select(tree, world, ANN)
    with qtbot.waitSignal(tree.conversation_requested) as opened:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert opened.args[0].jid == JID.parse(ANN)
    with qtbot.waitSignal(tree.window_requested):
        qtbot.keyClick(tree, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    place = tree.visualRect(tree.contacts.contact_index(world.account.id, JID.parse(BEN))).center()
    with qtbot.waitSignal(tree.conversation_requested) as opened:
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args[0].jid == JID.parse(BEN)


def test_typing_ahead_finds_a_name(qtbot: QtBot, tree: ContactsTree) -> None:
    qtbot.keyClicks(tree, "be")
    contact = tree.current_contact()
    assert contact is not None
    assert contact.name == "Ben"


def test_selection_and_cursor_survive_a_burst(qtbot: QtBot, world: World, tree: ContactsTree) -> None:
    for i in range(60):
        world.contact(f"c{i}@x.org", f"C{i:02}", "Many")
    tree.contacts.flush()
    select(tree, world, "c30@x.org")
    for i in range(60):
        world.presence(f"c{i}@x.org", list(Availability)[i % 3])
    tree.contacts.flush()
    contact = tree.current_contact()
    assert contact is not None
    assert contact.name == "C30"
    assert [each.jid for each in tree.selected_contacts()] == [contact.jid]
    assert tree.isExpanded(tree.contacts.group_index("Many"))


def test_the_menu_key_offers_what_the_contact_allows(world: World, tree: ContactsTree) -> None:
    select(tree, world, ANN)
    actions = open_menu(tree)
    assert list(actions) == [
        "Open conversation",
        "Open in new window",
        "Rename…",
        "Groups…",
        "Block",
        "Remove…",
        "Request presence",
        "Details",
    ]
    assert not actions["Request presence"].isEnabled()
    select(tree, world, "cid@x.org")
    assert open_menu(tree)["Request presence"].isEnabled()
    tree.setCurrentIndex(tree.contacts.group_index("Work"))
    assert list(open_menu(tree)) == ["Rename group…", "Dissolve group"]


def test_the_menu_blocks_and_unblocks(world: World, tree: ContactsTree) -> None:
    select(tree, world, ANN)
    index = tree.contacts.contact_index(world.account.id, JID.parse(ANN))
    role = Qt.ItemDataRole.AccessibleDescriptionRole
    open_menu(tree)["Block"].trigger()
    tree.contacts.flush()
    assert index.data(role) == "Blocked"
    assert "Blocked" in index.data(Qt.ItemDataRole.ToolTipRole)
    actions = open_menu(tree)
    assert "Block" not in actions
    assert world.stream(world.account.id).blocked == {ANN}
    actions["Unblock"].trigger()
    tree.contacts.flush()
    assert index.data(role) == "Offline"
    assert "Block" in open_menu(tree)
    assert world.stream(world.account.id).blocked == set()


def test_the_menu_renames_and_regroups(world: World, tree: ContactsTree) -> None:
    select(tree, world, ANN)
    open_menu(tree)["Rename…"].trigger()
    dialog(tree).edit.setText("x" * 10_000)
    dialog(tree).submit()
    assert dialog(tree).isVisible()
    dialog(tree).edit.setText("  Anna\u0007 ")
    dialog(tree).submit()
    open_menu(tree)["Groups…"].trigger()
    assert dialog(tree).edit.text() == "Friends"
    dialog(tree).edit.setText('Friends, "Work, home",, ')
    dialog(tree).submit()
    contact = world.services.roster.find(world.account.id, JID.parse(ANN))
    assert contact is not None
    assert (contact.name, contact.groups) == ("Anna", {"Friends", "Work, home"})


def test_groups_are_renamed_and_dissolved(world: World, tree: ContactsTree) -> None:
    tree.setCurrentIndex(tree.contacts.group_index("Work"))
    open_menu(tree)["Rename group…"].trigger()
    dialog(tree).edit.setText(" ")
    dialog(tree).submit()
    dialog(tree).edit.setText("Office")
    dialog(tree).submit()
    assert groups_of(world, BEN) == {"Office"}
    tree.contacts.flush()
    tree.setCurrentIndex(tree.contacts.group_index("Office"))
    open_menu(tree)["Dissolve group"].trigger()
    assert groups_of(world, BEN) == set()


def drop(tree: ContactsTree, address: str, world: World, place: QPoint, action: Qt.DropAction) -> None:
    mime = tree.contacts.mimeData([tree.contacts.contact_index(world.account.id, JID.parse(address))])
    event = QDropEvent(
        QPointF(place), action, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QDropEvent.Type.Drop
    )
    tree.dropEvent(event)


def test_a_drop_moves_and_with_ctrl_keeps_the_old_group(world: World, tree: ContactsTree) -> None:
    work = tree.visualRect(tree.contacts.group_index("Work")).center()
    drop(tree, ANN, world, work, Qt.DropAction.CopyAction)
    assert groups_of(world, ANN) == {"Friends", "Work"}
    tree.contacts.flush()
    nowhere = tree.visualRect(tree.contacts.group_index("")).center()
    drop(tree, BEN, world, nowhere, Qt.DropAction.MoveAction)
    assert groups_of(world, BEN) == set()


def test_a_drop_into_empty_space_asks_for_a_new_group(world: World, tree: ContactsTree) -> None:
    drop(tree, ANN, world, QPoint(100, 590), Qt.DropAction.MoveAction)
    dialog(tree).submit()
    assert groups_of(world, ANN) == {"Friends"}
    dialog(tree).edit.setText("Family")
    dialog(tree).submit()
    assert groups_of(world, ANN) == {"Family"}


def test_assistive_technology_reads_names_and_descriptions(world: World, tree: ContactsTree) -> None:
    world.presence(ANN, Availability.AWAY, "back at three")
    world.unread(ANN, 2)
    tree.contacts.flush()
    QAccessible.setActive(True)
    interface = QAccessible.queryAccessibleInterface(tree)
    assert interface.text(QAccessible.Text.Name) == "Contacts"
    rows = {
        child.text(QAccessible.Text.Name): child.text(QAccessible.Text.Description)
        for child in (interface.child(i) for i in range(interface.childCount()))
        if child.role() == QAccessible.Role.TreeItem
    }
    QAccessible.setActive(False)
    assert rows["Ann"] == "Away, back at three, 2 unread"
    assert rows["Friends"] == "1 of 1"


def test_an_empty_tree_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    world = World(tmp_path)
    tree = made(qtbot, world)
    assert "No contacts yet" in tree.empty_words()
    with qtbot.waitSignal(tree.add_requested):
        next(button for button in tree.findChildren(QPushButton) if button.text() == "Add contact…").click()
    world.contact(ANN, "Ann")
    tree.contacts.flush()
    assert tree.empty_words() == ""
    tree.set_filter("zzz")
    assert tree.empty_words() == "No contact matches."
    world.close()
