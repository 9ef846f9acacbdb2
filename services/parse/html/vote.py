"""Two readings of one page compared, and the one of several that the others speak for. Pure."""

from collections import Counter
from collections.abc import Sequence

from services.parse.html.features import tokens

AGREED = 0.7
"""Agreement above which the runs that the model chose are taken; below, a third reading decides."""


def agreement(one: str, other: str) -> float:
    """How much of two texts is the same, 0 to 1: F1 of their words; characters count where there are no spaces."""
    left, right = Counter(tokens(one)), Counter(tokens(other))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def central(readings: Sequence[str]) -> int:
    """Which of the readings agrees best with the others; of several, the first."""
    support = [sum(agreement(one, other) for other in readings if other is not one) for one in readings]
    return support.index(max(support))
