"""A figure of a benchmark, and small arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    name: str
    value: float
    unit: str
    aim: float  # for ``ratio`` where there is a floor, else for ``value``
    floor: float | None = None
    note: str = ""

    @property
    def result(self) -> float:
        """What is compared with the aim."""
        return self.value if self.floor is None else self.value / self.floor

    def line(self) -> str:
        """For the report."""
        verdict = "ok" if self.result <= self.aim else "over"
        measured = f"{self.value:.3g} {self.unit}"
        if self.floor is not None:
            measured += f" ÷ {self.floor:.3g} {self.unit} = {self.result:.2f}"
        return f"| {self.name} | {measured} | ≤ {self.aim:g} | {verdict} | {self.note} |"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """The value that ``part`` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]
