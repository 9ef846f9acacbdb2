"""`newswire search`, `provision` and `publish --wait` with a real OpenSearch."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from deploy.opensearch.provision import provision
from services.ctl.publish import publish_and_wait
from shared import opensearch
from shared.bus.client import RawArticle
from shared.contracts import Origin
from shared.indices import month_index
from shared.settings import Settings
from tests.emptied import remove_indices
from tests.integration.ctl.conftest import Wire

INDEX = month_index(datetime.now(UTC))
TEXT = "The ministers signed the harbour agreement. Ferries resume in May."


@pytest.fixture
async def searching(wired: Wire, opensearch_url: str) -> AsyncIterator[Wire]:
    """Both servers, provisioned, and one article stored; empty of ours afterwards."""
    wired.opensearch_url = opensearch_url
    async with opensearch.connect(opensearch_url) as client:
        await remove_indices(client)
        await provision(client, datetime.now(UTC), dry_run=False)
        article = {"article_id": "a-1", "source": "harbour", "headline": "Ferries <b>resume", "body": TEXT,
                   "body_in": {"en": TEXT}, "published_at": "2026-03-14T09:00:00Z", "published_zone": "Europe/London",
                   "published_zone_source": "profile", "language": "en", "origin": "7:1:0",
                   "observed_at": "2026-03-14T09:30:00Z"}  # fmt: skip
        path = f"/{INDEX}/_doc/a-1"
        version = str(Origin(7, 1).version)
        await opensearch.ask(client, "PUT", path, article, version=version, version_type="external", refresh="true")
        yield wired
        await remove_indices(client)


async def test_articles_are_found_by_their_words(searching: Wire) -> None:
    ended = await searching.run("search", "ferry harbour")
    assert ended.code == 0
    for said in ("Ferries <b>resume", "harbour", "2026-03-14T09:00:00Z (Europe/London, profile)", "1 found", "a-1"):
        assert said in ended.out
    assert "signed the harbour agreement" in ended.out
    [line] = (await searching.run("search", "agreement", "--json", "--source", "harbour")).lines
    assert line["article_id"] == "a-1"
    assert line["snippet"] in TEXT
    assert line["score"] > 0


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ('"harbour agreement"', 1), ('"agreement harbour"', 0), ("ferries -agreement", 0), ("zebra | ferries", 1),
        ('"open quote', 0), ("((((", 0), ("fer*", 0), ("ferries~2", 0), ("body:ferries", 0), ("{}[]\\/", 0),
    ],
)  # fmt: skip
async def test_any_query_has_an_answer(searching: Wire, query: str, number: int) -> None:
    ended = await searching.run("search", "--json", "--", query)
    assert ended.code == 0, ended.err
    assert len(ended.lines) == number


async def test_nothing_found_and_another_source(searching: Wire) -> None:
    assert (await searching.run("search", "zebra")).out == "nothing found\n"
    assert (await searching.run("search", "ferries", "--source", "pier")).out == "nothing found\n"


async def test_without_opensearch_it_says_so(wired: Wire) -> None:
    ended = await wired.run("search", "ferries")
    assert (ended.code, ended.out) == (1, "")
    assert "OpenSearch is not there" in ended.err


async def test_provision_says_what_it_does_and_does_it_once(searching: Wire) -> None:
    shown = await searching.run("provision", "--dry-run")
    assert shown.code == 0
    first, second = await searching.run("provision"), await searching.run("provision")
    assert (first.code, second.code) == (0, 0)
    assert "as they should be" in second.out
    assert "created" not in second.out


async def test_wait_ends_when_this_version_can_be_found(searching: Wire) -> None:
    settings = Settings(nats_url=searching.url, opensearch_url=searching.opensearch_url)
    waiting = asyncio.create_task(publish_and_wait(settings, "a.txt", RawArticle("harbour", b"Ferries"), 20))
    subscription = await searching.js.pull_subscribe("news.raw.*", "parse", stream="RAW")
    await subscription.fetch(1, timeout=20)
    origin = await searching.origin(1)
    await searching.indexed(origin)
    await asyncio.sleep(0.3)
    assert not waiting.done()  # an older version of the article can be found, this one cannot
    async with opensearch.connect(searching.opensearch_url) as client:
        path, version = f"/{INDEX}/_doc/a-1", str(origin.version)
        article = {"article_id": "a-1", "source": "harbour", "headline": "Ferries resume"}
        await opensearch.ask(client, "PUT", path, article, version=version, version_type="external", refresh="true")
    report = await waiting
    assert report.well
    assert (report.outcome, report.article_id) == ("indexed", "a-1")


async def test_trace_shows_what_is_stored(searching: Wire) -> None:
    ended = await searching.run("trace", "a-1")
    assert ended.code == 0
    assert "document a-1" in ended.out
    assert "7:1:0" in ended.out
    assert "not in its stream any more" in ended.err


async def test_parse_needs_no_server(wired: Wire) -> None:
    path = wired.file("broken.json", b"{")
    async with wired.started("parse", "--content-type", "application/json", path) as process:
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert b"invalid_json" in err
