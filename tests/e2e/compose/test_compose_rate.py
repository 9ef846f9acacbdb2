"""The deployment at a steady rate, and idle. Seconds are told beside their bars, not asserted: machines differ."""

import asyncio
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from services.enrich.steps import STEPS
from shared.subjects import STAGES as ROWS
from tests.e2e.compose.conftest import SERVERS, SERVICES, Deployment, epoch
from tests.integration.pipeline.test_nothing_is_lost import body

SOURCE = "rate"
PER_SECOND, SECONDS = 50, 60
NAMES = {"entities"}
IDLE_BYTES = 2.5e9
UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def test_all_becomes_healthy(deployment: Deployment, figure: Callable[[str], None]) -> None:
    figure(f"all healthy {deployment.healthy_after:.0f} s after `up` (bar: 90)")
    deployment.up()  # after the faults of other tests
    for each in (*SERVICES, *SERVERS):
        assert deployment.inspect(each)["State"]["Health"]["Status"] == "healthy"


def test_idle_it_takes_little_memory(deployment: Deployment, figure: Callable[[str], None]) -> None:
    names = [deployment.inspect(each)["Id"] for each in (*SERVICES, *SERVERS)]
    stats = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *names]
    lines = subprocess.run(stats, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    found = [re.match(r"([0-9.]+)([KMG]iB)", line) for line in lines]
    taken = sum(float(each[1]) * UNITS[each[2]] for each in found if each)
    figure(f"idle, all of it takes {taken / 1e6:.0f} MB (bar: {IDLE_BYTES / 1e6:.0f})")
    assert len(found) == len(names)
    assert taken < IDLE_BYTES


@pytest.fixture(params=["every step", "all but names"])
def steps(deployment: Deployment, request: pytest.FixtureRequest) -> Iterator[str]:
    """What enrich does. The models of names take most of its CPU."""
    if request.param == "every step":
        yield request.param
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "NEWSWIRE_ENRICH_STEPS", ",".join(each.name for each in STEPS if not NAMES & {each.name, *each.needs})
        )
        deployment.up("enrich")
        yield request.param
    deployment.up("enrich")


@pytest.mark.timeout(2_100)
async def test_of_fifty_articles_a_second_none_is_lost(
    deployment: Deployment, steps: str, figure: Callable[[str], None]
) -> None:
    sent: dict[str, float] = {}
    heard: dict[str, float] = {}
    count = PER_SECOND * SECONDS
    async with deployment.nats() as client:
        js = client.jetstream()

        async def hear(msg: Msg) -> None:
            heard[(msg.headers or {})["Newswire-Origin"]] = time.monotonic()

        for subject in (f"news.indexed.{SOURCE}", f"news.skipped.*.{SOURCE}", f"dlq.*.{SOURCE}"):
            await client.subscribe(subject, cb=hear)
        now = await epoch(js)

        async def publish(number: int) -> None:
            at = time.monotonic()
            ack = await js.publish(
                f"news.raw.{SOURCE}", body(number), headers={"Newswire-Url": f"https://x.example/{number}"}
            )
            sent[f"{now}:{ack.seq}:0"] = at

        waiting: Counter[str] = Counter()
        watch = asyncio.create_task(_watch(js, waiting))
        begun = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(count):
                tasks.create_task(publish(number))
                await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
        rate = count / (time.monotonic() - begun)
        async with asyncio.timeout(240):
            while len(heard) < count:
                await asyncio.sleep(0.1)
        watch.cancel()
    assert heard.keys() == sent.keys()
    waits = sorted(heard[origin] - at for origin, at in sent.items())
    p99 = waits[int(len(waits) * 0.99)]
    figure(f"{steps}, {rate:.1f} articles/s for {SECONDS} s: median {waits[len(waits) // 2] + REFRESH:.2f} s, "
           f"p99 {p99 + REFRESH:.2f} s until searchable (bar: 5); waited at most for "
           f"{', '.join(f'{stage} {most}' for stage, most in waiting.items())}")  # fmt: skip


async def _watch(js: JetStreamContext, most: Counter[str]) -> None:
    """Keep how many messages waited for each stage at most."""
    while True:
        for stage, row in ROWS.items():
            info = await js.consumer_info(row.consumer.stream, row.consumer.durable)
            most[stage] = max(most[stage], info.num_pending or 0)
        await asyncio.sleep(1)


REFRESH = 1.0
"""Seconds from written to found, at most: the indices' refresh_interval."""
