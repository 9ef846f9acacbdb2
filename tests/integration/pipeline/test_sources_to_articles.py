"""From a feed on a web server to articles in OpenSearch: found, revised, taken away, each once."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.fetch.books import Books
from shared.bus import store
from shared.contracts import Feed, Source, SourceState
from shared.subjects import SOURCE_STATE, SOURCES
from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.fakes.newsroom import Newsroom, every
from tests.pipeline import Pipeline
from tests.wire import Stage

NAME = "lighthouse"


@pytest.fixture
async def site() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


@pytest.fixture
def fetching(running: tuple[str, str], site: HostileServer, tmp_path: Path) -> Any:
    env = {"NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port}", "NEWSWIRE_FETCH_HOST_INTERVAL": "0"}
    stage = Stage(running[0], tmp_path, "services.fetch", env, quick=False).start()
    yield stage
    stage.signal(signal.SIGTERM)
    stage.process.wait(25) if stage.process else None
    stage.kill()


def put_on(site: HostileServer, room: Newsroom) -> None:
    site.pages["/feed.xml"] = answer(room.rss(), content_type="application/rss+xml")
    for article in room.articles:
        headers = {"content_type": "text/html; charset=utf-8", "x_robots_tag": "noarchive"}
        gone = answer(b"gone", "410 Gone")
        site.pages[article.path] = gone if article.gone else answer(room.page(article), **headers)


async def articles(pipeline: Pipeline, until: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    async with asyncio.timeout(90):
        while True:
            found = [each for each in (await pipeline.documents()).values() if each["source"] == NAME]
            if until(found):
                return sorted(found, key=lambda each: str(each["canonical_url"]))
            await asyncio.sleep(0.5)


async def look_again(pipeline: Pipeline) -> None:
    """Make the source and all visits to its articles due, as time would."""
    books = Books(pipeline.js)
    seen, revision = await books.seen(NAME)
    past = int(datetime.now(UTC).timestamp()) - 1
    due = {key: each.model_copy(update={"visit": past}) for key, each in seen.articles.items()}
    await books.save_seen(NAME, seen.model_copy(update={"articles": due}), revision)
    found = await store.get(pipeline.js, SOURCE_STATE.name, NAME)
    assert found
    state = SourceState.model_validate_json(found.body)
    now = datetime.now(UTC)
    feeds = {url: each.model_copy(update={"next_due": now}) for url, each in state.feeds.items()}
    again = state.model_copy(update={"next_due": now, "next_visit": now, "feeds": feeds})
    await books.save_state(NAME, again, found.revision)


async def test_what_a_feed_lists_is_searchable_and_stays_true(
    pipeline: Pipeline, site: HostileServer, fetching: Stage
) -> None:
    fetching.await_ready()
    room = Newsroom(site.url)
    for at in every(2, 3):
        room.write(at)
    put_on(site, room)
    source = Source(id=NAME, feeds=(Feed(url=f"{site.url}/feed.xml"),))
    await store.put(pipeline.js, SOURCES.name, NAME, source.model_dump_json().encode(), 0)

    found = await articles(pipeline, lambda each: len(each) == 3)
    assert [each["headline"] for each in found] == [f"Lighthouse story {number}" for number in (1, 2, 3)]
    assert found[0]["rights"]["robots"] == "noarchive"
    assert found[0]["published_at"].startswith(room.articles[0].published.isoformat()[:16])

    room.articles[0].version, room.articles[1].gone = 2, True
    put_on(site, room)
    await look_again(pipeline)

    found = await articles(
        pipeline,
        lambda each: (
            {one["status"] for one in each} == {"usable", "canceled"}
            and "version 2" in each[0]["headline"] + each[1]["headline"] + each[2]["headline"]
        ),
    )
    assert len(found) == 3
    assert [each["status"] for each in found] == ["usable", "canceled", "usable"]
    assert found[0]["headline"] == "Lighthouse story 1, version 2"
    assert found[1]["headline"] == "Lighthouse story 2"
    assert [each["last_change"]["action"] for each in found] == ["revised", "revised", "new"]
