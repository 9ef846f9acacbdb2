"""The index stage beside a bare bulk loop that writes the very same documents from memory."""

from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import orjson
from opensearchpy import AsyncOpenSearch
from opensearchpy.helpers import async_bulk

from services.index.bulk import Operation
from services.index.core import Arrival, Arriving, document, steps
from services.index.writer import MAX_OPERATIONS
from shared.contracts import Origin
from shared.indices import REVISIONS
from tests.benchmarks import material
from tests.benchmarks.drain import Drained, drain
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread, ratios
from tests.benchmarks.world import World

ROUNDS = 5
DOCUMENTS = 3_000
LEAST = 0.5


async def index(world: World) -> Section:
    """Both in turn. The first of each warms OpenSearch's compiler and is not counted."""
    bare: list[float] = []
    articles_only: list[float] = []
    stage: list[Drained] = []
    for number in range(ROUNDS + 1):
        operations = written(DOCUMENTS, number)
        whole = await _bare(world.opensearch_url, operations)
        alone = await _bare(world.opensearch_url, [each for each in written(DOCUMENTS, number) if _is_article(each)])
        await world.empty()
        await world.fill(material.enriched(world, DOCUMENTS))
        drained = await drain(world, ("services.index",), DOCUMENTS, lambda: world.left("index"))
        if number:
            bare.append(whole)
            articles_only.append(alone)
            stage.append(drained)
    return _section(bare, articles_only, stage)


def _section(bare: Sequence[float], articles_only: Sequence[float], stage: Sequence[Drained]) -> Section:
    rates = [each.rate for each in stage]
    same, less = ratios(rates, bare), ratios(rates, articles_only)
    rows = [
        ("bare bulk: articles and their revision records", Spread.of(bare).text()),
        ("bare bulk: articles alone", Spread.of(articles_only).text()),
        ("index stage: the same, read, decided and told", Spread.of(rates).text()),
        ("stage / bare, the same documents", same.text(2)),
        ("stage / bare, articles alone", less.text(2)),
    ]
    data: dict[str, Any] = {"bare": Spread.of(bare), "bare_articles_alone": Spread.of(articles_only)}
    data |= {"stage": Spread.of(rates), "stage_cpu_us": Spread.of([each.cost for each in stage])}
    return Section(
        "index",
        f"Articles a second into OpenSearch ({ROUNDS} rounds in turn, median and range)",
        ("", "articles a second"),
        rows,
        [Bar("articles a second of the index stage over those of a bare bulk loop", same.median, LEAST, "at least")],
        data | {"ratio": same, "ratio_to_articles_alone": less, "documents": DOCUMENTS},
    )


def written(count: int, number: int) -> list[Operation]:
    """What the stage writes for `count` new articles."""
    now = datetime.now(UTC)
    arrivals = [
        Arrival(position, article.observed_at, document(_arriving(article), Origin(number + 1, position + 1), "0" * 32))
        for position, article in enumerate(material.enriched_articles(count))
    ]
    return [operation for step in steps(arrivals, {}, now) for operation in step.operations]


def _arriving(article: Any) -> Arriving:
    return Arriving.model_construct(**article.__dict__)


def _is_article(operation: Operation) -> bool:
    return operation.index != REVISIONS


async def _bare(url: str, operations: Sequence[Operation]) -> float:
    """Articles a second of opensearch-py's own helper, with chunks as large as the stage's."""
    actions = [
        {"_index": each.index, "_id": each.id, "version": each.version, "version_type": "external",
         "_source": orjson.loads(each.body)}
        for each in operations
    ]  # fmt: skip
    async with AsyncOpenSearch(hosts=[url], timeout=60) as client:
        started = monotonic()
        done, _ = await async_bulk(client, actions, chunk_size=MAX_OPERATIONS)
        seconds = monotonic() - started
    assert done == len(operations), f"{done} of {len(operations)} documents were written"
    return sum(_is_article(each) for each in operations) / seconds
