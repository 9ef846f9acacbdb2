"""The edge of fetch: a job in; the page it names out, or the articles of the source that is due."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Final

from services.fetch.archive.store import Archive
from services.fetch.articles.raw import ARTICLE
from services.fetch.books import Books, asked
from services.fetch.core import RawMessage, raw_message
from services.fetch.hearing import Hearing
from services.fetch.hosts import LINGER, SWEEP, Hosts
from services.fetch.http import Client
from services.fetch.poll import Poller, Report
from services.fetch.purpose import PURPOSE, Purpose
from services.fetch.rendering import Renderer
from services.fetch.rounds import rounds
from services.fetch.scheduler import EVERY, Scheduler
from services.fetch.settings import AGENT, FetchSettings
from services.fetch.web import Web
from services.fetch.websub.hubs import Hubs
from services.fetch.websub.leaving import EVERY as LEAVE_EVERY
from services.fetch.websub.leaving import Leaving
from services.fetch.websub.pushing import Pushes
from shared import telemetry
from shared.bus import Inbound, JetStreamContext, Outbound, publish, store
from shared.bus.client import headers_of
from shared.bus.service import Service
from shared.contracts import FetchJob
from shared.errors import DependencyDown, Skip
from shared.subjects import RAW, STAGES, stream_of

CONCURRENCY: Final = 32
"""Jobs at once: mostly waiting, with at most 5 MB each in hand."""
NAMES_AT_ONCE: Final = 64
"""Names that are asked for at once: one whose name servers are silent takes its thread for half a minute, and a loop's
own six are soon taken.
"""
TOLD_AT_MOST: Final = 2_000
"""Messages of RAW that are looked at for what was published before a crash."""


def service(settings: FetchSettings) -> Service:
    """Fetch as a service; its HTTP session is open while it runs, its scheduler while it has NATS."""
    fetch = Fetch(settings)
    return Service(
        "fetch", settings, fetch.handle, concurrency=CONCURRENCY, independent=True, resources=fetch.client,
        connected=fetch.connected,
    )  # fmt: skip


def now() -> datetime:
    """The moment now."""
    return datetime.now(UTC)


class Fetch:
    """The handler of jobs, with what it needs."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        folder = settings.fetch_archive
        self._archive = Archive(folder, settings.user_agent, now) if folder else None
        self.client = Client(settings.user_agent, now, settings.fetch_allow, archive=self._archive)
        self._poller: Poller | None = None
        self._js: JetStreamContext | None = None

    @asynccontextmanager
    async def connected(self, js: JetStreamContext) -> AsyncGenerator[None]:
        """Look at sources, and hand out those that are due, while inside."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(NAMES_AT_ONCE, "names"))
        settings, books = self._settings, Books(js)
        hosts = Hosts(books, settings.fetch_host_interval, lambda: now().timestamp())
        renderer = Renderer(js, settings.user_agent, now, self._archive)
        hubs = Hubs(js, self.client, settings.websub_url) if settings.websub_url else None
        pushes = Pushes(hubs, now) if hubs else None
        scheduler = Scheduler(js, now, pushes=pushes is not None)
        web = Web(self.client, hosts, AGENT, lambda: now().timestamp(), settings.fetch_allow, renderer)
        web.hearing = Hearing(lambda: scheduler.sources)
        self._js, self._poller = js, Poller(web, books, settings.fetch_honour, now, pushes)
        works = [
            rounds("scheduling", EVERY, scheduler.round),
            rounds("letting go of servers", SWEEP, partial(hosts.let_go, LINGER)),
        ]
        if hubs:
            works.append(rounds("leaving hubs", LEAVE_EVERY, Leaving(js, hubs, scheduler, now).round))
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def handle(self, batch: Sequence[Inbound]) -> Sequence[tuple[Outbound, ...]]:
        """Work on a job.

        Raises:
            Skip, Poison, Transient: what `Client.get` raises for a page.
            DependencyDown: NATS is away or a stream is full.
        """
        (inbound,) = batch
        job = FetchJob.read(inbound.body)
        if job.poll:
            await self._poll(inbound)
            return ((),)
        PURPOSE.set(Purpose(inbound.source, self._settings.fetch_honour))
        message = raw_message(job, await self.client.get(job.url))
        return ((Outbound(message.body, message.headers),),)

    async def _poll(self, inbound: Inbound) -> None:
        if self._poller is None or self._js is None:
            raise DependencyDown("dependency_down", "NATS is not connected yet")
        report = await self._poller.poll(inbound.source, RawWire(self._js, inbound))
        for outcome in report.feeds.values():
            telemetry.LOOKS.labels(outcome).inc()
        if report.feeds or report.visited:
            telemetry.log("source.polled", **told(report))


def told(report: Report) -> Mapping[str, object]:
    """A report as a line of the log."""
    return {name: value for name, value in asdict(report).items() if value not in (None, 0, False)}


class RawWire:
    """RAW for the articles of one job's source."""

    def __init__(self, js: JetStreamContext, inbound: Inbound) -> None:
        self._js, self._inbound = js, inbound

    async def article(self, message: RawMessage, identity: str) -> int:
        """Publish a version; its sequence.

        Raises:
            DependencyDown: it could not be stored.
            Poison: `too_large`.
        """
        out = Outbound(message.body, message.headers, identity=identity)
        return (await publish.send(self._js, STAGES["fetch"], self._inbound, out)).seq

    async def skipped(self, skip: Skip, identity: str) -> None:
        """Record that a version was kept out."""
        await publish.skip(self._js, "fetch", self._inbound, skip, f"skip:{self._inbound.source}:{identity}")

    async def told(self, after: int) -> Mapping[str, int]:
        """The versions of this source that stand in RAW after a sequence."""
        found: dict[str, int] = {}
        subject, stream = RAW.of(self._inbound.source), stream_of(RAW).name
        for _ in range(TOLD_AT_MOST):
            message = await asked(store.following(self._js, stream, after + 1, subject))
            if message is None or message.seq is None:
                break
            after = message.seq
            if identity := headers_of(message).get(ARTICLE):
                found.setdefault(identity, after)
        return found
