"""How far the confidence of topics is their share of right ones: python -m tests.quality.enrichment.calibration.

With --write, the scaling that ships is fitted anew, to all texts of the set. What is told is of ten folds: no text is
judged by a scaling that knows it.
"""

import json
import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from services.enrich.steps import topics as step
from services.enrich.steps.topics import confidence
from services.enrich.steps.topics.confidence import Scaling, logit
from tests.quality.enrichment import material
from tests.quality.enrichment.topics import ours

OUT: Final = Path(confidence.__file__).with_name(confidence.FILE)
FOLDS: Final = 10
BINS: Final = 5
STIFF: Final = 0.01
"""Draws slope and offset to 1 and 0: that of a share that is the probability itself."""
STEPS: Final = 100
Row = tuple[str, str, str, str, str]


class Judged(NamedTuple):
    """The share of a text's surest topic, and whether it is right."""

    share: float
    right: bool


def judged() -> list[Judged]:
    """The texts of the set that are told a topic, in an order of chance."""
    weighed = [(text, step.shares(*step.weigh(text.headline, text.body, text.language))) for text in material.topics()]
    found = [Judged(shares[0][2], ours(text) == text.label) for text, shares in weighed if shares]
    random.Random(3).shuffle(found)
    return found


def fitted(seen: Sequence[Judged]) -> Scaling:
    """The scaling under which they are likeliest, by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(STEPS):
        gradient, curvature = [STIFF * (slope - 1), STIFF * offset], [STIFF, 0.0, STIFF]
        for share, right in seen:
            at = logit(share)
            told = 1 / (1 + math.exp(-(slope * at + offset)))
            miss, weight = told - right, told * (1 - told)
            gradient = [gradient[0] + miss * at, gradient[1] + miss]
            curvature = [curvature[0] + weight * at * at, curvature[1] + weight * at, curvature[2] + weight]
        area = curvature[0] * curvature[2] - curvature[1] ** 2
        slope -= (gradient[0] * curvature[2] - gradient[1] * curvature[1]) / area
        offset -= (gradient[1] * curvature[0] - gradient[0] * curvature[1]) / area
    return Scaling(round(slope, 4), round(offset, 4))


def foreseen(seen: Sequence[Judged]) -> Iterator[tuple[float, bool]]:
    """Each text's confidence by what the other folds say, with whether it is right."""
    for fold in range(FOLDS):
        scaling = fitted([each for at, each in enumerate(seen) if at % FOLDS != fold])
        yield from ((scaling(each.share), each.right) for each in seen[fold::FOLDS])


def brier(told: Sequence[tuple[float, bool]]) -> float:
    """The mean square of how far it is off."""
    return sum((sure - right) ** 2 for sure, right in told) / len(told)


def error(told: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error over bins of as many texts each."""
    ranked = sorted(told)
    bins = [ranked[at * len(ranked) // BINS : (at + 1) * len(ranked) // BINS] for at in range(BINS)]
    return sum(abs(sum(sure - right for sure, right in each)) for each in bins) / len(told)


def rows() -> Iterator[Row]:
    """Brier score and calibration error of the scaling, beside the share by itself."""
    seen = judged()
    for name, measure in _MEASURES.items():
        scaled, bare = measure(list(foreseen(seen))), measure([*seen])
        yield f"confidence of the surest topic, {name}", str(len(seen)), f"{scaled:.3f}", "", f"{bare:.3f} its share"


_MEASURES: Final[dict[str, Callable[[Sequence[tuple[float, bool]]], float]]] = {
    "Brier score": brier,
    "calibration error": error,
}


def main() -> int:
    """Print both, and with --write fit the scaling that ships."""
    if not material.DATA.is_dir():
        sys.stderr.write(
            f"newswire: there are no labelled texts at {material.DATA}; set NEWSWIRE_DATA to their folder\n"
        )
        return 1
    for name, texts, scaled, _, bare in rows():
        sys.stdout.write(f"{name}, {texts} texts: {scaled}, beside it {bare}\n")
    if "--write" in sys.argv[1:]:
        OUT.write_text(json.dumps(fitted(judged())._asdict()) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
