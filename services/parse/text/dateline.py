# ruff: noqa: RUF001, RUF003 -- datelines are in the letters of their languages
"""Datelines of agencies: `KYIV. June 7 (Agency) - `, `ПАРИЖ, 7 июня /АГЕНТСТВО/. `, `新华社北京6月7日电`."""

import re
from dataclasses import dataclass

from services.parse.times.months import month_named

_LONGEST = 120
_AGENCY_FIRST = re.compile(r"\([^\W\d][^()]{1,20}\) ?[-\u2013\u2014] ")
_END = re.compile(
    r" ?[\u2013\u2014] ?|(?<=[^\s.])\.?--? |(?<=\.)-+ | --? "  # a dash
    r"|(?<=[\w\s])/ ?(?P<slashed>[^\W\d_][^/\d]{1,24})/[.,:]?(?: ?[-\u2013\u2014]{1,2})? "  # 7 июня /ТАСС/.
    r"|(?<=\s)\((?P<agency>[^\W\d_][^()\d]{1,30})\)[:.]?(?: ?[-\u2013\u2014.]{1,2})? "  # Jun 7 (PTI)
)
_PLACE_END = re.compile(r"[.,(\d/]| -")
_PLACE_WORDS = 4
_WORDS = 12
_CAPITALS = 3
_SHORT = 8
_WITHIN = 3
_MARKS = frozenset("-\u2013\u2014:")
_SMALL = frozenset({"dpa", "afp", "sda", "apa", "ots", "ritzau", "epa"})
_NUMBERS = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}")
_NO_PLACE = frozenset({"on", "in", "at", "am", "im", "le", "el", "il", "den", "em", "fi", "في"})
_EAST = (
    re.compile(
        r"(?:[\u4e00-\u9fff]{1,5}社)?(?P<place>[\u4e00-\u9fff]{2,8}?)(?:\d{1,2}月)?\d{1,2}日[电電讯訊]"
        r"(?:\s?[（(](?:记者|記者)?\s?(?P<by>[^（()）\d]{2,30})[)）])?\s?"
    ),
    re.compile(r"[（(][\u4e00-\u9fff]{2,6}社(?P<by>)(?P<place>)[\u4e00-\u9fff]{2,12}\d{1,2}日[电電][)）]\s?"),
    re.compile(
        r"[(（\[](?P<place>[가-힣]{2,8}(?:·[가-힣]{2,8})*)=[가-힣A-Za-z0-9]{2,12}[)）\]]\s?"
        r"(?:(?P<by>[가-힣]{2,4}(?:[ ·,]{1,2}[가-힣]{2,4}){0,4})\s?(?:특파원|기자)\s?=\s?)?"
    ),
    re.compile(
        r"【(?P<by>)(?P<place>[^【】＝=\s]{2,12}?)(?:(?:AFP)?(?:共同|時事)|＝[^【】]{2,12}|=[^【】]{2,12})】\s?"
    ),
)
"""Of scripts without spaces: they end in a word for wire, or stand in brackets."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """`text`: as printed, without the dash after it. `place`: where it is from, "" when that cannot be told.

    `by`: the reporter that it names, as in China and Korea, else "".
    """

    text: str
    place: str
    by: str = ""


def find_dateline(paragraph: str) -> Dateline | None:
    """The dateline that the paragraph begins with."""
    start = paragraph[:_LONGEST]
    if not start.isascii() and (east := _eastern(start)):
        return east
    first = _AGENCY_FIRST.match(start)
    skipped = first.end() if first else 0
    ends = (end for end in _END.finditer(start, skipped))
    return next((found for end in ends if (found := _at(start, skipped, end))), None)


def _eastern(start: str) -> Dateline | None:
    match = next((found for pattern in _EAST if (found := pattern.match(start))), None)
    return Dateline(match[0].strip(" ="), match["place"], match["by"] or "") if match else None


def _at(start: str, skipped: int, end: re.Match[str]) -> Dateline | None:
    """The dateline that would end there, if it is one."""
    bracketed = bool(end["slashed"] or end["agency"])
    marked = end[0].rstrip()[-1:] in _MARKS
    whole = start[: end.end() if bracketed else end.start()].strip().rstrip(" -\u2013\u2014:.")
    line = start[skipped : end.start()].strip()
    words = _PLACE_END.split(line, maxsplit=1)[0].split()
    place = words[:-1] if words and words[-1].casefold() in _NO_PLACE else words
    if not 0 < len(place) <= _PLACE_WORDS or len(line.split()) > _WORDS or not _is_place(place):
        return None
    capitals = all(word.isupper() for word in place) and len(place[0]) >= _CAPITALS
    alone = len(place) == len(line.split())
    agency = alone and (
        (bool(end["slashed"]) and end[0][0] == "/" and start[end.start() - 1] == " ")
        or (_is_agency(end["agency"]) and marked)
    )
    sure = capitals or agency or _has_day(line)
    return Dateline(whole, " ".join(place).strip(" .,:;")) if sure else None


def _is_place(words: list[str]) -> bool:
    """Whether all are capitalised but short ones within: `Frankfurt am Main`."""
    return not words[0][0].islower() and not any(word[0].islower() and len(word) > _WITHIN for word in words)


def _is_agency(name: str | None) -> bool:
    """Whether it is short and in capitals, or one of those that are not: `(AP)`, `(dpa)`."""
    return name is not None and (name in _SMALL or (len(name) <= _SHORT and name.isupper()))


def _has_day(line: str) -> bool:
    if _NUMBERS.search(line):
        return True
    words = re.findall(r"[^\W\d_]{3,}", line)[1:]
    return any(letter.isdecimal() for letter in line) and any(month_named(word) for word in words)
