"""What each parser made of each page, and the means over them. Pure."""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.quality.material import Labelled
from tests.quality.metrics import (
    Overlap,
    day,
    mean,
    moment,
    overlap,
    published,
    same_day,
    same_instant,
    same_people,
    same_title,
)
from tests.quality.readers import NOT_GIVEN, Found

RESAMPLES: Final = 1_000
"""Samples of pages with replacement that an interval is read from."""


@dataclass(frozen=True, slots=True)
class Score:
    """One page read by one parser. What the page has no label for is None. `cpu`: seconds."""

    reader: str
    collection: str
    page: str
    url: str
    cpu: float
    body: Overlap
    title: bool | None
    date: bool | None
    instant: bool | None
    authors: bool | None
    found: Found

    @property
    def f1(self) -> float:
        """Of the body."""
        return self.body.f1


def score(reader: str, page: Labelled, found: Found, cpu: float) -> Score:
    """Compare what was found with the labels."""
    return Score(
        reader=reader,
        collection=page.collection,
        page=page.name,
        url=page.url,
        cpu=cpu,
        body=overlap(page.body, found.body),
        found=found,
        **{name: None if name in NOT_GIVEN.get(reader, ()) else right for name, right in fields(page, found).items()},
    )


def fields(page: Labelled, found: Found) -> dict[str, bool | None]:
    """Whether each field is what its label says; None without a label."""
    title, date, authors = page.title, page.date, page.authors
    return {
        "title": None if title is None else same_title(title, found.title or ""),
        "date": None if date is None or day(date) is None else same_day(date, found.published),
        "instant": None if date is None or moment(date) is None else same_instant(date, found.published),
        "authors": None if authors is None else same_people(authors, found.authors),
    }


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over pages with its 95 % interval; `pages` that have the label."""

    value: float
    low: float
    high: float
    pages: int


MEASURES: Final[dict[str, Callable[[Score], float | None]]] = {
    "body": lambda each: each.f1,
    "title": lambda each: each.title,
    "date": lambda each: each.date,
    "instant": lambda each: each.instant,
    "authors": lambda each: each.authors,
}
"""Each as a number from 0 to 1, or None where the page has no such label."""


def mean_of(measure: str, scores: Sequence[Score]) -> Mean | None:
    """The mean of a measure, None where no page has its label."""
    known = [float(value) for each in scores if (value := MEASURES[measure](each)) is not None]
    if not known:
        return None
    low, high = interval(known)
    return Mean(mean(known), low, high, len(known))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where 95 % of the means lie that other samples of such pages would have (bootstrap, percentiles)."""
    chance = random.Random(len(values))
    means = [statistics.fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES)]
    cuts = statistics.quantiles(means, n=40)
    return cuts[0], cuts[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One parser on one set, or on all of them. `cpu`: mean seconds of a page, `times`: of the yardstick's."""

    reader: str
    collection: str
    pages: int
    means: dict[str, Mean | None]
    published: float
    cpu: float
    times: float


def row(scores: Sequence[Score], yardstick: Sequence[Score], collection: str) -> Row:
    """The means of one parser's scores; `yardstick`: what CPU is compared with, on the same pages."""
    cpu = mean(each.cpu for each in scores)
    return Row(
        reader=scores[0].reader,
        collection=collection,
        pages=len(scores),
        means={measure: mean_of(measure, scores) for measure in MEASURES},
        published=published([each.body for each in scores]),
        cpu=cpu,
        times=cpu / mean(each.cpu for each in yardstick),
    )


def worst(scores: Sequence[Score], measure: str, limit: int) -> list[Score]:
    """The pages that lose most by a measure."""
    known = [each for each in scores if (value := MEASURES[measure](each)) is not None and value < 1]
    return sorted(known, key=lambda each: MEASURES[measure](each) or 0.0)[:limit]
