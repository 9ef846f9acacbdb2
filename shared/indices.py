"""Names and field names of the search index, known to index, keeper, ctl and deploy."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

ARTICLES_ALIAS: Final = "news"
"""Reads all months."""
ARTICLES_PREFIX: Final = "news-articles-v1-"
ARTICLES_PATTERN: Final = f"{ARTICLES_PREFIX}*"
REVISIONS: Final = "news-revisions"
"""Each content version of each article, once."""
PIPELINE_PREFIX: Final = "news-pipeline-v1-"
PIPELINE_PATTERN: Final = f"{PIPELINE_PREFIX}*"
"""What became of each message, as the keeper copies it from the streams: to be charted."""

ANALYZERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "ca": "catalan", "cs": "czech", "da": "danish",
    "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "fa": "persian",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "ja": "cjk", "ko": "cjk", "lt": "lithuanian", "lv": "latvian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "th": "thai",
    "tr": "turkish", "uk": "news_uk", "zh": "cjk",
}  # fmt: skip
"""Language of an article to the analyzer of its text; `news_uk` is ours, the others come with OpenSearch."""
_SAME: Final = {"nb": "no", "nn": "no"}

SEARCH_FIELDS: Final = ("headline^3", "headline_in.*^3", "keywords.words^2", "byline", "summary", "body", "body_in.*")
"""For multi_match and its kin: every language at once, each field with its own analyzer."""


def month_index(first_seen_at: datetime) -> str:
    """The index of an article first seen then: a function of what never changes."""
    return f"{ARTICLES_PREFIX}{first_seen_at.astimezone(UTC):%Y.%m}"


def pipeline_index(ended_at: datetime) -> str:
    """The index of the outcome that was recorded then."""
    return f"{PIPELINE_PREFIX}{ended_at.astimezone(UTC):%Y.%m}"


def months_around(now: datetime) -> tuple[str, str, str]:
    """The indices of the previous, the current and the next month."""
    month = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1
    return _index(month - 1), _index(month), _index(month + 1)


def _index(month: int) -> str:
    return f"{ARTICLES_PREFIX}{month // 12:04d}.{month % 12 + 1:02d}"


def language_key(language: str | None) -> str | None:
    """Under which key of `body_in` and `headline_in` text in this BCP 47 language stands; None: it has no analyzer."""
    primary = (language or "").lower().partition("-")[0]
    primary = _SAME.get(primary, primary)
    return primary if primary in ANALYZERS else None
