"""How much and when: money, percentages, quantities and dates in the text, as it writes them and as numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.enrich.steps.amounts import dates as calendar
from services.enrich.steps.amounts.measures import measures
from services.enrich.steps.step import Step
from shared.contracts import EnrichedArticle
from shared.contracts.enriched import Amount

READ: Final = 30_000
"""Characters of a body that are read."""
KEPT: Final = 200


def amounts(body: str, language: str, published: date | None) -> list[Amount]:
    """All of them in the text's order. A number within a date is no amount of its own."""
    text = body[:READ]
    when = calendar.dates(text, language, published)
    how_much = [
        each
        for each in measures(text, language)
        if not any(one.start < each.end and each.start < one.end for one in when)
    ]
    return sorted([*when, *how_much], key=lambda each: each.start)[:KEPT]


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`amounts` of the body; days are those of UTC."""
    language = (article.language or "").partition("-")[0]
    published = article.published_at.date() if article.published_at else None
    return {"amounts": tuple(amounts(article.body, language, published))}


def _load() -> None:
    for language in calendar.LANGUAGES:
        amounts("5 km, 1 May 2024", language, None)


STEP: Final = Step("amounts", "amounts-3", frozenset({"amounts"}), find, needs=("language",), cost=4.0, load=_load)
