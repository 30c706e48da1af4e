"""README in English and in Chinese: the same sections, commands, figures and pictures, and each leads to the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(#+) ",  # headings, by their level
        r"^    (\S.*)$",  # commands of their own
        r"`([^`]+)`",
        r"\]\(((?!README)[^)]+)\)",  # pictures and links
        r"^(\||- )",  # rows and points
    ],
)
def test_both_readmes_have_the_same(pattern: str) -> None:
    found = [re.findall(pattern, path.read_text("utf-8"), re.MULTILINE) for path in (ENGLISH, CHINESE)]
    assert sorted(found[1]) == sorted(found[0])
    assert found[0]


def test_each_readme_leads_to_the_other() -> None:
    assert "(README.zh-CN.md)" in ENGLISH.read_text("utf-8")
    assert "(README.md)" in CHINESE.read_text("utf-8")
