"""parse, enrich and index beside the real servers: once for the tests that only look, and anew for those that break."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared import subjects
from tests.pipeline import STAGES, Pipeline, listening, prepare, provisioning
from tests.quick import quicken
from tests.servers import Server, provider
from tests.wire import Stage


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, opensearch_url: str) -> Iterator[tuple[str, str]]:
    """NATS and OpenSearch with the stages at work: their URLs."""
    directory = tmp_path_factory.mktemp("pipeline")
    with provider().nats(directory / "nats") as server:
        asyncio.run(prepare(server.url, opensearch_url))
        stages = start_all(server.url, opensearch_url, directory, quick=False)
        yield server.url, opensearch_url
        stop_all(stages)


@pytest.fixture
async def pipeline(running: tuple[str, str]) -> AsyncIterator[Pipeline]:
    """A publisher of the running pipeline."""
    async with listening(*running) as heard:
        yield heard


def start_all(nats_url: str, search_url: str, directory: Path, *, quick: bool) -> dict[str, Stage]:
    """Start the stages and wait until each is ready."""
    stages = {}
    for program in STAGES:
        home = directory / program
        home.mkdir(parents=True, exist_ok=True)
        stages[program] = Stage(nats_url, home, program, {"NEWSWIRE_OPENSEARCH_URL": search_url}, quick=quick).start()
    for stage in stages.values():
        stage.await_ready()
    return stages


def stop_all(stages: dict[str, Stage]) -> None:
    """End them in order; what does not end is killed."""
    for stage in stages.values():
        stage.process.terminate() if stage.process else None
    deadline = time.monotonic() + 20
    for stage in stages.values():
        while stage.process and stage.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        stage.kill()


@pytest.fixture
def fragile(
    nats_server: Server, opensearch_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Stage]]:
    """Stages of this test alone, on a NATS of its own, with little patience; to be crashed."""
    for name, row in list(subjects.STAGES.items()):
        monkeypatch.setitem(subjects.STAGES, name, row)
    monkeypatch.setattr(provisioning, "CONSUMERS", provisioning.CONSUMERS)
    quicken()
    asyncio.run(prepare(nats_server.url, opensearch_url))
    stages = start_all(nats_server.url, opensearch_url, tmp_path, quick=True)
    yield stages
    stop_all(stages)
