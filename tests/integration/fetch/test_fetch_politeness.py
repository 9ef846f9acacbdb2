"""How often servers are really asked, as they see it: kept connections that they drop, and redirects between them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from services.fetch import web as web_of_fetch
from services.fetch.hosts import Hosts
from services.fetch.http import Client
from services.fetch.once import Alone
from services.fetch.service import now
from services.fetch.web import Trouble, Web
from tests.fakes.hostile_http import answer, hostile_server, moved

INTERVAL = 0.3


@dataclass
class Dropping:
    """Answers, keeps the connection, and drops it when it is asked again on it. `asked`: paths, and when."""

    port: int = 0
    every: bool = False
    """Drop new connections, too."""
    asked: list[tuple[str, float]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await self._read(reader) and not self.every:
                writer.write(answer(connection="keep-alive"))
                await self._read(reader)
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.asked.append((head.split(" ")[1], time.monotonic()))
        return True


@asynccontextmanager
async def dropping() -> AsyncIterator[Dropping]:
    site = Dropping()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


@asynccontextmanager
async def web_of(*ports: int) -> AsyncIterator[Web]:
    allowed = frozenset(("127.0.0.1", port) for port in ports)
    async with Client("test", now, allowed) as client:
        yield Web(client, Hosts(Alone(), INTERVAL, time.time), "Newswire", time.time, allowed)


def distances(asked: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(asked)]


async def test_a_kept_connection_that_is_dropped_is_tried_again_an_interval_later() -> None:
    """The client itself, aiohttp, sends the request again at once."""
    async with dropping() as site, web_of(site.port) as web:
        url = f"http://127.0.0.1:{site.port}/article"
        found = [await web.ask(url, patience=5) for _ in range(2)]

    assert [each.status for each in found] == [200, 200]
    assert [path for path, _ in site.asked] == ["/robots.txt", *["/article"] * 4]
    assert min(distances([at for _, at in site.asked])) >= INTERVAL * 0.9


async def test_a_new_connection_that_is_dropped_is_not_tried_again() -> None:
    async with dropping() as site, web_of(site.port) as web:
        site.every = True
        with pytest.raises(Trouble, match="robots_unreachable"):
            await web.ask(f"http://127.0.0.1:{site.port}/article", patience=5)

    assert [path for path, _ in site.asked] == ["/robots.txt"]


async def test_a_single_page_is_asked_for_again_a_second_later() -> None:
    async with dropping() as site, Client("test", now, frozenset({("127.0.0.1", site.port)})) as client:
        found = [await client.get(f"http://127.0.0.1:{site.port}/article") for _ in range(2)]

    assert [each.status for each in found] == [200, 200]
    assert distances([at for _, at in site.asked])[1] >= 1


async def test_each_server_of_a_redirect_has_its_turn_and_its_robots_txt() -> None:
    async with hostile_server() as first, hostile_server() as second, web_of(first.port, second.port) as web:
        first.pages = {"/robots.txt": answer(b"", "404 None"), "/go": moved("/on"), "/on": moved(f"{second.url}/end")}
        second.pages = {"/robots.txt": answer(b"", "404 None"), "/end": answer(b"<p>There")}
        started = time.monotonic()
        found = await web.ask(f"{first.url}/go", patience=5)
        seconds = time.monotonic() - started

    assert (found.url, found.redirects, found.body) == (f"{second.url}/end", 2, b"<p>There")
    assert len(first.requests) == 3
    assert [head.split(" ")[1] for head in second.requests] == ["/robots.txt", "/end"]
    assert seconds >= 3 * INTERVAL * 0.9


@pytest.mark.parametrize("slow", ["/robots.txt", "/1"])
async def test_a_look_has_one_deadline_however_many_redirects_it_takes(
    monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    """Each answer would be in time by itself."""

    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.0)
        writer.write(moved(f"{slow}?"))

    monkeypatch.setattr(web_of_fetch, "WITHIN", 0.5)
    async with hostile_server() as site, web_of(site.port) as web:
        site.pages = {"/robots.txt": answer(b"", "404 None"), slow: slowly, f"{slow}?": slowly}
        started = time.monotonic()
        with pytest.raises(Trouble, match="timeout: not done in 1"):
            await web.ask(f"{site.url}/1", patience=1)
        assert time.monotonic() - started < 2.5

        site.pages = {"/1": answer()}  # its turn was given back
        assert (await web.ask(f"{site.url}/1", patience=1)).status == 200


async def test_a_redirect_to_what_robots_txt_forbids_is_not_followed() -> None:
    async with hostile_server() as first, hostile_server() as second, web_of(first.port, second.port) as web:
        first.pages = {"/robots.txt": answer(b"", "404 None"), "/go": moved(f"{second.url}/private/1")}
        second.pages = {
            "/robots.txt": answer(b"User-agent: *\nDisallow: /private/", content_type="text/plain"),
            "/private/1": answer(b"<p>Secret"),
        }
        with pytest.raises(Trouble, match="robots_disallowed"):
            await web.ask(f"{first.url}/go", patience=5)

    assert [head.split(" ")[1] for head in second.requests] == ["/robots.txt"]
