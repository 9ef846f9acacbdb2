# Parts of the signatures of nats-py have no types.
# pyright: reportUnknownMemberType=false
"""Hands out jobs for the sources that are due. Every replica of fetch does it: a source has one job at a time, since
JOBS keeps one message a subject, and a job for a source that was looked at meanwhile does nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from pydantic import ValidationError

from services.fetch.schedule.agenda import Agenda
from services.fetch.schedule.due import FIRST_SPREAD, spread
from services.fetch.schedule.pressure import Backlog, Pace, pace_of
from shared import telemetry
from shared.bus import JetStreamContext, publish, store
from shared.bus.wire import body_of
from shared.contracts import Contract, FetchJob, Source, SourceState, Stage
from shared.subjects import JOBS, PUSHES, SOURCE_STATE, SOURCES, STAGES

C = TypeVar("C", bound=Contract)
EVERY: Final = 1.0
LOOK_BEHIND_EVERY: Final = 5.0
"""Seconds between two rounds, and between two looks at the streams behind."""
ROOM: Final = 200
"""Jobs handed out in a round at most."""
AT_ONCE: Final = 50
_BEHIND: Final[tuple[Stage, ...]] = ("parse", "enrich", "index")


class Wanted(NamedTuple):
    """A source as its operator wants it. `since`: when that was heard of, in seconds of the epoch."""

    feeds: tuple[str, ...]
    paused: bool
    since: float


class Known(NamedTuple):
    """What is known of a source: when it is due, and which feeds that is about."""

    due: float
    feeds: frozenset[str]


def due_of(name: str, wanted: Wanted, known: Known | None) -> float | None:
    """When a source is due, in seconds of the epoch; None while it pauses. One with a new feed is due at once."""
    if wanted.paused:
        return None
    if known is None:
        return wanted.since + FIRST_SPREAD * spread(name)
    return min(known.due, wanted.since) if set(wanted.feeds) - known.feeds else known.due


class Scheduler:
    """`clock`: the moment now; `pushes`: whether hubs push. One instance for a process.

    `followed`: how often all that had changed was read.
    """

    def __init__(self, js: JetStreamContext, clock: Callable[[], datetime], *, pushes: bool = False) -> None:
        self._js, self._clock = js, clock
        self._agenda = Agenda()
        self._wanted: dict[str, Wanted] = {}
        self._known: dict[str, Known] = {}
        self._pushed: dict[str, set[str]] = {}
        self._followed = {SOURCES: self._note_source, SOURCE_STATE: self._note_state}
        if pushes:
            self._followed[PUSHES] = self._note_push
        self._places = {bucket.name: 0 for bucket in self._followed}
        self._pace, self._looked = Pace(), float("-inf")
        self.followed = 0

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return len(self._wanted)

    def feeds(self, source: str) -> tuple[str, ...]:
        """The feeds of a source that are looked at; none while it pauses, or when it is gone."""
        known = self._wanted.get(source)
        return known.feeds if known and not known.paused else ()

    async def round(self) -> int:
        """Follow the changes of both buckets and hand out what is due; how many jobs were stored."""
        await self._follow()
        now = self._clock().timestamp()
        if now - self._looked >= LOOK_BEHIND_EVERY:
            self._looked = now
            self._adopt(await self._look_behind())
        telemetry.SOURCES.set(len(self._wanted))
        telemetry.OVERDUE.set(self._agenda.behind(now))
        room = int(ROOM * self._pace.share)
        return await self._hand_out([name for name in self._agenda.take(now, room) if self._is_due(name, now)])

    async def _follow(self) -> None:
        """Read what changed since the last round; all of it in the first."""
        for bucket, note in self._followed.items():
            async for change in store.changed_since(self._js, bucket.name, self._places[bucket.name]):
                note(change)
                self._places[bucket.name] = change.sequence
        self.followed += 1

    def _note_source(self, change: store.Change) -> None:
        source = _read(Source, change.body)
        if source is None:
            self._wanted.pop(change.key, None)
        else:
            urls = tuple(feed.url for feed in source.feeds)
            self._wanted[change.key] = Wanted(urls, source.paused, self._clock().timestamp())
        self._plan(change.key)

    def _note_state(self, change: store.Change) -> None:
        state = _read(SourceState, change.body)
        if state is None:
            self._known.pop(change.key, None)
        else:
            self._known[change.key] = Known(state.next_due.timestamp(), frozenset(state.feeds))
        self._plan(change.key)

    def _note_push(self, change: store.Change) -> None:
        """A source is due while there is a push that nobody has read."""
        name, _, which = change.key.partition(".")
        unread = self._pushed.setdefault(name, set())
        if change.body is None:
            unread.discard(which)
        else:
            unread.add(which)
        if not unread:
            del self._pushed[name]
        self._plan(name)

    def _due(self, name: str) -> float | None:
        wanted = self._wanted.get(name)
        due = due_of(name, wanted, self._known.get(name)) if wanted else None
        return min(due, wanted.since) if wanted and due is not None and name in self._pushed else due

    def _plan(self, name: str) -> None:
        due = self._due(name)
        if due is None:
            self._agenda.drop(name)
        else:
            self._agenda.put(name, due)

    def _is_due(self, name: str, now: float) -> bool:
        """Whether a source that was handed out is due: when its job found nothing to do, it is not."""
        due = self._due(name)
        if due is not None and due > now:
            self._agenda.put(name, due)
        return due is not None and due <= now

    async def _hand_out(self, names: list[str]) -> int:
        stored = 0
        for start in range(0, len(names), AT_ONCE):
            stored += sum(await asyncio.gather(*(self._job(name) for name in names[start : start + AT_ONCE])))
        return stored

    async def _job(self, name: str) -> bool:
        job = FetchJob(url=self._wanted[name].feeds[0], poll=True)
        return await publish.only_one(self._js, JOBS.of(name), body_of(job))

    def _adopt(self, pace: Pace) -> None:
        """Go on at this pace, and say so when that is another one."""
        slow, before = pace.share < 1, self._pace.share < 1
        if (pace.share == 0) != (self._pace.share == 0) or slow != before:
            if slow:
                event: telemetry.Event = "fetch.slowed" if pace.share else "fetch.stopped"
                telemetry.warn(event, share=round(pace.share, 2), reason=pace.reason)
            else:
                telemetry.log("fetch.resumed")
        telemetry.PACE.set(pace.share)
        self._pace = pace

    async def _look_behind(self) -> Pace:
        return pace_of(await asyncio.gather(*(self._backlog(name) for name in _BEHIND)))

    async def _backlog(self, stage: Stage) -> Backlog:
        consumer = STAGES[stage].consumer
        info, reader = await asyncio.gather(
            self._js.stream_info(consumer.stream), self._js.consumer_info(consumer.stream, consumer.durable)
        )
        waits = (reader.num_pending or 0) + (reader.num_ack_pending or 0)
        state = info.state
        return Backlog(consumer.stream, waits, state.messages, state.bytes, info.config.max_bytes or 0)


def _read(contract: type[C], body: bytes | None) -> C | None:
    """The value; None when it was deleted, or is not ours."""
    try:
        return contract.model_validate_json(body) if body else None
    except ValidationError:
        return None
