"""The guarded HTTP client: it reaches only public web servers and reads only so much, for so long.

The guard sits in the connector's socket factory, the one place that sees the address that is really dialled:
a resolver is not asked about literal addresses, and a name may resolve differently the second time.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import aiohttp
from yarl import URL

from services.fetch.core import PASSED_ON, Fetched, check_body, check_encoding, check_type, refusal, too_slow
from services.fetch.guard import MAX_REDIRECTS, BlockedAddressError, Endpoint, check_address, check_url, redirect, shown
from shared.errors import Outcome, Poison, Transient

ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,text/plain;q=0.7,*/*;q=0.1"
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SLICE: Final = 1.0
"""Seconds between two looks at how much was received."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take, all redirects together. Times in seconds, sizes in bytes."""

    total: float = 30.0
    connect: float = 5.0
    read: float = 10.0
    """Between two reads."""
    body: int = 5 * 1024 * 1024
    """Decoded."""
    rate: float = 1_000.0
    """Bytes a second on the wire, from `grace` seconds on."""
    grace: float = 5.0


class Client:
    """Gets pages; an async context manager, to be entered on the running loop.

    Args:
        user_agent: who asks, and how to reach them.
        clock: the moment now, in UTC.
        allowed: endpoints that may be reached though they are not public.
        limits: what one fetch may take.
    """

    def __init__(
        self,
        user_agent: str,
        clock: Callable[[], datetime],
        allowed: frozenset[Endpoint] = frozenset(),
        limits: Limits = Limits(),
    ) -> None:
        self._agent = user_agent
        self._clock = clock
        self._allowed = allowed
        self._limits = limits
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        limits = self._limits
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=self._socket),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent, "Accept": ACCEPT},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect, sock_read=limits.read),
                trust_env=False,  # a proxy would be dialled instead of the checked address
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        check_address(address[0], address[1], self._allowed)
        return socket.socket(family, kind, protocol)

    async def get(self, url: str) -> Fetched:
        """The page at `url`, following redirects.

        Raises:
            Skip: `not_modified`.
            Poison: `invalid_url`, `blocked_address`, `http_error`, `unsupported_type`, `unsupported_encoding`,
                `too_large`, `empty_body`, `binary_body`.
            Transient: `timeout`, `connection_failed`, `rate_limited`, `server_error`.
        """
        target = check_url(url, self._allowed)
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._follow(target)
        except TimeoutError as error:
            raise Transient("timeout", f"{shown(target)}: not done in {self._limits.total:g} s") from error

    async def _follow(self, start: URL) -> Fetched:
        url = start
        for redirects in range(MAX_REDIRECTS + 1):
            answer = await self._hop(url, redirects)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise Poison("http_error", f"{shown(start)}: more than {MAX_REDIRECTS} redirects, the last to {shown(url)}")

    async def _hop(self, url: URL, redirects: int) -> Fetched | URL:
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status in _REDIRECTS and location:
                    return redirect(url, location, self._allowed)
                return await self._page(response, redirects)
        except (aiohttp.ClientError, OSError) as error:
            raise failure(error, shown(url)) from error

    async def _page(self, response: aiohttp.ClientResponse, redirects: int) -> Fetched:
        where, headers = shown(response.url), _joined(response)
        refused = refusal(response.status, response.headers, self._clock(), where)
        if refused:
            raise refused
        check_type(headers.get("Content-Type", ""), where)
        check_encoding(headers.get("Content-Encoding", ""), where)
        body = await self._body(response, where)
        check_body(body, headers.get("Content-Type", ""), where)
        return Fetched(str(response.url), response.status, headers, body, self._clock(), redirects)

    async def _body(self, response: aiohttp.ClientResponse, where: str) -> bytes:
        loop, limits, body = asyncio.get_running_loop(), self._limits, bytearray()
        started = loop.time()
        content = response.content
        _check_size(response.content_length or 0, limits.body, where)
        while not content.at_eof():
            body += await _some(content)
            _check_size(max(len(body), content.total_raw_bytes), limits.body, where)
            if too_slow(content.total_raw_bytes, loop.time() - started, limits.rate, limits.grace):
                raise Transient("timeout", f"{where}: slower than {limits.rate:g} bytes a second")
        return bytes(body)


async def _some(content: aiohttp.StreamReader) -> bytes:
    """What can be read within a second, maybe nothing: what is received may decode to nothing for ever."""
    waiting = asyncio.timeout(_SLICE)
    try:
        async with waiting:
            return await content.readany()
    except TimeoutError:
        if waiting.expired():
            return b""
        raise


def _check_size(size: int, limit: int, where: str) -> None:
    if size > limit:
        raise Poison("too_large", f"{where}: more than {limit} bytes")


def _joined(response: aiohttp.ClientResponse) -> dict[str, str]:
    """The headers that matter here; repeated ones are one list (RFC 9110, 5.3)."""
    wanted = (*PASSED_ON, "Content-Encoding")
    return {name: ", ".join(response.headers.getall(name)) for name in wanted if name in response.headers}


def failure(error: aiohttp.ClientError | OSError, where: str) -> Outcome:
    """What an error of the client means for the job.

    The client's own texts are used only where they hold no URL: its query may hold tokens.
    """
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, BlockedAddressError):
        return Poison("blocked_address", f"{where}: {error.os_error}")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return Poison("invalid_url", f"{where}: no address in any form the client takes")
    if isinstance(error, aiohttp.ClientResponseError):
        return Poison("http_error", f"{where}: not a readable HTTP answer: {_line(error.message)}")
    if isinstance(error, TimeoutError):
        return Transient("timeout", f"{where}: no answer in time ({type(error).__name__})")
    return Transient("connection_failed", f"{where}: {_line(f'{type(error).__name__}: {error}')}")


def _line(text: str) -> str:
    return ascii(" ".join(text.split()))[1:-1][:200]
