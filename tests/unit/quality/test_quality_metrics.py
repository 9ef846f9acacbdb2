"""What the scoreboard counts."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quality.metrics import (
    Overlap,
    mean,
    moment,
    overlap,
    people,
    published,
    same_day,
    same_instant,
    same_people,
    same_title,
    shingles,
)
from tests.quality.scores import interval

texts = st.text(alphabet="ab c.", max_size=60)


def test_a_text_is_counted_by_its_runs_of_four_words() -> None:
    assert shingles("One two, three four five.") == {
        ("One", "two", "three", "four"): 1,
        ("two", "three", "four", "five"): 1,
    }


def test_a_shorter_text_is_one_run() -> None:
    assert shingles("One two") == {("One", "two"): 1}
    assert shingles("") == {(): 1}


def test_precision_is_of_what_was_found_and_recall_of_what_is_there() -> None:
    found = overlap("a b c d e", "a b c d x y")
    assert found == Overlap(1 / 3, 1 / 2)
    assert found.f1 == pytest.approx(0.4)


def test_case_counts_in_bodies() -> None:
    assert overlap("a b c d", "A b c d").f1 == 0


@given(texts, texts)
def test_an_overlap_is_a_share_and_whole_only_for_the_same_words(one: str, other: str) -> None:
    found = overlap(one, other)
    assert 0 <= found.f1 <= 1
    assert overlap(one, one).f1 == 1
    assert overlap(other, one) == Overlap(found.recall, found.precision)


def test_the_published_figure_is_of_the_means() -> None:
    assert published([Overlap(1, 0.5), Overlap(0.5, 1)]) == pytest.approx(0.75)


def test_the_mean_of_nothing_is_no_number() -> None:
    assert math.isnan(mean([]))


def test_titles_are_the_same_by_their_words() -> None:
    assert same_title("“Rates” rise - again", "Rates rise — again")
    assert not same_title("Rates rise", "Rates rise | The Daily")


def test_people_are_a_set_however_they_are_written() -> None:
    assert people("Ann Lee, Bo Ek and Cy Ro; Di Su & Ed Yu") == {"ann lee", "bo ek", "cy ro", "di su", "ed yu"}
    assert same_people(["ANN LEE", "Bo Ek"], "Bo Ek, Ann Lee")
    assert not same_people(["Ann Lee"], ["Ann Lee", "Bo Ek"])
    assert people("Alexandra Sandford") == {"alexandra sandford"}


def test_a_labelled_day_is_met_on_that_day_where_it_was_published() -> None:
    late = datetime(2024, 5, 1, 23, 30, tzinfo=timezone(timedelta(hours=-4)))
    assert same_day("2024-05-01", late)
    assert not same_day("2024-05-01", late.astimezone(UTC))
    assert same_day("2024-05-01T23:30:00-04:00", late.astimezone(UTC))
    assert not same_day("2024-05-01", None)


def test_an_instant_is_met_within_a_minute_and_with_a_zone() -> None:
    truth = "2024-05-01T12:00:00+02:00"
    assert same_instant(truth, datetime(2024, 5, 1, 10, 0, 59, tzinfo=UTC))
    assert not same_instant(truth, datetime(2024, 5, 1, 10, 1, tzinfo=UTC))
    assert not same_instant(truth, datetime(2024, 5, 1, 12, 0))  # noqa: DTZ001 - the point
    assert not same_instant("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC))
    assert not same_instant(truth, None)


def test_a_label_that_is_no_time_is_none() -> None:
    assert moment("N/A") is None
    assert moment("2024-05-01 12:00:00") is None


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [0.0, 1.0] * 50
    low, high = interval(values)
    assert low < 0.5 < high
    assert interval(values) == (low, high)
