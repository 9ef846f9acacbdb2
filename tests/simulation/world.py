"""A world of publishers on a clock of its own: what each site answers at each moment, and the truth to compare with."""

import random
from bisect import bisect_right as bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from services.fetch.core import Fetched
from services.fetch.feeds.entry import digest
from shared.errors import Poison, Transient
from tests.fakes.newsroom import Article, Newsroom

START = datetime(2026, 3, 4, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)
MOVED = "/moved.xml"


@dataclass
class Clock:
    """The moment now. Sleeping moves it; the runner sets it back for each job, as jobs run side by side."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Version:
    """A version of an article from `since` on; `gone`: it was taken away then."""

    since: datetime
    number: int
    gone: bool = False


@dataclass
class Story:
    article: Article
    versions: list[Version]

    def lived(self, version: Version) -> timedelta:
        """How long a reader could see it."""
        later = [each.since for each in self.versions if each.since > version.since]
        return min(later, default=datetime.max.replace(tzinfo=UTC)) - version.since

    def at(self, now: datetime) -> Version | None:
        found = [each for each in self.versions if each.since <= now]
        return found[-1] if found else None


@dataclass
class Site:
    """A publisher: `feeds` 1 or 2, with `quirks` by name; `down`: spans without an answer."""

    name: str
    per_day: float
    full: bool
    feeds: int
    validators: bool
    quirks: frozenset[str]
    stories: list[Story] = field(default_factory=list)
    down: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    address: str = ""
    """Where it is, when it is asked over HTTP."""

    @property
    def base(self) -> str:
        return self.address or f"https://{self.name}.example"

    @property
    def interval(self) -> timedelta:
        """Between two of its articles, on the whole."""
        return DAY / self.per_day

    def answer(self, url: str, conditions: Mapping[str, str], now: datetime) -> Fetched:
        parts = urlsplit(url)
        self.asked.append((now, parts.path))
        trouble = next((kind for start, end, kind in self.down if start <= now < end), None)
        if trouble == "timeout":
            raise Transient("timeout", url)
        if trouble == "server_error":
            return Fetched(url, 500, {}, b"oops", now)
        if trouble == "rate_limited":
            return Fetched(url, 429, {"Retry-After": "300"}, b"slow down", now)
        if parts.path == "/robots.txt":
            return Fetched(url, 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /admin/", now)
        if parts.path in {"/feed.xml", "/second.xml", MOVED}:
            return self._feed(url, conditions, now)
        return self._page(url, parts.path, now)

    def _room(self, now: datetime, path: str) -> Newsroom:
        room = Newsroom(self.base, full=self.full, ttl=10 if "ttl" in self.quirks else 0)
        out = bisect(self.stories, now, key=lambda story: story.article.published)
        for story in self.stories[max(0, out - 40) : out]:
            version = story.at(now)
            if version and not version.gone:
                changes = "guids" in self.quirks and now.hour % 2 == 1
                query = f"?utm_source={'two' if path == '/second.xml' else 'one'}" if "tracking" in self.quirks else ""
                article = story.article
                guid = f"lighthouse-{article.number}-{now.hour}" if changes else ""
                room.articles.append(Article(article.number, article.published, version.number, guid=guid, query=query))
        return room

    def _feed(self, url: str, conditions: Mapping[str, str], now: datetime) -> Fetched:
        body = self._room(now, urlsplit(url).path).rss()
        moved = f"{self.base}{MOVED}" if "moved" in self.quirks else None
        headers = {"Content-Type": "application/rss+xml"}
        if self.validators:
            headers["ETag"] = f'"{digest(body.decode())}"'
            if conditions.get("If-None-Match") == headers["ETag"]:
                return Fetched(url, 304, headers, b"", now)
        return Fetched(url, 200, headers, body, now, moved_to=moved, redirects=int(moved is not None))

    def _page(self, url: str, path: str, now: datetime) -> Fetched:
        number = path.rpartition("-")[2]
        story = self.stories[int(number) - 1] if number.isdigit() else None
        version = story.at(now) if story and story.article.path == path else None
        if story is None or version is None:
            return Fetched(url, 404, {}, b"no such page", now)
        if version.gone:
            return Fetched(url, 410 if story.article.number % 2 else 404, {}, b"gone", now)
        article = Article(story.article.number, story.article.published, version.number)
        page = Newsroom(self.base).page(article).replace(b"Home News", f"Home News {now}".encode())
        return Fetched(url, 200, {"Content-Type": "text/html; charset=utf-8"}, page, now)


NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass
class World:
    """All sites. It is the guarded client, for whoever asks in it."""

    clock: Clock
    sites: dict[str, Site] = field(default_factory=dict)

    async def ask(self, url: str, conditions: Mapping[str, str] = NOTHING) -> Fetched:
        site = self.sites.get((urlsplit(url).hostname or "").removesuffix(".example"))
        if site is None:
            raise Poison("invalid_url", url)
        return site.answer(url, conditions, self.clock.now())


def by_day(random_: random.Random, per_day: float, start: datetime, days: float) -> list[datetime]:
    """Moments of publication: most by day, few by night, by thinning."""
    moments, at = [], start
    while at < start + timedelta(days=days):
        at += timedelta(days=random_.expovariate(2.2 * per_day))
        hour = at.hour
        weight = 1.0 if 7 <= hour < 19 else 0.45 if 19 <= hour < 23 else 0.12
        if random_.random() < weight * 0.75:
            moments.append(at.replace(microsecond=0))
    return [each for each in moments if each < start + timedelta(days=days)]


def build(sources: int, seed: int, before: float = 3, days: float = 1) -> World:
    """`sources` publishers with `before` days of history before START, and `days` after."""
    random_ = random.Random(seed)
    world = World(Clock())
    for number in range(sources):
        per_day = min(max(random_.lognormvariate(2.0, 1.0), 1.0), 120.0)
        chosen = frozenset(each for each in ("guids", "tracking", "ttl", "moved") if random_.random() < 0.15)
        site = Site(
            f"s{number}", per_day, full=random_.random() < 0.3, feeds=1 + (random_.random() < 0.15),
            validators=random_.random() < 0.7, quirks=chosen,
        )  # fmt: skip
        for index, at in enumerate(by_day(random_, per_day, START - timedelta(days=before), before + days)):
            site.stories.append(_story(random_, Article(index + 1, at), at))
        if random_.random() < 0.1:
            begins = START + timedelta(hours=random_.uniform(1, 20))
            kind = random_.choice(["timeout", "server_error", "rate_limited"])
            site.down.append((begins, begins + timedelta(minutes=random_.uniform(10, 90)), kind))
        world.sites[site.name] = site
    return world


def _story(random_: random.Random, article: Article, at: datetime) -> Story:
    versions = [Version(at, 1)]
    chance = random_.random()
    if chance < 0.10:
        versions.append(Version(at + timedelta(hours=random_.uniform(1.5, 5)), 2))
    elif chance < 0.13:
        versions.append(Version(at + timedelta(hours=random_.uniform(1.5, 5)), 1, gone=True))
    return Story(article, versions)
