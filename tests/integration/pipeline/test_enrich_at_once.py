"""Several runs of `newswire enrich` at once, and one that is killed: no article is sent twice, and none is left out.

They share the stages and their articles. Each test has steps of its own, which no article has yet.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from shared.contracts import Origin
from tests.integration.pipeline.conftest import stop_all
from tests.pipeline import Pipeline, listening, prepare
from tests.servers import provider
from tests.wire import WITHOUT_MODELS, Stage

PROGRAMS = ("services.parse", "services.enrich", "services.index", "services.keeper")
ARTICLES = 40
"""More than a run has under way at once."""
PATIENCE = 120.0
BODY = (
    "<html lang=en><head><title>Pier {number} opens</title></head><body><article><h1>Pier {number} opens</h1>"
    "<p>The harbour master Ada Quill said on Monday that pier {number} in Bergen is open again after a long winter of "
    "repairs to its northern wall.</p><p>The first boat to Oslo leaves at six in the morning, and the fare of 40 euros "
    "is what it was last year, she told reporters beside the old market hall.</p></article></body></html>"
)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory, opensearch_url: str) -> Iterator[dict[str, Stage]]:
    """All stages and the keeper, with articles that have their language and no other step, which enrich now runs."""
    folder = tmp_path_factory.mktemp("at-once")
    with provider().nats(folder / "nats") as server:
        asyncio.run(prepare(server.url, opensearch_url))
        started: dict[str, Stage] = {}
        for program in PROGRAMS:
            (folder / program).mkdir()
            search = {"NEWSWIRE_OPENSEARCH_URL": opensearch_url, **WITHOUT_MODELS}
            started[program] = Stage(server.url, folder / program, program, search, quick=False)
            started[program].start(NEWSWIRE_ENRICH_STEPS="language")
        for stage in started.values():
            stage.await_ready(PATIENCE)
        asyncio.run(_published(server.url, opensearch_url))
        enrich = started["services.enrich"]
        asyncio.run(_ended(enrich))
        enrich.start().await_ready(PATIENCE)
        yield started
        stop_all(started)


@pytest.fixture
async def pipeline(stages: dict[str, Stage], opensearch_url: str) -> AsyncIterator[Pipeline]:
    """What hears the outcomes."""
    async with listening(stages["services.enrich"].url, opensearch_url) as heard:
        yield heard


async def test_runs_for_one_step_share_the_articles(stages: dict[str, Stage], pipeline: Pipeline) -> None:
    before = _generations(await pipeline.documents())
    runs = [await _run(stages, "amounts") for _ in range(3)]
    ended = [await each.communicate() for each in runs]
    assert [each.returncode for each in runs] == [0, 0, 0], ended
    documents = await pipeline.documents()
    assert {_status(each, "amounts") for each in documents.values()} == {"done"}
    assert _generations(documents) - before <= ARTICLES + 3, "each article once; each run the newest, for its version"
    await _balanced(stages)


async def test_runs_for_different_steps_lose_neither(stages: dict[str, Stage], pipeline: Pipeline) -> None:
    steps = ("topics", "fingerprint", "keyphrases")
    runs = [await _run(stages, step) for step in steps]
    ended = [await each.communicate() for each in runs]
    assert [each.returncode for each in runs] == [0, 0, 0], ended
    went = {tuple(_status(each, step) for step in steps) for each in (await pipeline.documents()).values()}
    assert not {None, "failed", "timeout"} & {status for each in went for status in each}, went
    await _balanced(stages)


async def test_a_run_killed_half_way_is_finished_by_the_next(stages: dict[str, Stage], pipeline: Pipeline) -> None:
    before = _generations(await pipeline.documents())
    first = await _run(stages, "entities")
    async with asyncio.timeout(PATIENCE):
        while len(pipeline.fates) < ARTICLES // 4:
            await asyncio.sleep(0.01)
    first.kill()
    assert await first.wait() == -signal.SIGKILL
    done = sum(_status(each, "entities") == "done" for each in (await pipeline.documents()).values())
    assert 0 < done < ARTICLES, "it was killed half way"
    second = await _run(stages, "entities")
    ended = await second.communicate()
    assert second.returncode == 0, ended
    documents = await pipeline.documents()
    assert {_status(each, "entities") for each in documents.values()} == {"done"}
    assert _generations(documents) - before <= ARTICLES + 2, "what the first had sent is not sent again"
    await _balanced(stages)


async def _published(nats_url: str, search_url: str) -> None:
    async with listening(nats_url, search_url) as pipeline:
        origins = [await pipeline.publish(BODY.format(number=number).encode(), "bergen", _headers(number))
                   for number in range(ARTICLES)]  # fmt: skip
        assert {(await pipeline.fate(origin, PATIENCE)).reason for origin in origins} == {"new"}
        assert len(await pipeline.documents()) == ARTICLES


def _headers(number: int) -> dict[str, str]:
    return {"Newswire-Url": f"https://bergen.example/{number}"}


async def _ended(stage: Stage) -> None:
    assert stage.process
    stage.process.terminate()
    await stage.exit(PATIENCE)


async def _run(stages: dict[str, Stage], step: str) -> asyncio.subprocess.Process:
    """The command as a process of its own."""
    return await _command(stages, "enrich", "--only", step, "--since", "1h", "--json")


async def _command(stages: dict[str, Stage], *arguments: str) -> asyncio.subprocess.Process:
    enrich, pipe = stages["services.enrich"], asyncio.subprocess.PIPE
    servers = {**os.environ, "NEWSWIRE_NATS_URL": enrich.url, **enrich.env}
    command = (sys.executable, "-m", "services.ctl", *arguments)
    return await asyncio.create_subprocess_exec(*command, env=servers, stdout=pipe, stderr=pipe)


def _generations(documents: dict[str, dict[str, Any]]) -> int:
    """How often articles were replayed."""
    return sum(Origin.parse(each["origin"]).generation for each in documents.values())


def _status(document: dict[str, Any], step: str) -> str | None:
    return document["enrichment"].get(step, {}).get("status")


async def _balanced(stages: dict[str, Stage]) -> None:
    """Every raw message and every replay ended once."""
    async with asyncio.timeout(PATIENCE):
        while True:
            told, _ = await (await _command(stages, "status", "--json")).communicate()
            known = [json.loads(line) for line in told.splitlines()]
            for balance in (each for each in known if each.get("source") == "bergen"):
                ended = balance["indexed"] + balance["skipped"] + balance["dead"]
                if balance["replayed"] and balance["raw"] + balance["replayed"] == ended and not balance["in_flight"]:
                    assert (balance["dead"], balance["duplicates"]) == (0, 0)
                    return
            await asyncio.sleep(0.5)
