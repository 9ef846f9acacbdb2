"""An enriched article for tests of steps: only what a test is about has to be said."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts import EnrichedArticle

PUBLISHED = datetime(2025, 9, 1, 12, tzinfo=UTC)


def article(body: str, language: str | None = "en", headline: str = "Headline", **more: Any) -> EnrichedArticle:
    known: dict[str, Any] = {
        "article_id": "a", "revision_id": "r", "source": "harbour", "headline": headline, "body": body,
        "observed_at": PUBLISHED, "parsed_at": PUBLISHED, "enriched_at": PUBLISHED, "published_at": PUBLISHED,
        "raw_sha256": "0", "raw_bytes": 1, "content_type": "text/plain", "parser": "text", "parser_version": "1",
        "extraction_confidence": 0.5, "block_basis": "page", "language": language,
    }  # fmt: skip
    return EnrichedArticle(**(known | more))
