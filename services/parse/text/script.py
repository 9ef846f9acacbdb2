"""The language of a text that is told by its letters alone."""

import re
import unicodedata
from collections import Counter
from typing import Final

_READ: Final = 20_000
_LOOKED_AT: Final = 400
"""Letters outside ASCII."""
_FOREIGN: Final = re.compile(r"[^\W\d_\x00-\x7f]")
_LEAST: Final = 20
_OF_SCRIPT: Final = {
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "HEBREW": "he", "GREEK": "el",
    "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu", "KANNADA": "kn", "MALAYALAM": "ml",
    "GURMUKHI": "pa", "SINHALA": "si", "KHMER": "km", "MYANMAR": "my", "LAO": "lo", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "ETHIOPIC": "am",
}  # fmt: skip
"""Scripts, by the first word of their letters' names, that one language of news writes."""
_KANA_SHARE: Final = 0.1
"""Japanese has at least so much kana among its ideographs, Chinese none."""


def language_of(text: str) -> str | None:
    """The language that most letters of `text` are written in; None for alphabets that several languages share."""
    letters = _FOREIGN.findall(text[:_READ])[:_LOOKED_AT]
    counts = Counter(_OF_SCRIPT.get(unicodedata.name(letter, "").partition(" ")[0], "") for letter in letters)
    if counts["ja"] > _KANA_SHARE * counts["zh"]:
        counts["ja"] += counts.pop("zh", 0)
    found, count = counts.most_common(1)[0] if counts else ("", 0)
    return found if found and count >= _LEAST else None
