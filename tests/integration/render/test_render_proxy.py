"""The proxy by itself: what it passes on, once, and what ends without an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.render import core, proxy
from services.render.proxy import Proxy
from tests.integration.render.conftest import Site


@asynccontextmanager
async def opened(site: Site, most: int = core.MAX_BYTES) -> AsyncIterator[Proxy]:
    async with Proxy(frozenset({("127.0.0.1", site.port)}), most) as found:
        yield found


async def asked(through: Proxy, *parts: bytes) -> bytes:
    """All that comes back for these bytes, until the end of the connection."""
    port = int(through.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(url: str, *headers: str) -> bytes:
    return "\r\n".join((f"GET {url} HTTP/1.1", "Host: x", *headers, "", "")).encode()


async def test_a_request_is_passed_on_and_a_second_one_on_its_connection_is_not(site: Site) -> None:
    site.pages["/a"] = "first"
    async with opened(site) as through:
        found = await asked(through, get(f"{site.url}/a"), get(f"{site.url}/b"), get("http://10.0.0.1/"))
    assert found.startswith(b"HTTP/1.1 200")
    assert found.endswith(b"first")
    assert site.paths() == ["/a"]


async def test_a_body_is_passed_on_and_nothing_after_it(site: Site) -> None:
    got: list[bytes] = []

    async def keep(request: object) -> object:
        from aiohttp import web

        assert isinstance(request, web.Request)
        got.append(await request.read())
        return web.Response(text="kept")

    site.pages["/a"] = keep
    head = get(f"{site.url}/a", "Content-Length: 4").replace(b"GET", b"POST")
    async with opened(site) as through:
        assert (await asked(through, head, b"bodyGET /b HTTP/1.1\r\n\r\n")).endswith(b"kept")
    assert (got, site.paths()) == ([b"body"], ["/a"])


async def test_a_tunnel_leads_where_the_guard_lets_it(site: Site) -> None:
    site.pages["/a"] = "inside"
    connect = f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\n\r\n".encode()
    async with opened(site) as through:
        found = await asked(through, connect, get("/a", "Connection: close"))
    assert found.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200")
    assert found.endswith(b"inside")


@pytest.mark.parametrize(
    "request_",
    [
        "CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n",
        "CONNECT [::1]:{port} HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.2:{site} HTTP/1.1\r\n\r\n",
        "CONNECT localhost:{port} HTTP/1.1\r\n\r\n",
        "CONNECT 2130706433:{port} HTTP/1.1\r\n\r\n",
        "GET http://127.0.0.1:{port}/ HTTP/1.1\r\n\r\n",
        "GET http://0x7f.1:{port}/ HTTP/1.1\r\n\r\n",
        "GET http://169.254.169.254/ HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_not_public_is_not_dialled_nor_told_why(site: Site, request_: str) -> None:
    async with opened(site) as through:
        found = await asked(through, request_.format(port=site.forbidden.port, site=site.port).encode())
        assert (found, through.refused, site.forbidden.log) == (b"", 1, [])
        assert len(through.blocked) == 1


@pytest.mark.parametrize(
    "request_",
    [
        b"CONNECT a..b:80 HTTP/1.1\r\n\r\n",
        b"CONNECT " + b"a" * 70 + b".example:80 HTTP/1.1\r\n\r\n",
        b"CONNECT nowhere.invalid:80 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"x" * (core.HEAD + 10),
        b"\x16\x03\x01\r\n\r\n",
    ],
)
async def test_what_cannot_be_read_or_found_ends_the_connection(site: Site, request_: bytes) -> None:
    async with opened(site) as through:
        assert await asked(through, request_) == b""


async def test_who_says_nothing_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "HEAD_SECONDS", 0.2)
    async with opened(site) as through:
        assert await asked(through, b"GET http://") == b""


async def test_a_page_that_had_all_it_may_have_gets_nothing_more(site: Site) -> None:
    site.pages["/a"] = "x" * 10_000
    async with opened(site, most=5_000) as through:
        assert len(await asked(through, get(f"{site.url}/a"))) <= 5_000
        assert through.spent.is_set()
        assert await asked(through, get(f"{site.url}/a")) == b""
    assert site.paths() == ["/a"]


async def test_the_number_of_requests_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "MAX_REQUESTS", 2)
    site.pages["/a"] = "here"
    async with opened(site) as through:
        ends = [(await asked(through, get(f"{site.url}/a")))[-4:] for _ in range(4)]
    assert ends == [b"here", b"here", b"", b""]


async def test_leaving_ends_what_is_under_way(site: Site) -> None:
    async def never(_: object) -> None:
        await asyncio.sleep(60)

    site.pages["/a"] = never
    async with opened(site) as through:
        waiting = asyncio.create_task(asked(through, get(f"{site.url}/a")))
        async with asyncio.timeout(10):
            while not site.asked:
                await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        assert await waiting == b""
