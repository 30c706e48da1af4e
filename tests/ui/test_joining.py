"""Facts that are told one after another stand as the language joins them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from whimbrel.ui.joining import join_facts, join_things, list_words, told_of

_CHINESE = {", ": "，", "; ": "；", ": ": "："}


class _Separators(QTranslator):
    """Only what stands between facts."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, comment: str | None = None, n: int = -1) -> str:
        return _CHINESE.get(source, "") if context == "Joining" and comment else ""


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """Separators and lists as in Chinese."""
    before, translator = QLocale(), _Separators()
    QLocale.setDefault(QLocale("zh_CN"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def test_facts_are_joined_and_empty_ones_left_out(qapp: QApplication) -> None:
    assert join_facts(("Bob", "", "3 unread")) == "Bob, 3 unread"
    assert join_things(("Bob, 3", "Lili, 4")) == "Bob, 3; Lili, 4"
    assert told_of("Bob", "Not sent") == "Bob: Not sent"
    assert told_of("", "Not sent") == "Not sent"


@pytest.mark.usefixtures("chinese")
def test_chinese_has_its_own_commas() -> None:
    assert join_facts(("莉莉", "3 条未读")) == "莉莉，3 条未读"
    assert join_things(("一", "二")) == "一；二"
    assert told_of("莉莉", "未发送") == "莉莉：未发送"
    assert list_words(("甲", "乙", "丙")) == "甲、乙和丙"
