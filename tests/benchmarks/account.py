"""What an article costs: CPU of every process of the pipeline, beside what it takes when nothing comes in."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any, Final

from deploy.local.process import Child
from shared.subjects import RAW
from tests.benchmarks.live import SERVERS, SERVICES
from tests.benchmarks.report import Section
from tests.benchmarks.usage import cpu_seconds, named, tree
from tests.benchmarks.world import Message, World
from tests.integration.pipeline.test_nothing_is_lost import body

RATE: Final = 50
ARTICLES: Final = 1_500
WARM_UP: Final = 1_000
"""Articles before those that are counted: OpenSearch compiles what it runs often, for some time."""
IDLE_SECONDS: Final = 10.0
LEFT_AFTER: Final = 120.0
"""Seconds for what is in flight to have an outcome."""


async def account(world: World) -> Section:
    """`ARTICLES` of the kind and at the rate of the test of the deployment, with all services as processes."""
    await world.empty()
    async with world.services(SERVICES) as children:
        await _publish(world, 0, WARM_UP)
        before = _cpu(children)
        await asyncio.sleep(IDLE_SECONDS)
        idle = _since(before, _cpu(children))
        before = _cpu(children)
        began = monotonic()
        await _publish(world, WARM_UP, ARTICLES)
        return _section(_since(before, _cpu(children)), idle, monotonic() - began)


async def _publish(world: World, first: int, count: int) -> None:
    """Publish `count` articles at `RATE`; returns when each has its outcome.

    Raises:
        TimeoutError: some have none for too long.
    """
    begun = monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / RATE - monotonic()))
        await world.fill([Message(RAW.of("rate"), body(first + number), _headers(first + number))])
    async with asyncio.timeout(LEFT_AFTER):
        while await world.stored("EVENTS") + await world.stored("DLQ") < first + count:
            await asyncio.sleep(0.2)


def _headers(number: int) -> dict[str, str]:
    return {"Newswire-Url": f"https://x.example/{number}"}


def _cpu(children: Mapping[str, Child]) -> dict[str, float]:
    """CPU seconds of each service's own process, of the processes below it, and of the servers."""
    return dict(_services(children)) | {
        name: cpu_seconds(named(program, os.getpid())) for name, program in SERVERS.items()
    }


def _services(children: Mapping[str, Child]) -> Iterator[tuple[str, float]]:
    for name, child in children.items():
        own, *below = tree(child.pid or 0)
        yield name, cpu_seconds([own])
        if below:
            yield f"{name}, its children", cpu_seconds(below)


def _since(before: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    return {name: seconds - before[name] for name, seconds in now.items()}


def _section(used: Mapping[str, float], idle: Mapping[str, float], seconds: float) -> Section:
    rows = [(name, f"{used[name] * 1_000 / ARTICLES:.2f}", f"{idle[name] * 1_000 / IDLE_SECONDS:.1f}") for name in used]
    whole = sum(used.values()) * 1_000 / ARTICLES
    data: dict[str, Any] = {"articles": ARTICLES, "cpu_seconds": dict(used), "idle": dict(idle), "seconds": seconds}
    return Section(
        "account",
        f"CPU of each process, {ARTICLES:,} articles in {seconds:.0f} s; idle for {IDLE_SECONDS:.0f} s",
        ("", "ms an article", "idle, ms a second"),
        [*rows, ("together", f"{whole:.2f}", f"{sum(idle.values()) * 1_000 / IDLE_SECONDS:.1f}")],
        (),
        data,
    )
