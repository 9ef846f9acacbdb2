"""How probable a difference between few newest values and more before them is, if nothing changed. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

_ROOT_2: Final = math.sqrt(2)


def fewer(newest: Sequence[int], past: Sequence[int]) -> float:
    """That no more of the newest are 1, of values that are 0 or 1: Fisher's exact test, one-sided."""
    ones, size = sum(newest), len(newest)
    everything, all_ones = size + len(past), ones + sum(past)
    least = max(0, size - (everything - all_ones))
    ways = sum(math.comb(all_ones, k) * math.comb(everything - all_ones, size - k) for k in range(least, ones + 1))
    return ways / math.comb(everything, size)


def elsewhere(newest: Sequence[int], past: Sequence[int]) -> float:
    """That the newest stand as far from the middle of the ranks, either way: Mann and Whitney's test.

    By its normal approximation with ties, which overstates the probability where it is small.
    """
    counts = Counter(newest) + Counter(past)
    values = sorted(counts)
    below = dict(zip(values, accumulate((counts[value] for value in values), initial=0), strict=False))
    size, others = len(newest), len(past)
    total = size + others
    ranks = sum(below[value] + (counts[value] + 1) / 2 for value in newest)
    ties = sum(count**3 - count for count in counts.values()) / (total * (total - 1))
    variance = size * others / 12 * (total + 1 - ties)
    distance = abs(ranks - size * (total + 1) / 2) - 0.5
    return math.erfc(distance / math.sqrt(variance) / _ROOT_2) if variance > 0 and distance > 0 else 1.0
