"""The steps of enrichment, in the order they run. A new step is a file here and a line below."""

from services.enrich.steps import (
    amounts,
    credit_lines,
    entities,
    fingerprint,
    key_sentences,
    keyphrases,
    language,
    places,
    quotes,
    reading_time,
    topics,
)
from services.enrich.steps.step import Step

STEPS: tuple[Step, ...] = (
    language.STEP,
    fingerprint.STEP,
    credit_lines.STEP,
    entities.STEP,
    places.STEP,
    quotes.STEP,
    amounts.STEP,
    topics.STEP,
    keyphrases.STEP,
    key_sentences.STEP,
    reading_time.STEP,
)

__all__ = ["STEPS", "Step"]
