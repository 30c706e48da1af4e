"""Nothing secret reaches a log, and nothing unforeseen stays silent."""

from __future__ import annotations

import asyncio
import logging
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from whimbrel.platform.diagnosis import log_tail
from whimbrel.platform.logs import Logs, setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.redaction import redact, without_locals
from whimbrel.xmpp.boundary import guard

SECRETS = [
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFsaWNlAHMzY3JldA==</auth>",
    "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGFsaWNlAHMzY3JldA==</response>",
    "<message to='bob@example.net'><body>s3cret\nof two lines</body></message>",
    "<message><ns0:body xml:lang='en'>s3cret</ns0:body><html><body><p>s3cret</p></body></html></message>",
    "<iq><query xmlns='jabber:iq:register'><username>s3cret</username><nick>s3cret</nick>"
    "<x xmlns='jabber:x:data'><field var='city'><value>s3cret</value></field></x></query></iq>",
    "<x xmlns='http://jabber.org/protocol/muc'><password>s3cret</password></x>",
    "<auth mechanism='PLAIN'>AGFsaWNlAHMzY3JldA== and cut o",
    "login(password='s3cret', host='h')",
    "Message(id=3, body='it\\'s s3cret', time=now)",
    '{"password": "s3cret", "host": "h"}',
    "xmpp:room@example.org?join;password=s3cret",
    "<presence><show>away</show><status>s3cret</status></presence>",
    "<message><x xmlns='jabber:x:oob'><url>http://files.example/s3cret.png</url></x></message>",
    "<url-data xmlns='http://jabber.org/protocol/url-data' target='https://files.example:5443/up/s3cret.png'/>",
    "<slot><put url='https://up.example?v=s3cret'/><get url='HTTPS://up.example/s3cret'/></slot>",
    "<request xmlns='urn:xmpp:http:upload:0' filename='s3cret.pdf' size='7'/>",
    "<file xmlns='urn:xmpp:file:metadata:0'><name>s3cret.pdf</name><desc>s3cret</desc><size>7</size></file>",
    "<data xmlns='urn:xmpp:avatar:data'>s3cret</data><vCard xmlns='vcard-temp'><FN>s3cret</FN></vCard>",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_redacted(text: str) -> None:
    redacted = redact(text)
    assert "s3cret" not in redacted
    assert "AGFsaWNlAHMzY3JldA" not in redacted


def test_addresses_are_found_wherever_they_stand() -> None:
    assert without_locals("for alice@example.net, <bob@example.org/x> and a@b!carol@example.com") == (
        "for …@example.net, <…@example.org> and …@b…@example.com"
    )


def test_a_server_cannot_make_the_program_stand_still_with_a_long_word() -> None:
    """What it says may be logged; a time with the square of its length would be minutes here."""
    script = (
        "from whimbrel.platform.redaction import without_locals; print(without_locals('x' * 500_000 + ' a@b.c')[-5:])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "…@b.c"


def test_what_helps_to_find_a_fault_stays() -> None:
    stanza = "<message from='bob@example.net/x' id='7'><body>words</body><request xmlns='urn:xmpp:receipts'/></message>"
    redacted = redact(stanza)
    assert "from='bob@example.net/x' id='7'" in redacted
    assert "<request xmlns='urn:xmpp:receipts'/></message>" in redacted
    assert redact("Connecting to example.org, port 5222") == "Connecting to example.org, port 5222"
    assert redact("<get url='https://up.example:5443/a.png'/>") == "<get url='https://up.example:5443/[…]'/>"
    assert redact("<c node='https://whimbrel.im' ver='x'/>") == "<c node='https://whimbrel.im' ver='x'/>"
    assert "mechanism='PLAIN'" in redact(SECRETS[0])
    roster = "<iq><query xmlns='jabber:iq:roster'><item jid='a@b'><group>Friends</group></item></query></iq>"
    assert redact(roster) == roster


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile.at(tmp_path / "profile")
    profile.create()
    return profile


@pytest.fixture
def faults(profile: Profile, tmp_path: Path) -> Iterator[list[BaseException]]:
    found: list[BaseException] = []
    root = logging.getLogger()
    level = root.level
    logs = setup(profile, debug=True, log_xml=tmp_path / "stanzas.xml", on_fault=found.append)
    yield found
    logs.close()
    root.setLevel(level)


def _written(profile: Profile) -> str:
    return (profile.logs / "whimbrel.log").read_text()


def test_stanzas_go_to_their_own_file_only(profile: Profile, tmp_path: Path, faults: list[BaseException]) -> None:
    logging.getLogger("slixmpp.xmlstream.xmlstream").debug("SEND: %s", SECRETS[0])
    xml = tmp_path / "stanzas.xml"
    assert "SEND: <auth" in xml.read_text()
    assert "AGFs" not in xml.read_text()
    assert "SEND" not in _written(profile)
    assert stat.S_IMODE(xml.stat().st_mode) == 0o600
    assert stat.S_IMODE((profile.logs / "whimbrel.log").stat().st_mode) == 0o600


@pytest.fixture
def errors_are_meant(logged_errors: list[logging.LogRecord]) -> Iterator[None]:
    """The errors that this test logs are its own."""
    yield
    logged_errors.clear()


@pytest.mark.usefixtures("errors_are_meant")
def test_tracebacks_are_redacted(profile: Profile, faults: list[BaseException]) -> None:
    try:
        raise ValueError("cannot parse <body>s3cret</body>")
    except ValueError:
        logging.getLogger("whimbrel.test").exception("Failed with password=s3cret")
    assert "s3cret" not in _written(profile)
    assert "ValueError: cannot parse" in _written(profile)


def test_what_a_server_says_cannot_look_like_a_record_of_ours(profile: Profile, faults: list[BaseException]) -> None:
    forged = "2001-02-03 20:51:13.123 INFO whimbrel.app: all is well"
    logging.getLogger("whimbrel.test").info("it says: %s", f"no\n{forged}\u2028{forged}\r{forged}")
    assert _written(profile).count("all is well") == 3
    assert not [line for line in _written(profile).splitlines() if line.startswith(forged[:10])]
    assert log_tail(profile.logs, ()).count("\n") == 0


@pytest.mark.usefixtures("errors_are_meant")
async def test_faults_are_loud_wherever_they_happen(profile: Profile, faults: list[BaseException]) -> None:
    async def fail() -> None:
        raise RuntimeError("in a task")

    def fail_in_thread() -> None:
        raise RuntimeError("in a thread")

    logs = Logs(faults.append)
    loop = asyncio.get_running_loop()
    logs.watch_loop(loop)
    done = asyncio.Event()
    task = loop.create_task(fail())
    task.add_done_callback(lambda _: done.set())
    await done.wait()
    del task  # nobody awaited it
    thread = threading.Thread(target=fail_in_thread)
    thread.start()
    thread.join()
    assert [str(fault) for fault in faults] == ["in a task", "in a thread"]
    assert "RuntimeError: in a task" in _written(profile)


@pytest.mark.usefixtures("errors_are_meant")
def test_a_fault_that_is_caught_so_that_the_rest_goes_on_is_told_too(profile: Profile) -> None:
    @guard
    def handle() -> None:
        raise LookupError("in what a stranger sent")

    found: list[BaseException] = []
    logs = setup(profile, on_fault=found.append)
    try:
        handle()
        handle()
        logs.report(ValueError("elsewhere"), "the core")
        logging.getLogger("whimbrel.test").warning("That was foreseen", exc_info=ValueError("known"))
        logging.getLogger("another.library").error("Not ours", exc_info=ValueError("its own"))
    finally:
        logs.close()
    assert [(each.kind, each.count) for each in logs.faults.list()] == [("LookupError", 2), ("ValueError", 1)]
    assert "in whimbrel.xmpp.boundary" in logs.faults.list()[0].shown()
    assert [str(each) for each in found] == ["in what a stranger sent", "in what a stranger sent", "elsewhere"]


def test_warnings_of_qt_are_logged(profile: Profile, caplog: pytest.LogCaptureFixture) -> None:
    from PySide6.QtCore import qInstallMessageHandler, qWarning

    previous = qInstallMessageHandler(None)
    logs = Logs(None)
    try:
        logs.watch_qt()
        qWarning("a connection was not found")
    finally:
        logs.close()
        qInstallMessageHandler(previous)
    assert "a connection was not found" in caplog.text
