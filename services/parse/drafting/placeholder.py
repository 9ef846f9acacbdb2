"""Text of the same shape that says nothing: so that a fixture has a site's structure and none of its words. Pure."""

import random
import re
import unicodedata
from typing import Final

from services.parse.text.labels import GENERAL, SIGNED, key
from services.parse.times.months import is_weekday, month_named

_WORD: Final = re.compile(r"[^\W\d_]+")
_DIGIT: Final = re.compile(r"\d")
_LATIN: Final = ("bdfgklmnprstvz", "aeiou")
_SCRIPTS: Final = {
    "CYRILLIC": ("бвгдзклмнпрст", "аеиоу"),
    "GREEK": ("βγδκλμνπρστ", "αεηιου"),
    "ARABIC": ("بتدرسفكلمن", "اوي"),
    "HEBREW": ("בגדכלמנפרש", "אוי"),
    "CJK": ("山川木水火土日月人大小中上下东西南北", "山川木水火土日月人大小中上下东西南北"),
    "HANGUL": ("가나다라마바사아자하", "가나다라마바사아자하"),
    "HIRAGANA": ("あかさたなはまやら", "いきしちにひみり"),
    "KATAKANA": ("アカサタナハマヤラ", "イキシチニヒミリ"),
    "THAI": ("กคงจดตนบปพมยรลวสห", "าะเแโ"),
    "DEVANAGARI": ("कगजतदनपबमरलस", "ािीेो"),
}
ZONE_LENGTH: Final = 4
"""Letters of a zone as it is printed: UTC, CEST."""
_CLOCK: Final = frozenset(
    {
        "am",
        "pm",
        "uhr",
        "at",
        "um",
        "th",
        "st",
        "nd",
        "rd",
        "de",
        "ago",
        "year",
        "published",
        "submitted",
        "updated",
        "on",
    }
)
_KEPT_WORDS: Final = frozenset(each.strip() for each in (*SIGNED, "and ", "und ", "et "))


class Placeholder:
    """The same word always gives the same other word, so that what is equal on a page stays equal."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._chance = random.Random(7)  # noqa: S311 - nothing depends on nobody guessing it

    def text(self, text: str) -> str:
        """`text` with every word and digit replaced; labels and what begins a byline stay."""
        if key(text) in GENERAL:
            return text
        return _DIGIT.sub(
            lambda digit: "0" if digit[0] == "0" else "4", _WORD.sub(lambda word: self.word(word[0]), text)
        )

    def time(self, text: str) -> str:
        """`text` with every word replaced that is no part of a time; its numbers stay."""
        return _WORD.sub(lambda word: word[0] if _is_time(word[0]) else self.word(word[0]), text)

    def word(self, word: str) -> str:
        """A word of the same length, script and capitals."""
        plain = word.casefold()
        if plain in _KEPT_WORDS:
            return word
        if plain not in self._known:
            hard, soft = _letters(word[0])
            start = self._chance.random() < 0.7  # noqa: PLR2004 - most words begin with a consonant
            pairs = (self._chance.choice(hard if (number % 2 == 0) == start else soft) for number in range(len(word)))
            self._known[plain] = "".join(pairs)
        return _capitals(self._known[plain], word)


def _is_time(word: str) -> bool:
    zone = word.isupper() and len(word) <= ZONE_LENGTH
    return zone or len(word) == 1 or word.casefold() in _CLOCK or is_weekday(word) or month_named(word) is not None


def _letters(character: str) -> tuple[str, str]:
    name = unicodedata.name(character, "")
    return next((letters for script, letters in _SCRIPTS.items() if name.startswith(script)), _LATIN)


def _capitals(plain: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return plain.upper()
    return plain.capitalize() if like[0].isupper() else plain
