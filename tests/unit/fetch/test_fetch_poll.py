"""Looks at a source in a world that answers as told: walls, troubles, reservations, two replicas at one host."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.fetch.articles.known import Seen
from services.fetch.articles.seen import KEPT
from services.fetch.core import Fetched
from services.fetch.hosts import Busy, Hosts
from shared.contracts import Feed, Source
from shared.errors import Transient
from tests.fakes.newsroom import Article, Newsroom
from tests.simulation.world import START
from tests.unit.fetch.scene import FEED, PROSE, Scene, html


def slow(url: str, now: datetime) -> Fetched:
    del now
    raise Transient("timeout", url)


async def test_a_wall_is_named_and_never_published() -> None:
    scene = Scene(html("<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>", 403))

    await scene.look()

    ((_, message),) = scene.raws
    assert b"challenge" not in message.body
    assert message.body.startswith(b"<item")
    assert scene.book.states["gazette"].page_problem == "cloudflare_challenge"


async def test_a_page_that_is_slow_is_tried_again_and_then_its_entry_has_to_do() -> None:
    scene = Scene(slow)
    await scene.look()
    assert scene.raws == []
    for _ in range(12):
        await scene.later()

    ((_, message),) = scene.raws
    assert message.body.startswith(b"<item")
    assert sum("/news/" in url for url in scene.asked) >= 4


async def test_a_page_that_comes_back_is_published_once() -> None:
    scene = Scene(slow)
    await scene.look()
    scene.page = html(PROSE)
    for _ in range(4):
        await scene.later()

    ((_, message),) = scene.raws
    assert b"The mill burned down" in message.body


@pytest.mark.parametrize(("honour", "published"), [(None, 0), (("noindex",), 1)])
async def test_a_reservation_is_respected_as_configured(honour: Any, published: int) -> None:
    scene = Scene(html(PROSE, TDM_Reservation="1"), Source(id="gazette", feeds=(Feed(url=FEED),), honour=honour))

    report = await scene.look()

    assert (len(scene.raws), report.opted_out) == (published, 1 - published)
    assert [skip.reason for skip in scene.skips] == ["opted_out"] * (1 - published)


async def test_what_was_published_before_a_crash_is_not_published_again() -> None:
    scene = Scene(html(PROSE))
    await scene.look()
    scene.book.known.clear()
    scene.book.states.clear()

    await scene.look()

    assert len(scene.raws) == 1
    assert scene.book.known["gazette"].raw_sequence == 1


@pytest.mark.parametrize("change", [{"paused": True}, None])
async def test_a_source_that_pauses_or_is_gone_is_left_alone(change: dict[str, bool] | None) -> None:
    scene = Scene(html(PROSE))
    if change:
        scene.book.sources["gazette"] = scene.source.model_copy(update=change)
    else:
        scene.book.sources.clear()

    assert (await scene.look()).feeds == {}
    assert scene.asked == []


async def test_a_look_that_finds_nothing_new_does_not_read_what_is_known_of_the_articles() -> None:
    scene, read = Scene(html(PROSE)), list[str]()
    seen = scene.book.seen

    async def counted(name: str) -> tuple[Seen, int]:
        read.append(name)
        return await seen(name)

    scene.book.seen = counted  # type: ignore[method-assign]
    await scene.look()
    visit = scene.book.states["gazette"].next_visit
    while not (report := await scene.later()).visited:
        assert (len(read), scene.book.states["gazette"].next_visit) == (1, visit)
        assert report.feeds == {FEED: "unchanged"}

    assert len(read) == 2


async def test_what_a_feed_lists_for_weeks_without_a_change_stays_known() -> None:
    busy, other = Newsroom("https://gazette.example/busy"), "https://gazette.example/busy.xml"

    def answers(url: str, now: datetime) -> Fetched:
        return (
            Fetched(url, 200, {"Content-Type": "text/xml"}, busy.rss(), now) if url == other else html(PROSE)(url, now)
        )

    scene = Scene(answers, Source(id="gazette", feeds=(Feed(url=FEED), Feed(url=other))))
    while scene.clock.at < START + 2 * KEPT:
        await scene.look()
        scene.clock.at += timedelta(days=3)
        busy.articles.append(Article(100 + scene.clock.at.day, scene.clock.at))
    told = [identity for identity, _ in scene.raws]
    scene.room.write(scene.clock.at)
    await scene.look()

    assert len(told) > 9
    assert len(scene.raws) == len(told) + 2, "one of each feed; and none of weeks ago"


@pytest.mark.parametrize(
    ("full_text", "listed", "bodies"),
    [("auto", False, [b"<item", b"The barn"]), ("auto", True, [b"<item", b"<item"]), ("feed", False, [b"<item"])],
)
async def test_an_edit_is_found_whether_a_full_feed_still_lists_the_article_or_not(
    full_text: Any,
    listed: bool,  # noqa: FBT001
    bodies: list[bytes],
) -> None:
    scene = Scene(html(PROSE), Source(id="gazette", feeds=(Feed(url=FEED),), full_text=full_text))
    scene.room.full = True
    await scene.look()
    while not (await scene.later()).visited:
        pass
    scene.page = html(PROSE.replace("mill", "barn"))
    if listed:
        scene.room.articles[0].version = 2
    else:
        scene.room.articles.clear()
        scene.feed_headers = {"Cache-Control": "max-age=3600"}
    while scene.clock.at < START + timedelta(days=9):
        await scene.later()

    assert [told in message.body for told, (_, message) in zip(bodies, scene.raws, strict=True)] == [True] * len(bodies)


async def test_a_feed_that_fails_is_left_for_longer_each_time() -> None:
    scene = Scene(html(PROSE))
    scene.room.rss = lambda: b"<!doctype html><p>" + b"We moved to another place on the web. " * 30  # type: ignore[method-assign]
    waits = []
    for _ in range(3):
        await (scene.later() if waits else scene.look())
        waits.append((scene.book.states["gazette"].next_due - scene.clock.at).total_seconds())

    assert waits[2] > 3 * waits[0]
    assert scene.book.states["gazette"].feeds[FEED].problem == "not_a_feed"


async def test_a_host_is_asked_by_one_replica_at_a_time() -> None:
    scene = Scene(html(PROSE))
    other = Hosts(scene.book, 1.0, scene.clock.seconds, scene.clock.sleep)

    async with scene.hosts.turn("gazette-example", "/a", patience=5):
        with pytest.raises(Busy):
            async with other.turn("gazette-example", "/b", patience=5):
                raise AssertionError
    await scene.hosts.let_go()
    before = scene.clock.at
    async with other.turn("gazette-example", "/b", patience=5):
        assert scene.clock.at - before == timedelta(seconds=1)


async def test_a_path_that_was_refused_waits_alone() -> None:
    scene = Scene(html("busy", 429, Retry_After="600"))

    await scene.look()

    ((name, host),) = scene.book.hosts.items()
    assert len(host.limits) == 1
    async with scene.hosts.turn(name, "another path", patience=5):
        pass
    with pytest.raises(Busy):
        async with scene.hosts.turn(name, next(iter(host.limits)), patience=5):
            raise AssertionError
