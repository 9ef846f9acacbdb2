"""Enrichment as a sandboxed worker: an `EnrichRequest` in, the enriched article's JSON out."""

from services.enrich.core import Arriving, enrich
from services.enrich.sandbox.request import EnrichRequest
from services.enrich.settings import EnrichSettings
from services.enrich.steps import STEPS
from shared.sandbox.frames import Note


def work(request: bytes, note: Note) -> bytes:
    """Enrich one article; each step is noted before it runs. Raises: Poison, it is no article."""
    asked = EnrichRequest.loads(request)
    steps = [step for step in STEPS if step.name in asked.steps]
    article = Arriving.read(asked.article)
    enriched = enrich(article, steps, now=asked.now, starting=note, overdue=asked.overdue)
    return enriched.model_dump_json().encode()


def warm_up() -> None:
    """Load what the steps need; the service says at its start which are not installed."""
    asked = EnrichSettings.load().chosen()
    for step in STEPS:
        if step.name in asked and not step.missing:
            step.load()
