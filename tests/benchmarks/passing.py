"""What both the hop and the plain loop do with an article: as little as there can be."""

from datetime import UTC, datetime

from shared.contracts import EnrichedArticle, ParsedArticle


def passed(article: ParsedArticle) -> EnrichedArticle:
    """The same article for the next stage."""
    return EnrichedArticle.model_construct(**article.__dict__, enriched_at=datetime.now(UTC))
