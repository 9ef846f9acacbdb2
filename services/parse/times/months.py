"""Names of months and the order of dates in many languages, from dateparser's data (CLDR and its corrections).

The data is read, not the library's parser called: that guesses missing parts from today's date and says nothing
of how sure it is. Reading the data of 40 languages takes 30 ms and 1 MB, once, when the first name is met.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from dateparser.data.languages_info import language_order

Order = Literal["DMY", "MDY", "YMD"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LANGUAGES: tuple[str, ...] = tuple(language_order[:40])
_ORDERS: dict[str, Order] = {"DMY": "DMY", "MDY": "MDY", "YMD": "YMD"}


@lru_cache(maxsize=64)
def _data(language: str) -> dict[str, Any]:
    if language not in language_order:
        return {}
    module = import_module(f"dateparser.data.date_translation_data.{language}")
    info: dict[str, Any] = module.info
    return info


def _names(language: str) -> dict[str, int]:
    info = _data(language)
    return {
        name.casefold().rstrip("."): number for number, month in enumerate(_MONTHS, 1) for name in info.get(month, ())
    }


@lru_cache(maxsize=64)
def _language_months(language: str) -> dict[str, int]:
    return _names(language)


@lru_cache(maxsize=1)
def _all_months() -> dict[str, tuple[int, bool]]:
    found: dict[str, tuple[int, bool]] = {}
    for language in _LANGUAGES:  # the most used first: theirs is the meaning where two languages differ
        for name, number in _names(language).items():
            known, contested = found.get(name, (number, False))
            found[name] = (known, contested or known != number)
    return found


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    return frozenset(
        name.casefold().rstrip(".") for language in _LANGUAGES for day in _DAYS for name in _data(language).get(day, ())
    )


def base_language(language: str | None) -> str | None:
    """`uk` of `uk-UA`."""
    return language.replace("_", "-").split("-")[0].lower() if language else None


def month_named(word: str, language: str | None = None) -> tuple[int, bool] | None:
    """The number of the month called `word`, and whether languages disagree on it and none was given to decide.

    Croatian listopad is October, Polish and Czech listopad November.
    """
    name = word.casefold().rstrip(".")
    base = base_language(language)
    if base and (number := _language_months(base).get(name)):
        return number, False
    return _all_months().get(name)


def is_weekday(word: str) -> bool:
    """Whether a language we know calls a day of the week so."""
    return word.casefold().rstrip(".") in _weekdays()


@lru_cache(maxsize=256)
def usual_order(language: str | None) -> Order | None:
    """The order of numeric dates in the language and, where it is told (`en-GB`), the country. None: not known."""
    base = base_language(language)
    if not language or not base:
        return None
    info = _data(base)
    local = info.get("locale_specific", {}).get(language.replace("_", "-"), {})
    return _ORDERS.get(local.get("date_order") or info.get("date_order", ""))
