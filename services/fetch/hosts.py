"""Turns at web servers, shared by all replicas of fetch through one bucket."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.fetch.schedule.hosts import Host, claimed, limited, paused_until, released
from shared.bus.store import Conflict

LINGER: Final = 2.0
"""Seconds that a replica keeps a server after its last request: the next one is often under way."""
AGAIN: Final = 5.0
"""Seconds after which a server that another replica talks to is asked for again."""
SWEEP: Final = 0.5


class Busy(Exception):
    """The server cannot be asked now, and not before `until`, in seconds of the epoch."""

    def __init__(self, until: float) -> None:
        super().__init__(f"not before {until:.0f}")
        self.until = until


class HostBook(Protocol):
    """Where hosts are kept; the revision is what `save` needs."""

    async def host(self, name: str) -> tuple[Host, int]:
        """A server."""
        ...

    async def save_host(self, name: str, host: Host, revision: int) -> int:
        """Replace it; raises Conflict."""
        ...


@dataclass(slots=True)
class _Local:
    """A server as this replica knows it."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    host: Host = field(default_factory=Host)
    revision: int = 0
    waiting: int = 0
    free_at: float = 0.0
    used_at: float = 0.0


class Hosts:
    """Turns at servers. `interval`: seconds between two requests to one; `clock`: seconds of the epoch."""

    def __init__(
        self,
        book: HostBook,
        interval: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._book, self._interval, self._clock, self._sleep = book, interval, clock, sleep
        self._me = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._locals: dict[str, _Local] = {}

    @asynccontextmanager
    async def turn(
        self, name: str, path: str, *, patience: float, interval: float | None = None
    ) -> AsyncGenerator[None]:
        """Our turn at a server; the next one begins an interval after this one ended.

        Raises:
            Busy: it would take longer than `patience` seconds.
        """
        local = self._locals.setdefault(name, _Local())
        gap, ahead = max(interval or 0.0, self._interval), local.waiting
        if ahead * gap > patience:
            raise Busy(self._clock() + ahead * gap)
        local.waiting += 1
        try:
            async with self._in_line(local, patience):
                await self._begin(name, local, path, patience)
                try:
                    yield
                finally:
                    local.used_at = self._clock()
                    local.free_at = local.used_at + gap
        finally:
            local.waiting -= 1

    @asynccontextmanager
    async def _in_line(self, local: _Local, patience: float) -> AsyncGenerator[None]:
        """Those before us may be answered slowly."""
        try:
            async with asyncio.timeout(patience):
                await local.turn.acquire()
        except TimeoutError as error:
            raise Busy(self._clock() + AGAIN) from error
        try:
            yield
        finally:
            local.turn.release()

    async def _begin(self, name: str, local: _Local, path: str, patience: float) -> None:
        """The hold must outlast the request, however long we slept before it. Who is left alone is not waited for:
        other paths of the server would wait behind us.
        """
        while True:
            now = self._clock()
            if local.host.holder != self._me or local.host.until < now + HOLD_AT_LEAST:
                await self._claim(name, local)
                now = self._clock()
            if until := paused_until(local.host, path, now):
                raise Busy(until)
            if local.free_at <= now:
                return
            if local.free_at - now > patience:
                raise Busy(local.free_at)
            await self._sleep(local.free_at - now)

    async def _claim(self, name: str, local: _Local) -> None:
        for _ in range(5):
            host, revision = await self._book.host(name)
            now = self._clock()
            mine = claimed(host, self._me, now)
            if mine is None:
                raise Busy(min(host.until, now + AGAIN))
            try:
                local.revision = await self._book.save_host(name, mine, revision)
            except Conflict:
                continue
            local.free_at = max(local.free_at, host.free_at)
            local.host, local.used_at = mine, now
            return
        raise Busy(self._clock() + AGAIN)

    async def limit(self, name: str, path: str, seconds: float) -> None:
        """The server refused `path` for so many seconds; called within a turn."""
        local = self._locals[name]
        local.host = limited(local.host, path, self._clock() + seconds)
        try:
            local.revision = await self._book.save_host(name, local.host, local.revision)
        except Conflict:
            local.host = Host()  # somebody took it over: we were too slow, and ask anew

    async def let_go(self, idle: float = 0.0) -> None:
        """Let go of the servers that were not used for `idle` seconds."""
        now = self._clock()
        for name, local in [*self._locals.items()]:
            if local.waiting or now - local.used_at < idle:
                continue
            del self._locals[name]
            if local.host.holder == self._me:
                await self._release(name, local)

    async def _release(self, name: str, local: _Local) -> None:
        try:
            await self._book.save_host(name, released(local.host, local.free_at), local.revision)
        except Conflict:
            return  # it was held too long, and is another's now


HOLD_AT_LEAST: Final = 45.0
"""Seconds that a hold must still last at the beginning of a request: more than one may take."""
