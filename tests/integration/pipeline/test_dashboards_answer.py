"""Every panel of the dashboards, asked of the real OpenSearch about the sample articles, and drawn."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from nats.js import JetStreamContext
from opensearchpy import AsyncOpenSearch

from deploy.dashboards.panels import Chart, Latest, panels
from services.ctl.samples import samples
from services.keeper.charting import Charting
from shared.bus import wire
from shared.contracts import HealthEvent
from shared.indices import ARTICLES_PATTERN, PIPELINE_PATTERN
from shared.opensearch import ask, connect
from shared.subjects import HEALTH
from tests.charts import png, rows
from tests.pipeline import listening

CHARTS = [each for each in panels() if isinstance(each, Chart)]
LISTS = [each for each in panels() if isinstance(each, Latest)]


@pytest.fixture(scope="module")
def told(running: tuple[str, str]) -> dict[str, int]:
    """The samples went through the pipeline, and their outcomes to OpenSearch; how many ended as what."""
    return asyncio.run(_play(*running))


async def _play(nats_url: str, search_url: str) -> dict[str, int]:
    client, ended = connect(search_url), dict.fromkeys(("indexed", "skipped", "dead"), 0)
    async with listening(nats_url, search_url) as pipeline:
        for sample in samples():
            headers = {"Content-Type": sample.content_type or "", "Newswire-Url": sample.url or ""}
            origin = await pipeline.publish(sample.body, sample.source, {k: v for k, v in headers.items() if v})
            ended[(await pipeline.fate(origin)).outcome] += 1
        await _trouble(pipeline.js)
        charting = Charting(pipeline.js, client)
        await charting.copy()
        await charting.close()
    for pattern in (ARTICLES_PATTERN, PIPELINE_PATTERN):
        await ask(client, "POST", f"/{pattern}/_refresh")
    await client.close()
    return ended


async def _trouble(js: JetStreamContext) -> None:
    """A source fell silent, as the keeper tells it."""
    now = datetime.now(UTC)
    event = HealthEvent(event="source.quiet", trouble="quiet", source="gazette", at=now, since=now)
    headers = wire.cloud_event(HEALTH, "/newswire/keeper", "health:gazette", now, typed=True)
    await js.publish(HEALTH.of("gazette"), wire.body_of(event), headers=headers)


@pytest.fixture
async def search(opensearch_url: str) -> AsyncIterator[AsyncOpenSearch]:
    client = connect(opensearch_url)
    yield client
    await client.close()


def lately() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(minutes=10), now + timedelta(seconds=1)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda each: each.name)
async def test_a_chart_has_data_and_can_be_drawn(told: dict[str, int], search: AsyncOpenSearch, chart: Chart) -> None:
    assert all(told.values()), "the samples end in each way"
    found = await rows(search, chart, *lately())
    assert found
    assert all(row["value"] is not None for row in found)
    picture, empty = png(chart, found), png(chart, [])
    assert picture.startswith(b"\x89PNG")
    assert picture != empty


async def test_every_outcome_is_counted_once(told: dict[str, int], search: AsyncOpenSearch) -> None:
    for name in ("outcomes-by-time", "outcomes-by-source"):
        chart = next(each for each in CHARTS if each.name == name)
        counted = dict.fromkeys(told, 0)
        for row in await rows(search, chart, *lately()):
            counted[row["series"]] += row["value"]
        assert counted == told


async def test_the_stages_times_add_up_to_the_whole(told: dict[str, int], search: AsyncOpenSearch) -> None:
    only = {"term": {"outcome": "indexed"}}
    found = await ask(search, "POST", f"/{PIPELINE_PATTERN}/_search", {"query": only, "size": 100})
    assert len(found["hits"]["hits"]) == told["indexed"]
    for hit in found["hits"]["hits"]:
        times = hit["_source"]
        parts = [times[f"{stage}_seconds"] for stage in ("parse", "enrich", "index")]
        assert sum(parts) == pytest.approx(times["seconds"], abs=0.01)


@pytest.mark.parametrize("listed", LISTS, ids=lambda each: each.name)
async def test_a_list_has_its_columns_filled(told: dict[str, int], search: AsyncOpenSearch, listed: Latest) -> None:
    assert all(told.values())
    only = {"query": {"term": {"outcome": listed.where}}} if listed.where else {}
    asked = {"size": 100, "sort": [{listed.data.time: "desc"}], **only}
    answer = await ask(search, "POST", f"/{listed.data.pattern}/_search", asked)
    documents = [hit["_source"] for hit in answer["hits"]["hits"]]
    assert {name for each in documents for name in each} >= {*listed.columns, listed.data.time}
