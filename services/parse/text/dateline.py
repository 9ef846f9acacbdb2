"""Datelines of agencies: `KYIV. June 7 (Agency) - `, `WASHINGTON (AP) — `, `Paris, le 7 juin - `."""

import re

from services.parse.times.months import month_named

_LONGEST = 120
_DASH = re.compile(r" ?[\u2013\u2014] | --? ")
_PLACE_END = re.compile(r"[.,(\d]")
_PLACE_WORDS = 4
_WORDS = 12
_CAPITALS = 3


def find_dateline(paragraph: str) -> str | None:
    """The dateline that the paragraph begins with, without the dash after it."""
    dash = _DASH.search(paragraph[:_LONGEST])
    if dash is None:
        return None
    line = paragraph[: dash.start()].strip()
    place = _PLACE_END.split(line, maxsplit=1)[0].split()
    if not 0 < len(place) <= _PLACE_WORDS or len(line.split()) > _WORDS or any(word[0].islower() for word in place):
        return None
    capitals = all(word.isupper() for word in place) and len(place[0]) >= _CAPITALS
    agency = line.endswith(")") and line.count("(") == 1
    return line if capitals or agency or _has_day(line) else None


def _has_day(line: str) -> bool:
    words = re.findall(r"[^\W\d_]{3,}", line)[1:]
    return any(letter.isdecimal() for letter in line) and any(month_named(word) for word in words)
