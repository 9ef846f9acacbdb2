"""An HTTP server on loopback that sends exactly the bytes it is told to, at the pace it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]

MOST_BYTES = 64 * 1024 * 1024
"""What an endless answer sends at most, should nobody stop it."""


def answer(body: bytes = b"<p>Text", status: str = "200 OK", **headers: str) -> bytes:
    """An honest answer; `content_type="text/html"` is the header Content-Type."""
    given = {"content_type": "text/html", "content_length": str(len(body)), "connection": "close"} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(location: str, status: str = "302 Found", **headers: str) -> bytes:
    """An answer that sends the client elsewhere."""
    return answer(b"", status, location=location, **headers)


def pieces(parts: Iterator[bytes], pause: float = 0.0) -> Behaviour:
    """Send `parts` one by one, with `pause` seconds between."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        sent = 0
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
            sent += len(part)
            if sent > MOST_BYTES:
                return

    return behave


@dataclass(slots=True)
class HostileServer:
    """`pages`: what each path answers. `connections` and `requests` count what reached it."""

    port: int = 0
    pages: dict[str, bytes | Behaviour] = field(default_factory=dict)
    connections: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            page = self.pages.get(head.split(" ")[1], answer(b"no such page", "404 Not Found"))
            if isinstance(page, bytes):
                writer.write(page)
            else:
                await page(writer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def hostile_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[HostileServer]:
    """A hostile server on 127.0.0.1, on a port of its own."""
    server, tasks = HostileServer(), set[asyncio.Task[None]]()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await server.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            tasks.discard(task)

    listening = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls, limit=1024 * 1024)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
