"""A world in shares: sites know nothing of each other, so that each core can have some of them."""

import asyncio
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import timedelta
from functools import cache
from multiprocessing import get_context

from tests.simulation.run import Stream, Verdict, judge, simulate
from tests.simulation.served import served
from tests.simulation.world import START, Clock, World, build

UNTIL = START + timedelta(hours=33)
SHARE = 50
"""Sources of one piece of work."""
_built = cache(build)
"""Once in each process."""


def share(sources: int, seed: int, number: int, http: bool) -> Verdict:  # noqa: FBT001 - for a pool
    """What came of one share of the world."""
    sites = _built(sources, seed).sites
    world = World(Clock(), {name: sites[name] for name in list(sites)[number :: -(-sources // SHARE)]})
    return judge(world, asyncio.run(_by_http(world) if http else simulate(world, UNTIL)))


async def _by_http(world: World) -> Stream:
    async with served(world) as (client, allowed):
        return await simulate(world, UNTIL, client=client, allowed=allowed)


def whole(sources: int, seed: int, *, http: bool) -> Verdict:
    """All shares, side by side; says after each how it stands."""
    found, number, began = Verdict(), -(-sources // SHARE), time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        shares = [pool.submit(share, sources, seed, each, http) for each in range(number)]
        for done, each in enumerate(as_completed(shares), start=1):
            found += each.result()
            sys.stderr.write(f"{done} of {number} shares, {time.monotonic() - began:.0f} s: {_standing(found)}\n")
    return found


def _standing(found: Verdict) -> str:
    return (
        f"{found.found:,} of {found.versions:,} versions, {found.duplicates} doubled, "
        f"{found.deletions_found} of {found.deletions} deletions, {found.requests:,} requests"
    )
