"""A site that the guard lets through, a server that nobody may reach, and a real Chromium."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from services.render import proxy
from services.render.browser import Chromium
from services.render.settings import RenderSettings
from shared.contracts import Rendered, RenderJob

AGENT = "Newswire/0 (+https://news.example/bot)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("chromium") is None:
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason="no chromium here; on Debian: make browser"))


class Forbidden(asyncio.DatagramProtocol):
    """Listens where the guard lets nobody go, and logs whoever comes: TCP on two addresses, and UDP."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.port = self.udp_port = 0

    async def open(self, twin: int) -> None:
        """`twin`: a port on another address of loopback, the same as the site's."""
        loop = asyncio.get_running_loop()
        tcp = await asyncio.start_server(self._tcp, ["127.0.0.1", "::1"], 0)
        self.port = tcp.sockets[0].getsockname()[1]
        six = await asyncio.start_server(self._tcp, "::1", self.port) if len(tcp.sockets) < 2 else tcp
        twin_server = await asyncio.start_server(self._tcp, "127.0.0.2", twin)
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.udp_port = transport.get_extra_info("sockname")[1]
        self._open = [tcp, six, twin_server, transport]

    def close(self) -> None:
        for each in self._open:
            each.close()

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.log.append((await reader.read(200)).decode("latin-1"))
        writer.write(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\n\r\nsecret")
        writer.close()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.log.append(f"UDP {len(data)} bytes from {addr}")


@dataclass
class Site:
    """Pages by path; a page is HTML, or a handler. `asked`: paths in order, with the User-Agent."""

    forbidden: Forbidden
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("User-Agent", "")))
        found = self.pages.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        if isinstance(found, str):
            return web.Response(text=found, content_type="text/html")
        return await found(request)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/favicon.ico"]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a browser sets anew is put back."""
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, os.environ.get(name, "/tmp"))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    forbidden = Forbidden()
    site = Site(forbidden)
    app = web.Application(client_max_size=2**20)
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    site.port = listening._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    await forbidden.open(site.port)
    yield site
    forbidden.close()
    await runner.cleanup()


@dataclass
class Renderer:
    chromium: Chromium
    site: Site

    async def page(self, path: str) -> Rendered:
        return await self.chromium.page(RenderJob(url=self.site.url + path, user_agent=AGENT))

    async def shown(self, html: Any) -> Rendered:
        """What becomes of a page of this content."""
        self.site.pages["/page"] = html
        return await self.page("/page")


@pytest.fixture
async def renderer(site: Site) -> AsyncIterator[Renderer]:
    """A browser of its own, without its sandbox where the tests run as root."""
    settings = RenderSettings(fetch_allow=frozenset({("127.0.0.1", site.port)}), render_sandbox=os.geteuid() != 0)
    async with Chromium(settings) as chromium:
        yield Renderer(chromium, site)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that stand for these addresses, one more each time they are asked for; the last one stays."""
    known: dict[str, list[str]] = {}
    real = proxy._addresses

    async def addresses(host: str, port: int) -> list[str]:
        if host not in known:
            return await real(host, port)
        return [known[host].pop(0) if len(known[host]) > 1 else known[host][0]]

    monkeypatch.setattr(proxy, "_addresses", addresses)
    return known
