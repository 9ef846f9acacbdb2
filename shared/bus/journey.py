"""The messages of one origin, in the streams they went through. Every look is bounded."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from shared.bus import store, wire
from shared.bus.client import epoch_of_raw, explained, headers_of
from shared.bus.events import Event, event_of, for_source, from_raw
from shared.contracts import Origin
from shared.subjects import (
    DLQ,
    ENRICHED,
    INDEXED,
    PARSED,
    RAW,
    REPLAY_ENRICH,
    REPLAY_INDEX,
    REPLAY_PARSE,
    REVISED,
    SKIPPED,
    Subject,
    stream_of,
)

LOOKS: Final = 1_000
"""Messages of a source that are looked at in one family of subjects, from the moment the raw one was stored."""
NEWEST: Final = 2_000
"""Newest events that are looked at for an id that says nothing about when."""
_FAMILIES: Final = (REPLAY_PARSE, PARSED, REPLAY_ENRICH, ENRICHED, REPLAY_INDEX, INDEXED, REVISED, SKIPPED, DLQ)


@dataclass(frozen=True, slots=True)
class Step:
    """A stored message. `event`: what it tells, where it is an outcome."""

    at: datetime | None
    stream: str
    sequence: int
    subject: str
    origin: Origin | None
    bytes: int
    event: Event | None


def step_of(stream: str, found: RawStreamMsg, origin: Origin | None = None) -> Step:
    """What a stored message says of itself; `origin`: when that is its place."""
    headers, subject = headers_of(found), found.subject or ""
    event = event_of(subject, headers, found.data or b"")
    if origin is None:
        try:
            origin = Origin.parse(headers.get(wire.ORIGIN, ""))
        except ValueError:
            origin = None
    return Step(found.time, stream, found.seq or 0, subject, origin, len(found.data or b""), event)


async def raw_of(js: JetStreamContext, origin: Origin) -> Step | None:
    """The raw message of this origin; None when it is gone, or its stream was made anew since.

    Raises:
        DependencyDown: NATS did not answer.
    """
    name, epoch = stream_of(RAW).name, await epoch_of_raw(js)
    if origin.epoch != epoch or not origin.sequence:
        return None
    with explained(f"stream {name}"):
        found = await store.message(js, name, origin.sequence)
    return step_of(name, found, Origin(epoch, origin.sequence)) if found else None


async def journey(js: JetStreamContext, origin: Origin, source: str, since: datetime) -> list[Step]:
    """What came of a raw message, all generations, in the order of time; see LOOKS for how far is looked.

    Raises:
        DependencyDown: NATS did not answer.
    """
    several = await asyncio.gather(*(_met(js, family, origin, source, since) for family in _FAMILIES))
    return sorted((step for steps in several for step in steps), key=_when)


def _when(step: Step) -> float:
    return step.at.timestamp() if step.at else 0.0


async def _met(js: JetStreamContext, family: Subject, origin: Origin, source: str, since: datetime) -> list[Step]:
    stream = stream_of(family).name
    start = await _first_since(js, stream, since)
    steps = [step async for step in _stored(js, stream, for_source(family, source), start, LOOKS)]
    return [
        step
        for step in steps
        if step.origin and step.origin[:2] == origin[:2] and (step.event is None or from_raw(step.event))
    ]


async def _stored(js: JetStreamContext, stream: str, subject: str, start: int, most: int) -> AsyncGenerator[Step]:
    for _ in range(most):
        with explained(f"stream {stream}"):
            try:
                found = await js.get_msg(stream, max(start, 1), subject=subject, next=True)
            except NotFoundError:
                return
        start = (found.seq or start) + 1
        yield step_of(stream, found)


async def _first_since(js: JetStreamContext, stream: str, since: datetime) -> int:
    """The first sequence that was stored at `since` or later: times only grow in a stream, so it is bisected."""
    with explained(f"stream {stream}"):
        state = (await js.stream_info(stream)).state
        low, high = state.first_seq, state.last_seq + 1
        while low < high:
            middle = (low + high) // 2
            found = await store.following(js, stream, middle)
            if found and found.time and found.time < since:
                low = (found.seq or middle) + 1
            else:
                high = middle
    return low


async def told_of(js: JetStreamContext, identity: str) -> Event | None:
    """The newest event about this trace id or article id, among the NEWEST so many of each stream.

    Raises:
        DependencyDown: NATS did not answer.
    """
    found: Event | None = None
    for family in (DLQ, INDEXED):
        stream = stream_of(family).name
        with explained(f"stream {stream}"):
            last = (await js.stream_info(stream)).state.last_seq
        async for step in _stored(js, stream, ">", last - NEWEST + 1, NEWEST):
            event = step.event
            if event and from_raw(event) and identity in {event.trace_id, getattr(event, "article_id", None)}:
                found = event
    return found
