"""C3: fetching from hosts that lie, stall, lead elsewhere, or are not what they seem. No file is left behind."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import ssl
import stat
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.file_host import FileHost, answer, file_host

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.fetched import Fetched
from whimbrel.model.origin import secure_origin
from whimbrel.platform.addresses import is_home, is_public
from whimbrel.platform.fetch import Fetcher

MOST = 100_000


async def loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def is_loopback(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def host(authority: Authority) -> AsyncIterator[FileHost]:
    async with file_host(authority.issue("files.example", "other.example")) as made:
        yield made


class Case:
    """A fetcher that may reach the test's host, and a folder."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.folder = folder
        self.target = folder / "copy.bin"
        self._trust: Callable[[], ssl.SSLContext] = lambda: ssl.create_default_context(cafile=str(authority.ca_file))
        self.told: list[tuple[int, int | None]] = []
        self.began = asyncio.Event()

    async def fetch(self, url: str, *, unencrypted: bool = False, **options: object) -> Fetched:
        made = Fetcher(**{"resolve": loopback, "allows": is_loopback, "trust": self._trust} | options)  # type: ignore[arg-type]

        def advance(done: int, total: int | None) -> None:
            self.told.append((done, total))
            self.began.set()

        return await made.fetch(url, self.target, MOST, advance, unencrypted=unencrypted)

    async def error(self, url: str, **options: object) -> KnownError:
        """What became of it, after making sure that nothing is left of it."""
        with pytest.raises(KnownError) as raised:
            await self.fetch(url, **options)  # type: ignore[arg-type]
        assert [path.name for path in self.folder.iterdir()] == []
        return raised.value


@pytest.fixture
def case(authority: Authority, tmp_path: Path) -> Case:
    folder = tmp_path / "cache"
    folder.mkdir()
    return Case(authority, folder)


async def test_a_file_comes_whole_and_tells_nothing_of_who_asks(case: Case, host: FileHost) -> None:
    body = bytes(range(256)) * 300
    host.answers["/a.jpg?x=%2F"] = answer(body, Content_Type="image/JPEG; x=y")
    fetched = await case.fetch(host.url("/a.jpg?x=%2F").replace("files", "who:secret@files"))
    sha256 = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert fetched == Fetched(len(body), "image/jpeg", sha256)
    assert case.target.read_bytes() == body
    assert case.told[-1] == (len(body), len(body))
    assert stat.S_IMODE(case.target.stat().st_mode) == 0o600
    head = host.asked[0].lower()
    assert "authorization" not in head
    assert "cookie" not in head
    assert "python" not in head
    assert "accept-encoding: identity" in head


async def test_c3_only_web_addresses_and_http_only_where_the_person_said_so(case: Case, authority: Authority) -> None:
    for url in ("file:///etc/passwd", "smb://files.example/x", "\\\\files.example\\x", "ftp://files.example/x", "x"):
        assert (await case.error(url)).kind is ErrorKind.REFUSED
    async with file_host(None) as plain:
        plain.answers["/x"] = answer(b"words")
        assert (await case.error(plain.url("/x", scheme="http"))).kind is ErrorKind.NOT_SECURE
        assert plain.asked == []
        await case.fetch(plain.url("/x", scheme="http"), unencrypted=True)
    assert case.target.read_bytes() == b"words"


async def test_c3_encrypted_ones_never_lead_to_unencrypted_ones(case: Case, host: FileHost) -> None:
    host.answers["/x"] = answer(status="302 Found", Location="http://files.example/y")
    assert (await case.error(host.url("/x"), unencrypted=True)).kind is ErrorKind.NOT_SECURE


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "192.168.1.1",
        "[fe80::1]",
        "[fd00::1]",
    ],
)
async def test_c3_nothing_is_asked_of_our_own_network(case: Case, host: FileHost, place: str) -> None:
    async def system(name: str, port: int) -> Sequence[str]:
        found = await asyncio.get_running_loop().getaddrinfo(name, port)
        return [str(entry[4][0]) for entry in found]

    error = await case.error(host.url("/x", place), resolve=system, allows=is_public)
    assert error.kind in (ErrorKind.ADDRESS_PRIVATE, ErrorKind.REFUSED)  # a number is no host to the library
    host.answers["/away"] = answer(status="307 Temporary Redirect", Location=host.url("/x", place))

    async def either(name: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if name == "files.example" else await system(name, port)

    checks = iter([True, True])  # the resolved one and its socket: of the first address only
    error = await case.error(host.url("/away"), resolve=either, allows=lambda address: next(checks, False))
    assert error.kind in (ErrorKind.ADDRESS_PRIVATE, ErrorKind.REFUSED)
    assert [head.split()[1] for head in host.asked] == ["/away"]


async def test_c3_a_name_that_means_another_address_the_second_time_is_checked_again(
    case: Case, host: FileHost
) -> None:
    """DNS rebinding: what is connected to is what was checked, and each connection is."""
    host.answers["/x"] = answer(status="302 Found", Location="/y")
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(name: str, port: int) -> Sequence[str]:
        return next(answers)

    assert (await case.error(host.url("/x"), resolve=rebinding)).kind is ErrorKind.ADDRESS_PRIVATE
    assert len(host.asked) == 1
    assert next(answers, None) is None


async def test_c3_of_several_addresses_only_the_public_ones_are_asked(case: Case, host: FileHost) -> None:
    async def both(name: str, port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    host.answers["/x"] = answer(b"x")
    await case.fetch(host.url("/x"), resolve=both)


async def test_c3_only_the_host_of_our_own_provider_is_asked_in_our_network(case: Case, host: FileHost) -> None:
    """At its port, with https: neither another name for the same address, nor where it sends us."""
    host.answers["/x"] = answer(b"mine")
    at_home = {"allows": is_public, "allows_home": is_loopback, "home": secure_origin(host.url("/"))}
    await case.fetch(host.url("/x"), **at_home)  # type: ignore[arg-type]
    case.target.unlink()
    other = await case.error(host.url("/x", "other.example"), **at_home)
    assert other.kind is ErrorKind.ADDRESS_PRIVATE
    host.answers["/away"] = answer(status="302 Found", Location=host.url("/x", "other.example"))
    assert (await case.error(host.url("/away"), **at_home)).kind is ErrorKind.ADDRESS_PRIVATE
    assert [head.split()[1] for head in host.asked] == ["/x", "/away"]
    at_home["home"] = "https://files.example:1"
    assert (await case.error(host.url("/x"), **at_home)).kind is ErrorKind.ADDRESS_PRIVATE


@pytest.mark.parametrize(
    ("address", "at_home"),
    [
        ("192.168.1.5", True),
        ("10.0.0.1", True),
        ("172.31.0.1", True),
        ("fd00::1", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("::ffff:192.168.1.5", False),
        ("8.8.8.8", False),
        ("nonsense", False),
    ],
)
def test_c3_which_addresses_a_provider_may_have_at_home(address: str, at_home: bool) -> None:
    assert is_home(address) is at_home


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Files.Example/x", "https://files.example:443"),
        ("https://files.example:5443/x", "https://files.example:5443"),
        ("https://anna:pw@files.example/x", "https://files.example:443"),
        ("http://files.example/x", ""),
        ("https://files.example:99999999/x", ""),
        ("https://[fd00::1", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_c3_hosts_are_compared_with_their_ports(url: str, origin: str) -> None:
    assert secure_origin(url) == origin


async def test_c3_redirects_end(case: Case, host: FileHost) -> None:
    host.answers["/x"] = answer(status="302 Found", Location="/x")
    assert (await case.error(host.url("/x"))).kind is ErrorKind.REFUSED
    assert len(host.asked) == 6
    host.answers["/x"] = answer(status="302 Found", Location="https://files.example:99999999/")
    assert (await case.error(host.url("/x"))).kind is ErrorKind.REFUSED


@pytest.mark.parametrize("length", [MOST + 1, 10 * 1024**3])
async def test_c3_what_says_that_it_is_too_large_is_not_read(case: Case, host: FileHost, length: int) -> None:
    host.answers["/x"] = answer(b"begins", length=length)
    assert (await case.error(host.url("/x"))).kind is ErrorKind.TOO_LARGE


async def test_c3_what_does_not_say_so_is_cut_off(case: Case, host: FileHost) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"2000\r\n" + bytes(0x2000) + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0)

    host.answers["/x"] = endless
    assert (await case.error(host.url("/x"))).kind is ErrorKind.TOO_LARGE
    assert max(done for done, _ in case.told) <= MOST


async def test_c3_what_is_packed_is_not_taken(case: Case, host: FileHost) -> None:
    host.answers["/x"] = answer(gzip.compress(bytes(10_000_000)), Content_Encoding="gzip")
    assert (await case.error(host.url("/x"))).kind is ErrorKind.REFUSED


async def test_c3_a_host_that_drips_is_left(case: Case, host: FileHost) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async def drip_head(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 200 OK\r\nX: x" if not writer.is_closing() else b"")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    for say in (drip, drip_head):
        host.answers["/x"] = say
        assert (await case.error(host.url("/x"), grace=0.4)).kind in (ErrorKind.NO_ANSWER, ErrorKind.CONNECTION_LOST)
    host.answers["/x"] = silent
    assert (await case.error(host.url("/x"), idle=0.1)).kind is ErrorKind.NO_ANSWER


async def test_what_is_slow_but_comes_is_waited_for(case: Case, host: FileHost) -> None:
    async def steady(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n")
        for _ in range(8):
            writer.write(bytes(1000))
            await writer.drain()
            await asyncio.sleep(0.1)

    host.answers["/x"] = steady
    assert (await case.fetch(host.url("/x"), grace=0.5, slowest=1000.0)).size == 8000


async def test_what_breaks_off_is_not_taken_for_whole(case: Case, host: FileHost) -> None:
    host.answers["/x"] = answer(b"half", length=8)
    assert (await case.error(host.url("/x"))).kind is ErrorKind.CONNECTION_LOST
    host.answers["/x"] = b"nonsense\r\n\r\n"
    assert (await case.error(host.url("/x"))).kind is ErrorKind.CONNECTION_LOST


async def test_what_hosts_answer_is_told_apart(case: Case, host: FileHost) -> None:
    for status, kind in (
        ("404 Not Found", ErrorKind.NOT_FOUND),
        ("410 Gone", ErrorKind.NOT_FOUND),
        ("503 Busy", ErrorKind.TRY_LATER),
        ("403 Forbidden", ErrorKind.REFUSED),
        ("206 Partial Content", ErrorKind.REFUSED),
    ):
        host.answers["/x"] = answer(b"<html>", status=status)
        assert (await case.error(host.url("/x"))).kind is kind


async def test_certificates_count(case: Case, host: FileHost, authority: Authority) -> None:
    host.answers["/x"] = answer(b"x")
    assert (await case.error(host.url("/x", "wrong.example"))).kind is ErrorKind.CERTIFICATE_INVALID
    async with file_host(authority.self_signed("files.example")) as other:
        assert (await case.error(other.url("/x"))).kind is ErrorKind.CERTIFICATE_INVALID


async def test_an_end_in_the_middle_leaves_nothing(case: Case, host: FileHost) -> None:
    async def begin(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + bytes(4000))
        await writer.drain()
        await asyncio.Event().wait()

    host.answers["/x"] = begin
    task = asyncio.ensure_future(case.fetch(host.url("/x")))
    await case.began.wait()
    task.cancel()
    await asyncio.wait([task])
    assert list(case.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("64:ff9b::101:101", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("2001:0:1::", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:1.1.1.1", True),
        ("::127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("192.0.0.8", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("fe80::1%eth0", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_for_everybody(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_one_file_that_two_messages_have_comes_to_both_at_once(case: Case, host: FileHost) -> None:
    both = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
        await writer.drain()
        await both.wait()
        writer.write(b"half")
        await writer.drain()

    host.answers["/x"] = slow
    fetching = [asyncio.ensure_future(case.fetch(host.url("/x"))) for _ in range(2)]
    while len(case.told) < 2:
        case.began.clear()
        await case.began.wait()
    both.set()
    assert [fetched.size for fetched in await asyncio.gather(*fetching)] == [8, 8]
    assert case.target.read_bytes() == b"halfhalf"
    assert list(case.folder.iterdir()) == [case.target]
