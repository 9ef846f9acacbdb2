"""The enrich stage: news.parsed.<source> in, news.enriched.<source> out."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from services.enrich.core import MISSED
from services.enrich.sandbox.pool import EnrichingPool
from services.enrich.settings import EnrichSettings
from services.enrich.steps import STEPS, Step
from shared import telemetry
from shared.bus import Inbound, Outbound, wire
from shared.bus.service import Handler, Service, single
from shared.contracts import EnrichedArticle

IN_HAND: Final = 2
"""Messages in hand for each child: one at work and one waiting."""


def build(settings: EnrichSettings, pool: EnrichingPool) -> Service:
    """Enrich as a service; the pool's children live as long as it does."""
    chosen = settings.chosen()
    _report_left_out([step for step in STEPS if step.name in chosen])
    concurrency = IN_HAND * settings.enrich_children
    return Service(
        "enrich", settings, single(handler(pool, chosen)), concurrency=concurrency, independent=True, resources=pool
    )


def handler(pool: EnrichingPool, steps: Sequence[str]) -> Handler:
    """The handler of parsed articles that runs `steps` on them in `pool`; it raises what `EnrichingPool.run` does."""

    async def handle(inbound: Inbound) -> Outbound:
        article = await pool.run(inbound.body, asked_of(inbound, steps), datetime.now(UTC))
        _report(article)
        return Outbound(article)

    return handle


def asked_of(inbound: Inbound, steps: Sequence[str]) -> tuple[str, ...]:
    """Of `steps` those that the message asks for, with all that build upon them; all when it names none.

    What builds upon a step that is run again would tell of findings that are gone.
    """
    asked = {name.strip() for name in inbound.headers.get(wire.STEPS.lower(), "").split(",")} - {""}
    for step in STEPS if asked else ():  # in their order: what a step builds upon stands before it
        if asked & {*step.needs, *step.uses}:
            asked.add(step.name)
    return tuple(name for name in steps if not asked or name in asked)


def _report_left_out(steps: Iterable[Step]) -> None:
    """Says at the start what this replica leaves out, and what it does with less."""
    for step in steps:
        if step.missing:
            telemetry.warn("enrich.step_left_out", step=step.name, not_installed=step.missing)
        elif step.missed:
            telemetry.warn("enrich.step_reduced", step=step.name, not_installed=step.missed)


def _report(article: EnrichedArticle) -> None:
    for name, went in article.enrichment.items():
        if went.status in MISSED:
            telemetry.warn("enrich.step_failed", step=name, status=went.status, detail=went.detail,
                           article_id=article.article_id)  # fmt: skip
