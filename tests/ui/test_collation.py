"""Names in the order of the person's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from whimbrel.ui.collation import collator


@pytest.fixture(autouse=True)
def locale() -> Iterator[None]:
    """The default locale, as it was afterwards."""
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("C", ["alice", "Bob", "Émile", "Kofi", "room 9", "Room 10", "Zoe"]),
        ("sv", ["alice", "Zoe", "Åsa", "Öst"]),
        ("zh_CN", ["阿明", "莉莉", "王伟", "张三"]),
    ],
)
def test_names_are_in_the_order_of_the_language(language: str, names: list[str]) -> None:
    QLocale.setDefault(QLocale(language))
    assert sorted(sorted(names), key=collator().sortKey) == names
