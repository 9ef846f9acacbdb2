"""How much a line looks like running text by its shape and its neighbours, in any language.

The weights are those of a logistic regression over the lines of 576 labelled pages copied as text (the sets of
tests/quality), rounded. Fitted on three sets and tried on the fourth they hold: the mean F1 of kept characters is .884
then, and .886 with these on all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from typing import Final

from services.parse.text.lines import Line
from services.parse.text.signs import Sign

LEAST: Final = -0.3
"""Weight above which a line belongs to running text."""
_MENU_LINE: Final = 60
"""Characters: the mean line of a menu is shorter, of an article longer."""
_LONG: Final = 400
_DENSE: Final = 10
"""Lines for each blank one; a page with more of them shows its paragraphs otherwise."""
_WEB: Final = (
    "cookie", "newsletter", "javascript", "browser", "email", "e-mail", "©", "facebook", "twitter", "instagram",
    "whatsapp", "youtube", "log in", "login", "subscri", "abonn", "privacy", "copyright", "terms of", "sign up",
    "sign in",
)  # fmt: skip
"""Words that pages of all languages use of themselves, and articles seldom."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`weights`: for each line, over `LEAST` when it is running text. `region`: the lines where most of the text is."""

    weights: Sequence[float]
    region: range

    def is_text(self, at: int) -> bool:
        """Whether the line is running text, by its shape alone."""
        return self.weights[at] > LEAST


def mark_those_of_the_site(lines: Sequence[Line]) -> None:
    """Say of each line whether it speaks of the site: by the few words that the page has at all."""
    lowered = [line.text.lower() for line in lines]
    whole = "\n".join(lowered)
    words = [word for word in _WEB if word in whole]
    for line, text in zip(lines, lowered, strict=True) if words else ():
        line.of_site = any(word in text for word in words)


def shape_of(text: str, lines: Sequence[Line], signs: Sequence[Sign]) -> Shape:
    """Look at all lines of a page, and mark those that speak of the site."""
    mark_those_of_the_site(lines)
    sizes = [line.size for line in lines]
    region = _region([0 if sign.wire else size - _MENU_LINE for size, sign in zip(sizes, signs, strict=True)])
    blank = _after_blank(text, lines)
    following = [*sizes[1:], 0][: len(sizes)]
    weights = [
        _weight(line, size, then, signs[at].plain, at in region) + 1.4 * blank[at]
        for at, (line, size, then) in enumerate(zip(lines, sizes, following, strict=True))
    ]
    return Shape(weights, region)


def _after_blank(text: str, lines: Sequence[Line]) -> list[bool]:
    """Whether each line begins a paragraph: after a blank line, or anywhere where pages have none."""
    known = [True, *("\n\n" in text[before.end - 1 : line.start] for before, line in pairwise(lines))][: len(lines)]
    return known if sum(known) * _DENSE > len(known) else [True] * len(known)


def _weight(line: Line, size: int, following: int, plain: bool, inside: bool) -> float:  # noqa: FBT001 -- features
    ends = line.ends_sentence
    endless = inside and not ends and size >= _LONG  # nothing but text is so long, whatever it ends with
    return (
        -6.3
        + 2.7 * endless
        + 0.4 * log1p(size)
        + (2.2 if ends and inside else -0.5 if ends else 0)
        + 0.2 * line.is_prose
        + 2.1 * plain
        + 2.0 * line.text.endswith((":", "\uff1a"))
        - (1.9 if size < _LONG and line.of_site else 0)
        + 0.55 * min(following, _LONG) / 100
    )


def _region(gains: Sequence[int]) -> range:
    """The run of lines that are longest beyond those of a menu, taken together. `gains`: by how much each is."""
    best, start, total, most = range(0), 0, 0, 0
    for at, gain in enumerate(gains):
        if total <= 0:
            start, total = at, 0
        total += gain
        if total > most:
            best, most = range(start, at + 1), total
    return best
