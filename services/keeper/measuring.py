"""Measures streams and stages, and checks the ledger against them."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from services.keeper import metrics
from services.keeper.core import TRACKED, Ledger, Place, Reading, imbalance
from services.keeper.reading import SOURCES
from services.keeper.reading import Reading as Streams
from shared import telemetry
from shared.bus import JetStreamContext, store, topology
from shared.subjects import STAGES, STREAMS, StageRow

TRIES: Final = 8
"""To find the pipeline still for the length of two readings, some ten milliseconds."""
LONGER_THAN: Final = 5.0 + max(STAGES[stage].consumer.ack_wait for stage in TRACKED)
"""Seconds for which an imbalance is not worth a warning: a stage that dies between its outcome and its acknowledgement
makes one until the message is delivered again."""


class Measuring:
    """Sets the metrics."""

    def __init__(self, js: JetStreamContext, streams: Streams) -> None:
        self._js, self._streams = js, streams
        self._since: float | None = None
        self._warned = False

    async def measure(self, ledger: Ledger) -> None:
        """Streams, stages and balances."""
        for stream in STREAMS:
            await self._stream(stream.name)
        for row in STAGES.values():
            await self._stage(row)
        metrics.show(ledger.balances())

    async def check(self, ledger: Ledger) -> int | None:
        """The imbalance of the ledger, or None when the pipeline never stood still long enough to tell."""
        for _ in range(TRIES):
            if await self._streams.catch_up(ledger):
                found = imbalance(ledger, await self._reading(), await self._reading())
                if found is not None:
                    self._report(found, ledger)
                    return found
        return None

    def _report(self, found: int, ledger: Ledger) -> None:
        metrics.IMBALANCE.set(found)
        metrics.CHECKED.set_to_current_time()
        if not found:
            self._since, self._warned = None, False
        elif self._since is None:
            self._since = time.monotonic()
        elif time.monotonic() - self._since > LONGER_THAN and not self._warned:
            self._warned = True
            telemetry.warn("keeper.imbalance", imbalance=found, open=ledger.in_flight(), seconds=LONGER_THAN)

    async def _reading(self) -> Reading:
        """Asked for at once, so that it takes little time; that nothing moved is for two of them to say."""
        consumers = [STAGES[stage].consumer for stage in TRACKED]
        streams, stages = await asyncio.gather(
            asyncio.gather(*(self._js.stream_info(name) for name in SOURCES)),
            asyncio.gather(*(self._js.consumer_info(each.stream, each.durable) for each in consumers)),
        )
        places = {
            name: Place(topology.epoch_of_stream(info), info.state.last_seq)
            for name, info in zip(SOURCES, streams, strict=True)
        }
        waiting = [(info.num_pending or 0, info.num_ack_pending or 0) for info in stages]
        delivered = (info.delivered.consumer_seq if info.delivered else 0 for info in stages)
        marks = (*(number for pair in waiting for number in pair), *delivered)
        return Reading(sum(map(sum, waiting)), marks, places)

    async def _stream(self, name: str) -> None:
        info = await self._js.stream_info(name)
        metrics.STREAM_MESSAGES.labels(name).set(info.state.messages)
        metrics.STREAM_BYTES.labels(name).set(info.state.bytes)
        metrics.STREAM_FILL.labels(name).set(info.state.bytes / info.config.max_bytes if info.config.max_bytes else 0)
        if name == "DLQ":
            metrics.DEAD_LETTERS.set(info.state.messages)

    async def _stage(self, row: StageRow) -> None:
        info = await self._js.consumer_info(row.consumer.stream, row.consumer.durable)
        pending, unacked = info.num_pending or 0, info.num_ack_pending or 0
        metrics.PENDING.labels(row.name).set(pending)
        metrics.ACK_PENDING.labels(row.name).set(unacked)
        metrics.REDELIVERED.labels(row.name).set(info.num_redelivered or 0)
        floor = info.ack_floor.stream_seq if info.ack_floor else 0
        metrics.OLDEST.labels(row.name).set(await self._age(row, floor) if pending + unacked else 0)

    async def _age(self, row: StageRow, floor: int) -> float:
        found = await store.following(self._js, row.consumer.stream, floor + 1)
        return max(0.0, (datetime.now(UTC) - found.time).total_seconds()) if found and found.time else 0.0
