"""One time out of all that a page says of the same event, each of which may be coarse, without zone, or wrong.

What is done to the first of them, in this order:

- Declared without a zone, it gives way to one with a zone that shows the same clock.
- Declared in two zones with the same clock, one of the two is wrong. The most usual lie is a local time called UTC:
  unless a third agrees with it, the one that is not in UTC is believed.
- A day alone takes the clock of another time on that day.
- In UTC, it takes the name of its zone from one that is the same moment elsewhere, or the same moment's local clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from services.parse.findings import Moment
from shared.contracts import EvidenceSource

SAME: Final = timedelta(seconds=60)
"""Two readings of one event differ by no more: some are cut to the minute."""
DAY: Final = timedelta(days=1)
QUARTER: Final = timedelta(minutes=15)
"""Offsets of zones are multiples of it."""
WIDEST: Final = timedelta(hours=14)
DOUBTED: Final = 0.6
"""How sure a time is that another of the page contradicts."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A time with where it was found and how sure that is."""

    moment: Moment
    source: EvidenceSource
    rule: str
    sure: float

    @property
    def stated(self) -> bool:
        """Whether its zone is known."""
        return self.moment.zone_source in {"stated", "profile"}

    @property
    def local(self) -> datetime:
        """Its calendar day and clock where it was written, without zone."""
        return self.moment.at.astimezone(zone_called(self.moment.zone)).replace(tzinfo=None)

    @property
    def coarse(self) -> bool:
        """Whether it is a day, or midnight sharp: what programs write for one."""
        return self.moment.precision in {"day", "month"}

    def with_rule(self, remark: str, sure: float | None = None) -> "Witness":
        """The same with a remark on how it was chosen."""
        return replace(self, rule=f"{self.rule}; {remark}", sure=self.sure if sure is None else min(sure, self.sure))


def zone_called(name: str) -> tzinfo:
    """The zone that a moment names: IANA, or an offset such as `+02:00`."""
    if name[:1] in {"+", "-"}:
        return datetime.strptime(name, "%z").tzinfo or UTC
    return ZoneInfo(name)


def settle(witnesses: Sequence[Witness]) -> Witness | None:
    """The first witness, bettered by what the others know; None when there is none."""
    if not witnesses:
        return None
    first = witnesses[0]
    for better in (_in_a_zone, _in_the_right_zone, _by_the_clock, _zone_named):
        first = better(first, witnesses)
    return first


def agree(one: Witness, other: Witness) -> bool:
    """Whether two witnesses may mean one time: to the minute, or by the day or the clock where one says no more."""
    if one.coarse or other.coarse or "hour" in {one.moment.precision, other.moment.precision}:
        return abs(one.moment.at - other.moment.at) < DAY + WIDEST
    if not other.stated and one.stated and _apart(other, one) is not None:
        return True
    return abs(one.moment.at - other.moment.at) <= SAME


def _in_a_zone(first: Witness, others: Sequence[Witness]) -> Witness:
    if first.stated or first.coarse:
        return first
    for other in others:
        if other.stated and not other.coarse and _apart(first, other) is not None:
            return other.with_rule(f"{first.rule} has the same clock without its zone")
    return first


def _apart(one: Witness, other: Witness) -> timedelta | None:
    """How far the clock of `one` is ahead of the moment of `other` in UTC, if a zone is so far from it."""
    ahead = one.local - other.moment.at.replace(tzinfo=None)
    whole = timedelta(seconds=round(ahead / QUARTER) * QUARTER.total_seconds())
    exact = SAME if "minute" in {one.moment.precision, other.moment.precision} else timedelta(seconds=1)
    return whole if abs(ahead - whole) < exact and abs(whole) <= WIDEST else None


def _in_the_right_zone(first: Witness, others: Sequence[Witness]) -> Witness:
    if first.coarse or not first.stated:
        return first
    for other in others:
        same_clock = abs(first.local - other.local) < SAME and not other.coarse and other.stated
        if same_clock and abs(first.moment.at - other.moment.at) > SAME:
            return _believed(first, other, others)
    return first


def _believed(first: Witness, other: Witness, witnesses: Sequence[Witness]) -> Witness:
    """Which of two times with one clock in two zones: whom a third supports, else the one that is not in UTC."""
    for_first, for_other = (_supporters(each, witnesses) for each in (first, other))
    utc = first.moment.at.replace(tzinfo=None) == first.local
    if for_other > for_first or (for_other == for_first and utc):
        return other.with_rule(f"{first.rule} calls the same clock {first.moment.zone}", DOUBTED)
    return first.with_rule(f"{other.rule} calls the same clock {other.moment.zone}", DOUBTED)


def _supporters(witness: Witness, others: Sequence[Witness]) -> int:
    return sum(abs(each.moment.at - witness.moment.at) <= SAME and not each.coarse for each in others)


def _by_the_clock(first: Witness, others: Sequence[Witness]) -> Witness:
    if not first.coarse:
        return first
    for other in others:
        if not other.coarse and other.moment.precision != "hour" and _on_day(first, other):
            return other.with_rule(f"on the day that {first.rule} declares")
    return first


def _on_day(first: Witness, other: Witness) -> bool:
    day = first.local.date()
    return first.moment.precision == "day" and day in {other.local.date(), other.moment.at.date()}


def _zone_named(first: Witness, others: Sequence[Witness]) -> Witness:
    if first.coarse or first.moment.zone != "UTC" or first.moment.zone_source != "stated":
        return first
    for other in others:
        if (zone := next(_zones_between(first, other), None)) is not None:
            return replace(first, moment=replace(first.moment, zone=zone, zone_source="page"))
    return first


def _zones_between(first: Witness, other: Witness) -> Iterator[str]:
    """The zone of `other` when it is the same moment, or the offset of its clock when it states no zone."""
    if other.coarse:
        return
    source = other.moment.zone_source
    if source != "assumed_utc" and other.moment.zone != "UTC" and abs(other.moment.at - first.moment.at) <= SAME:
        yield other.moment.zone
    if source in {"assumed_utc", "country"} and (ahead := _apart(other, first)):
        yield _offset(ahead)


def _offset(ahead: timedelta) -> str:
    minutes = round(ahead.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
