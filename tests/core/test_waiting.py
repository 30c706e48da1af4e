"""What speaks of a message that is not here yet comes again with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stages import receive_stages

FULL = "alice@example.net/phone"
ABOUT = "<about xmlns='urn:example:about' id='{}'/>"


class About(Stage):
    """Speaks of another message, as a correction does."""

    name = "about"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    core: Core

    def __init__(self) -> None:
        self.found: list[str] = []

    def process(self, delivery: Delivery) -> Verdict:
        about = delivery.envelope.element.find("{urn:example:about}about")
        if about is None:
            return Verdict.CONTINUE
        if self.core.database.row("SELECT 1 FROM reference WHERE value = ?", (about.get("id"),)) is None:
            delivery.waits_for = about.get("id", "")
            return Verdict.WAIT
        self.found.append(about.get("id", ""))
        return Verdict.CONSUMED


@pytest.fixture
def about() -> About:
    return About()


def start(folder: Path, about: About) -> Core:
    core = Core(folder)
    about.core, stores, base = core, core.base.stores, core.base
    stages = receive_stages(base.outbox, base.unread, stores.conversations, stores.messages, stores.references, [about])
    base.incoming.set_stages(stages)
    return core


def test_it_comes_again_with_its_message(tmp_path: Path, about: About) -> None:
    core = start(tmp_path, about)
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.receive_message(FULL, None, id_="b1", extra=ABOUT.format("a1"))
    stream.receive_message(FULL, None, id_="b2", extra=ABOUT.format("a2"))
    stream.receive_message(FULL, "another", id_="a0")
    assert about.found == []
    stream.receive_message(FULL, "the original", id_="a1")
    assert about.found == ["a1"]
    stream.receive_message(FULL, "the other original", id_="a2")
    stream.receive_message(FULL, "once more", id_="a2")
    assert about.found == ["a1", "a2"]
    assert not core.faults
    core.close()


def test_what_waits_for_ever_does_not_fill_the_disk(tmp_path: Path, about: About) -> None:
    core = start(tmp_path, about)
    stream = core.online(contact("alice@example.net", "Alice"))
    with stream.together():
        for number in range(2_100):
            stream.receive_message(FULL, None, id_=f"b{number}", extra=ABOUT.format(f"never-{number}"))
    assert core.database.row("SELECT count(*), max(waits_for = 'never-2099') FROM waiting") == (2_000, 1)
    core.close()


def test_it_may_come_right_before_its_message(tmp_path: Path, about: About) -> None:
    core = start(tmp_path, about)
    stream = core.online(contact("alice@example.net", "Alice"))
    with stream.together():
        stream.receive_message(FULL, None, id_="b1", extra=ABOUT.format("a1"))
        stream.receive_message(FULL, "the original", id_="a1")
    assert about.found == ["a1"]
    core.close()


def test_what_waits_for_something_that_waits_comes_with_it(tmp_path: Path) -> None:
    """A reaction names a correction, and both come before the message: archives are read from their end."""
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    replaces = "<replace xmlns='urn:xmpp:message-correct:0' id='o1'/>"
    reacts = "<reactions xmlns='urn:xmpp:reactions:0' id='c1'><reaction>👍</reaction></reactions>"
    stream.receive_message(FULL, None, id_="r1", extra=reacts)
    stream.receive_message(FULL, "better", id_="c1", extra=replaces)
    stream.receive_message(FULL, "first", id_="o1")
    said = core.database.rows("SELECT body, emoji FROM message JOIN reaction ON message_id = message.id")
    assert said == [("better", '["👍"]')]
    assert core.database.rows("SELECT * FROM waiting") == []
    core.close()


REPLACES = "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>"


def test_strangers_do_not_push_out_what_waits_of_others(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.receive_message(FULL, "better", id_="c1", extra=REPLACES.format("a1"))
    with stream.together():
        for number in range(2_100):
            sender = f"mallory{number % 3}@evil.example/{number}"
            stream.receive_message(sender, "x", id_=f"m{number}", extra=REPLACES.format(f"never-{number}"))
    assert core.database.row("SELECT count(*) FROM waiting") == (2_000,)
    stream.receive_message(FULL, "first", id_="a1")
    assert core.database.rows("SELECT body FROM message") == [("better",)]
    core.close()


def test_whoever_speaks_often_of_one_message_does_not_hold_up_its_coming(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.receive_message("bob@example.net/x", "not hers", id_="b1", extra=REPLACES.format("a1"))
    with stream.together():
        for number in range(100):
            stream.receive_message(f"{FULL}{number}", f"text {number}", id_=f"c{number}", extra=REPLACES.format("a1"))
    assert core.database.row("SELECT count(*), sum(sender LIKE 'bob%') FROM waiting") == (21, 1)
    stream.receive_message(FULL, "first", id_="a1")
    assert core.database.rows("SELECT body FROM message ORDER BY id") == [("text 99",), ("not hers",)]
    core.close()


def overdue(core: Core) -> None:
    """All that waits came two days ago, and the account comes online again."""
    core.database.execute("UPDATE waiting SET received = received - 172800000000")
    stream = core.stream(core.services.accounts.list_accounts()[0].id)
    stream.lose()
    stream.go_online(contact("alice@example.net", "Alice"))


def bodies(core: Core) -> list[str]:
    return [body for (body,) in core.database.rows("SELECT body FROM message ORDER BY id")]


def test_s7_a_correction_whose_message_never_comes_is_a_message_of_its_own_once(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.receive_message(FULL, "better", id_="c1", extra=REPLACES.format("a1"))
    stream.receive_message(FULL, "best", id_="c2", extra=REPLACES.format("a1"))
    stream.receive_message("mallory@evil.example/x", "not hers", id_="m1", extra=REPLACES.format("a1"))
    stream.lose()
    stream.go_online(contact("alice@example.net", "Alice"))
    assert bodies(core) == []  # it may come yet
    overdue(core)
    assert bodies(core) == ["best", "not hers"]
    assert core.database.rows("SELECT wire_id, sender FROM message ORDER BY id")[0] == ("c1", FULL)
    assert core.database.rows("SELECT * FROM waiting") == []
    core.close()
    again = Core(tmp_path)
    again.services.accounts.start_all()
    overdue(again)
    stream = again.stream(again.services.accounts.list_accounts()[0].id)
    stream.receive_message(FULL, "first", id_="a1", extra="<origin-id xmlns='urn:xmpp:sid:0' id='a1'/>")
    stream.receive_message(FULL, "the very best", id_="c3", extra=REPLACES.format("a1"))
    assert bodies(again) == ["the very best", "not hers"]
    assert not core.faults + again.faults
    again.close()


def test_what_waits_and_says_nothing_by_itself_goes_on_waiting(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    takes_back = "<retract xmlns='urn:xmpp:message-retract:1' id='a1'/>"
    stream.receive_message(FULL, "for other programs", id_="r1", extra=takes_back)
    overdue(core)
    assert bodies(core) == []
    stream = core.stream(core.services.accounts.list_accounts()[0].id)
    stream.receive_message(FULL, "first", id_="a1")
    assert core.database.rows("SELECT retracted FROM message") == [(1,)]
    assert not core.faults
    core.close()


def test_long_stanzas_that_wait_do_not_fill_the_disk(tmp_path: Path) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice"))
    stream.receive_message(FULL, "better", id_="c1", extra=REPLACES.format("a1"))
    with stream.together():
        for number in range(60):
            body = "x" * 100_000
            stream.receive_message(
                "mallory@evil.example/x", body, id_=f"m{number}", extra=REPLACES.format(f"n{number}")
            )
    ((taken, hers),) = core.database.rows("SELECT sum(octet_length(stanza)), sum(sender = ?) FROM waiting", (FULL,))
    assert taken <= 4_000_000
    assert hers == 1
    core.close()
