"""A source in a world that answers as told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.fetch.core import Fetched, RawMessage
from services.fetch.hosts import Hosts
from services.fetch.poll import Poller, Report
from services.fetch.web import Web
from shared.contracts import Feed, Source
from shared.errors import Skip
from tests.fakes.newsroom import Newsroom
from tests.simulation.run import Memory
from tests.simulation.world import START, Clock

FEED = "https://gazette.example/feed"
Answer = Callable[[str, datetime], Fetched]


@dataclass
class Scene:
    """A source with one article, its feed and what its page answers."""

    page: Answer
    source: Source = field(default_factory=lambda: Source(id="gazette", feeds=(Feed(url=FEED),)))
    clock: Clock = field(default_factory=Clock)
    book: Memory = field(default_factory=Memory)
    raws: list[tuple[str, RawMessage]] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    feed_headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room = Newsroom("https://gazette.example")
        self.room.write(START - timedelta(minutes=30))
        self.book.sources["gazette"] = self.source
        self.feed: Answer = self._listed
        self.hosts = Hosts(self.book, 1.0, self.clock.seconds, self.clock.sleep)
        self.web = Web(self, self.hosts, "Newswire", self.clock.seconds, frozenset())
        self.poller = Poller(self.web, self.book, frozenset({"tdm"}), self.clock.now)

    def _listed(self, url: str, now: datetime) -> Fetched:
        headers = {"Content-Type": "application/rss+xml", **self.feed_headers}
        return Fetched(url, 200, headers, self.room.rss(), now)

    async def ask(self, url: str, conditions: Mapping[str, str] | None = None) -> Fetched:
        del conditions
        self.asked.append(url)
        if url.endswith("/robots.txt"):
            return Fetched(url, 404, {}, b"", self.clock.at)
        return self.feed(url, self.clock.at) if url == FEED else self.page(url, self.clock.at)

    async def article(self, message: RawMessage, identity: str) -> int:
        self.raws.append((identity, message))
        return len(self.raws)

    async def skipped(self, skip: Skip, identity: str) -> None:
        del identity
        self.skips.append(skip)

    async def told(self, after: int) -> Mapping[str, int]:
        return {identity.partition(":")[2]: place for place, (identity, _) in enumerate(self.raws, 1) if place > after}

    async def look(self) -> Report:
        return await self.poller.poll("gazette", self)

    async def later(self) -> Report:
        """The next look, when it is due."""
        self.clock.at = self.book.states["gazette"].next_due
        return await self.look()


def html(text: str, status: int = 200, **headers: str) -> Answer:
    known = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda url, now: Fetched(url, status, known, text.encode(), now)


PROSE = "<p>" + "The mill burned down on Monday night and nobody was hurt in the fire at all. " * 4
