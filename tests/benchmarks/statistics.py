"""What samples say, and whether a bar is met. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lowest and highest of the rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Raises ValueError for no values."""
        if not values:
            raise ValueError("no rounds were measured")
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int = 0) -> str:
        """Median, and the range in brackets."""
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ours over theirs, round by round: the rounds of a pair ran one after the other, under the same load."""
    return Spread.of([mine / other for mine, other in zip(ours, theirs, strict=True)])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all do not exceed: nearest rank, nothing interpolated.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of a figure. A figure that is not a number meets nothing."""

    name: str
    value: float
    limit: float
    kind: Literal["at most", "at least", "under"]
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the value is on the right side of the limit."""
        if self.kind == "at least":
            return self.value >= self.limit
        return self.value < self.limit if self.kind == "under" else self.value <= self.limit

    def facts(self) -> dict[str, Any]:
        """For the JSON report; what is not a finite number is null."""
        value = self.value if math.isfinite(self.value) else None
        known = {"name": self.name, "value": value, "limit": self.limit, "kind": self.kind, "unit": self.unit}
        return {**known, "met": self.met}
