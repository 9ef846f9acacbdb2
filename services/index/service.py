"""The edge of index: decodes a batch, reads what is stored, writes what was decided, and tells what became of it."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from services.index.bulk import Item, chunks
from services.index.core import Arrival, Arriving, Step, document, indexed_event, revised_event, steps
from services.index.reader import Reader
from services.index.settings import IndexSettings
from services.index.writer import Writer
from shared.bus.message import Inbound, Outbound, Result
from shared.bus.service import Batch, Service
from shared.errors import Poison, Skip, Transient
from shared.failpoints import failpoint
from shared.opensearch import connect_as
from shared.subjects import REVISED

ROUNDS: Final = 3
"""Looks at an article that somebody else writes at the same time."""
MOST, MOST_BYTES = 500, 4 * 1024 * 1024
"""Messages, and bytes of them, that are worked on at once: each is several times its size in memory."""
SECONDS: Final = 12.0
"""For one request: under the time a stopping service has, and far under ack_wait."""


class Indexer:
    """Handles batches of `news.enriched.*`."""

    def __init__(
        self, reader: Reader, writer: Writer, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._reader, self._writer, self._clock = reader, writer, clock

    async def handle(self, batch: Sequence[Inbound]) -> Sequence[Result]:
        """What became of each message. Returns after the bulk's answer, so an event never precedes its document.

        Raises:
            DependencyDown: OpenSearch is away. What was written by then is found again, with the same outcome.
        """
        results: list[Result] = []
        for start, end in chunks([len(message.body) for message in batch], MOST, MOST_BYTES):
            results.extend(await self._handle(batch[start:end]))
        return results

    async def _handle(self, batch: Sequence[Inbound]) -> list[Result]:
        prepared = [_prepare(position, message) for position, message in enumerate(batch)]
        results: list[Result | None] = [each if isinstance(each, Poison) else None for each in prepared]
        waiting = [each for each in prepared if isinstance(each, Arrival)]
        for _ in range(ROUNDS):
            if not waiting:
                break
            for arrival, result in await self._index(waiting):
                results[arrival.position] = result
            waiting = [arrival for arrival in waiting if results[arrival.position] is None]
        busy = Transient("index_busy", "others keep writing this article")
        return [result or busy for result in results]

    async def _index(self, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, Result | None]]:
        now = self._clock()
        planned = steps(arrivals, await self._reader.previous(arrivals, now), now)
        items = iter(await self._writer.write([operation for step in planned for operation in step.operations]))
        failpoint("after_bulk")
        return _results(planned, items, now)


def _prepare(position: int, message: Inbound) -> Arrival | Poison:
    try:
        stored = document(Arriving.read(message.body), message.origin, message.trace_id)
    except Poison as poison:
        return poison
    return Arrival(position, message.observed_at, stored)


def _results(planned: Sequence[Step], items: Iterator[Item], now: datetime) -> list[tuple[Arrival, Result | None]]:
    """What became of each step. One that was decided on a write that failed is looked at again."""
    failed: set[str] = set()
    results: list[tuple[Arrival, Result | None]] = []
    for step in planned:
        result = _result(step, [next(items) for _ in step.operations], now)
        if isinstance(result, Poison | Transient):
            failed.add(step.arrival.article_id)
        elif step.arrival.article_id in failed:
            result = None
        results.append((step.arrival, result))
    return results


def _result(step: Step, items: Sequence[Item], now: datetime) -> Result | None:
    """The message's outcome; None when somebody else wrote the article in between, so that it is looked at again."""
    failed = next((item for item in items if item.disposition in {"refused", "retry"}), None)
    if failed:
        refused = failed.disposition == "refused"
        return Poison("refused_by_mapping", failed.detail) if refused else Transient("index_busy", failed.detail)
    if step.writes_article and items[0].disposition == "stale":
        return None
    stored, change = step.arrival.stored, step.change
    if change.action == "unchanged" or change.action == "stale":  # noqa: PLR1714 - this narrows the type
        return Skip(change.action, article_id=stored["article_id"], headline=stored["headline"], url=stored.get("url"))
    indexed = Outbound(indexed_event(stored, change.action, step.index, now))
    if change.action != "revised":
        return (indexed,)
    return (indexed, Outbound(revised_event(stored, change, now), subject=REVISED))


def service(settings: IndexSettings) -> Service:
    """The stage, for `shared.bus.service.run`."""
    client = connect_as(settings, seconds=SECONDS)
    indexer = Indexer(Reader(client), Writer(client))

    @asynccontextmanager
    async def closing() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await client.close()

    return Service("index", settings, indexer.handle, batch=Batch(MOST), resources=closing())
