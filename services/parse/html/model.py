"""Which runs of a page are its article's text: two linear steps over what can be seen of each run.

The first looks at a run and at those around it; the second also at what the first made of them. The weights were
trained by `python -m tests.quality.train`, which also tells how well they do on pages they never saw. There are two
sets of them: of a model that sees the page alone, and of one that sees what another extractor made of it, too.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Final, Literal

from services.parse.html.features import CONTEXT, OWN, WINDOW, Row

STACKED: Final = 10
"""Numbers that the second step takes from the first: see `stacked`."""
_LEAST: Final = 0.001

Sight = Literal["alone", "beside"]


@dataclass(frozen=True, slots=True)
class Step:
    """Weights of a run's own numbers, and of the first `CONTEXT` of its neighbours': next to it and in a window."""

    bias: float
    own: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    window_before: tuple[float, ...]
    window_after: tuple[float, ...]
    stacked: tuple[float, ...] = ()

    @classmethod
    def of(cls, bias: float, weights: Sequence[float]) -> "Step":
        """From the weights in the order in which they are trained."""
        own, *ends = (len(OWN) + number * CONTEXT for number in range(5))
        before, after, wide_before, wide_after = (tuple(weights[end - CONTEXT : end]) for end in ends)
        return cls(bias, tuple(weights[:own]), before, after, wide_before, wide_after, tuple(weights[ends[-1] :]))

    def sums(self, rows: Sequence[Row]) -> list[float]:
        """What the step makes of each run, without what is stacked: above 0 is text of the article."""
        context = [row[:CONTEXT] for row in rows]
        before, after, wide_before, wide_after = (
            [_dot(weights, each) for each in context]
            for weights in (self.before, self.after, self.window_before, self.window_after)
        )
        return [
            self.bias
            + _dot(self.own, row)
            + (before[at - 1] if at else 0.0)
            + (after[at + 1] if at + 1 < len(rows) else 0.0)
            + sum(wide_before[max(0, at - WINDOW) : at]) / WINDOW
            + sum(wide_after[at + 1 : at + 1 + WINDOW]) / WINDOW
            for at, row in enumerate(rows)
        ]


@dataclass(frozen=True, slots=True)
class Model:
    """Both steps. `threshold`: from which probability on a run is text of the article."""

    first: Step
    second: Step
    threshold: float

    def probabilities(self, rows: Sequence[Row], sizes: Sequence[int]) -> list[float]:
        """How likely each run is text of the article; `sizes`: their words."""
        first = [probability(each) for each in self.first.sums(rows)]
        extra = stacked(first, sizes)
        return [
            probability(each + _dot(self.second.stacked, more))
            for each, more in zip(self.second.sums(rows), extra, strict=True)
        ]


def stacked(first: Sequence[float], sizes: Sequence[int]) -> list[list[float]]:
    """What the second step takes from the first: a run's probability, its neighbours' near and far, the page's."""
    words = [max(size, 1) for size in sizes]
    page = sum(map(mul, first, words)) / max(1, sum(words))
    rows: list[list[float]] = []
    for at, each in enumerate(first):
        before = first[at - 1] if at else 0.0
        after = first[at + 1] if at + 1 < len(first) else 0.0
        held = min(max(each, _LEAST), 1 - _LEAST)
        rows.append(
            [
                math.log(held / (1 - held)), before, after,
                sum(first[max(0, at - 3) : at]) / 3, sum(first[at + 1 : at + 4]) / 3,
                sum(first[max(0, at - 6) : at]) / 6, sum(first[at + 1 : at + 7]) / 6,
                page, each * before, each * after,
            ]
        )  # fmt: skip
    return rows


def probability(logit: float) -> float:
    """The logistic function, of any number."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def _dot(weights: Row, values: Row) -> float:
    return float(sum(map(mul, weights, values)))


@cache
def trained(sight: Sight) -> Model:
    """The trained model that sees the page alone, or another extractor's reading beside it.

    Raises:
        ValueError: its weights are of other numbers than `OWN`: train it anew.
    """
    known = json.loads(files("services.parse.html").joinpath("weights.json").read_text("utf-8"))
    if known["names"] != list(OWN):
        raise ValueError("weights.json is of other features; run python -m tests.quality.train")
    first, second = (Step.of(each["bias"], each["weights"]) for each in (known[sight]["first"], known[sight]["second"]))
    return Model(first, second, known["threshold"])
