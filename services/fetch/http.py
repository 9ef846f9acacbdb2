"""The guarded HTTP client: it reaches only public web servers and reads only so much, for so long.

The guard sits in the connector's socket factory, the one place that sees the address that is really dialled:
a resolver is not asked about literal addresses, and a name may resolve differently the second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, Self

import aiohttp

from services.fetch.archive.records import Exchange
from services.fetch.archive.store import Archive
from services.fetch.core import (
    ANSWERED,
    NOT_MODIFIED,
    PASSED_ON,
    SUCCESS,
    Fetched,
    Lead,
    check_body,
    check_encoding,
    check_type,
    refusal,
    too_slow,
)  # fmt: skip
from services.fetch.purpose import PURPOSE, may_be_kept
from services.fetch.redirects import followed
from services.fetch.session import BrokenOffError, Patience, Sent, session
from shared.errors import Outcome, Poison, Transient
from shared.guard import BlockedAddressError, Endpoint, check_url, redirect, shown

ERROR_BODY: Final = 64 * 1024
"""Bytes of an answer that is no success."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEEPING: Final = frozenset({307, 308})
"""Redirects after which a form is sent again (RFC 9110, 15.4)."""
_FOR_GOOD: Final = frozenset({301, 308})
_AGAIN_AFTER: Final = 1.0
_LONGEST_HEADER: Final = 8_000
_SLICE: Final = 1.0
"""Seconds between two looks at how much was received."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take, all redirects together; of `ask` each. Times in seconds, sizes in bytes."""

    total: float = 30.0
    connect: float = 5.0
    read: float = 10.0
    """Between two reads."""
    body: int = 5 * 1024 * 1024
    """Decoded."""
    rate: float = 1_000.0
    """Bytes a second on the wire, from `grace` seconds on."""
    grace: float = 5.0


class Dropped(Transient):
    """A connection that was kept from an earlier request broke off: the server may not have seen this one."""


_Read = Callable[[aiohttp.ClientResponse], Awaitable[Fetched]]
_Form = Mapping[str, str] | None


class Client:
    """Gets pages; an async context manager, to be entered on the running loop.

    Args:
        user_agent: who asks, and how to reach them.
        clock: the moment now, in UTC.
        allowed: endpoints that may be reached though they are not public.
        limits: what one fetch may take.
        archive: where each answer is written down; entered and left with the client.
    """

    def __init__(
        self,
        user_agent: str,
        clock: Callable[[], datetime],
        allowed: frozenset[Endpoint] = frozenset(),
        limits: Limits = Limits(),
        archive: Archive | None = None,
    ) -> None:
        self._agent = user_agent
        self._clock = clock
        self._allowed = allowed
        self._limits = limits
        self._archive = archive
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        limits = self._limits
        if self._archive:
            await self._stack.enter_async_context(self._archive)
        self._session = await self._stack.enter_async_context(
            session(self._agent, self._allowed, Patience(limits.connect, limits.read))
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def get(self, url: str) -> Fetched:
        """The page at `url`, following redirects.

        Raises:
            Skip: `not_modified`.
            Poison: `invalid_url`, `blocked_address`, `http_error`, `unsupported_type`, `unsupported_encoding`,
                `too_large`, `empty_body`, `binary_body`.
            Transient: `timeout`, `connection_failed`, `rate_limited`, `server_error`.
        """
        return await self._within_time(url, self._page_at)

    async def _page_at(self, place: str) -> Fetched:
        """Tried once more where a kept connection was dropped: who gets single pages has no turns to wait for."""
        try:
            return await self._hop(place, {}, self._page)
        except Dropped:
            await asyncio.sleep(_AGAIN_AFTER)
            return await self._hop(place, {}, self._page)

    async def ask(self, url: str, conditions: Mapping[str, str] = MappingProxyType({})) -> Fetched:
        """The answer of `url`, whatever its status; of a redirect, where it leads: that is another server's turn.

        Args:
            url: where to ask.
            conditions: headers that make the request conditional, or say what is accepted.

        An answer that is no success is read up to ERROR_BODY: enough to tell who answers.

        Raises:
            Poison, Transient: as `get`, but for what a status means.
            Dropped: as it says.
        """
        return await self._within_time(url, lambda place: self._hop(place, conditions, self._answer), follow=False)

    async def send(self, url: str, form: Mapping[str, str]) -> Fetched:
        """The answer of `url` to a form, whatever its status, following redirects that keep the form (307, 308).

        Raises:
            Poison, Transient: as `ask`.
        """
        return await self._within_time(url, lambda place: self._hop(place, {}, self._answer, form))

    async def _within_time(self, url: str, hop: Callable[[str], Awaitable[Fetched]], *, follow: bool = True) -> Fetched:
        target = check_url(url, self._allowed)
        if self._archive:
            await self._archive.check()
        try:
            async with asyncio.timeout(self._limits.total):
                return await (followed(url, hop) if follow else hop(url))
        except TimeoutError as error:
            raise Transient("timeout", f"{shown(target)}: not done in {self._limits.total:g} s") from error

    async def _hop(self, place: str, headers: Mapping[str, str], read: _Read, form: _Form = None) -> Fetched:
        method, leading = ("GET", _REDIRECTS) if form is None else ("POST", _KEEPING)
        url, sent = check_url(place, self._allowed), Sent()
        try:
            async with self._session.request(
                method, url, headers=headers, data=form, allow_redirects=False, trace_request_ctx=sent
            ) as response:
                location = response.headers.get("Location")
                if response.status in leading and location:
                    target = redirect(url, location, self._allowed)
                    lead = Lead(str(target), response.status in _FOR_GOOD)
                    return await self._kept(response, replace(_empty(response, self._clock()), leads_to=lead))
                return await self._kept(response, await read(response))
        except (aiohttp.ClientError, OSError) as error:
            raise failure(error, shown(url), kept=sent.kept) from error

    async def _kept(self, response: aiohttp.ClientResponse, answer: Fetched) -> Fetched:
        """The answer, once the archive has it, if it may; that nothing changed is not kept."""
        if self._archive is None or answer.status == NOT_MODIFIED or not may_be_kept(answer):
            return answer
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
        exchange = Exchange(
            answer.url, answer.status, response.reason or "", headers, answer.body, answer.fetched_at,
            source=PURPOSE.get().source, cut=answer.status not in SUCCESS and len(answer.body) == ERROR_BODY,
        )  # fmt: skip
        return replace(answer, archived=await self._archive.keep(exchange))

    async def _page(self, response: aiohttp.ClientResponse) -> Fetched:
        refused = refusal(response.status, response.headers, self._clock(), shown(response.url))
        if refused:
            raise refused
        return await self._whole(response)

    async def _answer(self, response: aiohttp.ClientResponse) -> Fetched:
        if response.status in SUCCESS:
            return await self._whole(response)
        empty = _empty(response, self._clock())
        return empty if empty.status == NOT_MODIFIED else replace(empty, body=await self._beginning(response))

    async def _whole(self, response: aiohttp.ClientResponse) -> Fetched:
        where, headers = shown(response.url), _joined(response)
        check_type(headers.get("Content-Type", ""), where)
        check_encoding(headers.get("Content-Encoding", ""), where)
        body = await self._body(response, where, self._limits.body)
        check_body(body, headers.get("Content-Type", ""), where)
        return Fetched(str(response.url), response.status, headers, body, self._clock())

    async def _beginning(self, response: aiohttp.ClientResponse) -> bytes:
        where = shown(response.url)
        check_encoding(response.headers.get("Content-Encoding", ""), where)
        return await self._body(response, where, ERROR_BODY, cut=True)

    async def _body(self, response: aiohttp.ClientResponse, where: str, most: int, *, cut: bool = False) -> bytes:
        loop, limits, body = asyncio.get_running_loop(), self._limits, bytearray()
        started = loop.time()
        content = response.content
        if not cut:
            _check_size(response.content_length or 0, most, where)
        while not content.at_eof():
            body += await _some(content)
            if cut and max(len(body), content.total_raw_bytes) > most:
                return bytes(body[:most])
            _check_size(max(len(body), content.total_raw_bytes), most, where)
            if too_slow(content.total_raw_bytes, loop.time() - started, limits.rate, limits.grace):
                raise Transient("timeout", f"{where}: slower than {limits.rate:g} bytes a second")
        return bytes(body)


async def _some(content: aiohttp.StreamReader) -> bytes:
    """What can be read within a second, maybe nothing: what is received may decode to nothing for ever."""
    if there := content.read_nowait():  # most of a page is, and waiting for it costs more than the rest of us
        return there
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


def _empty(response: aiohttp.ClientResponse, at: datetime) -> Fetched:
    return Fetched(str(response.url), response.status, _joined(response), b"", at)


def _joined(response: aiohttp.ClientResponse) -> dict[str, str]:
    """The headers that matter here; repeated ones are one list (RFC 9110, 5.3). Bytes that are no text are U+FFFD."""
    wanted = (*PASSED_ON, *ANSWERED, "Content-Encoding")
    found = {
        name: ", ".join(response.headers.getall(name))[:_LONGEST_HEADER] for name in wanted if name in response.headers
    }
    return {name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name, value in found.items()}


def failure(error: aiohttp.ClientError | OSError, where: str, *, kept: bool = False) -> Outcome:
    """What an error of the client means for the job. `kept`: the connection was there before the request.

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
    if isinstance(error, BrokenOffError):
        return (Dropped if kept else Transient)("connection_failed", f"{where}: {_line(str(error))}")
    return Transient("connection_failed", f"{where}: {_line(f'{type(error).__name__}: {error}')}")


def _line(text: str) -> str:
    return ascii(" ".join(text.split()))[1:-1][:200]
