"""The only way out of the browser: a proxy on loopback that dials what the guard lets it, for one page.

Whatever a page makes the browser ask for comes through here: redirects, frames, scripts, WebSockets, tunnels of TLS.
Names are resolved here, and the address that was checked is the one that is dialled.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Final, NamedTuple, Self

from services.render.core import HEAD, MAX_BYTES, MAX_REQUESTS, Asked, RefusedError, asked
from shared.guard import BlockedAddressError, Endpoint, check_address

CONNECT_SECONDS: Final = 5.0
HEAD_SECONDS: Final = 10.0
CHUNK: Final = 64 * 1024
_TUNNEL: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


class _Ends(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Proxy:
    """Open while inside. `allowed`: endpoints that may be dialled though they are not public.

    `requests`, `refused`: how many there were, and how many of them were not passed on. `blocked`: whom the guard
    would not have dialled. `received`: bytes, of both directions; `spent`: set once they are more than `most`.
    """

    def __init__(self, allowed: frozenset[Endpoint], most: int = MAX_BYTES) -> None:
        self.requests, self.refused, self.received = 0, 0, 0
        self.blocked: dict[Endpoint, str] = {}
        self.spent = asyncio.Event()
        self._allowed, self._most = allowed, most
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._arrived, "127.0.0.1", 0, limit=HEAD)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return "http://{}:{}".format(*self._server.sockets[0].getsockname())

    def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(_Ends(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, browser: _Ends) -> None:
        """One request. What is refused, and what fails, ends the connection: a page cannot read why."""
        try:
            # UnicodeError: a name that is none to the resolver, as `a..b`
            with suppress(OSError, TimeoutError, UnicodeError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._answer(browser)
        finally:
            browser.writer.close()

    async def _answer(self, browser: _Ends) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            head = await browser.reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        try:
            request = asked(head)
            server = await self._dialled(request)
        except RefusedError:
            self.refused += 1
            return
        try:
            await self._relay(request, browser, server)
        finally:
            server.writer.close()

    async def _dialled(self, request: Asked) -> _Ends:
        """A connection to the first of the name's addresses that is let and answers.

        Raises:
            RefusedError: none is let, or the page had all it may have.
            OSError, TimeoutError: nobody answers.
        """
        if self.spent.is_set() or self.requests > MAX_REQUESTS:
            raise RefusedError(f"more than {MAX_REQUESTS} requests or {self._most:,} bytes")
        met: OSError = OSError("no such host")
        async with asyncio.timeout(CONNECT_SECONDS):
            for address in await _addresses(request.host, request.port):
                try:
                    check_address(address, request.port, self._allowed)
                    return _Ends(*await asyncio.open_connection(address, request.port))
                except OSError as error:
                    met = error
        if isinstance(met, BlockedAddressError):
            self.blocked[request.host, request.port] = str(met)
            raise RefusedError(str(met))
        raise met

    async def _relay(self, request: Asked, browser: _Ends, server: _Ends) -> None:
        """Until the server's end of it is over, or either end of a tunnel."""
        tunnel = request.head is None
        if tunnel:
            browser.writer.write(_TUNNEL)
        else:
            server.writer.write(request.head or b"")
        up = asyncio.create_task(self._copy(browser.reader, server.writer, None if tunnel else request.body))
        down = asyncio.create_task(self._copy(server.reader, browser.writer))
        try:
            await asyncio.wait({up, down} if tunnel else {down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, size: int | None = None) -> None:
        """All that comes, or `size` bytes of it; none once the page had all it may have."""
        left = self._most if size is None else size
        while left and not self.spent.is_set() and (chunk := await reader.read(min(CHUNK, left))):
            self.received += len(chunk)
            if self.received > self._most:
                self.spent.set()
                return
            writer.write(chunk)
            await writer.drain()
            left -= len(chunk) if size is not None else 0


async def _addresses(host: str, port: int) -> list[str]:
    """What a name stands for now, in the order of the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
