"""Our own outage: nobody answers, whoever is asked. It is no failure of theirs, and they are back soon after it."""

from collections import Counter
from datetime import datetime, timedelta

from services.fetch.core import Fetched
from services.fetch.hearing import Hearing
from services.fetch.robots import Robots
from services.fetch.schedule.due import DEAF_SPREAD, FIRST_BACKOFF
from shared.errors import Transient
from shared.hearing import enough
from tests.simulation.run import judge, simulate
from tests.simulation.world import START, build
from tests.unit.fetch.scene import PROSE, Scene, html

HOUR = timedelta(hours=1)
SOON = timedelta(seconds=FIRST_BACKOFF * (1 + DEAF_SPREAD))


def test_as_many_tell_it_as_tell_the_keeper() -> None:
    assert [enough(sources) for sources in (0, 1, 5, 6, 7, 39, 40, 10_000)] == [3, 3, 3, 3, 4, 20, 20, 20]


def test_an_answer_of_anybody_ends_it() -> None:
    hearing = Hearing(lambda: 4)
    assert [hearing.missed(server) for server in ("a", "a", "b", "a", "c")] == [False] * 5
    assert hearing.missed("a")
    assert hearing.heard()
    assert not hearing.heard()
    assert not hearing.missed("a")


async def test_all_sources_are_back_within_minutes_of_an_outage_and_not_at_once() -> None:
    world = build(16, 5, days=0.5)
    begins, ends = START + 4 * HOUR, START + 10 * HOUR
    for site in world.sites.values():
        site.down = [(begins, ends, "timeout")]

    found = judge(world, await simulate(world, START + 21 * HOUR))

    asked = [[at for at, _ in site.asked] for site in world.sites.values()]
    waited = [each for each in asked if any(begins <= at < ends for at in each)]
    first = [min(at for at in each if at >= ends) - ends for each in waited]
    assert len(first) >= 10
    assert max(first) <= SOON
    assert max(Counter(each // timedelta(seconds=30) for each in first).values()) <= len(first) // 2
    stories = [story for site in world.sites.values() for story in site.stories]
    ended = [each.since + story.lived(each) for story in stories for each in story.versions]
    assert found.versions - found.found <= sum(begins < at < ends + SOON for at in ended)  # nobody could see those
    assert (found.versions > 50, found.duplicates) == (True, 0)
    feed = [[at for at, path in site.asked if path == "/feed.xml"] for site in world.sites.values()]
    often = max(sum(begins <= at < ends for at in each) for each in feed)
    assert often <= (ends - begins).total_seconds() / FIRST_BACKOFF


async def test_who_alone_is_away_is_asked_later_and_later() -> None:
    world = build(6, 5, days=0.5)
    away = world.sites["s3"]
    away.down = [(START + HOUR, START + 10 * HOUR, "timeout")]

    await simulate(world, START + 10 * HOUR)

    assert sum(at >= START + HOUR for at, path in away.asked if path == "/feed.xml") <= 10


async def test_a_page_is_not_given_up_while_nobody_answers() -> None:
    def away(url: str, now: datetime) -> Fetched:
        del now
        raise Transient("timeout", url)

    scene = Scene(away)
    for server in "abc":
        scene.web.hearing.missed(server)  # others are away, too
    scene.feed_headers = {"Cache-Control": "max-age=60"}
    scene.asked.clear()
    await scene.look()  # the feed answers, and that ends it
    assert not scene.web.hearing.deaf
    listed, scene.feed = scene.feed, away
    for _ in range(60):
        for server in "abc":
            scene.web.hearing.missed(server)
        await scene.later()
    assert scene.raws == []
    assert scene.book.states["gazette"].feeds["https://gazette.example/feed"].failures == 1

    scene.page, scene.feed = html(PROSE), listed
    for _ in range(3):
        await scene.later()
    ((_, message),) = scene.raws
    assert b"The mill burned down" in message.body


async def test_rules_that_could_not_be_had_are_asked_for_again() -> None:
    there = False

    async def get(url: str) -> Fetched:
        if not there:
            raise Transient("timeout", url)
        return Fetched(url, 404, {}, b"", START)

    robots = Robots("Newswire", get, lambda: 0.0)
    assert not (await robots.rules("https://gazette.example/news")).reachable
    there = True
    assert not (await robots.rules("https://gazette.example/news")).reachable
    robots.ask_again()
    assert (await robots.rules("https://gazette.example/news")).reachable
