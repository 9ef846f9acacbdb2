"""What the letters of a text tell about its language, where a statistical model errs or cannot know. Pure."""

import re
from typing import Final

KANA: Final = re.compile(r"[\u3040-\u30ff]")
HANGUL: Final = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_OWN: Final = (
    ("mk", re.compile("[ѓќѕЃЌЅ]")),
    ("sr", re.compile("[ђћЂЋ]")),
    ("be", re.compile("[ўЎ]")),
    ("uk", re.compile("[їєґЇЄҐ]")),
)
"""Letters that one language of those written in Cyrillic has for itself, the rarest first."""
_RUSSIAN: Final = re.compile("[ыэёЫЭЁ]")
_BULGARIAN: Final = re.compile("[ъЪ]")
OFTEN: Final = 4
"""Times that a letter which Russian has too must occur."""
_UKRAINIAN: Final = re.compile("[іІ]")


def told(text: str) -> str | None:
    """The language that the letters alone tell; None when several are written with them.

    Letters of names in another language are few: a language's own letters must be more than those it does not have.
    """
    if text.isascii():
        return None
    letters = sum(map(str.isalpha, text))
    if kana := len(KANA.findall(text)):
        return "ja" if kana * 10 > letters else None
    if hangul := len(HANGUL.findall(text)):
        return "ko" if hangul * 2 > letters else None
    if len(CYRILLIC.findall(text)) * 2 > letters:
        return _cyrillic(text)
    return None


def _cyrillic(text: str) -> str | None:
    russian = len(_RUSSIAN.findall(text))
    own = {language: len(pattern.findall(text)) for language, pattern in _OWN}
    if own["be"] and own["be"] * 4 >= own["uk"]:
        return "be"
    own["uk"] += len(_UKRAINIAN.findall(text))
    best = max(own, key=lambda language: own[language])
    if own[best] > russian:
        return best
    if russian > 2 * own[best]:
        return "ru"
    return "bg" if not russian and not own[best] and len(_BULGARIAN.findall(text)) >= OFTEN else None
