"""How far each stage is behind, and how full each stream is."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from nats.js.errors import NotFoundError

from shared.bus import store, topology
from shared.bus.client import explained
from shared.subjects import STAGES, STREAMS, StageRow, Stream


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits for a stage, in messages. `oldest`: seconds since its oldest open message was stored.

    `trouble`: why the stage cannot work, in a sentence; then the rest means nothing.
    """

    stage: str
    pending: int = 0
    in_hand: int = 0
    redelivered: int = 0
    oldest: float | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """What a stream holds; `limit` in bytes. `trouble`: it is not there."""

    stream: str
    messages: int = 0
    bytes: int = 0
    limit: int = 0
    trouble: str | None = None


async def lags(js: JetStreamContext) -> list[Lag]:
    """Every stage's lag, in their order.

    Raises:
        DependencyDown: NATS did not answer.
    """
    with explained("its consumers"):
        return list(await asyncio.gather(*(_lag(js, row) for row in STAGES.values())))


async def _lag(js: JetStreamContext, row: StageRow) -> Lag:
    stage, consumer = row.name, row.consumer
    try:
        info = await topology.check(js, consumer)
    except NotFoundError:
        return Lag(stage, trouble=f"consumer {consumer.durable} of {consumer.stream} is missing; newswire provision")
    except topology.TopologyError as error:
        return Lag(stage, trouble=str(error))
    pending, in_hand = info.num_pending or 0, info.num_ack_pending or 0
    oldest = await _oldest(js, info) if pending or in_hand else None
    return Lag(stage, pending, in_hand, info.num_redelivered or 0, oldest)


async def _oldest(js: JetStreamContext, info: ConsumerInfo) -> float | None:
    floor = info.ack_floor.stream_seq if info.ack_floor else 0
    found = await store.following(js, info.stream_name, floor + 1)
    return (datetime.now(UTC) - found.time).total_seconds() if found and found.time else None


async def fills(js: JetStreamContext) -> list[Fill]:
    """Every stream's fill.

    Raises:
        DependencyDown: NATS did not answer.
    """
    with explained("its streams"):
        return list(await asyncio.gather(*(_fill(js, stream) for stream in STREAMS)))


async def _fill(js: JetStreamContext, stream: Stream) -> Fill:
    try:
        info = await js.stream_info(stream.name)
    except NotFoundError:
        return Fill(stream.name, trouble=f"stream {stream.name} is missing; newswire provision")
    return Fill(stream.name, info.state.messages, info.state.bytes, info.config.max_bytes or 0)
