"""The headline of a page whose menus stand over it: the title that the text under it speaks of."""

import re
from collections import Counter

from services.parse.text.labels import key
from services.parse.text.lines import Line
from services.parse.text.signs import Sign

CROWDED = 12
"""Titles over the text, from which on most are a menu."""

SEVERAL = 4
"""Titles over the text, from which on the first is likelier a menu's than the article's."""

_LOOKED_AT = 60
_TEXT_LINES = 8
_NEAR = 3
_FULL = 9
_DECK = 6
_SHORT = 4
_LEAST = 1.0
_WORD = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")


def find_in_crowd(lines: list[Line], signs: list[Sign], titles: list[int], first: int) -> tuple[int, str, float] | None:
    """The likeliest of `titles`: its words come again in the text, a time or byline is near, it is near the text."""
    spoken = _stems(" ".join(line.text for line in lines[first : first + _TEXT_LINES]))
    printed = Counter(key(lines[at].text) for at in titles)
    scores = {
        at: _shared(lines[at], spoken)
        + _place(signs, at, first)
        + 0.3 * (printed[key(lines[at].text)] > 1)
        - 0.5 * lines[at].ends_sentence
        for at in titles[-_LOOKED_AT:]
    }
    best = max(scores, key=lambda at: scores[at], default=None)
    if best is None or scores[best] < _LEAST:
        return None
    return _over(lines, titles, best, spoken), "title the text speaks of", 0.7


def _over(lines: list[Line], titles: list[int], best: int, spoken: set[str]) -> int:
    """The headline where `best` is only the line under it or a caption, which say the same at greater length."""
    known = spoken | _stems(lines[best].text)
    above = [at for at in titles if best - _DECK <= at < best and lines[at].words >= _SHORT]
    return next((at for at in above if _is_short_of(lines[at], lines[best], known)), best)


def _is_short_of(line: Line, longer: Line, known: set[str]) -> bool:
    words = _stems(line.text)
    return line.size < longer.size and not line.ends_sentence and len(words & known) * 2 > max(len(words), 2)


def _shared(line: Line, spoken: set[str]) -> float:
    """0 to 2: the share of the line's words that the text has, and its length up to that of a headline."""
    words = _stems(line.text)
    if not words:
        return 0.0
    return (1.2 * len(words & spoken) / len(words) + 0.8) * min(line.words, _FULL) / _FULL


def _place(signs: list[Sign], at: int, first: int) -> float:
    """0 to 1: near a time or byline, and near the text."""
    near = signs[max(at - _NEAR, 0) : at + _NEAR + 1]
    beside = any(sign.stamp or sign.read_minutes or sign.label == "byline" for sign in near)
    return 0.4 * beside + 0.6 * max(0.0, 1 - (first - at) / _LOOKED_AT)


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.casefold())}
