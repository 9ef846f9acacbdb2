"""Keyphrases by YAKE (Campos and others, 2020): words that stand early, often and in few companies.

yake-rust has the stopwords; of a language that it does not know there are no keyphrases.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import islice, pairwise
from typing import Any, Final, NamedTuple, Self

from yake_rust import Yake

from services.enrich.reading.words import UNSPACED
from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle

LANGUAGES: Final = frozenset("ar de en es fr it ja nl pl pt ru sv tr uk zh".split())
"""With stopwords in the package; to ask it for another language ends the process, so it is not asked."""
READ: Final = 20_000
"""Characters of headline and body."""
LONGEST_WORD: Final = 60
KEPT: Final = 10
ASKED, LOOKED_AT = 90, 60
"""Phrases of the method, and the best of them; most say the same with a word more or less. Which ones the method cuts
off at the end changes with the last digits of their scores, and so must not be among the best. It compares each with
each: 300 take half as long again."""
WORDS: Final = 3
_APOSTROPHES: Final = "'’ʼ"
_CUT: Final = frozenset({"n't", "n’t"})
"""What the method's tokenizer cuts off: "’ve", "n't"."""
SAME: Final = 0.9
"""Phrases that share more of their pairs of letters than this are one, if their numbers are the same."""
ALL: Final = 1.0
"""To the method: leave none out for being like another. It would choose among equals, another one each time."""


@cache
def _extractor(language: str) -> Yake:
    return Yake(language=language, ngrams=WORDS, deduplication_threshold=ALL)


def _load() -> None:
    for language in sorted(LANGUAGES - UNSPACED):
        _extractor(language).get_n_best("The stopwords are read at their first use.", n=1)


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`keyphrases`: at most ten, the most telling first, as the text writes them; none within another."""
    language = (article.language or "").partition("-")[0]
    if language not in LANGUAGES - UNSPACED:
        raise NothingToDo(f"no stopwords for {language or 'a text without language'}")
    text = readable(f"{article.headline}\n{article.body}"[:READ])
    return {"keyphrases": tuple(islice(apart(ranked(text, language)), KEPT))}


def ranked(text: str, language: str) -> list[str]:
    """Phrases, the most telling first.

    The last digits of the method's scores come and go from call to call, for it adds in any order. Equals go by their
    place in the text, or else the same article would be another the next time.
    """
    found = _extractor(language).get_n_best(text, n=ASKED)
    known = sorted((float(f"{score:.9g}"), text.find(each), each) for each, score in found)
    return [phrase for _, _, phrase in known[:LOOKED_AT]]


def readable(text: str) -> str:
    """Lines closed with a stop, so that no phrase goes from one to the next, and without what is no word."""
    lines = (" ".join(word for word in line.split() if len(word) <= LONGEST_WORD) for line in text.splitlines())
    return "\n".join(line if line[-1] in ".!?" else f"{line}." for line in lines if line)


class _Phrase(NamedTuple):
    """A phrase as it is compared."""

    words: AbstractSet[str]
    pairs: AbstractSet[str]
    digits: str

    @classmethod
    def of(cls, text: str) -> Self:
        lowered = text.casefold()
        pairs = frozenset(map("".join, pairwise(f" {lowered} ")))
        return cls(frozenset(lowered.split()), pairs, "".join(filter(str.isdigit, lowered)))

    def says(self, other: "_Phrase") -> bool:
        """Whether one says what the other does, with fewer or more words or other endings; by Dice's measure."""
        if self.words <= other.words or other.words <= self.words:
            return True
        shared = 2 * len(self.pairs & other.pairs) / (len(self.pairs) + len(other.pairs))
        return shared > SAME and self.digits == other.digits


def apart(phrases: Iterable[str]) -> Iterator[str]:
    """Without those that say again what one before them says."""
    kept: list[_Phrase] = []
    for text in filter(_is_phrase, phrases):
        phrase = _Phrase.of(text)
        if not any(map(phrase.says, kept)):
            kept.append(phrase)
            yield text


def _is_phrase(text: str) -> bool:
    words = text.casefold().split()
    return (
        len(set(words)) == len(words)
        and any(map(str.isalpha, text))
        and not any(word[0] in _APOSTROPHES or word in _CUT for word in words)
    )


STEP: Final = Step(
    "keyphrases", "yake-rust-1.2-4", frozenset({"keyphrases"}), find, needs=("language",), cost=7.5, load=_load
)
