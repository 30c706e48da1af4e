"""What holds for every test: English, no unexpected errors in the log, no Qt warnings, nothing missing in CI."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator

import pytest

from tests.helpers.logfail import logged_errors

__all__ = ["logged_errors"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before any Qt module is imported
# Tests read English words, days and orders, whoever runs them; what they start inherits it.
os.environ.update(LANG="C.UTF-8", LC_ALL="C.UTF-8")
os.environ.pop("LANGUAGE", None)

_HARMLESS = ("This plugin does not support", "propagateSizeHints")


@pytest.fixture(scope="session", autouse=True)
def _collect_on_this_thread() -> Iterator[None]:
    """As in the program: no thread of a test destroys another test's widgets."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_garbage() -> Iterator[None]:
    """What a test leaves behind goes with it."""
    yield
    gc.collect(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A Qt warning fails the test in which it appears."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
        item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS, extend=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A part that cannot be had is said loudly on a developer's machine, and is a failure in CI."""
    report = yield
    if report.skipped and "NOT TESTED" in str(report.longrepr) and os.environ.get("CI"):
        report.outcome = "failed"
    return report
