"""When a source's silence is a surprise. Pure.

Articles come in bunches, so what is learned is hours: in which hours of the week there was something. An hour with
anything in it is as likely as it was in the weeks before; weeks fade by halves. From that follows how many such hours a
silence has missed, and the probability that chance alone misses so many: (1 + missed / known) ** -known, which is
Poisson's exp(-missed) where much is known, and far from it where little is (a gamma-distributed rate).

Holidays are no surprise: of a silence the days that miss most count as half of the quietest day of a week. Fetch
learns a rhythm too, of each feed and of its days lately, to look at the right time; sources that publish by themselves
have none.
"""

import math
from array import array
from dataclasses import dataclass, field
from typing import Final

HOUR: Final = 3_600
WEEK: Final = 168
FADE: Final = 0.5 ** (1 / 4)
"""What a week leaves of what was known: half of it in four weeks."""
SAME_HOUR: Final = 1.0
"""Weeks' worth that the same hour of all days says of an hour."""
DOUBT: Final = 0.5
"""Hours without an article that are added to each hour's: none is certain."""
HOLIDAYS: Final = 3
"""Days of a silence that may have been holidays."""
HOLIDAY: Final = 0.5
"""What a holiday brings, of what the quietest day of the week does."""
SURPRISE: Final = 10.0
"""-ln of the probability from which a silence is told of: one silence in 22,000, before holidays are allowed for."""
LEAST_WATCHED: Final = 2 * WEEK
LEAST_ACTIVE: Final = 10
"""What must be known before anything is judged: hours that were watched, and hours with articles."""
LONGEST: Final = 13 * WEEK
"""Of the silences that are looked for, in hours."""
LEARNED: Final = 2 * WEEK
"""Hours of a silence that are learned from, so that an outage does not become the rhythm."""
_THURSDAY: Final = 72
"""The hour of the week at which hours since 1970 begin."""


def _cells() -> "array[float]":
    return array("f", bytes(4 * WEEK))


def _lately() -> "array[int]":
    return array("I", bytes(4 * 24))


@dataclass(slots=True)
class Rhythm:
    """Hours are since 1970. `active`: hours with an article, and `articles`, by hour of the week, of `watched` hours.

    `hour` is the newest with an article; it and what follows are not learned yet. `lately`: articles of 24 hours, by
    hour of the day.
    """

    hour: int = 0
    watched: int = 0
    active: "array[float]" = field(default_factory=_cells)
    articles: "array[float]" = field(default_factory=_cells)
    lately: "array[int]" = field(default_factory=_lately)

    def hear(self, hour: int) -> bool:
        """An article came; True when it is the first of a new hour. One that is late counts in the newest."""
        new = hour > self.hour
        if new and self.hour:
            self._learn(hour)
        elif new:
            self.hour = hour
        self.lately[self.hour % 24] += 1
        return new

    def _learn(self, hour: int) -> None:
        self._close(self.hour, self.lately[self.hour % 24])
        for silent in range(self.hour + 1, min(hour, self.hour + 1 + LEARNED)):
            self._close(silent, 0)
        for gone in range(self.hour + 1, min(hour, self.hour + 24) + 1):
            self.lately[gone % 24] = 0
        self.hour = hour

    def _close(self, hour: int, articles: int) -> None:
        cell = of_week(hour)
        self.active[cell] = self.active[cell] * FADE + bool(articles)
        self.articles[cell] = self.articles[cell] * FADE + articles
        self.watched += 1

    def weeks(self) -> float:
        """Weeks that are remembered, older ones in part."""
        return float((1 - FADE ** (self.watched / WEEK)) / (1 - FADE))

    def expected(self, start: int, end: int) -> float:
        """Articles from one hour to before another, by hour of the week; at most a year's."""
        weeks = self.weeks()
        hours = range(start, min(end, start + 52 * WEEK))
        return sum(self.articles[of_week(hour)] for hour in hours) / weeks if weeks else 0.0


def of_week(hour: int) -> int:
    """The hour of the week: 0 is Monday, 00:00 to 01:00 UTC."""
    return (hour + _THURSDAY) % WEEK


def rates(rhythm: Rhythm) -> list[float]:
    """Of each hour of the week: how many hours with articles it brings, as Poisson's rate."""
    weeks = rhythm.weeks()
    active = [min(each, weeks) for each in rhythm.active]  # of a week that is not over, some hours were seen once more
    means = [sum(active[hour::24]) / 7 / weeks for hour in range(24)]
    return [
        -math.log1p(-(each + SAME_HOUR * means[cell % 24]) / (weeks + SAME_HOUR + DOUBT))
        for cell, each in enumerate(active)
    ]


def quiet_from(rhythm: Rhythm) -> int | None:
    """The hour from which on silence is a surprise, if nothing comes; None when nothing can be said."""
    known = sum(rhythm.active)
    if rhythm.watched < LEAST_WATCHED or known < LEAST_ACTIVE:
        return None
    usual = rates(rhythm)
    holiday = [HOLIDAY * min(usual[hour::24]) for hour in range(24)]
    # 1 + missed / known must reach this
    wanted = known * math.expm1(SURPRISE / known)
    missed, holidays, today = 0.0, [0.0] * HOLIDAYS, 0.0
    for hour in range(rhythm.hour + 1, rhythm.hour + 1 + LONGEST):
        if hour % 24 == 0:
            holidays, today = sorted([*holidays, today])[1:], 0.0
        rate = usual[of_week(hour)]
        missed, today = missed + rate, today + rate - holiday[hour % 24]
        if missed - sum(holidays) - max(today - holidays[0], 0.0) >= wanted:
            return hour + 1
    return None
