"""The deployment at a steady rate, and idle: what is promised of it on two cores."""

import asyncio
import re
import subprocess
import time
from collections.abc import Callable

import pytest
from nats.aio.msg import Msg

from tests.e2e.compose.conftest import SERVERS, SERVICES, Deployment, epoch
from tests.integration.pipeline.test_nothing_is_lost import body

SOURCE = "rate"
PER_SECOND, SECONDS = 50, 60
IDLE_BYTES = 2.5e9
UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def test_idle_it_takes_little_memory(deployment: Deployment, record_property: Callable[[str, object], None]) -> None:
    names = [deployment.inspect(each)["Id"] for each in (*SERVICES, *SERVERS)]
    stats = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *names]
    lines = subprocess.run(stats, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    found = [re.match(r"([0-9.]+)([KMG]iB)", line) for line in lines]
    taken = sum(float(each[1]) * UNITS[each[2]] for each in found if each)
    record_property("idle_megabytes", round(taken / 1e6))
    assert len(found) == len(names)
    assert taken < IDLE_BYTES


@pytest.mark.timeout(600)
async def test_fifty_articles_a_second_are_found_within_seconds(
    deployment: Deployment, record_property: Callable[[str, object], None]
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

        begun = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(count):
                tasks.create_task(publish(number))
                await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
        rate = count / (time.monotonic() - begun)
        async with asyncio.timeout(120):
            while len(heard) < count:
                await asyncio.sleep(0.1)
    assert heard.keys() == sent.keys()
    waits = sorted(heard[origin] - at for origin, at in sent.items())
    p99 = waits[int(len(waits) * 0.99)]
    record_property("articles_per_second", round(rate, 1))
    record_property("seconds_to_outcome_median_p99", (round(waits[len(waits) // 2], 3), round(p99, 3)))
    assert rate > PER_SECOND * 0.95
    assert p99 + REFRESH < 5


REFRESH = 1.0
"""Seconds from written to found, at most: the indices' refresh_interval."""
