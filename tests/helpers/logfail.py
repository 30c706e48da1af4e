"""Makes a test fail where our code logs an error that the test does not expect."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

_OURS = ("whimbrel", "asyncio")


class ErrorCollector(logging.Handler):
    """Keeps records of level ERROR and above, of our code and of forgotten tasks."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        if record.name.partition(".")[0] in _OURS:
            self.records.append(record)


@pytest.fixture(autouse=True)
def logged_errors() -> Iterator[list[logging.LogRecord]]:
    """The errors logged so far. A test that expects some takes this fixture and clears the list."""
    collector = ErrorCollector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield collector.records
    root.removeHandler(collector)
    if collector.records:
        formatter = logging.Formatter()
        pytest.fail("errors were logged:\n" + "\n".join(formatter.format(r) for r in collector.records))
