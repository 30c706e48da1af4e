"""The package for Debian and Ubuntu: built, looked at, installed into a fresh system, used there, and removed again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tests.helpers.acceptance import PASSWORD, new_desktop, open_chat, quit_program, sign_in, wait_message, wait_online
from tests.helpers.desktop import App, Desktop
from tests.helpers.friend import Friend
from tests.helpers.servers import Prosody

from whimbrel import __version__

pytestmark = [pytest.mark.package, pytest.mark.server]

ROOT = Path(__file__).resolve().parents[2]
ID = "im.whimbrel.Whimbrel"
_LARGEST_PACKAGE = 90 * 10**6  # bytes
_LARGEST_INSTALLATION = 250 * 10**3  # KiB, as dpkg counts
_MOST_SECONDS = 600  # for what is built or fetched

# A mount namespace of its own ends with the program, and its mounts with it; every step keeps the process id.
_INSIDE = """
set -e
for place in /proc /dev /tmp; do mount --rbind "$place" "$0$place"; done
exec chroot "$0" "$@"
"""


class FreshSystem:
    """A newly made Debian or Ubuntu, of the release that this machine runs, in a folder."""

    def __init__(self, folder: Path, builder: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._builder = builder

    def wait_until_made(self) -> None:
        """Wait for debootstrap."""
        assert self._builder.wait(_MOST_SECONDS) == 0, (self.folder.parent / "debootstrap.log").read_text()[-2000:]

    def command(self, argv: Sequence[str]) -> list[str]:
        """How a command of this machine runs one in the system."""
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", _INSIDE, str(self.folder), *argv]

    def run(self, *argv: str, env: Mapping[str, str] | None = None) -> str:
        """Run a command in it; its output."""
        done = subprocess.run(
            self.command(argv),
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
            | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_MOST_SECONDS,
        )
        assert done.returncode == 0, f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def files(self) -> set[str]:
        """What lies in it, without what apt and dpkg keep for themselves and caches that others make."""
        own = re.compile(
            r"var/(lib/(dpkg|apt|ucf)|cache|log|backups)/|etc/ld\.so\.cache|etc/(passwd|group|g?shadow|subuid)"
        )
        found: set[str] = set()
        for top, folders, names in os.walk(self.folder):
            place = Path(top).relative_to(self.folder)
            if place.parts[:1] in (("proc",), ("dev",), ("tmp",), ("sys",), ("run",)):
                folders.clear()
                continue
            found.update(str(place / name) for name in (*folders, *names))
        return {name for name in found if not own.match(name)}


def _make_system(folder: Path) -> FreshSystem:
    """Begin to make one, from where this machine's apt gets its packages."""
    codename = subprocess.run(
        ["sh", "-c", '. /etc/os-release && echo "$VERSION_CODENAME"'], capture_output=True, text=True, check=True
    ).stdout.strip()
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sources = [line.split() for line in listed.splitlines() if line.startswith(f"{codename} ")]
    mirrors = [mirror for _, component, mirror in sources if component == "main"]
    assert mirrors, f"apt knows no source of {codename}: {listed}"
    wanted = sorted({component for _, component, _ in sources} & {"main", "universe"})  # Ubuntu has some of Qt's there
    system = folder / "system"
    with (folder / "debootstrap.log").open("wb") as log:
        builder = subprocess.Popen(
            ["debootstrap", "--variant=minbase", f"--components={','.join(wanted)}", codename, str(system), mirrors[0]],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return FreshSystem(system, builder)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder under /tmp, which the fresh system shares; gone afterwards, for it is large."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can make a fresh system and install into it")
    with tempfile.TemporaryDirectory(prefix="package-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def built(place: Path) -> Iterator[tuple[Path, FreshSystem]]:
    """The package, and the system to install it into: made at the same time."""
    tools = '. packaging/prepare.sh; bring_packages "${package_tools[@]}" "${package_test_tools[@]}"'
    subprocess.run(["bash", "-c", tools], cwd=ROOT, check=True, capture_output=True, timeout=_MOST_SECONDS)
    system = _make_system(place)
    try:
        made = subprocess.run(
            [str(ROOT / "packaging/linux/build-deb"), "--output", str(place / "dist")],
            capture_output=True,
            text=True,
            timeout=_MOST_SECONDS,
        )
        assert made.returncode == 0, made.stderr[-3000:]
        system.wait_until_made()
        yield Path(made.stdout.strip()), system
    finally:
        if system._builder.poll() is None:
            system._builder.kill()
            system._builder.wait()


@pytest.fixture
def desktop(place: Path) -> Iterator[Desktop]:
    """A desktop with a keyring, in reach of the fresh system."""
    with new_desktop(place) as running:
        yield running


@pytest.fixture
def prosody(place: Path) -> Iterator[Prosody]:
    """A real server on loopback, where alice and bob know one another."""
    server = Prosody(place / "prosody")
    server.make_contacts("alice", ["bob"])
    for user in ("alice", "bob"):
        server.add_user(user, PASSWORD)
    yield server
    server.stop()


@pytest.fixture
async def bob(prosody: Prosody) -> AsyncIterator[Friend]:
    """Her friend, on another library."""
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, "bob", PASSWORD, prosody.ca_file) as friend:
        yield friend


def _output(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=_MOST_SECONDS)
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout


async def test_the_package_is_sound_and_the_installed_program_chats_and_goes_without_a_trace(
    built: tuple[Path, FreshSystem], desktop: Desktop, prosody: Prosody, bob: Friend
) -> None:
    package, system = built
    looking = _begin_lintian(package)
    _look_at(package)
    before = system.files()
    _install(package, system)
    _end_lintian(looking, package)
    await _chat(desktop, system, prosody, bob)
    _read_chinese(desktop, system, prosody)
    _remove(package, system, before, Path(desktop.env["HOME"]))


def _begin_lintian(package: Path) -> subprocess.Popen[bytes]:
    with package.with_suffix(".lintian").open("wb") as log:
        command = ["lintian", "--allow-root", "--fail-on", "error", str(package)]
        return subprocess.Popen(command, stdout=log, stderr=log)


def _end_lintian(looking: subprocess.Popen[bytes], package: Path) -> None:
    assert looking.wait(_MOST_SECONDS) == 0, package.with_suffix(".lintian").read_text()


def _install(package: Path, system: FreshSystem) -> None:
    shutil.copy(package, system.folder / "root")
    system.run("apt-get", "update")
    system.run("apt-get", "install", "--yes", "--no-install-recommends", f"/root/{package.name}")
    assert system.run("whimbrel", "--version").strip() == f"Whimbrel {__version__}"
    assert "--new-conversation" in system.run("whimbrel", "--help")  # the menu's action


async def _chat(desktop: Desktop, system: FreshSystem, prosody: Prosody, bob: Friend) -> None:
    app = _start(desktop, system, prosody)
    sign_in(app, prosody, "alice")
    app.gone("dialog", "Sign in")
    wait_online(app)
    open_chat(app, "bob").focus()
    app.type("Good evening\n")
    heard = await bob.wait_for(lambda event: event["event"] == "message")
    assert heard["body"] == "Good evening"
    wait_message(app, "Good evening", "Delivered")
    quit_program(app)


def _read_chinese(desktop: Desktop, system: FreshSystem, prosody: Prosody) -> None:
    app = _start(desktop, system, prosody, LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")
    app.find("menu item", "联系人")
    action = desktop.start(system.command(["/usr/bin/whimbrel", "--new-conversation"]))  # as the menu starts it
    assert action.wait_ended() == 0
    app.find("text", "跳转到")
    app.process.terminate()
    assert app.wait_ended() == 0


def _remove(package: Path, system: FreshSystem, before: set[str], home: Path) -> None:
    """Take the package away, with what came for it: the person's data stay, nothing else."""
    (system.folder / "root" / package.name).unlink()
    system.run("apt-get", "purge", "--yes", "whimbrel")
    only_needed = ["-o", "APT::AutoRemove::RecommendsImportant=no", "-o", "APT::AutoRemove::SuggestsImportant=no"]
    system.run("apt-get", *only_needed, "autoremove", "--purge", "--yes")
    assert system.files() - before == set()
    assert "whimbrel" not in system.run("dpkg-query", "--list")
    history = (home / ".local/share/whimbrel/history.db").read_bytes()
    assert history
    assert not history.startswith(b"SQLite format 3"), "it was not encrypted: the installed program found no keyring"


def _start(desktop: Desktop, system: FreshSystem, server: Prosody, **env: str) -> App:
    return desktop.start(system.command(["/usr/bin/whimbrel", "--debug"]), SSL_CERT_FILE=str(server.ca_file), **env)


def _look_at(package: Path) -> None:
    """Size, desktop entry, page for software centres, icons, man page, documents."""
    assert package.stat().st_size <= _LARGEST_PACKAGE
    assert int(_output("dpkg-deb", "--field", str(package), "Installed-Size")) <= _LARGEST_INSTALLATION
    unpacked = package.parent / "unpacked"
    _output("dpkg-deb", "--extract", str(package), str(unpacked))
    share = unpacked / "usr/share"
    entry = share / f"applications/{ID}.desktop"
    assert _output("desktop-file-validate", str(entry)) == ""
    metainfo = share / f"metainfo/{ID}.metainfo.xml"
    _output("appstreamcli", "validate", "--no-net", str(metainfo))
    doap = (ROOT / "resources/whimbrel.doap").read_text()
    xeps = re.search(r'<value key="xmpp::xeps">(.*)</value>', metainfo.read_text())
    assert xeps is not None
    assert set(xeps[1].split(",")) == set(re.findall(r"extensions/xep-(\d{4})", doap))
    assert f'<release version="{__version__}"' in metainfo.read_text()
    icons = share / "icons/hicolor"
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        assert (icons / f"{size}x{size}/apps/{ID}.png").is_file()
    assert (icons / f"scalable/apps/{ID}.svg").is_file()
    assert (icons / f"symbolic/apps/{ID}-symbolic.svg").is_file()
    assert (share / "man/man1/whimbrel.1.gz").is_file()
    assert {"copyright", "changelog.gz", "licences"} <= {path.name for path in (share / "doc/whimbrel").iterdir()}
    assert not list((unpacked / "opt/whimbrel").rglob("*Quick*"))
    assert (unpacked / "usr/bin/whimbrel").readlink() == Path("/opt/whimbrel/whimbrel")
