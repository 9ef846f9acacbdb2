"""Names of months and the order of dates in many languages, from dateparser's data (CLDR and its corrections).

The data is read, not the library's parser called: that guesses missing parts from today's date and says nothing
of how sure it is. Reading the data of 40 languages takes 30 ms and 1 MB, once, when the first name is met.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, Literal

from dateparser.data.languages_info import language_order

Order = Literal["DMY", "MDY", "YMD"]

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LANGUAGES: Final[tuple[str, ...]] = tuple(language_order[:40])
"""The most used ones, whose words are known when a page does not tell its language."""
_ORDERS: Final[dict[str, Order]] = {"DMY": "DMY", "MDY": "MDY", "YMD": "YMD"}
_MARKS: Final = re.compile("[.\u0300-\u036f\u0640\u064b-\u0655]")
"""Dots of short forms, accents of Latin and Greek, vowels and hamzas of Arabic: capitals and plain typing omit them."""
_LETTERS: Final = str.maketrans({"\u0131": "i", "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9"})
"""The dotless i, which capitals hide, and the letters that Arabic and Persian keyboards write differently."""


@lru_cache(maxsize=64)
def words_of(language: str) -> dict[str, Any]:
    """What dateparser knows of a language's words for times; empty for one that it does not know."""
    if language not in language_order:
        return {}
    module = import_module(f"dateparser.data.date_translation_data.{language}")
    info: dict[str, Any] = module.info
    return info


@lru_cache(maxsize=256)
def known_language(tag: str | None) -> str | None:
    """The language of a BCP 47 tag as dateparser names it: `uk` of `uk-UA`, `sr-Latn` of itself. None: not known."""
    if not tag:
        return None
    parts = tag.replace("_", "-").split("-")
    script = f"{parts[0].lower()}-{parts[1].title()}" if len(parts) > 1 else ""
    return next((name for name in (script, parts[0].lower()) if name in language_order), None)


def spelling(word: str) -> str:
    """A name as it is looked up: without case, and without the marks and dots that pages leave out or put in."""
    if word.isascii():
        return word.casefold().replace(".", "")
    return _MARKS.sub("", unicodedata.normalize("NFD", word.casefold())).translate(_LETTERS)


@lru_cache(maxsize=64)
def _names(language: str) -> dict[str, int]:
    """Names of the language, and those that only some of its countries use: `Jänner`, `حزيران`."""
    info = words_of(language)
    found: dict[str, int] = {}
    for words in (info, *info.get("locale_specific", {}).values()):
        for number, month in enumerate(_MONTHS, 1):
            for name in words.get(month, ()):
                found.setdefault(spelling(name), number)
    return found


@lru_cache(maxsize=1)
def _all_months() -> dict[str, tuple[int, bool]]:
    found: dict[str, tuple[int, bool]] = {}
    for language in LANGUAGES:  # the most used first: theirs is the meaning where two languages differ
        for name, number in _names(language).items():
            known, contested = found.get(name, (number, False))
            found[name] = (known, contested or known != number)
    return found


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    return frozenset(
        spelling(name) for language in LANGUAGES for day in _DAYS for name in words_of(language).get(day, ())
    )


def month_named(word: str, language: str | None = None) -> tuple[int, bool] | None:
    """The number of the month called `word`, and whether languages disagree on it and none was given to decide.

    Croatian listopad is October, Polish and Czech listopad November.
    """
    name = spelling(word)
    base = known_language(language)
    if base and (number := _names(base).get(name)):
        return number, False
    return _all_months().get(name)


def is_weekday(word: str) -> bool:
    """Whether a language we know calls a day of the week so."""
    return spelling(word) in _weekdays()


@lru_cache(maxsize=64)
def half_of_day(word: str, language: str | None = None) -> Literal["a", "p"] | None:
    """Whether `word` stands for before noon or after noon; without its language only words of no Latin letters do."""
    name = spelling(word)
    known = known_language(language)
    for each in (known,) if known else LANGUAGES:
        for half, words in (("a", words_of(each).get("am", ())), ("p", words_of(each).get("pm", ()))):
            if any(name == spelling(known_word) for known_word in words) and (known or not name.isascii()):
                return "a" if half == "a" else "p"
    return None


@lru_cache(maxsize=256)
def usual_order(language: str | None) -> Order | None:
    """The order of numeric dates in the language and, where it is told (`en-GB`), the country. None: not known."""
    base = known_language(language)
    if not language or not base:
        return None
    info = words_of(base)
    local = info.get("locale_specific", {}).get(language.replace("_", "-"), {})
    return _ORDERS.get(local.get("date_order") or info.get("date_order", ""))
