"""A world in shares: sites know nothing of each other, so that each core can have some of them."""

import asyncio
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from multiprocessing import get_context
from typing import NamedTuple

from tests.simulation.run import Stream, Verdict, judge, simulate
from tests.simulation.served import served
from tests.simulation.stored import stored
from tests.simulation.world import START, Clock, World, build

UNTIL = START + timedelta(hours=33)
SHARE = 50
"""Sources of one piece of work."""
_built = cache(build)
"""Once in each process."""


class How(NamedTuple):
    """What is real beside the poller: HTTP on loopback, a nats-server for each share."""

    http: bool = False
    nats: bool = False

    def __str__(self) -> str:
        return f"{'over' if self.http else 'without'} HTTP, {'on NATS' if self.nats else 'in memory'}"


def share(sources: int, seed: int, number: int, how: How) -> Verdict:
    """What came of one share of the world."""
    sites = _built(sources, seed).sites
    world = World(Clock(), {name: sites[name] for name in list(sites)[number :: -(-sources // SHARE)]})
    return judge(world, asyncio.run(_simulated(world, how)))


async def _simulated(world: World, how: How) -> Stream:
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(served(world)) if how.http else None
        nats = await stack.enter_async_context(stored(world)) if how.nats else None
        return await simulate(world, UNTIL, web=web, nats=nats)


def whole(sources: int, seed: int, how: How) -> Verdict:
    """All shares, side by side; says after each how it stands."""
    found, number, began = Verdict(), -(-sources // SHARE), time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        shares = [pool.submit(share, sources, seed, each, how) for each in range(number)]
        for done, each in enumerate(as_completed(shares), start=1):
            found += each.result()
            sys.stderr.write(f"{done} of {number} shares, {time.monotonic() - began:.0f} s: {_standing(found)}\n")
    return found


def _standing(found: Verdict) -> str:
    return (
        f"{found.found:,} of {found.versions:,} versions, {found.duplicates} doubled, "
        f"{found.deletions_found} of {found.deletions} deletions, {found.requests:,} requests"
    )
