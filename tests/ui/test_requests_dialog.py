"""Contact requests: one dialog for all of them, and the card that keeps them in sight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.ui.contacts_world import World

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ServerSupportLearnt
from whimbrel.model.jid import JID
from whimbrel.ui.contacts.request_dialog import FLOOD, RequestDialog
from whimbrel.ui.contacts.requests_bar import RequestsBar

TOM = "tomas@example.net"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    world.connect()
    yield world
    assert world.faults == []
    world.close()


def made(qtbot: QtBot, world: World) -> RequestDialog:
    dialog = RequestDialog(world.services, world.bridge)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def pending(world: World) -> list[str]:
    return [str(request.jid) for request in world.services.requests.list_requests()]


def test_accepting_adds_with_name_and_groups_and_asks_back(qtbot: QtBot, world: World) -> None:
    world.request(TOM, "Hi <b>Alice</b>", "Tomás")
    dialog = made(qtbot, world)
    assert dialog.address.text() == TOM
    assert dialog.message.text() == "“Hi <b>Alice</b>”"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
    assert dialog.name.text() == "Tomás"
    dialog.groups.setText("Friends")
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept_button.click()
    contact = world.services.roster.find(world.account.id, JID.parse(TOM))
    assert contact is not None
    assert (contact.name, contact.groups) == ("Tomás", {"Friends"})
    sent = [(str(to), kind) for to, kind, _ in world.stream(world.account.id).subscriptions]
    assert sent == [(TOM, "subscribed"), (TOM, "subscribe")]


def test_several_wait_their_turn_and_what_is_typed_stays(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    qtbot.keyClicks(dialog.name, "Tom")
    world.request("eve@x.org")
    world.request(TOM, "Please?")
    qtbot.waitUntil(lambda: dialog.place.text() == "1 of 2")
    assert (dialog.name.text(), dialog.message.text()) == ("Tom", "“Please?”")
    dialog.decline.click()
    assert (dialog.address.text(), dialog.name.text()) == ("eve@x.org", "")
    assert not dialog.accept_button.isEnabled()  # a double click answers only one
    qtbot.waitUntil(dialog.accept_button.isEnabled)
    with qtbot.waitSignal(dialog.accepted):
        dialog.block.click()
    assert pending(world) == []
    assert world.services.roster.list_contacts() == []


def test_an_answer_from_elsewhere_closes_it(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    with qtbot.waitSignal(dialog.accepted):
        world.stream(world.account.id).subscription(TOM, "unsubscribe")


def test_closing_leaves_them_for_later(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert pending(world) == [TOM]


def test_a_name_too_long_is_said_at_the_field(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    dialog.name.setText("y" * 10_000)
    dialog.accept_button.click()
    assert "too long" in dialog.name.accessibleDescription()
    assert pending(world) == [TOM]


def test_what_cannot_be_saved_is_said(qtbot: QtBot, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(type(world.services.requests), "accept", full)
    world.request(TOM)
    dialog = made(qtbot, world)
    dialog.name.setText("Tom")
    dialog.accept_button.click()
    assert "disk is full" in dialog.error.label.text()
    assert dialog.name.text() == "Tom"


def test_block_is_offered_where_the_provider_can(qtbot: QtBot, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(world.services.requests), "can_block", lambda *_args: False)
    world.request(TOM)
    dialog = made(qtbot, world)
    assert not dialog.block.isVisible()
    monkeypatch.setattr(type(world.services.requests), "can_block", lambda *_args: True)
    world.services.bus.publish(ServerSupportLearnt(world.account.id))
    assert dialog.block.isVisible(), "the provider said so while the request was on the screen"


def test_a_flood_is_one_item(qtbot: QtBot, world: World) -> None:
    for i in range(FLOOD + 25):
        world.request(f"spam{i}@bad.example", "buy", "x" * 5000)
    dialog = made(qtbot, world)
    assert dialog.flood.isVisible()
    assert dialog.flood.count() == FLOOD + 25
    assert not dialog.accept_button.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        dialog.decline_all.click()
    assert pending(world) == []


def test_a_flood_takes_nothing_from_under_ones_hands(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    qtbot.keyClicks(dialog.name, "Tom")
    for i in range(FLOOD):
        world.request(f"spam{i}@bad.example")
    qtbot.waitUntil(lambda: dialog.place.text() == f"1 of {FLOOD + 1}")
    assert (dialog.name.text(), dialog.flood.isVisible()) == ("Tom", False)


def test_a_flood_can_be_reviewed_one_by_one(qtbot: QtBot, world: World) -> None:
    for i in range(FLOOD + 1):
        world.request(f"s{i}@x.org")
    dialog = made(qtbot, world)
    dialog.review.click()
    assert (dialog.address.text(), dialog.place.text()) == ("s0@x.org", f"1 of {FLOOD + 1}")
    dialog.decline.click()
    assert dialog.address.text() == "s1@x.org"


def test_monstrous_addresses_and_messages_keep_the_dialog_in_bounds(qtbot: QtBot, world: World) -> None:
    world.request("x" * 1000 + "@" + ".".join(["y" * 60] * 10) + ".evil.example", "z" * 100_000)
    dialog = made(qtbot, world)
    QApplication.processEvents()
    assert dialog.address.text().replace("\u200b", "").endswith(".evil.example")
    assert dialog.minimumSizeHint().width() < 700
    assert dialog.sizeHint().height() < 700


def test_the_card_counts_and_leads_to_the_dialog(qtbot: QtBot, world: World) -> None:
    bar = RequestsBar(world.services, world.bridge)
    qtbot.addWidget(bar)
    bar.resize(320, 80)
    bar.show()
    assert not bar.review.isVisible()
    world.request(TOM)
    qtbot.waitUntil(bar.review.isVisible)
    assert (bar.count.text(), bar.addresses.full_text()) == ("1 request", TOM)
    world.request("eve@x.org")
    qtbot.waitUntil(lambda: bar.count.text() == "2 requests")
    assert bar.addresses.full_text() == f"{TOM} and 1 more"
    with qtbot.waitSignal(bar.review_requested):
        bar.review.click()
    for jid in pending(world):
        world.services.requests.decline(world.account.id, JID.parse(jid))
    qtbot.waitUntil(lambda: not bar.review.isVisible())


def test_opened_too_late_it_says_so(qtbot: QtBot, world: World) -> None:
    dialog = made(qtbot, world)
    assert dialog.words.text() == "No request is waiting."
    assert not dialog.accept_button.isVisible()
    dialog.later.click()
    assert not dialog.isVisible()


def test_typing_into_a_dialog_that_just_appeared_accepts_nobody(qtbot: QtBot, world: World) -> None:
    world.request(TOM)
    dialog = made(qtbot, world)
    qtbot.keyClicks(dialog.focusWidget() or dialog, "see you ")
    qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    assert (pending(world), dialog.name.text()) == ([TOM], "")
    qtbot.waitUntil(dialog.accept_button.isDefault)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
