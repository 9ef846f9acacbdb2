"""Medians, ranges, percentiles and bars."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.statistics import Bar, Spread, percentile, ratios

numbers = st.floats(min_value=0.001, max_value=1e6)


def test_a_spread_is_the_median_and_the_range() -> None:
    assert Spread.of([5, 1, 9]) == Spread(5, 1, 9)


def test_a_spread_is_written_with_its_range() -> None:
    assert Spread(1234.56, 1000, 2000.4).text(1) == "1,234.6 (1,000.0–2,000.4)"


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rounds were measured"):
        Spread.of([])
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


@given(st.lists(numbers, min_size=1))
def test_the_median_lies_in_the_range(values: list[float]) -> None:
    spread = Spread.of(values)
    assert spread.low <= spread.median <= spread.high


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([2, 30], [1, 10]) == Spread(2.5, 2, 3)


def test_ratios_of_unequal_rounds_are_an_error() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        ratios([1, 2], [1])


@pytest.mark.parametrize(
    ("share", "expected"), [(0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1, 100)]
)
def test_percentiles_by_nearest_rank(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


@given(st.lists(numbers, min_size=1), st.floats(0, 1))
def test_a_percentile_covers_its_share(values: list[float], share: float) -> None:
    value = percentile(values, share)
    assert value in values
    assert sum(each <= value for each in values) >= share * len(values) - 1e-9


def test_what_was_lost_counts_against_a_percentile() -> None:
    lost = [1.0] * 98 + [math.inf] * 2
    assert percentile(lost, 0.99) == math.inf


@pytest.mark.parametrize(
    ("kind", "value", "met"),
    [
        ("at most", 3, True), ("at most", 3.001, False), ("at least", 3, True), ("at least", 2.999, False),
        ("under", 3, False), ("under", 2.999, True), ("under", math.nan, False), ("at least", math.nan, False),
        ("at most", math.nan, False), ("under", math.inf, False),
    ],
)  # fmt: skip
def test_bars(kind: str, value: float, met: bool) -> None:  # noqa: FBT001 - a table's column
    assert Bar("x", value, 3, kind).met is met  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "told"), [(2.0, 2.0), (math.nan, None), (math.inf, None)])
def test_json_has_no_infinity(value: float, told: float | None) -> None:
    assert Bar("x", value, 3, "under", " s").facts()["value"] == told
