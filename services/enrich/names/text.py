"""A text as words with offsets, and runs of words that are written with a capital."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.contracts.enriched import EntityKind

READ: Final = 60_000
"""Characters of a body that are read for names; the longest reportage has fewer."""
LONGEST: Final = 60
"""Characters; a longer word is none."""
BY_HEAD: Final = "by its head word"
"""How the rule ends that names a body, a place or an event: "Universidad de Salamanca"."""
_WORD: Final = re.compile(
    r"(?<!\w)(?:[cdjlmnst]|[CDJLMNST]|[Qq]u)['’](?=[^\W\d_])|"
    r"[^\W\d_]+(?:(?!['’]s\b)[-'’ʼ.&][^\W\d_]+)*\.?|\d+|[^\w\s]|\n+"
)
"""A French article before a vowel is a word of its own: "l'OTAN"."""
_ENDLESS: Final = re.compile(r"\S{100,}")
_ENDS: Final = frozenset('.!?…:;"“”„«»()[]\n—–•|')


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text, `start` to `end` in characters."""

    start: int
    end: int
    kind: EntityKind
    confidence: float
    rule: str


class Word(NamedTuple):
    """A word. `first`: it opens a sentence, so its capital says nothing. `capital`: it is written with one.

    Each word is asked for its capital seven times, so that it is looked at when the word is read.
    """

    text: str
    start: int
    end: int
    first: bool
    capital: bool

    @property
    def acronym(self) -> bool:
        """Two to six capitals: NATO, США."""
        return 2 <= len(self.text) <= 6 and self.text.isupper() and self.text.isalpha()  # noqa: PLR2004


def spaced(text: str) -> str:
    """The text for a model's tokenizer, offsets kept: what is too long for a word is blank.

    spaCy splits marks off a word one at a time and searches it anew for each: 30,000 quotation marks take minutes.
    """
    return _ENDLESS.sub(lambda match: " " * len(match.group()), text)


def words(text: str) -> list[Word]:
    """All words and signs of a text, in their order. A full stop belongs to an initial or abbreviation only."""
    return list(_words(text[:READ]))


def _words(text: str) -> Iterator[Word]:
    first = True
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        stop = len(word) > 1 and word.endswith(".")
        if stop and not _abbreviated(word):
            word = word[:-1]
        yield Word(word, start, start + len(word), first, word[0].isupper() and len(word) <= LONGEST)
        first = word[0] in _ENDS or (stop and not word.endswith("."))
        if stop and not word.endswith("."):
            yield Word(".", start + len(word), start + len(word) + 1, first=False, capital=False)
            first = True


def _abbreviated(word: str) -> bool:
    """An initial ("J."), a dotted name ("U.S."), or a short title ("Dr.")."""
    return len(word) == 2 or "." in word[:-1] or word in _SHORT  # noqa: PLR2004


_SHORT: Final = frozenset(
    [
        "Dr.",
        "Mr.",
        "Mrs.",
        "Ms.",
        "St.",
        "Gen.",
        "Sen.",
        "Rep.",
        "Gov.",
        "Lt.",
        "Col.",
        "Prof.",
        "Jr.",
        "Sr.",
        "Mt.",
        "Sra.",
        "Hr.",
        "Fr.",
        "Inc.",
        "Ltd.",
        "Co.",
    ]
)


def runs(found: Sequence[Word], joints: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Indices of capitalised words that stand together, with the joints ("of", "von") between them."""
    start = 0
    while start < len(found):
        if not found[start].capital:
            start += 1
            continue
        end = start + 1
        while end < len(found):
            if found[end].capital and not found[end].first:
                end += 1
            elif (step := _bridge(found, end, joints)) > end:
                end = step
            else:
                break
        yield start, end
        start = end


def _bridge(found: Sequence[Word], at: int, joints: frozenset[str]) -> int:
    """Beyond up to three joints that lead to another capital; `at` when they do not."""
    end = at
    while end < min(at + 3, len(found)) and found[end].text.lower() in joints:
        end += 1
    return end + 1 if at < end < len(found) and found[end].capital else at
