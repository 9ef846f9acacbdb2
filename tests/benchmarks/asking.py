"""Ask the site of `site` for pages: python -m tests.benchmarks.asking HOW PORT SOURCES PAGES. Prints what it took.

HOW: `bare`, aiohttp alone, and the body compressed; `jobs`, as fetch does a job for one page; `sources`, as fetch looks
at sources: robots.txt, a feed, a page for each entry, what is known of them, raw messages. All have as many requests
under way at once.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import aiohttp
import zstandard

from services.fetch.core import RawMessage, raw_message
from services.fetch.hosts import Hosts
from services.fetch.http import Client
from services.fetch.once import Alone
from services.fetch.poll import Poller
from services.fetch.service import CONCURRENCY
from services.fetch.web import Web
from shared.contracts import Feed, FetchJob, Source
from shared.errors import Skip
from tests.simulation.run import Memory


def now() -> datetime:
    return datetime.now(UTC)


class Wire:
    """RAW in memory."""

    def __init__(self) -> None:
        self.messages: list[RawMessage] = []

    async def article(self, message: RawMessage, identity: str) -> int:
        del identity
        self.messages.append(message)
        return len(self.messages)

    async def skipped(self, skip: Skip, identity: str) -> None:
        raise AssertionError((skip, identity))

    async def told(self, after: int) -> Mapping[str, int]:
        del after
        return {}


async def together(work: asyncio.Queue[str], one: Callable[[str], Awaitable[None]]) -> None:
    """`one` for each, CONCURRENCY at once."""

    async def worker() -> None:
        while not work.empty():
            await one(work.get_nowait())

    await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))


async def bare(base: str, sources: int, pages: int) -> int:
    """Pages read by aiohttp alone, and compressed as raw messages are."""
    bodies: list[bytes] = []
    compressor = zstandard.ZstdCompressor()
    async with aiohttp.ClientSession() as session:

        async def one(url: str) -> None:
            async with session.get(url) as response:
                bodies.append(compressor.compress(await response.read()))

        await together(_urls(base, sources, pages), one)
    return len(bodies)


async def jobs(base: str, sources: int, pages: int) -> int:
    """Pages fetched as jobs."""
    messages: list[RawMessage] = []
    async with Client("bench", now, _allowed(base)) as client:

        async def one(url: str) -> None:
            messages.append(raw_message(FetchJob(url=url), await client.get(url)))

        await together(_urls(base, sources, pages), one)
    return len(messages)


async def looks(base: str, sources: int, pages: int) -> int:
    """Pages of the articles of sources that are due. Each source has a server of its own, but for the address."""
    del pages
    memory, wire = Memory(), Wire()
    async with Client("bench", now, _allowed(base)) as client:
        for number in range(sources):
            name = f"s{number}"
            memory.sources[name] = Source(id=name, feeds=(Feed(url=f"{base}/{number}/feed.xml"),))

        async def one(name: str) -> None:
            hosts = Hosts(Alone(), 0.0, time.time)
            poller = Poller(Web(client, hosts, "bench", time.time, _allowed(base)), memory, frozenset(), now)
            await poller.poll(name, wire)

        queue: asyncio.Queue[str] = asyncio.Queue()
        for name in memory.sources:
            queue.put_nowait(name)
        await together(queue, one)
    return len(wire.messages)


def _allowed(base: str) -> frozenset[tuple[str, int]]:
    return frozenset({("127.0.0.1", int(base.rpartition(":")[2]))})


def _urls(base: str, sources: int, pages: int) -> asyncio.Queue[str]:
    queue: asyncio.Queue[str] = asyncio.Queue()
    for number in range(sources * pages):
        queue.put_nowait(f"{base}/{number % sources}/news/{number}")
    return queue


async def main(how: str, port: int, sources: int, pages: int) -> None:
    """Run it once, and print pages, seconds and seconds of CPU."""
    began, spent = time.monotonic(), time.process_time()
    done = await {"bare": bare, "jobs": jobs, "sources": looks}[how](f"http://127.0.0.1:{port}", sources, pages)
    taken = {"pages": done, "seconds": time.monotonic() - began, "cpu": time.process_time() - spent}
    sys.stdout.write(json.dumps(taken) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *(int(each) for each in sys.argv[2:5])))
