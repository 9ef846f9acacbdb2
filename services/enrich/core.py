"""From a parsed to an enriched article: each step adds its fields, or says why it did not. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle, Enrichment, ParsedArticle

Failed = Callable[[str, Exception], None]
"""Told of a step that failed: its name and what it raised."""


def enrich(article: ParsedArticle, steps: Sequence[Step], *, now: datetime, failed: Failed) -> EnrichedArticle:
    """The article with what the steps found. A step that raises marks itself and never loses the article."""
    added: dict[str, Any] = {}
    status: dict[str, Enrichment] = {}
    for step in steps:
        found, status[step.name] = _run(step, article, failed)
        added |= found
    values = article.model_dump() | added
    return EnrichedArticle.model_validate({**values, "enriched_at": now, "enrichment": status})


def _run(step: Step, article: ParsedArticle, failed: Failed) -> tuple[dict[str, Any], Enrichment]:
    try:
        found = {name: value for name, value in step.run(article).items() if name in step.fields}
    except NothingToDo as why:
        return {}, Enrichment(version=step.version, status="skipped", detail=str(why)[:200])
    except Exception as error:  # noqa: BLE001 - a step is optional, the article is not
        failed(step.name, error)
        return {}, Enrichment(version=step.version, status="failed", detail=f"{type(error).__name__}: {error}"[:200])
    return found, Enrichment(version=step.version, status="done")
