"""What becomes of each message: published, skipped, dead-lettered or handed back. All of it is here, once."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from shared import telemetry
from shared.bus import dead, publish, topology, wire
from shared.bus.gate import Gate, Stopping
from shared.bus.health import die
from shared.bus.lease import Leases
from shared.bus.message import Inbound, Outbound, Result
from shared.errors import Outcome, Poison, Skip, Transient
from shared.failpoints import failpoint
from shared.subjects import StageRow

BatchHandler = Callable[[Sequence[Inbound]], Awaitable[Sequence[Result]]]

MADE_ANEW = "the stream was made anew; starting again with its epoch"
QUARANTINE_AFTER = 16
"""Deliveries after which a message is not tried again though it never failed: it kills its handler's process."""
FIRST_DELAY, LONGEST_DELAY, LONGEST_ASKED = 1.0, 60.0, 900.0
"""Seconds before another delivery: at first, at most by our own schedule, at most when the other side asks."""


def retry_delay(attempt: int, asked: float | None = None) -> float:
    """Seconds before delivery `attempt` + 1: doubling, with half of it jitter; never less than was asked for."""
    ceiling = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt - 1, 10))
    delay = random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter
    return max(delay, min(asked or 0.0, LONGEST_ASKED))


class Settler:
    """Settles the messages of one stage. `consumer` tells the epoch of the stream, and how far it was delivered."""

    def __init__(self, row: StageRow, js: JetStreamContext, gate: Gate, leases: Leases, consumer: ConsumerInfo) -> None:
        self._row, self._js, self._gate, self._leases = row, js, gate, leases
        self.epoch = topology.epoch_of(consumer)
        self._newest = consumer.delivered.stream_seq if consumer.delivered else 0

    async def deliver(self, msgs: Sequence[Msg], handler: BatchHandler) -> None:
        """Handle and settle messages, each by its own result. Never raises: a raise would end the pull loop."""
        started = time.monotonic()
        try:
            for msg in msgs:
                self._leases.take(msg)
            await self._handle(msgs, handler, started)
        except Stopping:
            await _hand_back(msgs)
        except Exception as error:  # noqa: BLE001 - what is not settled is delivered again after ack_wait
            telemetry.bug("connection.error", error, stage=self._row.name)
        finally:
            for msg in msgs:
                self._leases.release(msg)

    async def _handle(self, msgs: Sequence[Msg], handler: BatchHandler, started: float) -> None:
        admitted = [pair for msg in msgs if (pair := await self._admit(msg))]
        results = await self._results([inbound for _, inbound in admitted], handler)
        settling = (
            self._settle(msg, inbound, result, started)
            for (msg, inbound), result in zip(admitted, results, strict=True)
        )
        if len(admitted) == 1:  # a task would cost as much as the rest of it
            await next(settling)
        else:
            await asyncio.gather(*settling)

    async def _admit(self, msg: Msg) -> tuple[Msg, Inbound] | None:
        """The message as handlers see it, or None when it is not to be handled and was dead-lettered."""
        telemetry.IN.labels(self._row.name).inc()
        await self._of_this_epoch(msg)
        try:
            inbound = wire.inbound(msg, self._row, self.epoch)
        except Poison as poison:
            await self._bury(msg, wire.unreadable(msg, self._row, self.epoch), poison)
            return None
        if inbound.attempt > QUARANTINE_AFTER:
            detail = f"delivered {inbound.attempt} times and never settled"
            await self._bury(msg, inbound, Poison("resource_limit", detail))
            return None
        return msg, inbound

    async def _of_this_epoch(self, msg: Msg) -> None:
        """Leave when the stream was made anew: its sequences begin again, and would count as older than they are."""
        meta = msg.metadata
        if meta.num_delivered > 1:
            return
        if meta.sequence.stream <= self._newest:
            found = topology.epoch_of(await topology.check(self._js, self._row.consumer))
            if found != self.epoch:
                die(MADE_ANEW)
        self._newest = max(self._newest, meta.sequence.stream)

    async def _results(self, batch: Sequence[Inbound], handler: BatchHandler) -> Sequence[Result]:
        if not batch:
            return ()
        failpoint("before_handler")
        try:
            return await self._gate.insist(partial(handler, batch))
        except (Skip, Poison, Transient) as outcome:
            return [outcome] * len(batch)
        except Stopping:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of the handler; its neighbours must not suffer
            if len(batch) > 1:
                return [result for each in batch for result in await self._results([each], handler)]
            telemetry.bug("article.retried", error, stage=self._row.name, origin=str(batch[0].origin))
            return [Transient("unexpected_error", f"{type(error).__name__}: {error}"[:300])]

    async def _settle(self, msg: Msg, inbound: Inbound, result: Result, started: float) -> None:
        if isinstance(result, tuple):
            result = await self._publish(inbound, result) or result
        if isinstance(result, Skip):
            await self._skip(inbound, result)
        elif isinstance(result, Poison):
            await self._bury(msg, inbound, result)
        elif isinstance(result, Transient):
            await self._retry(msg, inbound, result)
        if isinstance(result, tuple | Skip):
            failpoint("after_outcome")
            await msg.ack()
        self._measure(inbound, result, started)

    async def _publish(self, inbound: Inbound, outputs: Sequence[Outbound]) -> Poison | None:
        """Publish all outputs; a Poison when one of them cannot be."""
        for number, out in enumerate(outputs):
            try:
                await self._gate.insist(partial(publish.send, self._js, self._row, inbound, out, number))
            except Poison as poison:
                return poison
            telemetry.OUT.labels(self._row.name).inc()
        failpoint("after_publish")
        return None

    async def _skip(self, inbound: Inbound, skip: Skip) -> None:
        await self._gate.insist(partial(publish.skip, self._js, self._row.name, inbound, skip))
        failpoint("after_skip")

    async def _bury(self, msg: Msg, inbound: Inbound, why: Outcome) -> None:
        meta = msg.metadata
        place = (meta.stream, meta.sequence.stream)
        await self._gate.insist(partial(dead.bury, self._js, self._row.name, inbound, why, place))
        await msg.term()

    async def _retry(self, msg: Msg, inbound: Inbound, why: Transient) -> None:
        if inbound.attempt >= self._row.attempts:
            detail = f"after {inbound.attempt} attempts: {why}"
            await self._bury(msg, inbound, Poison("attempts_exhausted", detail))
            return
        delay = retry_delay(inbound.attempt, why.retry_after)
        telemetry.RETRIED.labels(self._row.name, why.reason).inc()
        telemetry.log("article.retried", **self._about(inbound), reason=why.reason, detail=why.detail, delay=delay)
        await msg.nak(delay=delay)

    def _measure(self, inbound: Inbound, result: Result, started: float) -> None:
        seconds = time.monotonic() - started
        telemetry.STAGE_SECONDS.labels(self._row.name).observe(seconds)
        if isinstance(result, Transient | Poison):
            return
        telemetry.AGE_SECONDS.labels(self._row.name).observe((datetime.now(UTC) - inbound.observed_at).total_seconds())
        about = self._about(inbound) | {"ms": round(seconds * 1_000, 1), "bytes": len(inbound.body)}
        if isinstance(result, Skip):
            telemetry.SKIPPED.labels(self._row.name, result.reason).inc()
            telemetry.log("article.skipped", **about, reason=result.reason)
        elif result:
            telemetry.log("article.published", **about)

    def _about(self, inbound: Inbound) -> dict[str, object]:
        return {
            "stage": self._row.name,
            "source": inbound.source,
            "origin": str(inbound.origin),
            "trace": inbound.trace_id,
            "attempt": inbound.attempt,
        }


async def _hand_back(msgs: Sequence[Msg]) -> None:
    """Give what is in hand to another replica, or to us after the restart."""
    for msg in msgs:
        with suppress(nats.errors.Error):
            if not msg.is_acked:
                await msg.nak(delay=FIRST_DELAY)
