"""A world in shares: sites know nothing of each other, so that each core can have some of them."""

import asyncio
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import timedelta
from multiprocessing import get_context

from tests.simulation.run import Stream, Verdict, judge, simulate
from tests.simulation.served import served
from tests.simulation.world import START, World, build

UNTIL = START + timedelta(hours=33)
SHARE = 50
"""Sources of one piece of work."""


def share(sources: int, seed: int, number: int, http: bool) -> Verdict:  # noqa: FBT001 - for a pool
    """What came of one share of the world."""
    world = build(sources, seed)
    names = list(world.sites)[number :: -(-sources // SHARE)]
    world.sites = {name: world.sites[name] for name in names}
    return judge(world, asyncio.run(_by_http(world) if http else simulate(world, UNTIL)))


async def _by_http(world: World) -> Stream:
    async with served(world) as (client, allowed):
        return await simulate(world, UNTIL, client=client, allowed=allowed)


def whole(sources: int, seed: int, *, http: bool) -> Verdict:
    """All shares, side by side."""
    found, number = Verdict(), -(-sources // SHARE)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        shares = [pool.submit(share, sources, seed, each, http) for each in range(number)]
        for done, each in enumerate(as_completed(shares), start=1):
            found += each.result()
            sys.stderr.write(f"\r{done} of {number} shares")
    sys.stderr.write("\n")
    return found
