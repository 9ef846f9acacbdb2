"""The edge of fetch: a job in, the page it names out."""

from datetime import UTC, datetime

from services.fetch.core import raw_message
from services.fetch.http import Client
from services.fetch.settings import FetchSettings
from shared.bus import Inbound, Outbound
from shared.bus.service import Handler, Service, single
from shared.contracts import FetchJob

CONCURRENCY = 16
"""Fetches at once: mostly waiting, with at most 5 MB each in hand."""


def service(settings: FetchSettings) -> Service:
    """Fetch as a service; its HTTP session is open while it runs."""
    client = Client(settings.user_agent, lambda: datetime.now(UTC), settings.fetch_allow)
    return Service(
        "fetch", settings, single(handler(client)), concurrency=CONCURRENCY, independent=True, resources=client
    )


def handler(client: Client) -> Handler:
    """The handler of jobs that gets pages with `client`; it raises what `Client.get` does."""

    async def handle(inbound: Inbound) -> Outbound:
        job = inbound.decode(FetchJob)
        message = raw_message(job, await client.get(job.url))
        return Outbound(message.body, message.headers)

    return handle
