"""The time of day in a printed time, with the zone it states."""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from services.parse.times.months import half_of_day

_COLON = re.compile(r"(?:(?<=\d)T|(?<![\d:.]))(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?![\d:])")
_COMPACT = re.compile(r"(?<=\d{8})T(\d{2})(\d{2})(\d{2})?(?!\d)")
_LOOSE = (
    re.compile(r"(?<![\d.])(\d{1,2})\s?[.h時시点]\s?(\d{2})()(?![\d.])"),
    re.compile(r"(?<![\d.])(\d{1,2})()()(?=\s?[ap]\.?m\b)", re.IGNORECASE),
)
_HALF = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_WORD_AFTER = re.compile(r"\s?([^\W\d_][^\s\d,;()|]{0,11})")
_WORD_BEFORE = re.compile(r"(?<![^\s\d,;()|])([^\W\d_][^\s\d,;()|]{0,11})\s?$")
_ZONE = re.compile(r"\s?\(?(?:(Z)\b|(?:UTC|GMT)?\s?([+\-\u2212])(\d{1,2}):?(\d{2})?(?![\d.])|([A-Z]{2,5})\b)\)?")

_WIDEST = timedelta(hours=14)

_HOURS = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip
"""Abbreviations that mean one thing in news; IST, for one, means three."""

_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `second`: None when not printed. `zone`: the stated one with its name, if any."""

    hour: int
    minute: int
    second: int | None = None
    zone: tzinfo | None = None
    zone_name: str = ""


def cut_clock(text: str, *, loose: bool = False, language: str | None = None) -> tuple[Clock | None, str] | None:
    """The time of day in `text` and what is left without it. None when there is one that no clock shows.

    `loose`: also `20.50`, `20h50` and `8 pm`, which mean a time only beside a date.
    """
    patterns = _LOOSE if loose else (_COLON, _COMPACT)
    match = next((found for pattern in patterns if (found := pattern.search(text))), None)
    if match is None:
        return None, text
    hour, minute, second = match[1], match[2] or "0", match[3]
    half, start, end = _half(text, match, language)
    stated = _zone(text, end)
    if stated is None:
        return None
    zone, name, end = stated
    clock = Clock(_hour(int(hour), half), int(minute), int(second) if second else None, zone, name)
    if not (0 <= clock.hour < 24 and clock.minute < 60 and (clock.second or 0) < 60):  # noqa: PLR2004 -- a day's clock
        return None
    return clock, f"{text[:start]} {text[end:]}"


def _half(text: str, match: re.Match[str], language: str | None) -> tuple[str, int, int]:
    """Which half of the day a printed hour is of, if that is said, and where the time with it starts and ends."""
    if latin := _HALF.match(text, match.end()):
        return latin[1], match.start(), latin.end()
    after, before = _WORD_AFTER.match(text, match.end()), _WORD_BEFORE.search(text[: match.start()])
    if after and (half := half_of_day(after[1], language)):
        return half, match.start(), after.end()
    if before and (half := half_of_day(before[1], language)):
        return half, before.start(), match.end()
    return "", match.start(), match.end()


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 -- half a day
        return -1
    return hour % 12 + (12 if half in "pP" else 0)


def _zone(text: str, start: int) -> tuple[tzinfo | None, str, int] | None:
    """The stated zone, its name and where it ends. None: an offset that no zone has."""
    match = _ZONE.match(text, start)
    if match is None:
        return None, "", start
    zulu, sign, hours, minutes, letters = match.groups()
    if zulu or letters == "UTC":
        return UTC, "UTC", match.end()
    if letters:
        return _named(letters, match.end(), start)
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _WIDEST or int(minutes or 0) > 59:  # noqa: PLR2004 -- minutes of an hour
        return None
    zone = timezone(offset if sign == "+" else -offset)
    return zone, _offset_name(zone), match.end()


def _named(letters: str, end: int, start: int) -> tuple[tzinfo | None, str, int]:
    if letters in _PLACES:
        return ZoneInfo(_PLACES[letters]), _PLACES[letters], end
    if letters in _HOURS:
        zone = timezone(timedelta(hours=_HOURS[letters]))
        return zone, _offset_name(zone), end
    return None, "", start


def _offset_name(zone: timezone) -> str:
    return "UTC" if zone == UTC else str(zone)[3:]
