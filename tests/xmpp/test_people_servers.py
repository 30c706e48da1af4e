"""Pictures, nicknames and profiles between two running cores, on real servers."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_two_devices import Device
from tests.helpers.program import until
from tests.helpers.servers import Server

from whimbrel.core.offers.avatars import Avatars, OwnPicture
from whimbrel.core.offers.last_activity import LastActivity
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.profiles import Profiles
from whimbrel.core.offers.versions import Versions
from whimbrel.features.avatars.wire import hash_of
from whimbrel.features.profiles.service import Profiles as ProfilesFeature
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.profile import Profile

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("trusted")]

_numbers = count()
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
PROFILE = (OutboxKind.AVATAR, OutboxKind.NICKNAME, OutboxKind.PROFILE)


@pytest.fixture
async def pair(any_server: Server, tmp_path: Path) -> AsyncIterator[tuple[Device, Device]]:
    """Two people who see each other, online."""
    number = next(_numbers)
    names = (f"ann{number}", f"ben{number}")
    for name in names:
        any_server.add_user(name, PASSWORD)
    any_server.make_contacts(names[0], [names[1]])
    async with AsyncExitStack() as stack:
        devices = []
        for name in names:
            device = Device(tmp_path / name, any_server, name)
            await device.sign_in()
            stack.push_async_callback(device.leave)
            devices.append(device)
        yield devices[0], devices[1]


async def test_a_picture_a_nickname_and_a_profile_reach_the_contact(pair: tuple[Device, Device]) -> None:
    ann, ben = pair
    ours, theirs = ann.core.services, ben.core.services
    ours.offer(Avatars).set_own(ann.account_id, OwnPicture(PICTURE, "image/png", 1, 1))
    ours.offer(Nicknames).set_own(ann.account_id, "Annie")
    await until(lambda: not ann.core.base.outbox.pending(ann.account_id, *PROFILE))
    await until(lambda: theirs.offer(Avatars).find_hash(ann.jid) == hash_of(PICTURE))
    theirs.offer(Avatars).want(ann.jid)
    await until(lambda: theirs.offer(Avatars).find_picture(hash_of(PICTURE)) == PICTURE)
    await until(lambda: theirs.offer(Nicknames).find(ben.account_id, ann.jid) == "Annie")
    stream = next(each for each in ann.core.features if isinstance(each, ProfilesFeature))._streams.get(ann.account_id)
    odd = ET.fromstring("<vCard xmlns='vcard-temp'><FN>Old</FN><NICKNAME>Annie</NICKNAME><TZ>+01:00</TZ></vCard>")
    await stream.request("set", None, odd)
    wanted = Profile(full_name="Ann P.", about="Two\nlines & <b>", email="ann@example.net", place="Zürich")
    ours.offer(Profiles).set_own(ann.account_id, wanted)
    await until(lambda: not ann.core.base.outbox.pending(ann.account_id, *PROFILE))
    assert await theirs.offer(Profiles).fetch(ben.account_id, ann.jid) == wanted
    answer = await stream.request("get", None, ET.Element("{vcard-temp}vCard"))
    kept = [each.tag for each in answer.iter()]
    assert "{vcard-temp}FN" in kept
    assert ann.core.faults == ben.core.faults == []


async def test_programs_and_last_activity_are_told_to_contacts_who_ask(pair: tuple[Device, Device]) -> None:
    ann, ben = pair
    ours, theirs = ann.core.services, ben.core.services
    await until(lambda: bool(theirs.presence.resources(ben.account_id, ann.jid)))
    (presence,) = theirs.presence.resources(ben.account_id, ann.jid)
    full = ann.jid.with_resource(presence.resource)
    version = await theirs.offer(Versions).ask(ben.account_id, full)
    assert version is not None
    assert version.name == "Whimbrel"
    ann.core.choice.send_last_seen = True
    ours.presence.set_idle(True, 600)
    await until(lambda: theirs.offer(LastActivity).idle_since(ben.account_id, full) is not None)
    await ann.core.services.accounts.stop_all()
    await until(lambda: not theirs.presence.resources(ben.account_id, ann.jid))
    assert await theirs.offer(LastActivity).ask(ben.account_id, ann.jid) is not None
