"""Waiting longer and longer, with jitter."""

from __future__ import annotations

import time

import pytest

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.returning import Returning


def test_waits_double_up_to_the_longest_and_begin_again() -> None:
    backoff = Backoff(random_number=lambda: 0.0)
    waits = [backoff.next_wait() for _ in range(11)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    backoff.reset()
    assert backoff.next_wait() == 1


def test_jitter_only_shortens() -> None:
    waits = [Backoff(first=9).next_wait() for _ in range(100)]
    assert all(6 <= wait <= 9 for wait in waits)
    assert len(set(waits)) > 1


LOST = KnownError(ErrorKind.CONNECTION_LOST)
REFUSED = KnownError(ErrorKind.CONNECTION_REFUSED)
POLICY = KnownError(ErrorKind.STREAM_ERROR)


def returning() -> Returning:
    return Returning(Backoff(random_number=lambda: 0.0))


def test_a_session_that_is_lost_is_returned_to_at_once_but_not_again_and_again() -> None:
    back = returning()
    waits = []
    for _ in range(3):
        back.succeeded()
        waits.append(back.next_wait(LOST, lost=True))
    assert waits == [0, 1, 1]
    assert [back.next_wait(REFUSED, lost=False) for _ in range(3)] == [2, 4, 8]


def test_a_server_that_always_throws_us_out_is_left_alone_for_longer_each_time() -> None:
    back = returning()
    waits = []
    for _ in range(4):
        back.succeeded()
        waits.append(back.next_wait(POLICY, lost=True))
    assert waits == [1, 2, 4, 8]


def test_news_of_the_network_begins_with_short_waits_again() -> None:
    back = returning()
    for _ in range(5):
        back.next_wait(REFUSED, lost=False)
    back.hurry()
    assert [back.next_wait(REFUSED, lost=False) for _ in range(3)] == [0, 1, 2]


def sent_elsewhere(back: Returning, times: int) -> list[float]:
    """A server that signs us in and sends us elsewhere, each time."""
    waits = []
    for _ in range(times):
        back.succeeded()
        back.send_to("other.example.org")
        waits.append(back.next_wait(POLICY, lost=True))
    return waits


def test_a_server_that_sends_us_elsewhere_after_each_sign_in_is_not_followed_without_end() -> None:
    back = returning()
    assert sent_elsewhere(back, 7) == [0, 0, 0, 1, 2, 4, 8]
    assert back.take_elsewhere() == ""


def test_a_server_that_sends_us_elsewhere_after_a_session_that_lasted_is_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back = returning()
    sent_elsewhere(back, 7)
    back.succeeded()
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    back.send_to("other.example.org")
    assert (back.next_wait(POLICY, lost=True), back.take_elsewhere()) == (0, "other.example.org")
    assert sent_elsewhere(back, 4) == [0, 0, 1, 2]
