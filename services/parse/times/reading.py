"""Times as pages print them, read into UTC without claiming more than they say.

The order of day and month comes from the profile, else the language and country, else from a value over 12; what
only a convention decided is flagged ambiguous. The zone is the stated one, else the profile's, else UTC is assumed.

Around daylight saving a local time may not exist or exist twice. As in RFC 5545 (3.3.5) the former is read with the
offset before the gap, and of the latter the first is taken.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from services.parse.findings import Moment
from services.parse.times.clock import Clock, cut_clock
from services.parse.times.dates import Day, cut_day
from services.parse.times.months import Order, is_weekday
from shared.contracts import Precision, ZoneSource

__all__ = ["MAX_LENGTH", "Order", "Reading", "read_reading", "read_time"]

MAX_LENGTH = 200
"""Characters of a raw time; what is longer is none."""

EARLIEST = 1990
TOLERANCE = timedelta(minutes=15)
"""How far a publisher's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A raw string taken apart: the time and what else the string says. `rest`: the words that are neither."""

    moment: Moment
    has_clock: bool
    rest: tuple[str, ...]


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
    if len(raw) > MAX_LENGTH:
        return None
    text = raw.strip()
    parts = _epoch(text) or _parts(text, order, language)
    if parts is None:
        return None
    day, clock, rest = parts
    moment = _moment(text, day, clock, zone)
    if moment is None or moment.at > observed_at + TOLERANCE:
        return None
    words = (word.strip(",.:;()") for word in rest.split())
    left = tuple(word for word in words if any(letter.isalnum() for letter in word) and not is_weekday(word))
    return Reading(moment, clock is not None, left)


def _parts(text: str, order: Order | None, language: str | None) -> tuple[Day, Clock | None, str] | None:
    timed = cut_clock(text)
    dated = cut_day(timed[1], order, language) if timed else None
    if timed is None or dated is None:
        return None
    clock, (day, rest) = timed[0], dated
    if clock is None and day.day is not None:
        clock, rest = cut_clock(rest, loose=True) or (None, rest)
    return day, clock, rest


def _epoch(text: str) -> tuple[Day, Clock, str] | None:
    if not (text.isascii() and text.isdigit() and len(text) in {10, 13}):
        return None
    seconds = int(text[:10])  # 1990 to 2286; milliseconds have 13 digits from 2001 on
    at = datetime.fromtimestamp(seconds, UTC)
    return Day(at.year, at.month, at.day), Clock(at.hour, at.minute, at.second, UTC, "UTC"), ""


def _moment(raw: str, day: Day, clock: Clock | None, zone: str | None) -> Moment | None:
    name, source, where = _zone(clock, zone)
    hour, minute, second = (clock.hour, clock.minute, clock.second or 0) if clock else (0, 0, 0)
    try:
        local = datetime(day.year, day.month, day.day or 1, hour, minute, second, tzinfo=where)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):  # February 30, or an offset beyond year 9999
        return None
    if day.year < EARLIEST:
        return None
    return Moment(at, raw, _precision(day, clock), name, source, day.ambiguous)


def _zone(clock: Clock | None, zone: str | None) -> tuple[str, ZoneSource, tzinfo]:
    if clock and clock.zone:
        return clock.zone_name, "stated", clock.zone
    if zone:
        return zone, "profile", ZoneInfo(zone)
    return "UTC", "assumed_utc", UTC


def _precision(day: Day, clock: Clock | None) -> Precision:
    if clock and day.day is not None:
        return "minute" if clock.second is None else "second"
    return "day" if day.day is not None else "month"
