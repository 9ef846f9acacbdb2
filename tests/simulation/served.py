"""The same world over HTTP on loopback: each site at a port of its own, asked by the real guarded client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from urllib.parse import urlsplit

from services.fetch.core import Fetched
from services.fetch.http import Client
from shared.errors import Transient
from shared.guard import Endpoint
from tests.fakes.hostile_http import answer
from tests.simulation.world import MOVED, Site, World

HOST = "127.0.0.1"
_HEADERS = {"Content-Type", "ETag", "Retry-After"}


@asynccontextmanager
async def served(world: World) -> AsyncIterator[tuple[Client, frozenset[Endpoint]]]:
    """The client that asks its sites, and the endpoints that it may reach."""
    async with AsyncExitStack() as stack:
        allowed: set[Endpoint] = set()
        for site in world.sites.values():
            server = await stack.enter_async_context(await _listening(world, site))
            port = server.sockets[0].getsockname()[1]
            site.address = f"http://{HOST}:{port}"
            allowed.add((HOST, port))
        client = Client("Newswire", world.clock.now, frozenset(allowed))
        yield await stack.enter_async_context(client), frozenset(allowed)


async def _listening(world: World, site: Site) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            writer.write(_answered(world, site, head))
            await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, HOST, 0)


def _answered(world: World, site: Site, head: str) -> bytes:
    """What the site says. One that is down says so: where a connection is dropped, aiohttp asks once more at once."""
    request, *lines = head.split("\r\n")
    conditions = {
        name.title().replace("Etag", "ETag"): value for name, _, value in (each.partition(": ") for each in lines)
    }
    path = request.split(" ")[1]
    if "moved" in site.quirks and urlsplit(path).path == "/feed.xml":
        return answer(b"", "301 Moved Permanently", location=MOVED, connection="close")
    try:
        found = site.answer(f"{site.base}{path}", conditions, world.clock.now())
    except Transient:
        return answer(b"", "503 Down", connection="close")
    return _bytes(found)


def _bytes(found: Fetched) -> bytes:
    given = {name.replace("-", "_").lower(): value for name, value in found.headers.items() if name in _HEADERS}
    return answer(found.body, f"{found.status} So", connection="close", **given)
