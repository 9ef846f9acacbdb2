"""Dates in a text, as precise as it is: "24 August 2025", "у березні 2024", "yesterday", "vor drei Tagen". Pure.

What has no year, and what is told from today, is resolved against the moment of publishing and is none without it.
Weekdays are left: whether "on Friday" is past or to come is not certain. Names of months are dateparser's data (CLDR).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from services.enrich.steps.amounts.numbers import SPELLED
from shared.contracts.enriched import Amount

LANGUAGES: Final = ("en", "uk", "ru", "de", "fr", "es", "pl")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_LOCATIVE: Final = {
    "uk": "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
    "ru": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
}
""""In March": the case that dateparser's data is without."""
_SHORTEST: Final = 3
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_LONG_AGO: Final = r"(?P<year>(?:1[0-9]|20)[0-9]{2})(?![0-9])"
"""Where the word for year follows."""
_STOP: Final = r"(?:\.(?=,?\s[0-9(]|,))?"
"""Of an abbreviation, not of the sentence."""
_RELATIVE: Final[dict[str, dict[str, int]]] = {
    "en": {"today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2},
    "uk": {"сьогодні": 0, "вчора": -1, "учора": -1, "завтра": 1, "позавчора": -2, "післязавтра": 2},
    "ru": {"сегодня": 0, "вчера": -1, "завтра": 1, "позавчера": -2, "послезавтра": 2},
    "de": {"heute": 0, "gestern": -1, "morgen": 1, "vorgestern": -2, "übermorgen": 2},
    "fr": {"aujourd'hui": 0, "aujourd’hui": 0, "hier": -1, "demain": 1, "avant-hier": -2, "après-demain": 2},
    "es": {"hoy": 0, "ayer": -1, "mañana": 1, "anteayer": -2, "pasado mañana": 2},
    "pl": {"dziś": 0, "dzisiaj": 0, "wczoraj": -1, "jutro": 1, "przedwczoraj": -2, "pojutrze": 2},
}
"""Days from the day of publishing."""
_AGAINST: Final = {
    "de": re.compile(r"(?:am|jeden|gestern|heute|guten|der|den|einem|dem)\s$", re.IGNORECASE),
    "es": re.compile(r"(?:la|de|esta|cada|por la|una)\s$", re.IGNORECASE),
}
""""am Morgen" and "la mañana" are mornings."""
_YEARS: Final[dict[str, dict[str, int]]] = {
    "en": {"last year": -1, "this year": 0, "next year": 1},
    "uk": {"минулого року": -1, "торік": -1, "цього року": 0, "цьогоріч": 0, "наступного року": 1},
    "ru": {"в прошлом году": -1, "в этом году": 0, "в текущем году": 0, "в следующем году": 1},
    "de": {"im vergangenen jahr": -1, "letztes jahr": -1, "in diesem jahr": 0, "im kommenden jahr": 1,
           "nächstes jahr": 1},
    "fr": {"l'an dernier": -1, "l’an dernier": -1, "l'année dernière": -1, "l’année dernière": -1, "cette année": 0,
           "l'an prochain": 1, "l’an prochain": 1, "l'année prochaine": 1, "l’année prochaine": 1},
    "es": {"el año pasado": -1, "este año": 0, "el próximo año": 1},
    "pl": {"w zeszłym roku": -1, "w ubiegłym roku": -1, "w tym roku": 0, "w przyszłym roku": 1},
}  # fmt: skip
_AGO: Final = {
    "en": r"(?P<n>{n})\s(?P<u>days?|weeks?|months?|years?)\sago",
    "uk": r"(?P<n>{n})\s(?P<u>д\w+|тиж\w+|міс\w+|ро[кц]\w+)\sтому",
    "ru": r"(?P<n>{n})\s(?P<u>д\w+|нед\w+|мес\w+|лет|год\w*)\sназад",
    "de": r"vor\s(?P<n>{n})\s(?P<u>tag\w*|woch\w*|monat\w*|jahr\w*)",
    "fr": r"il\sy\sa\s(?P<n>{n})\s(?P<u>jours?|semaines?|mois|ans?)",
    "es": r"hace\s(?P<n>{n})\s(?P<u>días?|semanas?|mes(?:es)?|años?)",
    "pl": r"(?P<n>{n})\s(?P<u>dni|tyg\w+|mies\w+|lat\w*|rok\w*)\stemu",
}
_UNIT: Final = (
    ("day", ("day", "д", "tag", "jour", "día", "dni")),
    ("week", ("week", "тиж", "нед", "woch", "semain", "seman", "tyg")),
    ("month", ("month", "міс", "мес", "monat", "mois", "mes", "mies")),
)  # fmt: skip
_IN_YEAR: Final = {
    "en": rf"(?:in|since|by|until|during)\s{_YEAR}",
    "uk": rf"(?:[уУвВ]\s)?{_LONG_AGO}(?:\s(?:ро[кц]\w+|р\.)|-(?:го|му|м|й)(?!\w))",
    "ru": rf"(?:[Вв]\s)?{_LONG_AGO}(?:\s(?:год\w*|г\.)|-(?:го|му|м|й)(?!\w))",
    "de": rf"(?:im\sjahr\w?|seit|in|bis)\s{_YEAR}",
    "fr": rf"(?:en|depuis|dès)\s{_YEAR}", "es": rf"(?:en|desde|hasta)\s{_YEAR}",
    "pl": rf"(?:w\s)?{_LONG_AGO}\s(?:rok\w+|r\.)",
}  # fmt: skip
HALF_A_YEAR: Final = 183
_ORDER_MDY: Final = frozenset({"en"})
_ISO: Final = re.compile(r"(?<![\w-])(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![\w-])")
_NUMERIC: Final = re.compile(
    r"(?<![\w.,/])(?P<day>[0-9]{1,2})(?P<mark>[./])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>(?:19|20)[0-9]{2})(?![\w/])"
)


_TO: Final = r"(?:\s?[-–—]\s?|\s(?:to|until|through|до|по|bis|bis zum|au|al|do)\s)"
"""Between the first and the last day: "с 1 по 15 июля"."""


class Found(NamedTuple):
    """A date's place, ISO 8601 (a day, days to a day, a week, a month, a year), and the rule that read it."""

    start: int
    end: int
    date: str
    rule: str


@cache
def months(language: str) -> dict[str, int]:
    """Names of months in their forms, in lower case, without those that are other words too."""
    info: dict[str, Any] = import_module(f"dateparser.data.date_translation_data.{language}").info
    names = {
        name.lower().rstrip("."): number for number, month in enumerate(_MONTHS, 1) for name in info.get(month, ())
    }
    names |= {name: number for number, name in enumerate(_LOCATIVE.get(language, "").split(), 1)}
    return {name: number for name, number in names.items() if len(name) >= _SHORTEST}


@cache
def _named(language: str) -> re.Pattern[str]:
    name = "|".join(sorted(map(re.escape, months(language)), key=len, reverse=True))
    order = r"(?:st|nd|rd|th|er|\.|-го|-е)?"
    day = rf"(?P<day>[0-9]{{1,2}})(?:{order}{_TO}(?P<to>[0-9]{{1,2}}))?{order}\s(?:of\s|de\s)?"
    tail = rf"(?:,?\s(?:de\s|del\s)?{_YEAR})?"
    first = rf"(?<![\w.,]){day}(?P<name>{name})(?!\w){_STOP}{tail}"
    english = (
        rf"(?<!\w)(?P<name2>{name})\.?\s(?P<day2>[0-9]{{1,2}})(?:[-–—](?P<to2>[0-9]{{1,2}}))?(?:st|nd|rd|th)?(?![\w.,]*[0-9%])"
        rf"(?:,?\s(?P<year2>(?:19|20)[0-9]{{2}})(?![0-9]))?"
    )
    month = rf"(?<!\w)(?P<name3>{name}){_STOP}(?:\sde|\sdel)?\s(?P<year3>(?:19|20)[0-9]{{2}})(?![0-9])"
    parts = [first, english, month] if language in _ORDER_MDY else [first, month]
    return re.compile("|".join(parts), re.IGNORECASE)


@cache
def _words(language: str, which: str) -> re.Pattern[str]:
    table = (_RELATIVE if which == "days" else _YEARS)[language]
    name = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{name})(?![\w-])", re.IGNORECASE)


@cache
def _ago(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w){_AGO[language].format(n='|'.join(['[0-9]{1,3}', *SPELLED[language]]))}(?!\w)", re.IGNORECASE
    )


def dates(text: str, language: str, published: date | None) -> list[Amount]:
    """The dates of a text in their order; where two rules read the same words, the one that reads more."""
    found = [*_numeric(text, language)]
    if language in LANGUAGES:
        found += [*_with_month(text, language, published), *_year_alone(text, language)]
        if published:
            found += [*_from_today(text, language, published), *_long_ago(text, language, published)]
    return [Amount(kind="date", raw=text[each.start : each.end], start=each.start, end=each.end, date=each.date,
                   rule=each.rule) for each in apart(found)]  # fmt: skip


def apart(found: list[Found]) -> list[Found]:
    """Without those that overlap an earlier or longer one."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _numeric(text: str, language: str) -> Iterator[Found]:
    for each in _ISO.finditer(text):
        if day := _day(int(each["year"]), int(each["month"]), int(each["day"])):
            yield Found(each.start(), each.end(), day.isoformat(), "iso")
    for each in _NUMERIC.finditer(text):
        first, second = int(each["day"]), int(each["month"])
        if language == "en" and first <= 12 and second <= 12 and first != second:  # noqa: PLR2004
            continue  # day and month, or the other way round: not certain
        if second > 12 and language == "en":  # noqa: PLR2004
            first, second = second, first
        if day := _day(int(each["year"]), second, first):
            yield Found(each.start(), each.end(), day.isoformat(), "numeric")


def _with_month(text: str, language: str, published: date | None) -> Iterator[Found]:
    known = months(language)
    for each in _named(language).finditer(text):
        groups = each.groupdict()
        name = groups["name"] or groups.get("name2") or groups["name3"]
        number, day = known[name.lower()], groups["day"] or groups.get("day2")
        year = groups["year"] or groups.get("year2") or groups["year3"]
        if language == "en" and name[0].islower():  # "may", "march"
            continue
        if day is None:
            yield Found(each.start(), each.end(), f"{year}-{number:02d}", "month-year")
            continue
        first = _day(int(year), number, int(day)) if year else published and _nearest(published, number, int(day))
        if first:
            rule = "day-month-year" if year else "day-month"
            yield Found(each.start(), each.end(), _until(first, groups["to"] or groups.get("to2")), rule)


def _until(first: date, last: str | None) -> str:
    """A day, or an interval to another day of its month: "2024-07-09/2024-07-11"."""
    until = _day(first.year, first.month, int(last)) if last else None
    return f"{first}/{until}" if until and until > first else first.isoformat()


def _year_alone(text: str, language: str) -> Iterator[Found]:
    for each in re.finditer(rf"(?<![\w.,-]){_IN_YEAR[language]}", text, re.IGNORECASE):
        yield Found(each.start("year"), each.end("year"), each["year"], "year")


def _from_today(text: str, language: str, published: date) -> Iterator[Found]:
    against = _AGAINST.get(language)
    for each in _words(language, "days").finditer(text):
        if (
            against
            and each.group().lower() in {"morgen", "mañana"}
            and against.search(text, max(0, each.start() - 10), each.start())
        ):
            continue
        day = published + timedelta(days=_RELATIVE[language][each.group().lower()])
        yield Found(each.start(), each.end(), day.isoformat(), "relative-day")
    for each in _words(language, "years").finditer(text):
        yield Found(
            each.start(), each.end(), str(published.year + _YEARS[language][each.group().lower()]), "relative-year"
        )


def _long_ago(text: str, language: str, published: date) -> Iterator[Found]:
    for each in _ago(language).finditer(text):
        word = each["n"].lower()
        count = int(word) if word.isdigit() else SPELLED[language][word]
        unit = next((name for name, begun in _UNIT if each["u"].lower().startswith(begun)), "year")
        if count == int(count) and (when := _before(published, int(count), unit)):
            yield Found(each.start(), each.end(), when, "ago")


def _before(published: date, count: int, unit: str) -> str | None:
    """So long before, as precise as the unit: days to the day, months to the month."""
    if unit == "day":
        return (published - timedelta(days=count)).isoformat()
    if unit == "week":
        year, week, _ = (published - timedelta(weeks=count)).isocalendar()
        return f"{year}-W{week:02d}"
    if unit == "month":
        months_since = published.year * 12 + published.month - 1 - count
        return f"{months_since // 12}-{months_since % 12 + 1:02d}"
    return str(published.year - count)


def _nearest(published: date, month: int, day: int) -> date | None:
    """The day without a year that is nearest to the day of publishing."""
    choices = [
        known for year in (published.year - 1, published.year, published.year + 1) if (known := _day(year, month, day))
    ]
    best = min(choices, key=lambda each: abs((each - published).days), default=None)
    return best if best and abs((best - published).days) <= HALF_A_YEAR else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
