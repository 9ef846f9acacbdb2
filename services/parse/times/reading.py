"""Times as pages print them, read into UTC without claiming more than they say.

The order of day and month comes from the profile, else the language and country, else from a value over 12; what
only a convention decided is flagged ambiguous. The zone is the stated one, else the profile's, else UTC is assumed.
An abbreviation that the publisher's own zone uses then means that zone: IST in Israel is not IST in India.

Around daylight saving a local time may not exist or exist twice. As in RFC 5545 (3.3.5) the former is read with the
offset before the gap, and of the latter the first is taken; the moment's note says so.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from services.parse.clean import without_marks
from services.parse.findings import Moment
from services.parse.times.clock import Clock, cut_clock
from services.parse.times.dates import Day, cut_day, may_hold_day
from services.parse.times.months import Order, is_weekday
from services.parse.times.relative import Ago, Unit, cut_ago
from services.parse.times.window import believable
from shared.contracts import Precision, ZoneSource

__all__ = ["MAX_LENGTH", "Order", "Reading", "read_claim", "read_reading", "read_time"]

MAX_LENGTH: Final = 200
"""Characters of a raw time; what is longer is none."""
GAP: Final = "no clock there showed this time that day: read with the offset before the change"
TWICE: Final = "clocks there showed this time twice that day: the first is taken"
_SHORT_UNITS: Final[dict[Unit, tuple[Precision, timedelta]]] = {
    "second": ("minute", timedelta(minutes=1)),
    "minute": ("minute", timedelta(minutes=1)),
    "hour": ("hour", timedelta(hours=1)),
}
_WIDE: Final = str.maketrans("\uff1a\uff0f\uff0e\uff0d\uff0c\uff08\uff09\u3000", ":/.-,() ")
"""Full-width marks, which stand among full-width digits."""
_SERVERS: Final = {("zh", "CST"): "Asia/Shanghai"}
"""What an abbreviation means in a language where programs print it: Java's `Fri Jun 07 15:05:00 CST 2024`."""


class Reading(NamedTuple):
    """A raw string taken apart: the time and what else the string says. `rest`: the words that are neither."""

    moment: Moment
    has_clock: bool
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """How the page's publisher writes times, as far as that is known.

    `zone`: IANA name, with `zone_source`. `order`: of numeric dates. `language`: BCP 47, best with the country
    (`en-GB`). `seen_at`: when the page was seen, with its zone: what `2 hours ago` counts from.
    """

    zone: str | None = None
    zone_source: ZoneSource = "profile"
    order: Order | None = None
    language: str | None = None
    seen_at: datetime | None = None


def read_time(
    raw: str, *, observed_at: datetime, zone: str | None = None, order: Order | None = None, language: str | None = None
) -> Moment | None:
    """Read one printed time. None when it is none, or not to be believed; never raises for any `raw`.

    `observed_at`: when the page was seen, with its zone; what is over 15 minutes later is refused.
    `zone`: IANA name from the publisher's profile. `language`: BCP 47, best with the country (`en-GB`).

    Raises:
        ZoneInfoNotFoundError: there is no such `zone`.
    """
    reading = read_reading(raw, observed_at=observed_at, zone=zone, order=order, language=language)
    return reading.moment if reading else None


def read_reading(
    raw: str, *, observed_at: datetime, zone: str | None = None, order: Order | None = None, language: str | None = None
) -> Reading | None:
    """As `read_time`, with the words around the time."""
    reading = read_claim(raw, Habits(zone=zone, order=order, language=language))
    return reading if reading and believable(reading.moment.at, observed_at) else None


def read_claim(raw: str, habits: Habits) -> Reading | None:
    """What a printed time says, to be believed or not; None when it is none.

    Raises:
        ZoneInfoNotFoundError: there is no such zone as that of `habits`.
    """
    if len(raw) > MAX_LENGTH:
        return None
    text = without_marks(raw).translate(_WIDE).strip()
    parts = _epoch(text) or _parts(text, habits)
    if parts:
        moment = _moment(raw, parts[0], parts[1], habits)
        return _reading(moment, parts[1], parts[2]) if moment else None
    return _ago(raw, text, habits, habits.seen_at) if habits.seen_at else None


def _reading(moment: Moment, clock: Clock | None, rest: str) -> Reading:
    words = (word.strip(",.:;()") for word in rest.split())
    left = tuple(word for word in words if any(letter.isalnum() for letter in word) and not is_weekday(word))
    return Reading(moment, clock is not None, left)


def _parts(text: str, habits: Habits) -> tuple[Day, Clock | None, str] | None:
    if ":" not in text and not may_hold_day(text):  # a clock without a colon would be in the digits of a day
        return None
    timed = cut_clock(text, language=habits.language)
    dated = cut_day(timed[1], habits.order, habits.language) if timed else None
    if timed is None or dated is None:
        return None
    clock, (day, rest) = timed[0], dated
    if clock is None and day.day is not None:
        clock, rest = cut_clock(rest, loose=True, language=habits.language) or (None, rest)
    return day, clock, rest


def _epoch(text: str) -> tuple[Day, Clock, str] | None:
    if not (text.isascii() and text.isdigit() and len(text) in {10, 13}):
        return None
    seconds = int(text[:10])  # 1990 to 2286; milliseconds have 13 digits from 2001 on
    at = datetime.fromtimestamp(seconds, UTC)
    return Day(at.year, at.month, at.day), Clock(at.hour, at.minute, at.second, UTC, "UTC"), ""


def _ago(raw: str, text: str, habits: Habits, seen_at: datetime) -> Reading | None:
    timed = cut_clock(text, language=habits.language)
    found = cut_ago(timed[1], habits.language) if timed else None
    if timed is None or found is None:
        return None
    clock, (ago, rest) = timed[0], found
    if ago.unit in _SHORT_UNITS:
        return None if clock else _reading(_hours_ago(raw, ago, seen_at), clock, rest)
    day = seen_at.astimezone(_zone(clock, habits)[2]) - ago.span
    moment = _moment(raw, Day(day.year, day.month, day.day), clock, habits)
    return _reading(moment, clock, rest) if moment else None


def _hours_ago(raw: str, ago: Ago, seen_at: datetime) -> Moment:
    precision, step = _SHORT_UNITS[ago.unit]
    at = seen_at.astimezone(UTC) - ago.span
    at -= timedelta(seconds=at.timestamp() % step.total_seconds())
    return Moment(at, raw, precision, "UTC", "observed")


def _moment(raw: str, day: Day, clock: Clock | None, habits: Habits) -> Moment | None:
    hour, minute, second = (clock.hour, clock.minute, clock.second or 0) if clock else (0, 0, 0)
    try:
        shown = datetime(day.year, day.month, day.day or 1, hour, minute, second)  # noqa: DTZ001 -- its zone is looked for
        name, source, where = _zone(clock, habits, shown)
        local = shown.replace(tzinfo=where)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):  # February 30, or an offset beyond year 9999
        return None
    moment = Moment(at, raw, _precision(day, clock), name, source, day.ambiguous)
    return _noted(moment, local) if clock else moment


def _noted(moment: Moment, local: datetime) -> Moment:
    """The moment with what daylight saving does to its local time."""
    if local.utcoffset() == local.replace(fold=1).utcoffset():
        return moment
    shown = moment.at.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
    return replace(moment, note=TWICE, ambiguous=True) if shown else replace(moment, note=GAP)


def _zone(clock: Clock | None, habits: Habits, shown: datetime | None = None) -> tuple[str, ZoneSource, tzinfo]:
    """The zone of a time that is printed as `shown`: its name, where that comes from, and the zone."""
    own = habits.zone or _SERVERS.get(((habits.language or "")[:2], clock.letters if clock else ""))
    if clock and clock.letters and own and shown and ZoneInfo(own).tzname(shown) == clock.letters:
        return own, "stated", ZoneInfo(own)
    if clock and clock.zone:
        return clock.zone_name, "stated", clock.zone
    if habits.zone:
        return habits.zone, habits.zone_source, ZoneInfo(habits.zone)
    return "UTC", "assumed_utc", UTC


def _precision(day: Day, clock: Clock | None) -> Precision:
    if clock and day.day is not None:
        midnight = (clock.hour, clock.minute, clock.second) == (
            0,
            0,
            0,
        )  # what programs write when they know the day only
        return "day" if midnight else "minute" if clock.second is None else "second"
    return "day" if day.day is not None else "month"
