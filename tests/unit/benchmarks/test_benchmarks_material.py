"""The generated articles, the measured stretch of a drain, and the fields of /proc."""

import os

import pytest

from tests.benchmarks.articles import articles
from tests.benchmarks.drain import Drained, Sample, measured
from tests.benchmarks.usage import cpu_seconds, fields_of, tree


def test_the_same_seed_gives_the_same_articles() -> None:
    assert list(articles(20, 7)) == list(articles(20, 7))
    assert list(articles(20, 7)) != list(articles(20, 8))


def test_a_later_stretch_is_that_of_the_whole() -> None:
    assert list(articles(5, 7, first=15)) == list(articles(20, 7))[15:]


def test_articles_are_distinct_and_half_of_them_html() -> None:
    made = list(articles(400, 7))
    for values in ({each.url for each in made}, {each.headline for each in made}, {each.body for each in made}):
        assert len(values) == 400
    assert sum(each.content_type.startswith("text/html") for each in made) == 200


def test_only_what_follows_the_warm_up_is_measured() -> None:
    samples = [
        Sample(0, 0, 5),
        Sample(19, 1, 6),
        Sample(25, 2, 7),
        Sample(80, 3, 8),
        Sample(100, 4.5, 9),
        Sample(100, 9, 9),
    ]
    assert measured(samples, 100) == Drained(75, 2.5, 2)


@pytest.mark.parametrize(
    "samples", [[], [Sample(0, 0, 0)], [Sample(100, 1, 1)], [Sample(50, 1, 1)]], ids=["none", "idle", "at once", "half"]
)
def test_what_no_two_looks_saw_is_not_measured(samples: list[Sample]) -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        measured(samples, 100)


def test_rate_and_cost() -> None:
    drained = Drained(messages=200, seconds=4, cpu=0.1)
    assert drained.rate == 50
    assert drained.cost == pytest.approx(500)


def test_a_command_with_brackets_does_not_shift_the_fields() -> None:
    assert fields_of("12 (a) b) (c) S 1 12 12") == ["S", "1", "12", "12"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="/proc is Linux")  # noqa: PTH112 - no path is kept
def test_this_process_is_in_its_own_tree_and_used_time() -> None:
    assert os.getpid() in tree(os.getppid())
    assert cpu_seconds([os.getpid()]) > 0
