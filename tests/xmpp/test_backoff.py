"""Waiting longer and longer, with jitter."""

from __future__ import annotations

from whimbrel.xmpp.backoff import Backoff


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
