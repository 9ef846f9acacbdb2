"""The real poller in a simulated world, as fast as it goes, and what came of it beside the truth."""

import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol
from urllib.parse import urlsplit

import zstandard

from services.fetch.articles.known import Seen
from services.fetch.core import RawMessage
from services.fetch.hosts import HostBook, Hosts
from services.fetch.poll import Poller, SourceBook
from services.fetch.schedule.agenda import Agenda
from services.fetch.schedule.hosts import Host
from services.fetch.web import Asks, Web
from shared.contracts import Feed, Source, SourceState
from shared.errors import Skip
from shared.guard import Endpoint
from tests.simulation.world import START, Site, Story, Version, World

FIVE_MINUTES_A_DAY = 24 * 12


class Shelf(SourceBook, HostBook, Protocol):
    """All buckets."""

    async def add(self, source: Source) -> None:
        """As its operator does."""
        ...


@dataclass
class Memory:
    """All buckets, in memory; revisions are not needed where nobody else writes."""

    sources: dict[str, Source] = field(default_factory=dict)
    states: dict[str, SourceState] = field(default_factory=dict)
    known: dict[str, Seen] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)

    async def add(self, source: Source) -> None:
        self.sources[source.id] = source

    async def source(self, name: str) -> Source | None:
        return self.sources.get(name)

    async def state(self, name: str) -> tuple[SourceState | None, int]:
        return self.states.get(name), 0

    async def seen(self, name: str) -> tuple[Seen, int]:
        return self.known.get(name, Seen()), 0

    async def host(self, name: str) -> tuple[Host, int]:
        return self.hosts.get(name, Host()), 0

    async def save_state(self, name: str, state: SourceState, revision: int) -> int:
        self.states[name] = state
        return revision

    async def save_seen(self, name: str, seen: Seen, revision: int) -> int:
        self.known[name] = Seen.model_validate_json(seen.model_dump_json(exclude_defaults=True))
        return revision

    async def save_host(self, name: str, host: Host, revision: int) -> int:
        self.hosts[name] = host
        return revision


@dataclass(frozen=True)
class Raw:
    """A raw message as it was published."""

    source: str
    identity: str
    at: datetime
    text: str


@dataclass
class Stream:
    """RAW. `told` finds what was published, as after a crash."""

    world: World
    raws: list[Raw] = field(default_factory=list)
    source: str = ""

    async def article(self, message: RawMessage, identity: str) -> int:
        body = message.body
        if message.headers.get("Content-Encoding") == "zstd":
            body = zstandard.decompress(body)
        self.raws.append(Raw(self.source, identity, self.world.clock.now(), body.decode()))
        return len(self.raws)

    async def skipped(self, skip: Skip, identity: str) -> None:
        raise AssertionError((skip, identity))

    async def told(self, after: int) -> Mapping[str, int]:
        del after
        return {}


def source_of(site: Site) -> Source:
    urls = ["/feed.xml", "/second.xml"][: site.feeds]
    return Source(id=site.name, feeds=tuple(Feed(url=f"{site.base}{each}") for each in urls))


async def simulate(
    world: World,
    until: datetime,
    begin: datetime = START - timedelta(hours=6),
    web: tuple[Asks, frozenset[Endpoint]] | None = None,
    nats: tuple[Shelf, Stream] | None = None,
) -> Stream:
    """Look at all sources whenever they are due, from `begin` on.

    Args:
        world: the sites.
        until: when it ends.
        begin: when all sources are added.
        web: a client and the endpoints it may reach; None: without HTTP.
        nats: buckets and stream; None: in memory.
    """
    client, allowed = web or (world, frozenset[Endpoint]())
    book, stream = nats or (Memory(), Stream(world))
    hosts = Hosts(book, 1.0, world.clock.seconds, world.clock.sleep)
    poller = Poller(Web(client, hosts, "Newswire", world.clock.seconds, allowed), book, frozenset(), world.clock.now)
    agenda = Agenda()
    for site in world.sites.values():
        await book.add(source_of(site))
        agenda.put(site.name, begin.timestamp())
    while (due := agenda.next()) is not None and due <= until.timestamp():
        (name,) = agenda.take(due, 1)
        world.clock.at = datetime.fromtimestamp(due, START.tzinfo)
        stream.source = name
        report = await poller.poll(name, stream)
        agenda.put(name, max(report.next_due.timestamp() if report.next_due else 0.0, due + 1))
        await hosts.let_go()
    return stream


_TOKEN = re.compile(r"number (\d+) in its edition (\d+)")


Key = tuple[str, int, int]
"""A version: site, article, edition."""


@dataclass
class Verdict:
    """What came of a day, or of some of its sources: `+` adds them up.

    `short`: versions that were replaced sooner than their source brings articles. Nobody can promise to see those who
    asks less often than that; they are counted apart, and what replaced them is wanted.
    """

    versions: int = 0
    found: int = 0
    short: int = 0
    short_found: int = 0
    duplicates: int = 0
    deletions: int = 0
    deletions_found: int = 0
    deletions_unseen: int = 0
    """Of articles that were never seen, having lived shorter than their source's interval; not among `deletions`."""
    deletions_wrong: int = 0
    """Of what was not taken away, or told again."""
    requests: int = 0
    feeds: int = 0
    delays: list[float] = field(default_factory=list[float])
    """Of each new article, as a share of its source's interval."""
    medians: list[float] = field(default_factory=list[float])
    """Of each source that has many."""
    missed: list[Key] = field(default_factory=list[Key])
    doubled: list[Key] = field(default_factory=list[Key])
    closest: float = float("inf")
    """Seconds between two requests to one site, at the least."""

    def __add__(self, other: "Verdict") -> "Verdict":
        added = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Verdict(**added | {"closest": min(self.closest, other.closest)})

    @property
    def delay_ratio(self) -> float:
        """The median of all."""
        return statistics.median(self.delays) if self.delays else 0.0

    @property
    def under_a_quarter(self) -> float:
        """The share of sources with their own median below a quarter."""
        return sum(each < 0.25 for each in self.medians) / max(len(self.medians), 1)

    @property
    def fewer(self) -> float:
        """Times fewer requests than polling every five minutes, all of ours against its feeds' alone."""
        return self.feeds * FIVE_MINUTES_A_DAY / max(self.requests, 1)


def judge(world: World, stream: Stream, day: datetime = START) -> Verdict:
    """Compare with the truth: versions that appeared in the day from `day` on."""
    published, gone = _read(stream)
    wanted, short, removed = _truth(world, day)
    found = {key: published[key] for key in wanted if key in published}
    unseen = {key for key, short_lived in removed.items() if short_lived and (*key, 1) not in published}
    taken = {(site.name, story.article.number) for site, story, version in _all(world) if version.gone}
    ratios, medians = _delays(wanted, found)
    in_day = [at for site in world.sites.values() for at, _ in site.asked if day <= at < day + timedelta(days=1)]
    return Verdict(
        versions=len(wanted) - len(short),
        found=len(found.keys() - short),
        short=len(short),
        short_found=len(short & found.keys()),
        duplicates=sum(len(times) - 1 for times in published.values()),
        missed=sorted(wanted.keys() - found.keys() - short),
        doubled=sorted(key for key, times in published.items() if len(times) > 1),
        deletions=len(removed) - len(unseen),
        deletions_found=len((removed.keys() - unseen) & gone.keys()),
        deletions_unseen=len(unseen),
        deletions_wrong=gone.total() - len(gone.keys() & taken),
        requests=len(in_day),
        feeds=sum(site.feeds for site in world.sites.values()),
        delays=ratios,
        medians=medians,
        closest=min((gap for site in world.sites.values() for gap in _gaps(site)), default=float("inf")),
    )


def _truth(world: World, day: datetime) -> tuple[dict[Key, datetime], set[Key], dict[tuple[str, int], bool]]:
    """The versions of a day with when they appeared, those of them that were short-lived, and what was removed, with
    whether that was.
    """
    wanted: dict[Key, datetime] = {}
    short: set[Key] = set()
    removed: dict[tuple[str, int], bool] = {}
    for site, story, version in _all(world):
        key = (site.name, story.article.number, version.number)
        if not day <= version.since < day + timedelta(days=1):
            continue
        if version.gone:
            removed[key[:2]] = story.lived(story.versions[0]) < site.interval
            continue
        wanted[key] = version.since
        if story.lived(version) < site.interval:
            short.add(key)
    return wanted, short, removed


def _all(world: World) -> Iterator[tuple[Site, Story, Version]]:
    for site in world.sites.values():
        for story in site.stories:
            yield from ((site, story, version) for version in story.versions)


def _gaps(site: Site) -> list[float]:
    times = [at for at, path in site.asked]
    return [(later - sooner).total_seconds() for sooner, later in pairwise(times)]


def _read(stream: Stream) -> tuple[dict[tuple[str, int, int], list[datetime]], Counter[tuple[str, int]]]:
    published: dict[tuple[str, int, int], list[datetime]] = defaultdict(list)
    gone: Counter[tuple[str, int]] = Counter()
    for raw in stream.raws:
        token = _TOKEN.search(raw.text)
        if token:
            published[raw.source, int(token[1]), int(token[2])].append(raw.at)
            continue
        said: dict[str, Any] = json.loads(raw.text)
        assert said["status"] == "canceled", raw
        gone[raw.source, int(urlsplit(said["url"]).path.rpartition("-")[2])] += 1
    return published, gone


def _delays(
    wanted: Mapping[tuple[str, int, int], datetime], found: Mapping[tuple[str, int, int], list[datetime]]
) -> tuple[list[float], list[float]]:
    """Each new article's delay as a share of its source's interval, and each source's median of them."""
    per_source: dict[str, list[float]] = defaultdict(list)
    for key, times in found.items():
        if key[2] == 1:
            per_source[key[0]].append((times[0] - wanted[key]).total_seconds())
    many = Counter(key[0] for key in wanted if key[2] == 1)
    ratios = [delay / (86_400 / many[name]) for name, delays in per_source.items() for delay in delays]
    shares = [
        statistics.median(delays) / (86_400 / many[name]) for name, delays in per_source.items() if many[name] >= 8
    ]
    return ratios, shares
