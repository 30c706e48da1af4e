"""A test authority that the machine trusts for the length of a test, and real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.certificates import Authority
from tests.helpers.servers import Ejabberd, Prosody, Server, ejabberd_missing, prosody_missing


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority for the whole run."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    return authority


@pytest.fixture(scope="module", params=["prosody", "ejabberd"])
def any_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[Server]:
    """Each of the real servers in turn."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    if missing := (prosody_missing if request.param == "prosody" else ejabberd_missing)():
        pytest.skip(f"NOT TESTED: {missing}")
    kind = Prosody if request.param == "prosody" else Ejabberd
    server = kind(folder, authority=authority)
    yield server
    server.stop()
