"""XEP-0393: who wants no styling gets none, however the message came; and we say that we show it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.core.offers.styling import Unstyled
from whimbrel.model.envelope import Source

UNSTYLED = "<unstyled xmlns='urn:xmpp:styling:0'/>"


@pytest.mark.parametrize("source", [Source.LIVE, Source.ARCHIVE])
def test_a_message_may_ask_for_no_styling(tmp_path: Path, source: Source) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net"))
    stream.receive_message("alice@example.net/phone", "> _ <", id_="m1", extra=UNSTYLED, source=source)
    stream.receive_message("alice@example.net/phone", "*yes*", id_="m2", source=source)
    conversation = core.services.conversations.list_conversations()[0]
    bare, styled = core.services.conversations.latest(conversation.id, 10)
    assert core.services.offer(Unstyled).unstyled([bare.id, styled.id]) == {bare.id}
    assert core.faults == []
