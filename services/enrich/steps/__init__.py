"""The steps of enrichment, in the order they run. A new step is a file here and a line below."""

from services.enrich.steps import fingerprint, language
from services.enrich.steps.step import Step

STEPS: tuple[Step, ...] = (language.STEP, fingerprint.STEP)

__all__ = ["STEPS", "Step"]
