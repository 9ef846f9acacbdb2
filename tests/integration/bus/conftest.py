"""A provisioned nats-server, and stages as real processes beside it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest

import deploy.nats.provision as provisioning
from shared import subjects
from shared.bus import settle
from tests.quick import quicken
from tests.servers import Server
from tests.wire import Stage, StartStage, Wire


@pytest.fixture(autouse=True)
def _quick_redelivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that provisioning sees in this process, as the stages see it in theirs."""
    for name, row in list(subjects.STAGES.items()):
        monkeypatch.setitem(subjects.STAGES, name, row)
    monkeypatch.setattr(provisioning, "CONSUMERS", provisioning.CONSUMERS)
    monkeypatch.setattr(settle, "QUARANTINE_AFTER", settle.QUARANTINE_AFTER)
    quicken()


@pytest.fixture
async def wire(nats_server: Server) -> AsyncIterator[Wire]:
    client = await nats.connect(nats_server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    js = client.jetstream(timeout=5)
    await provisioning.provision(js, provisioning.Sizing(), dry_run=False)
    yield Wire(client, js)
    await client.close()


@pytest.fixture
def stage(nats_server: Server, tmp_path: Path) -> Iterator[StartStage]:
    """Starts the scripted stage (or `program`) and kills what is left of it at the end."""
    started: list[Stage] = []

    def start(program: str = "tests.fakes.stage", **env: str) -> Stage:
        directory = tmp_path / f"stage-{len(started)}"
        directory.mkdir()
        started.append(Stage(nats_server.url, directory, program, env).start())
        return started[-1]

    yield start
    for each in started:
        each.kill()
