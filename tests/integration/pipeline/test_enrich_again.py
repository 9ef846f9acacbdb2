"""`newswire enrich` on the real servers: what lacks a step gets it, what is newer stays, and the ledger balances."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.ctl.__main__ import cli
from services.ctl.enrich.again import ELSEWHERE, UNDER_WAY, Again, Replayer
from services.ctl.enrich.stored import Shelf, Stored
from shared import opensearch
from shared.bus.client import Outcomes, session
from shared.indices import month_index
from shared.settings import Settings
from tests.integration.pipeline.conftest import stop_all
from tests.pipeline import Pipeline, listening, prepare
from tests.servers import provider
from tests.wire import WITHOUT_MODELS, Stage

PROGRAMS = ("services.parse", "services.enrich", "services.index", "services.keeper")
ARTICLES = 5
BODY = (
    "<html lang=en><head><title>Pier {number} opens in Bergen</title></head><body><article><h1>Pier {number} opens in "
    "Bergen</h1><p>The harbour master Ada Quill said on Monday that pier {number} in Bergen is open again after a long "
    "winter of repairs to its northern wall.</p><p>The first boat to Oslo leaves at six in the morning, and the fare "
    "is what it was last year, she told reporters beside the old market hall.</p>{more}</article></body></html>"
)
Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def stages(tmp_path: Path, opensearch_url: str) -> Iterator[dict[str, Stage]]:
    """All stages and the keeper, on a NATS of their own; enrich is not started."""
    with provider().nats(tmp_path / "nats") as server:
        asyncio.run(prepare(server.url, opensearch_url))
        started: dict[str, Stage] = {}
        for program in PROGRAMS:
            (tmp_path / program).mkdir()
            search = {"NEWSWIRE_OPENSEARCH_URL": opensearch_url, **WITHOUT_MODELS}
            started[program] = Stage(server.url, tmp_path / program, program, search, quick=False)
        for program in PROGRAMS:
            _ = program == "services.enrich" or started[program].start()
        yield started
        stop_all(started)


@pytest.fixture
def run(stages: dict[str, Stage]) -> Run:
    """The command, with the objects it printed and what it said to people."""
    enrich = stages["services.enrich"]
    servers = {"NEWSWIRE_NATS_URL": enrich.url, **enrich.env}

    def ran(*arguments: str, **more: Any) -> tuple[int, list[dict[str, Any]], str]:
        ended = CliRunner().invoke(cli, arguments, env=servers, **more)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        lines = [json.loads(line) for line in ended.stdout.splitlines()] if "--json" in arguments else []
        return ended.exit_code, lines, ended.stdout + ended.stderr

    return ran


async def test_articles_that_lack_a_step_get_it_and_only_once(
    stages: dict[str, Stage], run: Run, opensearch_url: str
) -> None:
    enrich = stages["services.enrich"]
    enrich.start(NEWSWIRE_ENRICH_STEPS="language")
    _ready(stages)
    async with listening(enrich.url, opensearch_url) as pipeline:
        origins = [await _published(pipeline, number) for number in range(ARTICLES)]
        assert [(await pipeline.fate(origin)).reason for origin in origins] == ["new"] * ARTICLES
        before = await pipeline.documents()
        refused = await asyncio.to_thread(run, "enrich", "--only", "entities", "--since", "1h", "--json")
        assert (refused[0], refused[1]) == (1, [])
        assert "no replica of enrich runs a step entities; this article has: language" in refused[2]

        await _restarted(enrich)
        code, told, _ = await asyncio.to_thread(run, "enrich", "--only", "entities", "--since", "1h", "--json")
        documents = await pipeline.documents()
        assert code == 0
        assert told[0]["version"].startswith("rules-")
        assert sum(told[0]["articles"].values()) == ARTICLES
        assert set(told[1]["statuses"]) == {"done"}
        for id_, document in documents.items():
            assert "Ada Quill" in document["people"]
            assert document["enrichment"]["places"]["status"] == "done", "what builds upon the step is run with it"
            assert "topics" not in document["enrichment"], "no other step is run"
            assert document["enrichment"]["language"] == before[id_]["enrichment"]["language"]
            for field in ("body", "evidence", "blocks", "first_seen_at", "trace_id", "observed_at", "revision_id"):
                assert document[field] == before[id_][field], field

        code, told, _ = await asyncio.to_thread(run, "enrich", "--only", "entities", "--since", "1h", "--json")
        assert (code, len(told)) == (0, 1), "nothing is left to do"
        assert told[0]["articles"]["done"] == ARTICLES
        again = await pipeline.documents()
        changed = [id_ for id_ in again if again[id_]["origin"] != documents[id_]["origin"]]
        assert len(changed) == 1, "the newest alone is run again, to tell the version"
        await _balanced(run)


async def test_an_article_read_before_a_newer_page_came_in_overwrites_nothing(
    stages: dict[str, Stage], run: Run, opensearch_url: str
) -> None:
    enrich = stages["services.enrich"]
    enrich.start()
    _ready(stages)
    async with (
        listening(enrich.url, opensearch_url) as pipeline,
        session(Settings(nats_url=enrich.url)) as (client, js),
    ):
        await pipeline.fate(await _published(pipeline, 0))
        [(id_, document)] = (await pipeline.documents()).items()
        read = Stored(month_index(datetime.now(UTC)), id_, document)
        newer = await _published(pipeline, 0, "<p>Later that day the council thanked all who had worked there.</p>")
        assert (await pipeline.fate(newer)).reason == "revised"
        outcomes = Outcomes(client)
        await outcomes.start()
        search = opensearch.connect(opensearch_url)
        replayer = Replayer(js, outcomes, Shelf(search, "entities", datetime.now(UTC) - timedelta(hours=1)))
        assert await replayer.replay(read) == Again("stale")
        assert (await replayer.replay(read)).outcome == UNDER_WAY, "sent a second time, it is not done a second time"
        version = document["enrichment"]["entities"]["version"]
        assert (await replayer.run(read, version)).again == Again(ELSEWHERE), "what came in meanwhile has the step"
        await search.close()
        [stored] = (await pipeline.documents()).values()
        assert stored["origin"] == newer
        assert "Later that day" in stored["body"]
        await _balanced(run)


async def _published(pipeline: Pipeline, number: int, more: str = "") -> str:
    headers = {"Newswire-Url": f"https://bergen.example/{number}"}
    return await pipeline.publish(BODY.format(number=number, more=more).encode(), "bergen", headers)


def _ready(stages: dict[str, Stage]) -> None:
    for stage in stages.values():
        stage.await_ready()


async def _restarted(stage: Stage) -> None:
    assert stage.process
    stage.process.terminate()
    await stage.exit()
    stage.start()
    stage.await_ready()


async def _balanced(run: Run) -> None:
    """Every raw message and every replay ended once."""
    async with asyncio.timeout(30):
        while True:
            _, told, _ = await asyncio.to_thread(run, "status", "--json")
            for balance in (each for each in told if each.get("source") == "bergen"):
                ended = balance["indexed"] + balance["skipped"] + balance["dead"]
                if balance["replayed"] and balance["raw"] + balance["replayed"] == ended and not balance["in_flight"]:
                    assert (balance["dead"], balance["duplicates"]) == (0, 0)
                    return
            await asyncio.sleep(0.5)
