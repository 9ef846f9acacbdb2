"""What careless and hostile publishers cost others: nothing."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.articles.known import Known, Seen
from services.fetch.articles.seen import halved
from services.fetch.core import Fetched, validators
from services.fetch.feeds.entry import Listing
from services.fetch.hosts import Busy, Hosts
from services.fetch.look import look_at
from services.fetch.robots import REMEMBERED, Robots, Rules
from services.fetch.web import Trouble, Web
from shared.contracts import Feed, FeedState, SourceState
from tests.simulation.run import Memory
from tests.simulation.world import START, Clock
from tests.unit.fetch.scene import FEED, PROSE, Scene, html

HOUR = timedelta(hours=1)


async def test_an_article_that_is_gone_for_an_hour_comes_back() -> None:
    scene = Scene(html(PROSE))
    await scene.look()
    scene.page = html("nothing", 404)
    for _ in range(4):
        await scene.later()
    assert [identity.split(":")[2] for identity, _ in scene.raws[1:]] == ["gone"]

    scene.page = html(PROSE)
    for _ in range(6):
        await scene.later()

    assert [identity.split(":")[2] for identity, _ in scene.raws[1:]] == ["gone", "page"]
    (known,) = scene.book.known["gazette"].articles.values()
    assert not known.gone


async def test_an_article_that_stays_away_is_told_of_once_and_looked_for_a_few_times() -> None:
    scene = Scene(html(PROSE))
    await scene.look()
    scene.page = html("nothing", 410)
    while scene.clock.at < START + timedelta(days=30):
        await scene.later()

    (known,) = scene.book.known["gazette"].articles.values()
    assert len(scene.raws) == 2
    assert (known.gone, known.visit) == (True, None)
    assert known.missing <= 8


async def test_what_a_feed_lists_unchanged_for_weeks_is_not_new_again() -> None:
    """Without dates there is nothing else that tells."""
    scene = Scene(html(PROSE))
    listed = scene.room.rss
    scene.room.rss = lambda: re.sub(b"<pubDate>.*?</pubDate>", b"", listed())  # type: ignore[method-assign]
    await scene.look()
    while scene.clock.at < START + timedelta(days=40):
        await scene.later()
    scene.room.write(scene.clock.at)
    await scene.later()

    assert len(scene.raws) == 2


async def test_a_bug_that_one_page_brings_out_costs_that_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RecursionError("a page nobody thought of")

    scene = Scene(html(PROSE))
    monkeypatch.setattr("services.fetch.desk.fingerprint", broken)
    first = await scene.look()
    state = scene.book.states["gazette"]

    assert (first.feeds[FEED], first.published) == ("changed", 0)
    assert state.page_problem == "unexpected_error"
    assert state.next_due > scene.clock.at

    monkeypatch.undo()
    for _ in range(5):
        await scene.later()
    assert len(scene.raws) == 1


async def test_a_bug_that_one_feed_brings_out_is_a_trouble_of_that_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("a feed nobody thought of")

    scene = Scene(html(PROSE))
    monkeypatch.setattr("services.fetch.look.read_listing", broken)
    await scene.look()

    feed = scene.book.states["gazette"].feeds[FEED]
    assert (feed.problem, feed.failures) == ("unexpected_error", 1)
    assert feed.next_due > scene.clock.at


@given(st.dictionaries(st.sampled_from(["ETag", "Last-Modified"]), st.text(max_size=3_000)))
def test_what_a_server_calls_a_validator_can_be_kept_and_sent(headers: Mapping[str, str]) -> None:
    etag, modified = validators(headers)
    state = FeedState(next_due=START).model_copy(update={"etag": etag, "last_modified": modified})

    assert FeedState.model_validate_json(state.model_dump_json()) == state
    assert all(each is None or each.isascii() for each in (etag, modified))


async def test_a_state_can_be_read_again_whatever_the_server_says() -> None:
    scene = Scene(html(PROSE, ETag="x" * 5_000, Last_Modified="y" * 5_000))
    scene.feed_headers = {"ETag": "x" * 5_000, "Last-Modified": "\udcff"}
    await scene.look()

    for each, contract in ((scene.book.states["gazette"], SourceState), (scene.book.known["gazette"], Seen)):
        assert contract.model_validate_json(each.model_dump_json()) == each


def test_of_too_many_articles_those_listed_last_stay() -> None:
    articles = {str(number): Known(first=0, listed=number) for number in range(5)}
    found = halved(Seen(articles=articles, names={"a": "1", "b": "4"}, raw_sequence=7))

    assert (set(found.articles), found.names, found.raw_sequence) == ({"3", "4"}, {"b": "4"}, 7)
    assert not halved(halved(found)).articles


INDEX = b"<sitemapindex>%s</sitemapindex>" % b"".join(
    b"<sitemap><loc>https://gazette.example/map-%d</loc></sitemap>" % number for number in range(3)
)
MAP = b"<urlset><url><loc>https://gazette.example/news/1</loc></url></urlset>"


class Indexed:
    """A site with an index of three sitemaps, of which some are there."""

    def __init__(self, there: set[str]) -> None:
        self._there = there

    async def ask(self, url: str, conditions: Mapping[str, str] | None = None) -> Fetched:
        del conditions
        if url.endswith("/index"):
            return Fetched(url, 200, {}, INDEX, START)
        return Fetched(url, 200, {}, MAP, START) if url in self._there else Fetched(url, 404, {}, b"", START)


async def _indexed(there: set[str]) -> int:
    clock = Clock()
    web = Web(Indexed(there), Hosts(Memory(), 1.0, clock.seconds, clock.sleep), "Newswire", clock.seconds, frozenset())
    sight = await look_at(web, Feed(url="https://gazette.example/index", kind="sitemap"), FeedState(next_due=START))
    return len(sight.listing.entries) if sight.listing else 0


async def test_a_sitemap_that_is_missing_costs_the_index_no_other() -> None:
    assert await _indexed({"https://gazette.example/map-1"}) == 1
    with pytest.raises(Trouble, match="not_found"):
        await _indexed(set())


async def test_large_feeds_that_wait_for_each_other_keep_no_thread_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    going_on, rest = threading.Event(), b"<rss><channel>" + b" " * 200_000 + b"</channel></rss>"

    def slow(*_: object) -> Listing:
        going_on.wait(20)
        return Listing("rss")

    async def ask(url: str, conditions: Mapping[str, str] | None = None) -> Fetched:
        del conditions
        return Fetched(url, 404 if url.endswith("robots.txt") else 200, {}, rest, START)

    monkeypatch.setattr("services.fetch.look.read_listing", slow)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    clock, site = Clock(), Indexed(set())
    monkeypatch.setattr(site, "ask", ask)
    web = Web(site, Hosts(Memory(), 1.0, clock.seconds, clock.sleep), "Newswire", clock.seconds, frozenset())
    looks = [
        asyncio.create_task(look_at(web, Feed(url=f"https://site-{number}.example/feed"), FeedState(next_due=START)))
        for number in range(4)
    ]
    await asyncio.sleep(0.1)
    async with asyncio.timeout(10):
        assert await asyncio.to_thread(lambda: "a name") == "a name"
    going_on.set()
    assert [each.listing.form for each in await asyncio.gather(*looks) if each.listing] == ["rss"] * 4


async def test_a_server_that_wants_to_be_left_alone_was_not_tried() -> None:
    """Three tries, and the entry has to do without its page: none of them must be one that never was."""
    scene = Scene(html("busy", 429, Retry_After="600"))
    scene.room.write(START - timedelta(minutes=20))
    await scene.look()
    tries = sorted(each.tries for each in scene.book.known["gazette"].articles.values())
    assert tries == [1, 1]

    scene.page = html(PROSE)
    while scene.book.states["gazette"].next_due < START + timedelta(seconds=590):
        await scene.later()
    assert max(each.tries for each in scene.book.known["gazette"].articles.values()) == 1


async def test_who_waits_behind_a_slow_request_is_told_to_come_again() -> None:
    clock = Clock()
    hosts, entered, done = Hosts(Memory(), 1.0, clock.seconds), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with hosts.turn("host", "/a", patience=5):
            entered.set()
            await done.wait()

    task = asyncio.create_task(slow())
    await entered.wait()
    with pytest.raises(Busy):
        async with hosts.turn("host", "/b", patience=1.05):
            raise AssertionError
    done.set()
    await task


async def test_a_server_is_still_ours_after_a_long_wait_for_it() -> None:
    """A crawl delay of 60 s and a hold of 90: what is left of it must outlast the request."""
    clock, book = Clock(), Memory()
    ours = Hosts(book, 60.0, clock.seconds, clock.sleep)
    async with ours.turn("host", "/a", patience=5):
        pass
    async with ours.turn("host", "/b", patience=120):
        assert book.hosts["host"].until - clock.seconds() >= 45


async def test_a_path_that_is_left_alone_holds_up_no_other() -> None:
    clock, book = Clock(), Memory()
    hosts = Hosts(book, 1.0, clock.seconds, clock.sleep)
    async with hosts.turn("host", "/a", patience=5):
        await hosts.limit("host", "/a", 100)
    before = clock.at
    with pytest.raises(Busy):
        async with hosts.turn("host", "/a", patience=120):
            raise AssertionError
    async with hosts.turn("host", "/b", patience=5):
        assert clock.at - before <= timedelta(seconds=1)


def asks(size: int, asked: list[str]) -> Callable[[str], Awaitable[Fetched]]:
    async def get(url: str) -> Fetched:
        asked.append(url)
        return Fetched(url, 200, {}, b"User-agent: *\nDisallow: /private/\n".ljust(size, b"#"), START)

    return get


async def test_the_rules_of_3000_servers_are_remembered_and_those_of_large_ones_within_bounds() -> None:
    asked: list[str] = []
    robots = Robots("Newswire", asks(1_000, asked), lambda: 0.0)
    for _ in range(2):
        for number in range(3_000):
            await robots.rules(f"https://site-{number}.example/")
    assert len(asked) == 3_000

    large = Robots("Newswire", asks(400_000, asked), lambda: 0.0)
    for number in range(60):
        await large.rules(f"https://site-{number}.example/")
    del asked[:]
    await large.rules("https://site-0.example/")
    await large.rules("https://site-59.example/")
    assert asked == ["https://site-0.example/robots.txt"]
    assert REMEMBERED // 400_000 < 60


async def test_large_rules_are_heeded_like_small_ones() -> None:
    robots = Robots("Newswire", asks(100_000, []), lambda: 0.0)
    rules: Rules = await robots.rules("https://site.example/")

    assert await robots.allow(rules, "https://site.example/news/1")
    assert not await robots.allow(rules, "https://site.example/private/1")
