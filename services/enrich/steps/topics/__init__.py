"""What the article is about, as IPTC Media Topics: the top level, and the second where its words are clear.

Words of each topic are looked up and weighed: more in headline and lead, less each time they come again. A topic has
a share of all that was found, less the less was found; below a bar there is no topic. Its confidence is how often a
topic with that share is right.
"""

from collections import Counter
from collections.abc import Mapping
from math import log2
from typing import Any, Final

from services.enrich.steps.step import NothingToDo, Step
from services.enrich.steps.topics.confidence import scaling
from services.enrich.steps.topics.vocabulary import LANGUAGES, headings, split, vocabulary
from shared.contracts import EnrichedArticle
from shared.contracts.enriched import Topic

READ: Final = 6_000
"""Characters of a body that are read."""
LEAD: Final = 300
"""Characters of it that count twice."""
IN_HEADLINE: Final = 3.0
IN_LEAD: Final = 2.0
DOUBT: Final = 6.0
"""Weight of what speaks for no topic, in every article: what little is found is little sure."""
LEAST: Final = 0.25
"""Share of a topic that is told."""
SECOND: Final = 0.6
"""Share of its top's weight that a second level has to have."""
WORDS: Final = 3
"""Different words that have to speak for a topic."""
KEPT: Final = 4
"""Tops; each with at most one second level."""


def weigh(headline: str, body: str, language: str) -> tuple[dict[str, float], Counter[str]]:
    """What speaks for each topic: the weight of its words, and how many different ones there are."""
    known = vocabulary(language)
    best: dict[tuple[str, str], float] = {}
    times: Counter[tuple[str, str]] = Counter()
    text = body[:READ]
    for part, weight in ((headline, IN_HEADLINE), (text[:LEAD], IN_LEAD), (text[LEAD:], 1.0)):
        words = split(part, language)
        for place in range(len(words)):
            for entry in known.at(words, place):
                which = (entry.code, entry.key)
                best[which] = max(best.get(which, 0.0), weight)
                times[which] += 1
    weights: dict[str, float] = {}
    for which, weight in best.items():
        weights[which[0]] = weights.get(which[0], 0.0) + weight * (1 + log2(times[which]) / 2)
    return weights, Counter(code for code, _ in best)


def topics(headline: str, body: str, language: str) -> list[Topic]:
    """Topics of a text, the surest first; a second level follows its top. None when nothing stands out."""
    weights, different = weigh(headline, body, language)
    found: list[Topic] = []
    for top, weight, share in shares(weights, different):
        sure = scaling()(share)
        found.append(_topic(top, 1, sure))
        found += _second(top, weight, sure, weights, different)
    return found


def shares(weights: Mapping[str, float], different: Mapping[str, int]) -> list[tuple[str, float, float]]:
    """The tops that stand out, the largest first: code, weight, and share of all weight."""
    tops: dict[str, float] = {}
    words: Counter[str] = Counter()
    for code, weight in weights.items():
        top = headings()[code].top
        tops[top] = tops.get(top, 0.0) + weight
        words[top] += different[code]
    whole = sum(tops.values()) + DOUBT
    ranked = sorted(tops.items(), key=lambda each: -each[1])[:KEPT]
    return [(top, weight, weight / whole) for top, weight in ranked if weight / whole >= LEAST and words[top] >= WORDS]


def _second(top: str, whole: float, sure: float, weights: Mapping[str, float], words: Mapping[str, int]) -> list[Topic]:
    """The second level that most of its top's words belong to."""
    below = {code: weight for code, weight in weights.items() if code != top and headings()[code].top == top}
    code = max(below, key=lambda each: below[each], default=None)
    if code is None or below[code] < SECOND * whole or words[code] < WORDS:
        return []
    return [_topic(code, 2, sure * below[code] / whole)]


def _topic(code: str, level: int, confidence: float) -> Topic:
    return Topic(id=f"medtop:{code}", name=headings()[code].name, level=level, confidence=round(confidence, 4))


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`topics` of headline and body."""
    language = (article.language or "").partition("-")[0]
    if language not in LANGUAGES:
        raise NothingToDo(f"no words of topics in {language or 'a text without language'}")
    return {"topics": tuple(topics(article.headline, article.body, language))}


def _load() -> None:
    headings()
    scaling()
    for language in LANGUAGES:
        vocabulary(language)


STEP: Final = Step("topics", "words-2", frozenset({"topics"}), find, needs=("language",), cost=1.5, load=_load)
