"""How long reading the article takes, by its language.

English: 238 words a minute, read silently (Brysbaert, "How many words do we read per minute?", Journal of Memory and
Language 109, 2019). Other languages: that, times what they are read at over what English is read at in the same texts
(Trauzettel-Klosinski and Dietz, "Standardized assessment of reading performance: IReST", IOVS 53(9), 2012, 228 words
a minute of English). Of a language that was not measured, the mean of the seventeen that were.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle

ENGLISH: Final = 238
IREST_ENGLISH: Final = 228
IREST_MEAN: Final = 184
IREST: Final = {
    "ar": 138, "de": 179, "en": 228, "es": 218, "fi": 161, "fr": 195, "he": 187, "it": 188, "nl": 202, "pl": 166,
    "pt": 181, "ru": 184, "sl": 180, "sv": 199, "tr": 166,
}  # fmt: skip
"""Words a minute."""
IREST_CHARACTERS: Final = {"ja": 357, "zh": 255}
"""Characters a minute of languages that are written without spaces."""
UNKNOWN: Final = frozenset({"th", "lo", "km", "my", "bo"})
"""Written without spaces, and not measured."""


def minutes(text: str, language: str) -> int:
    """Minutes to read a text, at least one. It is read whole: counting takes a hundredth of a second a megabyte."""
    if speed := IREST_CHARACTERS.get(language):
        amount = sum(map(str.isalnum, text))
    else:
        speed, amount = IREST.get(language, IREST_MEAN), len(text.split())
    return max(1, round(amount / (speed * ENGLISH / IREST_ENGLISH)))


def estimate(article: EnrichedArticle) -> Mapping[str, Any]:
    """`estimated_read_minutes` of the body."""
    language = (article.language or "").partition("-")[0]
    if language in UNKNOWN:
        raise NothingToDo(f"nobody measured how fast {language} is read")
    if not article.body.strip():
        raise NothingToDo("no text to read")
    return {"estimated_read_minutes": minutes(article.body, language)}


STEP: Final = Step(
    "reading_time", "brysbaert-irest-1", frozenset({"estimated_read_minutes"}), estimate, uses=("language",), cost=0.1
)
