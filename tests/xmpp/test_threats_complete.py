"""Every attack of the list of threats has a test named by its id, or a reason why there is none yet."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PROVED = (
    *(
        "S1",
        "S1b",
        "S1c",
        "S1d",
        "S1e",
        "S2",
        "S3",
        "S3b",
        "S4",
        "S4b",
        "S5",
        "S6",
        "S7",
        "S8",
        "S10",
        "S11",
        "S12",
        "S14",
        "S15",
    ),
    *("S16", "C1", "C2", "C3", "C4", "C5", "C7", "C9", "C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18"),
    "C19",
)
NOT_YET = {
    "S9": "group chats do not exist yet",
    "S13": "group chats do not exist yet",
    "S17": "end-to-end encryption does not exist yet",
    "C6": "links only ever open a conversation or a dialog that asks (tests/ui/test_main_window.py)",
    "C8": "nicks of group chats do not exist yet",
}
"""Rows whose feature comes later, and why each has no test."""


def threats_in(name: str) -> set[str]:
    """The ids that a test's name begins with: ``test_s7_s8_nobody…`` proves S7 and S8."""
    match = re.match(r"test((?:_[sc]\d{1,2}[a-e]?)+)_", name)
    return {part[0].upper() + part[1:] for part in match[1].split("_") if part} if match else set()


@pytest.fixture(scope="module")
def tested() -> set[str]:
    """The ids of all tests that there are."""
    found: set[str] = set()
    for path in ROOT.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found |= threats_in(node.name)
    return found


@pytest.mark.parametrize("threat", PROVED)
def test_a_threat_that_concerns_what_exists_is_proved(tested: set[str], threat: str) -> None:
    assert threat in tested


def test_what_has_a_test_is_in_the_list(tested: set[str]) -> None:
    assert tested == set(PROVED)
    assert not tested & NOT_YET.keys()
