"""``xmpp:`` links (XEP-0147): read, confirmed, followed; whatever they hold, nothing is sent by itself (threat C6)."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.ui.contacts.add_dialog import AddContactDialog
from whimbrel.ui.conversation.added_note import AddedNote
from whimbrel.ui.link_dialog import LinkDialog
from whimbrel.ui.links import Wish, XmppLink, parse_link
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow

BOB, ME, WORK = (JID.parse(f"{name}@example.org") for name in ("bob", "me", "work"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xmpp:bob@example.org", XmppLink(Wish.TALK, BOB)),
        ("XMPP:bob@example.org/phone?MESSAGE;body=hi%20there", XmppLink(Wish.TALK, BOB, body="hi there")),
        ("xmpp:bob@example.org?message;subject=S;body=a%0D%0Ab;body=c", XmppLink(Wish.TALK, BOB, body="S\n\na\nb")),
        ("xmpp:bob@example.org?message;from=me@x;id=1;type=groupchat;thread=t", XmppLink(Wish.TALK, BOB)),
        ("xmpp:bob@example.org?body=hi", XmppLink(Wish.OTHER, BOB)),
        ("xmpp:bob@example.org?roster;name=B%C3%B6b;group=A%3Bb", XmppLink(Wish.ADD, BOB, name="Böb", group="A;b")),
        ("xmpp:bob@example.org?subscribe#part", XmppLink(Wish.ADD, BOB)),
        ("xmpp:bob@example.org?unsubscribe", XmppLink(Wish.UNSUBSCRIBE, BOB)),
        ("xmpp:bob@example.org?remove", XmppLink(Wish.REMOVE, BOB)),
        ("xmpp:bob@example.org?join;password=geheim", XmppLink(Wish.JOIN, BOB)),
        ("xmpp:example.org?register;preauth=x", XmppLink(Wish.REGISTER, JID.parse("example.org"))),
        ("xmpp:example.org?unregister", XmppLink(Wish.UNREGISTER, JID.parse("example.org"))),
        ("xmpp:bob@example.org?command;action=execute;node=x", XmppLink(Wish.OTHER, BOB)),
        ("xmpp://me@example.org/bob@example.org?remove", XmppLink(Wish.REMOVE, BOB, account=ME)),
        ("xmpp://bob@example.org?message;body=hi", XmppLink(Wish.TALK, BOB, body="hi")),
        ("bob@example.org", XmppLink(Wish.TALK, BOB)),
        ("xmpp:bob@example.org?message;body=%ff%zz%", XmppLink(Wish.TALK, BOB, body="\ufffd%zz%")),
        ("xmpp:%ff@example.org", None),
        ("xmpp:bob%00@example.org", None),
        ("xmpp:bo\u202eb@example.org", None),
        ("xmpp:%e2%80%aebob@example.org", None),
        ("xmpp:bob@example.org?message;body=" + "x" * 1_000_000, None),
        ("xmpp:" + "%25" * 2_000 + "@example.org", None),
        ("xmpp:", None),
        ("xmpp:?message", None),
        ("https://example.org", None),
        ("", None),
    ],
)
def test_links_are_read(text: str, expected: XmppLink | None) -> None:
    assert parse_link(text) == expected


def test_what_is_hidden_in_a_link_is_left_out() -> None:
    link = parse_link(
        "xmpp:bob@example.org?message;subject=a%0Ab;body=%00%1b[31mx%e2%80%aey%e2%81%a6%c2%85z%ed%a0%80%09t"
    )
    assert link is not None
    assert link.body.splitlines()[0] == "a b"
    assert not any(ord(char) < 32 and char not in "\n\t" for char in link.body)
    assert not set(link.body) & set("\u202e\u2066\x85")
    named = parse_link(f"xmpp:bob@example.org?roster;name=%e2%80%ae{'n' * 900}%0a;group={'g' * 900}")
    assert named is not None
    assert (len(named.name), len(named.group)) == (255, 255)


def _view(window: MainWindow) -> MainView:
    assert window.conductor is not None
    assert window.conductor.view is not None
    return window.conductor.view


def _dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def _press(dialog: QDialog, name: str) -> None:
    next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == name or b.text() == name).click()


@pytest.fixture
def online(window: MainWindow, core: Core) -> Core:
    account = core.add_account("me@example.org")
    core.stream(account.id).go_online(Contact(account.id, BOB, "Bob", subscription=Subscription.BOTH))
    return core


def _sent(core: Core) -> list[OutboxKind]:
    """What waits to be sent or went, apart from what a sign-in brings."""
    kinds = (OutboxKind.MESSAGE, OutboxKind.ROSTER_SET, OutboxKind.ROSTER_REMOVE, OutboxKind.SUBSCRIPTION)
    rows = core.database.execute("SELECT kind FROM outbox").fetchall()
    return [OutboxKind(row[0]) for row in rows if OutboxKind(row[0]) in kinds]


def test_words_of_a_link_go_beneath_what_is_typed_and_are_not_sent(window: MainWindow, online: Core) -> None:
    link = "xmpp:bob@example.org?message;body=click%20me"
    window.open_uri(link)
    pane = _view(window).area.current_pane
    assert pane is not None
    assert pane.composer.editor.toPlainText() == "click me"
    pane.composer.editor.setPlainText("my own words")
    window.open_uri(link)
    window.open_uri(link)
    assert pane.composer.editor.toPlainText() == "my own words\n\nclick me"
    note = pane.composer.findChild(AddedNote)
    assert isinstance(note, AddedNote)
    assert (note.isVisible(), note.words.full_text()) == (True, "click me")
    pane.composer.editor.undo()
    assert pane.composer.editor.toPlainText() == "my own words"
    assert not note.isVisible()
    assert _sent(online) == []
    assert _dialogs() == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("unsubscribe", "Stop seeing presence"),
        ("remove", "Remove contact"),
        ("join;password=x", "Group chat"),
        ("unregister", "End a registration"),
        ("roster;name=Robert;group=Friends", "Change contact"),
    ],
)
def test_threat_c6_nothing_happens_before_it_is_agreed_to(
    window: MainWindow, online: Core, query: str, title: str
) -> None:
    before = online.services.roster.list_contacts()
    window.open_uri(f"xmpp:bob@example.org?{query}")
    (dialog,) = _dialogs()
    assert dialog.windowTitle() == title
    default = next((b for b in dialog.findChildren(QPushButton) if b.isDefault()), None)
    assert default is not None
    assert default.text() in ("Cancel", "Close")
    default.click()
    assert online.services.roster.list_contacts() == before
    assert _sent(online) == []


def test_what_is_agreed_to_is_done(window: MainWindow, online: Core, qtbot: QtBot) -> None:
    account = online.services.accounts.list_accounts()[0]

    def bob() -> Contact | None:
        return online.services.roster.find(account.id, BOB)

    window.open_uri("xmpp:bob@example.org?roster;name=Robert;group=Friends")
    _press(_dialogs()[0], "Change")
    contact = bob()
    assert contact is not None
    assert (contact.name, contact.groups) == ("Robert", {"Friends"})
    window.open_uri("xmpp:bob@example.org?unsubscribe")
    _press(_dialogs()[0], "Stop")
    contact = bob()
    assert contact is not None
    assert contact.subscription is Subscription.FROM
    window.open_uri("xmpp:bob@example.org?subscribe")
    _press(_dialogs()[0], "Ask")
    contact = bob()
    assert contact is not None
    assert contact.ask
    window.open_uri("xmpp:bob@example.org?remove")
    _press(_dialogs()[0], "Remove")
    assert bob() is None
    window.open_uri("xmpp:bob@example.org?roster;name=Bob;group=A,b")
    (dialog,) = _dialogs()
    assert isinstance(dialog, AddContactDialog)
    assert (dialog.address.text(), dialog.name.text(), dialog.groups.text()) == ("bob@example.org", "Bob", '"A,b"')
    dialog.submit()
    contact = bob()
    assert contact is not None
    assert contact.groups == {"A,b"}


def test_the_account_that_is_meant_does_it(window: MainWindow, online: Core) -> None:
    online.add_account("work@example.org")
    window.open_uri("xmpp://work@example.org/eve@example.net")
    current = _view(window).area.current
    assert current is not None
    assert online.services.accounts.find(current.account_id).jid == WORK  # type: ignore[union-attr]
    window.open_uri("xmpp:bob@example.org?message;body=hi")  # a contact of one of the two
    current = _view(window).area.current
    assert current is not None
    assert current.jid == BOB
    window.open_uri("xmpp:zoe@example.net?message;body=hi")
    (dialog,) = _dialogs()
    assert isinstance(dialog, LinkDialog)
    assert dialog.account is not None
    _press(dialog, "Continue")
    current = _view(window).area.current
    assert current is not None
    assert str(current.jid) == "zoe@example.net"


def test_a_link_in_a_chat_means_the_account_of_that_chat(window: MainWindow, online: Core) -> None:
    work = online.add_account("work@example.org")
    view = _view(window)
    view.open(work.id, JID.parse("ann@example.net"))
    assert view.area.current_pane is not None
    view.area.current_pane.open_link("xmpp:zoe@example.net?message;body=hi")
    assert view.area.current is not None
    assert (view.area.current.account_id, str(view.area.current.jid)) == (work.id, "zoe@example.net")
    assert view.area.current_pane is not None
    view.area.current_pane.open_link("xmpp:bob@example.org")
    assert view.area.current.account_id != work.id, "whose contact it is"
    view.open(work.id, JID.parse("ann@example.net"))
    view.area.current_pane.open_link("xmpp:eve@example.net?subscribe")
    (dialog,) = _dialogs()
    assert isinstance(dialog, AddContactDialog)
    assert dialog.account.account_id() == work.id
    assert _sent(online) == []


async def test_what_only_tells_gives_way_and_what_asks_does_not(window: MainWindow, online: Core) -> None:
    window.open_uri("xmpp:bob@example.org?subscribe")  # seen already: its details
    (details,) = _dialogs()
    window.open_uri("xmpp:bob@example.org?remove")
    (remove,) = _dialogs()
    assert (details is remove, remove.windowTitle()) == (False, "Remove contact")
    window.open_uri("xmpp:room@muc.example.org?join")
    assert _dialogs() == [remove]
    _press(remove, "Cancel")
    (told,) = _dialogs()
    assert told.windowTitle() == "Group chat"


def test_a_refused_link_is_not_told_for_ever(window: MainWindow, online: Core, qtbot: QtBot) -> None:
    window.open_uri("xmpp:")
    assert window.failure.isVisible()
    window.open_uri("xmpp:bob@example.org")
    assert not window.failure.isVisible()
    window.open_uri("xmpp:")
    window.failure.close_button.click()
    assert not window.failure.isVisible()
    window.open_uri("xmpp:")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.conductor is not None
    window.conductor.links._refusal._reading.timeout.emit()  # a minute later
    assert not window.failure.isVisible()
    window.say("of something else")
    window.open_uri("xmpp:bob@example.org")
    assert window.failure.isVisible()


def test_a_group_chat_can_be_copied(window: MainWindow, online: Core) -> None:
    window.open_uri("xmpp:room@muc.example.org?join")
    _press(_dialogs()[0], "Copy address")
    assert QGuiApplication.clipboard().text() == "room@muc.example.org"
    _press(_dialogs()[0], "Close")


def test_hundreds_of_links_ask_one_thing_at_a_time_and_few_in_all(window: MainWindow, online: Core) -> None:
    for number in range(300):
        window.open_uri(f"xmpp:room{number}@muc.example.org?join")
        window.open_uri(f"xmpp:p{number}@example.org?message;body=hi")
    assert len(_dialogs()) == 1
    asked = 0
    while dialogs := _dialogs():
        assert len(dialogs) == 1
        asked += 1
        dialogs[0].reject()
    assert asked <= 10
    assert window.failure.isVisible()
    assert online.database.execute("SELECT count(*) FROM conversation").fetchone()[0] <= 10


def test_a_link_waits_for_an_account(window: MainWindow, core: Core) -> None:
    window.open_uri("xmpp:bob@example.org?message;body=hi")
    assert window.notice.isVisible()
    core.add_account("me@example.org")
    assert window.conductor is not None
    window.conductor.refresh_page()
    pane = _view(window).area.current_pane
    assert pane is not None
    assert pane.composer.editor.toPlainText() == "hi"
    assert not window.notice.isVisible()
