"""The XML console shows what goes over the stream, within bounds and without what signs in; and sends one stanza."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.core.offers.stanzas import SeenXml, StanzaFault
from whimbrel.features.console.service import Console
from whimbrel.features.console.wire import parse
from whimbrel.ui.console.model import MOST_KEPT, StanzaModel
from whimbrel.ui.console.window import ConsoleWindow

NOW = datetime(2026, 11, 22, 20, 30)


def seen(text: str, *, is_ours: bool = False) -> SeenXml:
    return SeenXml(NOW, is_ours, text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", StanzaFault.EMPTY),
        ("<message>", StanzaFault.NOT_WELL_FORMED),
        ("<message to='bob@example.org'><body>&lol;</body></message>", StanzaFault.NOT_WELL_FORMED),
        ("<!DOCTYPE x [<!ENTITY lol 'lol'>]><message/>", StanzaFault.NOT_WELL_FORMED),
        ("</stream><stream><message/>", StanzaFault.NOT_WELL_FORMED),
        ("<message/><message/>", StanzaFault.NOT_ONE),
        ("words <message/>", StanzaFault.NOT_ONE),
        ("<message/> words", StanzaFault.NOT_ONE),
        ("<message xmlns='jabber:server'/>", StanzaFault.NO_STANZA),
        ("<r xmlns='urn:xmpp:sm:3'/>", StanzaFault.NO_STANZA),
        ("<iq><ping xmlns='urn:xmpp:ping'/></iq>", StanzaFault.NO_TYPE),
        ("<iq type='get'/>", StanzaFault.NO_PAYLOAD),
        (f"<message><body>{'x' * 300_000}</body></message>", StanzaFault.TOO_LONG),
    ],
)
def test_what_is_no_stanza_is_not_sent(text: str, fault: StanzaFault) -> None:
    assert parse(text) is fault


def test_the_last_ones_are_kept_and_filtered() -> None:
    model = StanzaModel()
    for number in range(3):
        model.add([seen(f"<message id='{number}-{n}'><body>Words</body></message>") for n in range(900)])
    assert len(model) == model.rowCount() == MOST_KEPT
    assert "0-700" in model.row(0).text
    model.set_filter("iq", "")
    assert model.rowCount() == 0
    model.add([seen("<iq id='q' type='get'/>"), seen("<a xmlns='urn:xmpp:sm:3' h='1'/>")])
    assert [model.row(n).kind for n in range(model.rowCount())] == ["iq"]
    model.set_filter("", "2-899")
    assert model.rowCount() == 1
    model.add([seen(f"<message>{'x' * 200_000}</message>") for _ in range(1500)])
    assert sum(len(row.text) for row in model._all) <= 16_000_000
    model.clear()
    assert len(model) == 0


def test_what_signs_in_is_never_shown() -> None:
    model = StanzaModel()
    model.add(
        [
            seen("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAc2VjcmV0</auth>", is_ours=True),
            seen("<iq type='set'><query xmlns='jabber:iq:register'><password>AGEAc2VjcmV0</password></query></iq>"),
            seen("<message><body>words stay</body></message>"),
        ]
    )
    texts = [model.row(n).pretty() + model.row(n).line() for n in range(3)]
    assert "AGEAc2VjcmV0" not in "".join(texts)
    assert "mechanism='PLAIN'" in texts[0]
    assert "  <body>words stay</body>\n</message>" in texts[2]


async def test_it_watches_while_it_is_open_and_sends(qtbot: QtBot, core: Core) -> None:
    stream = core.online()
    account = stream.account
    console = next(feature for feature in core.features if isinstance(feature, Console))
    tap = console.tap(account.id)
    assert not tap.is_open
    window = ConsoleWindow(core.services)
    window.show()
    assert tap.is_open
    tap.tell("<message from='bob@example.org'><body>hi</body></message>", is_ours=False)
    window._take()
    assert window.model.rowCount() == 1
    window.pause.click()
    tap.tell("<presence/>", is_ours=True)
    assert not window._timer.isActive() or window.model.rowCount() == 1
    window.pause.click()
    assert window.model.rowCount() == 2
    window.list.setCurrentIndex(window.model.index(0))
    assert "<body>hi</body>" in window.details.toPlainText()
    window.copy.click()
    assert QGuiApplication.clipboard().text().startswith("<message from=")
    window.input.setPlainText("<iq><ping xmlns='urn:xmpp:ping'/></iq>")
    window.send.click()
    assert "needs a type" in window.error.label.text()
    window.input.setPlainText("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
    window.send.click()
    (sent,) = stream.typed
    assert sent.get("id")
    assert window.input.toPlainText() == ""
    window.close()
    assert not tap.is_open


async def test_it_learns_of_accounts_that_come_and_go(qtbot: QtBot, core: Core) -> None:
    first = core.online().account
    console = next(feature for feature in core.features if isinstance(feature, Console))
    window = ConsoleWindow(core.services)
    qtbot.addWidget(window)
    window.show()
    console.tap(first.id).tell("<presence/>", is_ours=True)
    window._take()
    second = core.add_account("work@example.org")
    assert [window.account.itemText(n) for n in range(window.account.count())] == ["me@example.org", "work@example.org"]
    assert window.account.isVisible()
    assert (window.model.rowCount(), window._account_id) == (1, first.id), "what is watched stays"
    await core.services.accounts.remove(first.id)
    assert (window._account_id, window.model.rowCount()) == (second.id, 0)
    assert not console.tap(first.id).is_open
    assert console.tap(second.id).is_open
    await core.services.accounts.remove(second.id)
    assert window._account_id is None
    third = core.add_account("third@example.org")
    assert console.tap(third.id).is_open
