"""The keeper as a process."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from tests.integration.keeper.conftest import House
from tests.servers import Server


class Process:
    """python -m services.keeper, with OpenSearch nowhere."""

    def __init__(self, nats_url: str, log: Path) -> None:
        self.port, self.log = ports.free(), log
        env = os.environ | {
            "NEWSWIRE_NATS_URL": nats_url,
            "NEWSWIRE_HTTP_PORT": str(self.port),
            "NEWSWIRE_OPENSEARCH_URL": f"http://127.0.0.1:{ports.free()}",
        }
        with log.open("wb") as out:
            self.child = subprocess.Popen([sys.executable, "-m", "services.keeper"], env=env, stdout=out, stderr=out)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    async def until(self, path: str, wanted: str, seconds: float = 15) -> str:
        for _ in range(int(seconds * 5)):
            _, body = await asyncio.to_thread(self.get, path)
            if wanted in body:
                return body
            await asyncio.sleep(0.2)
        raise AssertionError(f"{path} never said {wanted!r}: {body}\n{self.log.read_text()}")

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.read_text().splitlines() if line.startswith("{")]


@pytest.fixture
def process(house: House, nats_server: Server, tmp_path: Path) -> Iterator[Process]:
    del house  # provisioned before
    started = Process(nats_server.url, tmp_path / "keeper.log")
    yield started
    started.child.kill()
    started.child.wait()


async def test_it_measures_and_ends_in_order(house: House, process: Process) -> None:
    await house.raw(times=3)
    await house.take()
    await house.told("indexed", await house.origin(1))
    said = await process.until("/metrics", 'newswire_ledger{source="a",state="indexed"} 1.0')
    for line in (
        'newswire_ledger{source="a",state="raw"} 3.0',
        'newswire_ledger{source="a",state="in_flight"} 2.0',
        'newswire_stream_messages{stream="RAW"} 3.0',
        'newswire_stage_pending{stage="parse"} 2.0',
        'newswire_stage_ack_pending{stage="parse"} 1.0',
        "newswire_ledger_imbalance -1.0",
        "newswire_dead_letters 0.0",
        'newswire_messages_dead_total{reason="max_deliveries",stage="parse"} 0.0',
        'newswire_oldest_pending_seconds{stage="enrich"} 0.0',
    ):
        assert line in said
    # OpenSearch is away: it says so, and does the rest of its work
    assert "months: " in await process.until("/readyz", "months")
    process.child.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.child.wait, 10) == 0
    assert process.events()[-1] == "service.stopped"


async def test_it_goes_on_after_nats_was_away(house: House, process: Process, nats_server: Server) -> None:
    await process.until("/metrics", 'newswire_stream_messages{stream="RAW"}')
    await asyncio.to_thread(nats_server.stop)
    await asyncio.sleep(2)
    assert process.get("/readyz")[0] == 503
    nats_server.start()
    await asyncio.sleep(3)
    await house.raw(times=2)
    await process.until("/metrics", 'newswire_ledger{source="a",state="raw"} 2.0', 30)
    assert process.child.poll() is None


async def test_killed_at_any_moment_it_counts_once(house: House, nats_server: Server, tmp_path: Path) -> None:
    for number in range(4):
        started = Process(nats_server.url, tmp_path / f"keeper-{number}.log")
        await process_some(house, number)
        await asyncio.sleep(0.7 + 0.3 * number)
        started.child.kill()
        started.child.wait()
    await house.keeper.round()
    assert await house.balance("a") == {"raw": 200, "indexed": 200}


async def process_some(house: House, number: int) -> None:
    await house.raw(times=50)
    for sequence in range(number * 50 + 1, number * 50 + 51):
        await house.told("indexed", await house.origin(sequence))
        if sequence % 10 == 0:
            await asyncio.sleep(0.1)
