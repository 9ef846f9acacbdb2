"""Days of other calendars than the Gregorian: the Thai and the Persian one, and the eras of Japan and Taiwan.

Lunar calendars are left alone: when a month of the Hijra began is not told by arithmetic.
"""

import re
from datetime import date, timedelta
from typing import Final

from services.parse.times.months import month_named, spelling

_BUDDHIST: Final = range(2533, 2644)
"""Years of the Thai calendar from 1990 on. No other calendar of news has them, so they need no language."""
_BUDDHIST_AHEAD: Final = 543
_THAI_CENTURY: Final = 2500 - _BUDDHIST_AHEAD
_PERSIAN: Final = range(1368, 1410)
"""Years of the Persian calendar from 1989 on; from 1410 on they could be of the Hijra as well."""
_MONTHS: Final = (
    "فروردین|حمل", "اردیبهشت|ثور", "خرداد|جوزا", "تیر|سرطان", "مرداد|امرداد|اسد", "شهریور|سنبله",
    "مهر|میزان", "آبان|عقرب", "آذر|قوس", "دی|جدی", "بهمن|دلو", "اسفند|حوت",
)  # fmt: skip
"""As CLDR has them: in Iran, and in Afghanistan."""
_NUMBERS: Final = {spelling(name): number for number, row in enumerate(_MONTHS, 1) for name in row.split("|")}
_NAMED: Final = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]{2,9})(?:\s+ماه)?[\s,،]{1,3}(\d{4})(?!\d)")
_ERAS: Final = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
"""The year before the first of each."""
_OF_ERA: Final = re.compile(r"(令和|平成|民國|民国)\s?(\d{1,3}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_THAI: Final = re.compile(r"(?<![\d.:])(\d{1,2})\s?([\u0e00-\u0e7f.]{3,12})\s?(\d{2})(?![\d:.])")
_LONG_MONTHS: Final = 6
_EPOCH: Final = 979
_EPOCH_DAY: Final = date(1600, 3, 20)
"""Nouruz of 979, from which the leap years are counted in cycles of 33."""


def gregorian(year: int, month: int, day: int | None) -> tuple[int, int, int | None]:
    """A printed year, month and day as the Gregorian calendar has them; as they are where they are of none known."""
    if year in _BUDDHIST:
        return year - _BUDDHIST_AHEAD, month, day
    return _of_persian(year, month, day) if year in _PERSIAN and day else (year, month, day)


def named_day(text: str) -> tuple[tuple[int, int, int], re.Match[str]] | None:
    """A day with a Persian month, an era or a short Thai year: Gregorian year, month and day, and where it stands."""
    if text.isascii():
        return None
    if (match := _OF_ERA.search(text)) is not None:
        year = 1 if match[2] == "元" else int(match[2])
        return (_ERAS[match[1]] + year, int(match[3]), int(match[4])), match
    if (match := _THAI.search(text)) is not None and (thai := month_named(match[2], "th")):
        return (_THAI_CENTURY + int(match[3]), thai[0], int(match[1])), match
    for match in _NAMED.finditer(text):
        month = _NUMBERS.get(spelling(match[2]))
        if month and int(match[3]) in _PERSIAN:
            return _of_persian(int(match[3]), month, int(match[1])), match
    return None


def _of_persian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Left as it is where the calendar has no such day; so no time comes of it."""
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= _LONG_MONTHS else 30)):  # noqa: PLR2004 -- a calendar
        return year, month, day
    cycles, rest = divmod(year - _EPOCH, 33)
    days = 365 * (year - _EPOCH) + 8 * cycles + (rest + 3) // 4 + 31 * (month - 1) + day - 1
    at = _EPOCH_DAY + timedelta(days=days - max(month - 1 - _LONG_MONTHS, 0))
    return at.year, at.month, at.day
