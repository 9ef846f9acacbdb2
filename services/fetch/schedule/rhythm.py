"""How often a feed brings something new, by the hour of the week, and when the next article can be expected.

Two things are learned from the times of articles: a recent rate, which follows a source that grows or falls silent
within days, and a shape over the hours of a week, which says that nights and Sundays are quiet. The shape begins flat
and is believed as far as there are articles to tell it. All memory fades by halves.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.contracts import Rhythm
from shared.contracts.sources import HOURS_OF_WEEK

HOUR: Final = 3_600.0
RATE_HALF_LIFE: Final = 72.0
SHAPE_HALF_LIFE: Final = 28 * 24.0
"""Hours."""
PRIOR_ARRIVALS, PRIOR_HOURS = 0.5, 12.0
"""An unknown source is taken for one of an article a day."""
FLAT: Final = 0.3
"""Arrivals that each hour of the week is given before any: what keeps the shape flat while little is known."""
SAME_HOUR: Final = 1.0
"""How much the same hour of other days says of an hour."""
PRECISION: Final = 4
"""Decimals that are kept."""


def hour_of_week(at: datetime) -> int:
    """0 is Monday, 00:00 to 01:00 UTC."""
    moment = at.astimezone(UTC)
    return moment.weekday() * 24 + moment.hour


def observe(rhythm: Rhythm | None, since: datetime, now: datetime, arrivals: Sequence[datetime]) -> Rhythm:
    """The rhythm after `since` to `now` was watched and `arrivals` were found in it."""
    known = rhythm or Rhythm(at=since)
    recent = 0.5 ** (_hours(known.at, now) / RATE_HALF_LIFE)
    count = known.arrivals * recent + sum(0.5 ** (_hours(at, now) / RATE_HALF_LIFE) for at in arrivals)
    update: dict[str, object] = {
        "at": now,
        "arrivals": round(count, PRECISION),
        "hours": round(known.hours * recent + _watched(_hours(since, now)), PRECISION),
    }
    if arrivals:  # most looks find nothing, and need not touch 168 numbers
        update |= {"by_hour": _shaped(known, now, arrivals), "shaped_at": now}
    return known.model_copy(update=update)


def _shaped(known: Rhythm, now: datetime, arrivals: Sequence[datetime]) -> tuple[float, ...]:
    fade = 0.5 ** (_hours(known.shaped_at or now, now) / SHAPE_HALF_LIFE)
    by_hour = [weight * fade for weight in known.by_hour] or [0.0] * HOURS_OF_WEEK
    for at in arrivals:
        by_hour[hour_of_week(at)] += 0.5 ** (_hours(at, now) / SHAPE_HALF_LIFE)
    return tuple(round(weight, PRECISION) for weight in by_hour)


def _hours(since: datetime, now: datetime) -> float:
    return max((now - since).total_seconds() / HOUR, 0.0)


def _watched(hours: float) -> float:
    """Hours just watched, each faded by its age: the integral of the half-life."""
    life = RATE_HALF_LIFE / 0.6931471805599453
    return float(life * (1 - 0.5 ** (hours / RATE_HALF_LIFE)))


def rate(rhythm: Rhythm | None) -> float:
    """Articles an hour, on the whole."""
    if rhythm is None:
        return PRIOR_ARRIVALS / PRIOR_HOURS
    return (rhythm.arrivals + PRIOR_ARRIVALS) / (rhythm.hours + PRIOR_HOURS)


def shape(rhythm: Rhythm | None, hour: int) -> float:
    """How many times the mean rate is to be expected in this hour of the week."""
    if rhythm is None or not rhythm.by_hour:
        return 1.0
    by_hour = rhythm.by_hour
    mean = (1 + SAME_HOUR) * sum(by_hour) / HOURS_OF_WEEK + FLAT
    return (by_hour[hour] + SAME_HOUR * sum(by_hour[hour % 24 :: 24]) / 7 + FLAT) / mean


def expected_at(rhythm: Rhythm | None, now: datetime, articles: float, longest: float) -> float:
    """Seconds from `now` until `articles` (a part of one, too) can be expected; at most `longest`."""
    mean = rate(rhythm) / HOUR
    hour, inside = hour_of_week(now), now.minute * 60.0 + now.second
    seconds, left = 0.0, articles
    while seconds < longest:
        span, speed = HOUR - inside, mean * shape(rhythm, hour)
        if speed * span >= left:
            return min(seconds + left / speed, longest)
        seconds, left = seconds + span, left - speed * span
        hour, inside = (hour + 1) % HOURS_OF_WEEK, 0.0
    return longest


def believed(published: Iterable[datetime | None], since: datetime, now: datetime) -> list[datetime]:
    """When articles that are new now appeared: as they say if that is since the last look, else between the two."""
    middle = now - (now - since) / 2 if now - since < timedelta(days=1) else now
    return [at if at is not None and since <= at <= now else middle for at in published]
