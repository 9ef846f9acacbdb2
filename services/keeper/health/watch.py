"""Watches all sources: reads what became of their articles and what fetch knows, and tells of troubles once.

First the state is stored, then its events are published, then stored that they were. A second keeper meets a conflict
and loads what the first one stored; an event that was published before a crash is found on its subject.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from services.keeper import metrics
from services.keeper.core import MAX_SOURCES, Place
from services.keeper.health.books import Books
from services.keeper.health.core import Watched, identity, in_trouble
from services.keeper.health.desk import Desk
from services.keeper.health.hearing import answered, deaf
from services.keeper.health.sightings import sighting_of
from shared import telemetry
from shared.bus import JetStreamContext, publish, store, wire
from shared.bus.client import headers_of
from shared.bus.ordered import OrderedReader
from shared.contracts import HealthEvent
from shared.contracts.health import INSTALLATION
from shared.subjects import DLQ, HEALTH, HEALTH_READER, INDEXED, SKIPPED, stream_of

STORE_EVERY: Final = timedelta(minutes=1)
"""When there is nothing to tell. What was not stored is read again."""
MOST_PAGES: Final = 20
"""Of each stream at a time, before others have their turn."""
_OUTCOMES: Final = (INDEXED.pattern, SKIPPED.pattern.replace("*", "parse", 1), SKIPPED.pattern.replace("*", "index", 1))
_DEAD: Final = (DLQ.pattern.replace("*", "parse", 1),)


def _now() -> datetime:
    return datetime.now(UTC)


class Watch:
    """The health of all sources. `in_flight`: whether something of a source is under way, or may be."""

    def __init__(
        self, js: JetStreamContext, in_flight: Callable[[str], bool], clock: Callable[[], datetime] = _now
    ) -> None:
        self._js, self._in_flight, self._clock = js, in_flight, clock
        self._readers = {
            "EVENTS": OrderedReader(js, HEALTH_READER, "EVENTS", _OUTCOMES, bodies=True),
            "DLQ": OrderedReader(js, HEALTH_READER, "DLQ", _DEAD),  # what is told of a dead letter is in its headers
        }
        self._books, self._desk = Books(js), Desk(js)
        self._places: dict[str, Place] = {}
        self._changed: set[str] = set()
        self._stored_at: datetime | None = None
        self.watched: dict[str, Watched] = {}

    async def judge(self) -> None:
        """Take what is new, and tell of what began or is over.

        Raises:
            DependencyDown: an event could not be published; the next call goes on from there.
            nats.errors.Error: NATS does not answer, or was never provisioned.
        """
        if self._stored_at is None:
            self.watched, self._places = await self._books.load()
            self._changed, self._stored_at = set(), self._clock()
        for gone in await self._desk.follow():
            if self.watched.pop(gone, None):
                await self._books.forget(gone)
        if all([await self._read(name, reader) for name, reader in self._readers.items()]):
            self._tick()
            metrics.JUDGED.set_to_current_time()
        await self._tell()
        for trouble, count in in_trouble(self.watched).items():
            metrics.TROUBLED.labels(trouble).set(count)

    async def close(self) -> None:
        """Let go of the server's consumers."""
        for reader in self._readers.values():
            await reader.close()

    async def _read(self, name: str, reader: OrderedReader) -> bool:
        """True when everything stored before this call was read."""
        for _ in range(MOST_PAGES):
            page = await reader.read(*self._places.get(name, Place()))
            for msg in page.messages:
                sighting = sighting_of(msg.subject, msg.headers or {}, msg.data)
                watched = self._of(sighting.source) if sighting else None
                if sighting and watched:
                    watched.see(name, Place(page.epoch, msg.metadata.sequence.stream), sighting)
                    self._changed.add(watched.source)
            self._places[name] = Place(page.epoch, page.sequence)
            if page.end:
                return True
        return False

    def _of(self, source: str) -> Watched | None:
        """None for those met after as many as are watched: invented names cannot fill the memory."""
        if source not in self.watched and len(self.watched) < MAX_SOURCES:
            self.watched[source] = Watched(source)
        return self.watched.get(source)

    def _tick(self) -> None:
        """While the installation is cut off, that is told once, and nothing of sources: it is not they who are away."""
        now = self._clock()
        here = self.watched.setdefault(INSTALLATION, Watched(INSTALLATION))
        heard = self._desk.hearing()
        if not here.cut_off(now, deaf(heard.values()), answered(heard)):
            self._tick_sources(now, here.back_at)
        if here.unsaid:
            self._changed.add(INSTALLATION)

    def _tick_sources(self, now: datetime, back_at: datetime | None) -> None:
        for source in self._desk.failing():
            self._of(source)
        for source, watched in self.watched.items():
            if source == INSTALLATION:
                continue
            watched.tick(now, self._desk.known(source), in_flight=self._in_flight(source), back_at=back_at)
            if watched.unsaid:
                self._changed.add(source)

    async def _tell(self) -> None:
        telling = [each for each in self.watched.values() if each.unsaid]
        now = self._clock()
        if not (telling or (self._stored_at and now - self._stored_at >= STORE_EVERY)):
            return
        if not await self._stored():
            return
        for watched in telling:
            await self._publish(watched)
            self._changed.add(watched.source)
        if telling:
            await self._stored()

    async def _stored(self) -> bool:
        """False when somebody else stored something since: it is loaded next time, and read on from there."""
        changed = [self.watched[source] for source in sorted(self._changed) if source in self.watched]
        try:
            await self._books.commit(changed, self._places)
        except store.Conflict as conflict:
            self._stored_at = None
            telemetry.warn(
                "connection.error", service="keeper", error=f"{conflict} was written since; reading it again"
            )
            return False
        self._changed.clear()
        self._stored_at = self._clock()
        return True

    async def _publish(self, watched: Watched) -> None:
        """Publish what is to be told, in order, and after what was published before a crash."""
        subject = HEALTH.of(watched.source)
        last = await store.newest(self._js, stream_of(HEALTH).name, subject)
        said = headers_of(last).get(wire.MESSAGE_ID) if last else None
        names = [identity(event) for event in watched.unsaid]
        for event in watched.unsaid[names.index(said) + 1 if said in names else 0 :]:
            await self._say(subject, event)
        watched.unsaid.clear()

    async def _say(self, subject: str, event: HealthEvent) -> None:
        name = identity(event)
        headers = {wire.MESSAGE_ID: name, **wire.cloud_event(HEALTH, "/newswire/keeper", name, event.at, typed=True)}
        await publish.publish(self._js, subject, wire.body_of(event), headers)
        telemetry.warn(event.event, source=event.source, trouble=event.trouble, cause=event.cause, detail=event.detail)
