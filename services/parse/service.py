"""The parse stage: news.raw.<source> in, news.parsed.<source> out."""

from datetime import UTC, datetime
from typing import Final

from services.parse.findings import SIGNALS
from services.parse.sandbox.pool import ParserPool
from services.parse.sandbox.request import ParseRequest
from services.parse.settings import ParseSettings
from shared.bus import Inbound, Outbound
from shared.bus.service import Handler, Service, single

READ_HEADERS: Final = ("content-type", "content-encoding", "newswire-url", "newswire-fetched-at", *SIGNALS)
IN_HAND: Final = 2
"""Messages in hand for each child: one at work and one waiting, up to 4 MB each."""


def build(settings: ParseSettings) -> Service:
    """Parse as a service; its children live as long as it does."""
    pool = ParserPool(settings.parse_children)
    concurrency = IN_HAND * settings.parse_children
    return Service("parse", settings, single(handler(pool)), concurrency=concurrency, independent=True, resources=pool)


def handler(pool: ParserPool) -> Handler:
    """The handler of raw messages that parses them in `pool`; it raises what `ParserPool.run` does."""

    async def handle(inbound: Inbound) -> Outbound:
        headers = {name: inbound.headers[name] for name in READ_HEADERS if name in inbound.headers}
        now = datetime.now(UTC)
        request = ParseRequest(inbound.body, headers, inbound.source, inbound.observed_at, now, inbound.attempt)
        article = await pool.run(request)
        return Outbound(article.model_copy(update={"trace_id": inbound.trace_id}))

    return handle
