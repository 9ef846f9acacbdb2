"""Times counted back from when a page is seen: `2 hours ago`, `yesterday`. The words are dateparser's data (CLDR).

Its patterns hold nothing but words around one number, so they are looked up as phrases and not matched. Where it
lacks a plural (Polish `5 godzin temu`), the phrase is made from its words for the unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Final, Literal

from services.parse.times.months import LANGUAGES, known_language, spelling, words_of

Unit = Literal["second", "minute", "hour", "day", "week"]

UNITS: Final[tuple[Unit, ...]] = ("second", "minute", "hour", "day", "week")
"""Months and years ago say no day."""
LONGEST: Final = 80
"""Characters that such a time takes, with a few words around it."""
_SECONDS: Final = MappingProxyType({"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800})
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_ANY: Final = r"(\d++[.,]?\d*+)"
_PATTERN: Final = re.compile(r"[\\?+*()\[\]]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_EDGES: Final = ",:;()|\u2022\u00b7"


@dataclass(frozen=True, slots=True)
class Ago:
    """So many units before the page was seen; 0 days is today."""

    count: int
    unit: Unit

    @property
    def span(self) -> timedelta:
        """How long ago that is."""
        return timedelta(seconds=self.count * _SECONDS[self.unit])


Phrases = dict[str, tuple[Unit, int | None]]
"""What a phrase means: the unit, and how many where it names no number. The number stands as `{}`."""


def cut_ago(text: str, language: str | None = None) -> tuple[Ago, str] | None:
    """The time in `text` and what is left without it; None when there is none that all languages agree on."""
    if len(text) > LONGEST:
        return None
    known = known_language(language)
    words = [word for each in spelling(text).split() if (word := each.strip(_EDGES))]
    for phrases, numbers in ((_phrases(known), _numbers(known)), (_all_phrases(), _numbers("en"))):
        if found := _longest(_with_number(words, numbers), phrases):
            return found
    return None


def _with_number(words: list[str], numbers: dict[str, int]) -> tuple[list[str], int | None]:
    """The words with `{}` for their number, and the number: digits, or else a word such as `an`."""
    for place, word in enumerate(words):
        if match := _NUMBER.search(word):
            return [*words[:place], f"{word[: match.start()]}{{}}{word[match.end() :]}", *words[place + 1 :]], int(
                match[0]
            )
    for place, word in enumerate(words):
        if word in numbers:
            return [*words[:place], "{}", *words[place + 1 :]], numbers[word]
    return words, None


def _longest(given: tuple[list[str], int | None], phrases: Phrases) -> tuple[Ago, str] | None:
    words, number = given
    for size in range(min(len(words), 6), 0, -1):
        for start in range(len(words) - size + 1):
            meaning = phrases.get(" ".join(words[start : start + size]))
            count = None if meaning is None else number if meaning[1] is None else meaning[1]
            if meaning and count is not None:
                return Ago(count, meaning[0]), " ".join((*words[:start], *words[start + size :]))
    return None


@lru_cache(maxsize=64)
def _phrases(language: str | None) -> Phrases:
    found: Phrases = {}
    if language is None:
        return found
    info = words_of(language)
    for phrase, unit, count in (*_named(info), *_counted(info)):
        found.setdefault(phrase, (unit, count))
        found.setdefault(phrase.replace(" ", ""), (unit, count))
    return found


def _named(info: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, Unit, int]]:
    """Phrases without a number: `yesterday` for 1 day. This hour and this minute are no times."""
    for meaning, phrases in info.get("relative-type", {}).items():
        count, _, rest = meaning.partition(" ")
        for unit in UNITS:
            if rest == f"{unit} ago" and count.isdigit() and (unit == "day" or count != "0"):
                for phrase in phrases:
                    yield spelling(phrase), unit, int(count)


def _counted(info: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, Unit, None]]:
    frames: dict[str, None] = {}
    for unit in UNITS:
        for pattern in info.get("relative-type-regex", {}).get(f"\\1 {unit} ago", ()):
            phrase = spelling(pattern.replace(_ANY, "{}").replace("\\s*", ""))
            if not _PATTERN.search(phrase):
                yield phrase, unit, None
                frames |= dict.fromkeys(_frames(phrase, {spelling(word) for word in info.get(unit, ())}))
    for unit in UNITS:
        for frame, word in product(frames, info.get(unit, ())):
            yield frame.replace("|", spelling(word)), unit, None


def _frames(phrase: str, units: set[str]) -> Iterator[str]:
    """The phrase with `|` for its unit: `vor {} |`."""
    words = phrase.split()
    for place, word in enumerate(words):
        if word in units:
            yield " ".join((*words[:place], "|", *words[place + 1 :]))


@lru_cache(maxsize=1)
def _all_phrases() -> Phrases:
    """The phrases of all languages but those that mean different times in two of them."""
    found: Phrases = {}
    contested: set[str] = set()
    for language in LANGUAGES:
        for phrase, meaning in _phrases(language).items():
            if found.setdefault(phrase, meaning) != meaning:
                contested.add(phrase)
    return {phrase: meaning for phrase, meaning in found.items() if phrase not in contested}


@lru_cache(maxsize=64)
def _numbers(language: str | None) -> dict[str, int]:
    rules: list[dict[str, str]] = (words_of(language).get("simplifications") or []) if language else []
    pairs = ((word, number) for rule in rules for word, number in rule.items())
    return {word: int(number) for word, number in pairs if _WORD.fullmatch(word) and number.isdigit()}
