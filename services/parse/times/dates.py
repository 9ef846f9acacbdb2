# ruff: noqa: RUF001 -- endings of numbers are in the letters of their languages
"""The day in a printed time: numbers first, names of months only where those say nothing."""

import re
from itertools import pairwise
from typing import NamedTuple

from services.parse.times.calendars import gregorian, named_day
from services.parse.times.months import Order, month_named, usual_order

_LIKE_DAY = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d{1,2}\s?[./-]\s?\d)")
"""A year, or three numbers: most lines with a number have neither, and so no day."""
_YEAR_FIRST = re.compile(r"(?<![\d/.-])(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d|[/.-]\d)")
_YEAR_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d|[/.-]\d)")
_EAST = re.compile(r"(?<!\d)(\d{4})\s?([年년])\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_COMPACT = re.compile(r"(?<!\d)(\d{4})()(\d{2})(\d{2})(?!\d)")
_MONTH = re.compile(r"(?<![\d/.-])(\d{4})-(\d{2})(?![\d-])")

_WORD = re.compile(r"[^\s\d_,\u060c;:/()|\[\]\u2019'\u2013\u2014-]{2,}")
"""A run of letters with their marks: in the scripts of India it is more marks than letters, in Thai it has dots."""
_NUMBERED = re.compile(
    r"(?<![\d.:])(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2}),?(?:\s+năm)?\s+(\d{4})(?!\d)", re.IGNORECASE
)  # Vietnamese months have numbers
_FILLER = r"(?:(?:de|del|do|of|d)\b\W{0,2})?"
_ONE_WORD = r"(?:[^\W\d][^\s\d]{0,5}\s)?"
_ORDINAL = r"(?:st|nd|rd|th|er|-?(?:го|е|go))?"
_DAY_BEFORE = re.compile(rf"(?<![\d.:])(\d{{1,2}}){_ORDINAL}\W{{0,3}}{_FILLER}$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})\.?\s?" + _ONE_WORD + r"\s?$")
_DAY_AFTER = re.compile(r"\W{0,3}(\d{1,2})(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE)
_YEAR_AFTER = re.compile(r"\W{0,4}" + _FILLER + _ONE_WORD + r"(\d{4})(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")

_MONTHS_IN_YEAR = 12
_DAYS_IN_MONTH = 31
_SHORT_YEAR = 2
_OLDEST = 90
"""Two-digit years from here on are of the last century: no news page is older than 1990."""


class Day(NamedTuple):
    """A day as printed. `day`: None when only the month is. `ambiguous`: something other than the print decided."""

    year: int
    month: int
    day: int | None
    ambiguous: bool = False


def may_hold_day(text: str) -> bool:
    """False, at a glance, where `cut_day` would find none; letters of other alphabets may be part of a day."""
    return bool(_LIKE_DAY.search(text)) if text.isascii() else any(map(str.isdecimal, text))


def cut_day(text: str, order: Order | None = None, language: str | None = None) -> tuple[Day, str] | None:
    """The day in `text` and what is left without it; None when there is none. It may not be in the calendar."""
    found = _printed(text, order, language) if may_hold_day(text) else None
    if found is None:
        return None
    day, rest = found
    return Day(*gregorian(day.year, day.month, day.day), day.ambiguous), rest


def _printed(text: str, order: Order | None, language: str | None) -> tuple[Day, str] | None:
    if named := named_day(text):
        return Day(*named[0]), _without(text, named[1])
    for pattern in (_YEAR_FIRST, _EAST, _COMPACT):
        if match := pattern.search(text):
            return Day(int(match[1]), int(match[3]), int(match[4])), _without(text, match)
    if match := _YEAR_LAST.search(text):
        return _by_order(match, order, language), _without(text, match)
    if match := _NUMBERED.search(text):
        return Day(int(match[3]), int(match[2]), int(match[1])), _without(text, match)
    if match := _MONTH.search(text):
        return Day(int(match[1]), int(match[2]), None), _without(text, match)
    return _named(text, language)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _by_order(match: re.Match[str], order: Order | None, language: str | None) -> Day:
    first, second = int(match[1]), int(match[3])
    short = len(match[4]) == _SHORT_YEAR
    if short and (order or usual_order(language)) == "YMD" and second <= _MONTHS_IN_YEAR:
        return Day(_whole(first), second, int(match[4]), ambiguous=first <= _DAYS_IN_MONTH)
    year = _whole(int(match[4])) if short else int(match[4])
    if first > _MONTHS_IN_YEAR or second > _MONTHS_IN_YEAR:
        day, month = (second, first) if second > _MONTHS_IN_YEAR else (first, second)
        return Day(year, month, day)
    dotted: Order | None = "DMY" if match[2] == "." else None  # where dates have dots, the day comes first
    decided = order or dotted or usual_order(language)
    day, month = (second, first) if decided == "MDY" else (first, second)
    return Day(year, month, day, ambiguous=first != second)


def _whole(short: int) -> int:
    return short + (1900 if short >= _OLDEST else 2000)


def _named(text: str, language: str | None) -> tuple[Day, str] | None:
    words = list(_WORD.finditer(text))
    pairs = () if text.isascii() else pairwise(words)  # months of two words are Arabic
    for start, end in (*pairs, *((word, word) for word in words)):
        month = month_named(text[start.start() : end.end()], language)
        if month and (found := _around(month, text[: start.start()], text[end.end() :])):
            return found
    return None


def _around(month: tuple[int, bool], before: str, after: str) -> tuple[Day, str] | None:
    """The day and year beside a month's name: `7 June 2024`, `June 7, 2024`, `2024. június 7.`, `June 2024`."""
    number, ambiguous = month
    if day := _DAY_BEFORE.search(before):
        before = before[: day.start()]
    elif day := _DAY_AFTER.match(after):
        after = after[day.end() :]
    year = _YEAR_AFTER.match(after)
    if year:
        after = after[year.end() :]
    elif year := _YEAR_BEFORE.search(before):
        before = before[: year.start()]
    elif year := _YEAR.search(after) if day else None:  # Fri Jun 7 20:50:00 2024
        after = _without(after, year)
    if year is None:
        return None
    return Day(int(year[1]), number, int(day[1]) if day else None, ambiguous), f"{before} {after}"
