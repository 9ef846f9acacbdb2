# ruff: noqa: RUF001 -- names of zones are in the letters of their languages
"""The time of day in a printed time, with the zone it states."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from services.parse.times.months import half_of_day, spelling

_COLON = re.compile(r"(?:(?<=\d)T|(?<![\d:.]))(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?![\d:])")
_COMPACT = re.compile(r"(?<=(?<!\d)\d{8})(?:T|(?=\d{6}(?!\d)))(\d{2})(\d{2})(\d{2})?(?!\d)")
_LOOSE = (
    re.compile(
        r"(?<![\d.])(\d{1,2})\s?[時时点點시]\s?(?:(\d{1,2})\s?[分분]?(?:\s?(\d{1,2})\s?[秒초])?)?(?![\d間间간])"
    ),
    re.compile(r"(?<![\d.])(\d{1,2})\s?[.h]\s?(\d{2})()(?![\d.])"),
    re.compile(r"(?<![\d.:])([01]\d|2[0-3])([0-5]\d)()(?=\s?(?:GMT|UTC|Z)\b)"),
    re.compile(r"(?<![\d.])(\d{1,2})()()(?=\s?[ap]\.?m\b)", re.IGNORECASE),
)
_HALF = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_WORD_AFTER = re.compile(r"\s?([^\W\d_][^\s\d,;()|]{0,11})")
_WORD_BEFORE = re.compile(r"(?<![^\s\d,;()|])([^\W\d_][^\s\d,;()|]{0,11})\s?$")
_ZONE = re.compile(
    r"\s?\(?(?:(Z)\b|(?:UTC|GMT)?\s?([+\-\u2212])(\d{1,2}):?(\d{2})?(?![\d.])|([A-Z]{2,5}|(?i:мск))\b)\)?"
)

_WIDEST = timedelta(hours=14)

_HOURS: Final = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "МСК": 3,
    "TRT": 3, "EAT": 3, "SAST": 2, "WAT": 1, "PKT": 5, "WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "HKT": 8, "MYT": 8,
    "JST": 9, "KST": 9, "AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9,
    "HST": -10, "BRT": -3,
}  # fmt: skip
"""Abbreviations that mean one thing in news; IST, for one, means three. The page's own zone is asked first."""
_AFTER_NOON: Final = frozenset(map(spelling, (
    "晚上", "傍晚", "中午", "शाम", "दोपहर", "বিকাল", "বিকেল", "সন্ধ্যা", "পিএম", "chiều", "tối", "вечера", "дня", "вечора",
    "בערב", "عصر", "شام", "απόγευμα", "sore",
)))  # fmt: skip
"""Parts of the day that lie after noon (CLDR's day periods and their usual spellings), beside an hour of twelve."""

_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}


class Clock(NamedTuple):
    """A time of day. `second`: None when not printed. `zone`: the stated one with its name, if any.

    `letters`: the abbreviation of a zone as printed, known or not.
    """

    hour: int
    minute: int
    second: int | None = None
    zone: tzinfo | None = None
    zone_name: str = ""
    letters: str = ""


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
    zone, name, letters, end = stated
    clock = Clock(_hour(int(hour), half), int(minute), int(second) if second else None, zone, name, letters)
    if not (0 <= clock.hour < 24 and clock.minute < 60 and (clock.second or 0) < 60):  # noqa: PLR2004 -- a day's clock
        return None
    return clock, f"{text[:start]} {text[end:]}"


def _half(text: str, match: re.Match[str], language: str | None) -> tuple[str, int, int]:
    """Which half of the day a printed hour is of, if that is said, and where the time with it starts and ends."""
    if latin := _HALF.match(text, match.end()):
        return latin[1], match.start(), latin.end()
    after, before = _WORD_AFTER.match(text, match.end()), _WORD_BEFORE.search(text[: match.start()])
    if after and (half := _part_of_day(after[1], language)):
        return half, match.start(), after.end()
    if before and (half := _part_of_day(before[1], language)):
        return half, before.start(), match.end()
    return "", match.start(), match.end()


def _part_of_day(word: str, language: str | None) -> str:
    return half_of_day(word, language) or ("later" if spelling(word) in _AFTER_NOON else "")


def _hour(hour: int, half: str) -> int:
    if not half or (half == "later" and hour >= 12):  # noqa: PLR2004 -- half a day
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 -- half a day
        return -1
    return hour % 12 + (0 if half in "aA" else 12)


def _zone(text: str, start: int) -> tuple[tzinfo | None, str, str, int] | None:
    """The stated zone, its name, its abbreviation and where it ends. None: an offset that no zone has."""
    match = _ZONE.match(text, start)
    if match is None:
        return None, "", "", start
    zulu, sign, hours, minutes, letters = match.groups()
    if zulu or letters == "UTC":
        return UTC, "UTC", "", match.end()
    if letters:
        return _named(letters.upper(), match.end(), start)
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _WIDEST or int(minutes or 0) > 59:  # noqa: PLR2004 -- minutes of an hour
        return None
    zone = timezone(offset if sign == "+" else -offset)
    return zone, _offset_name(zone), "", match.end()


def _named(letters: str, end: int, start: int) -> tuple[tzinfo | None, str, str, int]:
    if letters in _PLACES:
        return ZoneInfo(_PLACES[letters]), _PLACES[letters], letters, end
    if letters in _HOURS:
        zone = timezone(timedelta(hours=_HOURS[letters]))
        return zone, _offset_name(zone), letters, end
    return None, "", letters, start


def _offset_name(zone: timezone) -> str:
    return "UTC" if zone == UTC else str(zone)[3:]
