"""A look at a source that is due: its feeds, then the articles to visit again; then what was learned is saved.

In this order: raw messages are published, what is known of articles is saved, then when the source is due next, then
the job is settled. Wherever a crash comes between, the next look finds in RAW what was published already.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from services.fetch.articles.known import Seen
from services.fetch.articles.seen import pruned, still_listed
from services.fetch.articles.visits import next_visit, put_off, visits
from services.fetch.desk import Desk, Wire, failed_at
from services.fetch.hosts import Busy
from services.fetch.listed import LONGEST, Listed, publish_listed
from services.fetch.look import look_at
from services.fetch.purpose import PURPOSE, Purpose
from services.fetch.schedule.due import deferred, failed, feeds_due, first_state, succeeded, unheard
from services.fetch.web import Trouble, Web
from services.fetch.websub.pushing import Pushes, Worked, alone, tending_due
from shared.bus.store import Conflict
from shared.contracts import Feed, FeedState, Reservation, Source, SourceState
from shared.errors import Outcome
from shared.failpoints import failpoint

VISITS_AT_ONCE: Final = 20
SOON: Final = timedelta(seconds=30)
"""Until a source is due again of which not all could be done."""


class SourceBook(Protocol):
    """What is known of sources; each with the revision that saving it takes."""

    async def source(self, name: str) -> Source | None:
        """As its operator wants it."""
        ...

    async def state(self, name: str) -> tuple[SourceState | None, int]:
        """When it is due, and more."""
        ...

    async def seen(self, name: str) -> tuple[Seen, int]:
        """Its articles."""
        ...

    async def save_state(self, name: str, state: SourceState, revision: int) -> int:
        """Replace it; raises Conflict."""
        ...

    async def save_seen(self, name: str, seen: Seen, revision: int) -> int:
        """Replace them; raises Conflict."""
        ...


@dataclass(slots=True)
class Report:
    """What a look came to. `feeds`: by URL, "changed", "unchanged", or the name of what went wrong."""

    source: str
    feeds: dict[str, str] = field(default_factory=dict[str, str])
    published: int = 0
    opted_out: int = 0
    visited: int = 0
    waiting: int = 0
    """Articles left for the next look."""
    next_due: datetime | None = None
    conflict: bool = False


@dataclass(slots=True)
class Job:
    """A look under way. `desk`: once articles matter, with what was known of them `before`, at `revision`.

    Most looks find nothing new, and what is known of the articles is the largest value that there is.
    """

    source: Source
    wire: Wire
    report: Report
    desk: Desk | None = None
    before: Seen = field(default_factory=Seen)
    revision: int = 0


class Poller:
    """Looks at sources. `honour`: the reservations that are respected where a source says nothing else.

    `pushes`: WebSub, where it is on.
    """

    def __init__(
        self,
        web: Web,
        book: SourceBook,
        honour: frozenset[Reservation],
        clock: Callable[[], datetime],
        pushes: Pushes | None = None,
    ) -> None:
        self._web, self._book, self._honour, self._clock, self._pushes = web, book, honour, clock, pushes

    async def poll(self, name: str, wire: Wire) -> Report:
        """Look at a source, if it is there and due.

        Raises:
            DependencyDown: NATS is away, or a stream is full; whatever was published stays published once.
        """
        report = Report(name)
        source = await self._book.source(name)
        if source is None or source.paused:
            return report
        kept, revision = await self._book.state(name)
        now = self._clock()
        state = kept or first_state(source, now - timedelta(minutes=2))
        state = state if self._pushes else alone(state)
        pushed = await self._pushes.hubs.pushed(name) if self._pushes else ()
        feeds = feeds_due(source, state, now)
        if not (feeds or visit_due(state, now) or pushed or tending_due(state, now)):
            return report
        PURPOSE.set(Purpose(name, self._honoured(source)))
        job = Job(source, wire, report)
        looks = {feed.url: await self._look(job, feed, each) for feed, each in feeds}
        known = state.feeds | looks
        worked = Worked({feed.url: known[feed.url] for feed in source.feeds if feed.url in known})
        if self._pushes:
            worked = await self._pushes.work(source, worked.feeds, pushed, partial(self._desk, job))
        if job.desk or kept is None or visit_due(state, self._clock()):
            await self._visit(await self._desk(job), report)
        await self._save(job, state.model_copy(update={"feeds": dict(worked.feeds)}), revision)
        if self._pushes and not report.conflict:
            await self._pushes.hubs.read(worked.done)
        return report

    async def _desk(self, job: Job) -> Desk:
        if job.desk is None:
            job.before, job.revision = await self._book.seen(job.source.id)
            job.desk = Desk(job.source, job.before, self._web, job.wire, self._honoured(job.source))
        return job.desk

    def _honoured(self, source: Source) -> frozenset[Reservation]:
        return self._honour if source.honour is None else frozenset(source.honour)

    async def _look(self, job: Job, feed: Feed, state: FeedState) -> FeedState:
        started, source = self._clock(), job.source
        try:
            return await self._looked(job, feed, state)
        except Busy as busy:
            job.report.feeds[feed.url] = "deferred"
            until = datetime.fromtimestamp(busy.until, started.tzinfo)
            return deferred(state, max(until, started + timedelta(seconds=1)))
        except Trouble as met:
            trouble = met
        except Outcome:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one feed brings out must not cost the others
            trouble = failed_at(error, source.id, feed.url)
        job.report.feeds[feed.url] = trouble.name
        if trouble.ours:
            return unheard(source, feed, state, (trouble.name, trouble.detail), self._clock())
        return failed(source, feed, state, (trouble.name, trouble.detail), self._clock(), trouble.wait)

    async def _looked(self, job: Job, feed: Feed, state: FeedState) -> FeedState:
        started, sight = self._clock(), await look_at(self._web, feed, state)
        noting, state = to_note(state, started), state.model_copy(update={"moved_to": sight.answer.moved_to})
        job.report.feeds[feed.url] = "changed" if sight.listing else "unchanged"
        listed = Listed(())
        if sight.listing:
            desk = await self._desk(job)
            listed = await publish_listed(desk, feed.url, sight.listing.entries, sight.answer, self._clock)
            if listed.waiting:
                job.report.waiting += listed.waiting
                return deferred(state, self._clock())
        elif noting:
            desk = await self._desk(job)
            desk.seen = still_listed(desk.seen, feed.url, started)
        after = succeeded(job.source, feed, state, replace(sight.look, arrived=listed.arrived), started)
        return await self._pushes.heard(job.source, feed, after, sight, listed) if self._pushes else after

    async def _visit(self, desk: Desk, report: Report) -> None:
        started = self._clock()
        for key in visits(desk.seen, started, VISITS_AT_ONCE):
            if self._web.hearing.deaf:
                desk.seen = put_off(desk.seen, self._clock())
                return
            if self._clock() - started > LONGEST:
                return
            try:
                await desk.visit(key, self._clock())
            except Busy:
                return
            report.visited += 1

    async def _save(self, job: Job, state: SourceState, revision: int) -> None:
        now, report, desk = self._clock(), job.report, job.desk
        seen = job.before
        if desk:
            seen = pruned(desk.seen, now)
            report.published, report.opted_out = desk.published, desk.opted_out
            state = worked_at(state, seen, desk, now)
        after = updated(job.source, state, now)
        report.next_due = after.next_due
        try:
            if seen != job.before:
                await self._book.save_seen(job.source.id, seen, job.revision)
            await self._book.save_state(job.source.id, after, revision)
        except Conflict:  # another replica has the same job: what we published it finds in RAW, and we find its
            report.conflict = True
        failpoint("after_state")


def visit_due(state: SourceState, now: datetime) -> bool:
    """Whether an article is to be looked at again now."""
    return state.next_visit is not None and state.next_visit <= now


def to_note(state: FeedState, now: datetime) -> bool:
    """Whether this is a day's first look, or the first after one that failed: what is listed still is noted then."""
    return state.checked_at is None or state.failures > 0 or state.checked_at.date() != now.date()


def updated(source: Source, state: SourceState, now: datetime) -> SourceState:
    """The source's state after a look. What no longer is one of its feeds is forgotten."""
    feeds = {feed.url: found for feed in source.feeds if (found := state.feeds.get(feed.url))}
    due = [each.next_due for each in feeds.values()] + ([max(state.next_visit, now + SOON)] if state.next_visit else [])
    due += [each.push.next_due for each in feeds.values() if each.push]
    return state.model_copy(update={"next_due": min(due), "feeds": feeds})


def worked_at(state: SourceState, seen: Seen, desk: Desk, now: datetime) -> SourceState:
    """The source's state after work on its articles. `seen`: what is known of them now."""
    stamp, trouble, well = next_visit(seen), desk.problem, desk.published or desk.had
    return state.model_copy(
        update={
            "next_visit": datetime.fromtimestamp(stamp, now.tzinfo) if stamp is not None else None,
            "last_article_at": now if desk.published else state.last_article_at,
            "published": state.published + desk.published,
            "page_problem": trouble.name if trouble else (None if well else state.page_problem),
            "page_detail": trouble.detail[:500] if trouble else ("" if well else state.page_detail),
        }
    )
