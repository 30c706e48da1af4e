"""The short chaos run; ``packaging/test --chaos`` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.run import run_chaos

_SEED = 20261122


@pytest.mark.server
async def test_every_message_is_everywhere_once(tmp_path: Path) -> None:
    result = await run_chaos(_SEED, 1000, 30, "prosody", tmp_path, rate=25.0, patience=60.0, debug=True)
    assert result.is_good, result.report()
