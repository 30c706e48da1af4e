"""Real servers, and the real program over a profile on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from tests.helpers.certificates import Authority
from tests.helpers.program import Program
from tests.helpers.servers import Ejabberd, Prosody, Server

StartProgram = Callable[[], Program]

_SERVERS = {"prosody": Prosody, "ejabberd": Ejabberd}
PASSWORD = "correct horse"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority whose certificates the servers show."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session", params=_SERVERS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[Server]:
    """Each server in turn, with registration open."""
    folder = tmp_path_factory.mktemp(request.param)
    server = _SERVERS[request.param](folder, registration=True, authority=authority)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def prosody(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Server]:
    """Prosody, with registration open."""
    server = Prosody(tmp_path_factory.mktemp("prosody"), registration=True, authority=authority)
    yield server
    server.stop()


@pytest.fixture
def start(
    qapp: QApplication, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StartProgram]:
    """Starts the program over the test's profile; again on the next call, after ``quit``."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    started: list[Program] = []

    def start_program() -> Program:
        program = Program(qapp, tmp_path / "profile")
        started.append(program)
        program.load()
        return program

    yield start_program
    for program in started:
        if not program.ended:
            program.quit()
        assert program.faults == []
