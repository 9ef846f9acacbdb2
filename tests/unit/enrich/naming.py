"""Articles of our own writing, enriched by the steps of names."""

from datetime import UTC, datetime
from typing import Any

from services.enrich.core import enrich
from services.enrich.steps import entities, language, places
from shared.contracts import EnrichedArticle
from tests.fakes.enriched import article

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEPS = (language.STEP, entities.STEP, places.STEP)


def named(body: str, tongue: str | None = None, **fields: Any) -> EnrichedArticle:
    """The article with its names; `tongue` says its language where the text is too short to tell."""
    steps = STEPS[1:] if tongue else STEPS
    base = {"headline": "News in brief", "language": tongue}
    return enrich(article(body=body, **(base | fields)), steps, now=NOW)


def names(found: EnrichedArticle, kind: str) -> set[str]:
    """The names of all entities of a kind."""
    return {entity.name for entity in found.entities if entity.kind == kind}


def on_map(found: EnrichedArticle) -> set[str]:
    """The names of all places, as GeoNames has them."""
    return {place.name for place in found.places}
