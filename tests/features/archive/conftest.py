"""An archive, and the program that is started on one folder again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.features.archive.scripted import ArchiveCore, ScriptedArchive, Start


@pytest.fixture
def archive() -> ScriptedArchive:
    """What the provider keeps."""
    return ScriptedArchive()


@pytest.fixture
async def start(tmp_path: Path, archive: ScriptedArchive) -> AsyncIterator[Start]:
    """Starts the program on the same folder; what was started before must have been killed."""
    cores: list[ArchiveCore] = []

    def begin() -> ArchiveCore:
        cores.append(ArchiveCore(tmp_path, archive))
        return cores[-1]

    yield begin
    for core in cores:
        await core.kill()
        assert not core.faults
