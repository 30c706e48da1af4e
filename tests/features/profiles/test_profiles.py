"""XEP-0054, XEP-0292: shown, and edited without losing what we do not know."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core

from whimbrel.core.offers.profiles import Profiles
from whimbrel.features.profiles import wire
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed
from whimbrel.model.jid import JID
from whimbrel.model.profile import Profile

OLDER = """<vCard xmlns='vcard-temp'><FN>Alice A.</FN><N><FAMILY>A.</FAMILY></N><X-ODD><DEEP>kept</DEEP></X-ODD>
<EMAIL><WORK/><USERID>a@example.net</USERID></EMAIL><EMAIL><USERID>second@example.net</USERID></EMAIL>
<ADR><HOME/><LOCALITY>Zürich</LOCALITY><CTRY>CH</CTRY></ADR><PHOTO><BINVAL>AAAA</BINVAL></PHOTO></vCard>"""
NEWER = """<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Alice</text></fn>
<tel><parameters><type><text>work</text></type></parameters><uri>tel:+41</uri></tel><x-odd><text>kept</text></x-odd>
<bday><date>1990-01-02</date></bday></vcard>"""


def test_both_kinds_are_read() -> None:
    older, newer = wire.parse_card(ET.fromstring(OLDER)), wire.parse_card(ET.fromstring(NEWER))
    assert older == Profile(full_name="Alice A.", email="a@example.net", place="Zürich")
    assert newer == Profile(full_name="Alice", phone="+41", birthday="1990-01-02")
    assert wire.merge(newer, older).email == "a@example.net"


@pytest.mark.parametrize(("text", "build"), [(OLDER, wire.build_older), (NEWER, wire.build_newer)])
def test_what_is_not_known_stays(text: str, build: Callable[[ET.Element | None, Profile], ET.Element]) -> None:
    card = ET.fromstring(text)
    same = build(card, wire.parse_card(card))
    assert ET.tostring(same) == ET.tostring(card)
    wanted = Profile(full_name="Ali", about="Two\nlines", place="Bern", website="https://a.example/")
    edited = build(card, wanted)
    assert wire.parse_card(edited) in (wanted, Profile(**{**wire.to_payload(wanted), "email": "second@example.net"}))
    written = ET.tostring(edited, "unicode")
    assert "kept" in written
    assert "Alice" not in written
    assert wire.parse_card(build(None, wanted)) == wanted


def test_c18_strangers_are_not_asked(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    profiles = core.services.offer(Profiles)
    before = len(stream.requests)
    task = core.tasks.start(profiles.fetch(stream.account_id, JID.parse("eve@example.net")), name="fetch")
    assert task.result().is_empty
    assert len(stream.requests) == before
    core.tasks.start(profiles.fetch(stream.account_id, ALICE), name="fetch")
    assert len(stream.requests) == before + 2


def test_our_own_as_it_is_to_be_is_shown_before_the_server_has_it(tmp_path: Path) -> None:
    core = Core(tmp_path)
    account = core.add_account()
    profiles = core.services.offer(Profiles)
    profiles.set_own(account.id, Profile(full_name="Me"))
    task = core.tasks.start(profiles.fetch(account.id, account.jid), name="fetch")
    assert task.result() == Profile(full_name="Me")


@pytest.mark.parametrize(("kind", "written"), [(ErrorKind.REFUSED, 0), (ErrorKind.UNAVAILABLE, 1)])
async def test_what_cannot_be_read_is_not_written_over(tmp_path: Path, kind: ErrorKind, written: int) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    stream.errors["{vcard-temp}vCard"] = [KnownError(kind)]
    core.services.offer(Profiles).set_own(stream.account_id, Profile(full_name="Me"))
    await core.settle()
    sets = [payload for kind, _, payload in stream.requests if kind == "set" and payload.tag == "{vcard-temp}vCard"]
    assert len(sets) == written
    assert len(core.published(ActionFailed)) == 1 - written
    core.close()
