"""A step that ends its child costs the article that step, and nothing more."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.enrich.sandbox.pool import EnrichingPool
from services.enrich.sandbox.request import EnrichRequest
from services.enrich.service import handler
from shared.bus import Outbound
from shared.contracts import EnrichedArticle
from shared.errors import Poison
from shared.sandbox import Limits
from tests.fakes.enriched import article, inbound

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = ("language", "sleepy", "greedy", "fingerprint")
TEXT = "The council of the harbour town voted on Tuesday to rebuild the old lighthouse before winter. "


@pytest.fixture
async def pool() -> AsyncIterator[EnrichingPool]:
    async with EnrichingPool(1, Limits(wall=0.5), worker="tests.fakes.enriching") as made:
        yield made


async def enriched(pool: EnrichingPool, body: str) -> EnrichedArticle:
    return await pool.run(article(body=body).model_dump_json().encode(), NAMES, NOW)


async def test_all_steps_run_in_order(pool: EnrichingPool) -> None:
    found = await enriched(pool, TEXT)
    assert found.steps_done == NAMES
    assert (found.language, found.keyphrases, found.enriched_at) == ("en", ("slept",), NOW)


async def test_a_step_that_takes_too_long_is_marked_and_the_others_are_done(pool: EnrichingPool) -> None:
    found = await enriched(pool, TEXT + "This never ends.")
    assert found.enrichment["sleepy"].status == "timeout"
    assert found.steps_done == ("language", "greedy", "fingerprint")


async def test_two_steps_that_end_their_child_are_both_marked(pool: EnrichingPool) -> None:
    found = await enriched(pool, TEXT + "This never ends, and takes all.")
    assert found.steps_missed == ("sleepy", "greedy")
    assert found.steps_done == ("language", "fingerprint")
    assert (await enriched(pool, TEXT)).steps_done == NAMES


async def test_an_article_that_ends_a_child_before_any_step_is_poison() -> None:
    async with EnrichingPool(1, Limits(wall=1e-4)) as pool:  # too short to read it
        with pytest.raises(Poison, match="resource_limit"):
            await enriched(pool, TEXT * 10_000)


async def test_the_stage_publishes_the_enriched_article() -> None:
    async with EnrichingPool(1) as pool:
        outbound = await handler(pool, ("language", "fingerprint"))(inbound(article(body=TEXT)))
    assert isinstance(outbound, Outbound)
    assert isinstance(outbound.payload, EnrichedArticle)
    assert outbound.payload.language == "en"


async def test_what_is_no_article_is_poison() -> None:
    async with EnrichingPool(1) as pool:
        with pytest.raises(Poison, match="invalid_message"):
            await handler(pool, ("language", "fingerprint"))(inbound(b"{}"))


def test_requests_survive_their_wire_form() -> None:
    asked = EnrichRequest(b"{}\x00", NOW, ("a", "b"), {"a": "took too long"})
    assert EnrichRequest.loads(asked.dumps()) == asked


def test_what_loads_for_a_service_that_never_runs_ends_with_it() -> None:
    begun = "EnrichingPool(1, worker='tests.fakes.loading').begin()"
    program = f"from services.enrich.sandbox.pool import EnrichingPool; {begun}"
    command = [sys.executable, "-c", program]  # the loading process holds its error output: that is waited for, too
    subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, check=True, timeout=30)
