"""The sentences that carry the article: TextRank over its first sentences, which leans to the lead as news does.

A sentence counts for as much as those it shares words with (Mihalcea and Tarau, 2004); the walk restarts more often
at the first sentences, because news tells what matters first.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Any, Final

from services.enrich.reading.sentences import sentences
from services.enrich.reading.words import UNSPACED, words
from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle
from shared.contracts.enriched import Sentence

READ: Final = 20_000
"""Characters of a body that are read."""
RANKED: Final = 40
"""Sentences that are compared with each other."""
KEPT: Final = 3
LONGEST: Final = 600
"""Characters; what is longer is a table or a list."""
SHORTEST: Final = 30
FEWEST: Final = 5
"""Words."""
_CREDIT: Final = re.compile(
    r"(?:photos?|pictures?|images?|fotos?|фото|bild|crédits?|sources?|quelle|fuente|źródło|zdj|джерело|источник)[^\w\n]{0,3}[:/©]",
    re.IGNORECASE,
)
DENSE: Final = 3
"""Letters that say what a character of a language without spaces says."""
COMMON: Final = 3
"""Letters of a word that is too short to tell what a sentence is about."""
DAMPING: Final = 0.85
ROUNDS: Final = 12
"""Walks settle to two digits within these."""


def rank(bags: Sequence[frozenset[str]]) -> list[float]:
    """The weight of each sentence, by its set of words."""
    count = len(bags)
    restart = [1 / (1 + place) for place in range(count)]
    whole = sum(restart)
    restart = [each / whole for each in restart]
    links = _links(bags)
    weights = restart
    for _ in range(ROUNDS):
        moved = [0.0] * count
        for place, near in enumerate(links):
            for other, share in near:
                moved[other] += share * weights[place]
        weights = [(1 - DAMPING) * restart[place] + DAMPING * moved[place] for place in range(count)]
    return [weight + restart[place] * (1 - DAMPING) for place, weight in enumerate(weights)]


def _links(bags: Sequence[frozenset[str]]) -> list[list[tuple[int, float]]]:
    """For each sentence, those that share words with it and what part of its weight they take."""
    near: list[list[tuple[int, float]]] = [[] for _ in bags]
    for place, bag in enumerate(bags):
        for other in range(place + 1, len(bags)):
            if shared := len(bag & bags[other]):
                likeness = shared / (log(len(bag) + 1) + log(len(bags[other]) + 1))
                near[place].append((other, likeness))
                near[other].append((place, likeness))
    totals = [sum(weight for _, weight in each) for each in near]
    return [[(other, weight / totals[place]) for other, weight in each] for place, each in enumerate(near)]


def _bags(texts: Sequence[str], language: str | None) -> list[frozenset[str]]:
    """The telling words of each: not the short ones, and not those that stand in most sentences."""
    found = [frozenset(word for word in words(text, language) if len(word) > COMMON or (not word.isascii() and
                       len(word) > 1)) for text in texts]  # fmt: skip
    often = Counter(word for bag in found for word in bag)
    return [frozenset(word for word in bag if often[word] * 2 <= len(texts) or len(texts) < 4) for bag in found]  # noqa: PLR2004


def _tells(sentence: str, language: str | None) -> bool:
    """Not a dateline, nor the credit of a picture."""
    return (language in UNSPACED or len(sentence.split()) >= FEWEST) and not _CREDIT.match(sentence)


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`key_sentences`: at most three, at most a third of the text, in its order."""
    body = article.body
    dense = DENSE if article.language in UNSPACED else 1
    spans = [each for each in sentences(body, READ) if SHORTEST <= (each[1] - each[0]) * dense <= LONGEST
             and _tells(body[each[0] : each[1]], article.language)][:RANKED]  # fmt: skip
    if not spans:
        raise NothingToDo("no sentences")
    weights = rank(_bags([body[start:end] for start, end in spans], article.language))
    best = sorted(range(len(spans)), key=lambda place: -weights[place])[: max(1, min(KEPT, len(spans) // 3))]
    chosen = [spans[place] for place in sorted(best)]
    return {"key_sentences": tuple(Sentence(text=body[start:end], start=start, end=end) for start, end in chosen)}


STEP: Final = Step("key_sentences", "textrank-lead-2", frozenset({"key_sentences"}), find, uses=("language",), cost=2.0)
