"""The enrich stage: news.parsed.<source> in, news.enriched.<source> out."""

from datetime import UTC, datetime

from services.enrich.core import enrich
from services.enrich.settings import Settings
from services.enrich.steps import STEPS
from shared import telemetry
from shared.bus import Inbound, Outbound
from shared.bus.service import Service, single
from shared.contracts import ParsedArticle


async def handle(inbound: Inbound) -> Outbound:
    """Enrich one article."""
    article = inbound.decode(ParsedArticle)
    return Outbound(enrich(article, STEPS, now=datetime.now(UTC), failed=_failed))


def _failed(step: str, error: Exception) -> None:
    telemetry.bug("enrich.step_failed", error, step=step)


def build(settings: Settings) -> Service:
    """The service, ready to run."""
    return Service("enrich", settings, single(handle))
