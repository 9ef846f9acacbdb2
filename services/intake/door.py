"""The door of the HTTP server: so many connections at once, and so long for a request to begin.

The server under it bounds lines, headers and what waits to be answered; it waits for ever for the first request.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import orjson

from services.intake.problems import MEDIA_TYPE, Problem
from shared import telemetry

MOST: Final = 256
"""Connections."""
HEADERS_WITHIN: Final = 10.0
"""Seconds from the connection until a request's headers are all there."""
KEPT: Final = 75.0
"""Seconds from an answer until the next request's are."""
_LOOK: Final = 0.05
_BUSY: Final = orjson.dumps(Problem("busy", "all connections are in use").document)
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nServer: newswire\r\nConnection: close\r\n"
    b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (MEDIA_TYPE.encode(), len(_BUSY), _BUSY)
)


class Door:
    """Makes the protocol of each connection. `inner`: makes the HTTP server's own."""

    def __init__(
        self,
        inner: Callable[[], asyncio.Protocol],
        *,
        most: int = MOST,
        headers_within: float = HEADERS_WITHIN,
        kept: float = KEPT,
    ) -> None:
        self._inner, self._most, self._within, self._kept = inner, most, headers_within, kept
        self._open: dict[asyncio.BaseTransport, _Guest] = {}
        self._idle: dict[asyncio.BaseTransport, None] = {}

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        if len(self._open) >= self._most:
            self._make_room()
        return _Guest(self, self._inner()) if len(self._open) < self._most else _Refused()

    @contextmanager
    def busy(self, transport: asyncio.BaseTransport | None) -> Generator[None]:
        """A request of this connection is being answered, inside."""
        guest = self._open.get(transport) if transport else None
        if guest is None or transport is None:  # it left
            yield
            return
        self._idle.pop(transport, None)
        guest.stop_waiting()
        try:
            yield
        finally:
            if transport in self._open:
                self._wait_for(transport, guest, self._kept)

    def entered(self, transport: asyncio.BaseTransport, guest: "_Guest") -> None:
        """A connection is there; its first request is expected now."""
        self._open[transport] = guest
        self._wait_for(transport, guest, self._within)
        telemetry.CONNECTIONS.set(len(self._open))

    def _wait_for(self, transport: asyncio.BaseTransport, guest: "_Guest", seconds: float) -> None:
        self._idle[transport] = None
        guest.wait(seconds)

    def left(self, transport: asyncio.BaseTransport) -> None:
        """The connection is gone."""
        self._open.pop(transport, None)
        self._idle.pop(transport, None)
        telemetry.CONNECTIONS.set(len(self._open))

    async def quiet(self, within: float) -> None:
        """Return once no request is being answered, or after `within` seconds."""
        for _ in range(int(within / _LOOK)):
            if len(self._open) == len(self._idle):
                return
            await asyncio.sleep(_LOOK)

    def _make_room(self) -> None:
        """Let go of whoever has sent nothing for the longest time."""
        if transport := next(iter(self._idle), None):
            guest = self._open[transport]
            self.left(transport)
            guest.leave()


class _Guest(asyncio.Protocol):
    """One connection: the server's own protocol, with a limit to how long it waits."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door, self._inner = door, inner
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._inner.connection_made(transport)
        self._door.entered(transport, self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_waiting()
        if self._transport:
            self._door.left(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def wait(self, seconds: float) -> None:
        """Leave after so many seconds, unless told otherwise before."""
        self.stop_waiting()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.leave)

    def stop_waiting(self) -> None:
        """There is a request."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def leave(self) -> None:
        """Hang up, without waiting for somebody who reads nothing."""
        if self._transport and self._transport.get_write_buffer_size():
            self._transport.abort()
        elif self._transport:
            self._transport.close()


class _Refused(asyncio.Protocol):
    """A connection too many, all of which are busy."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            telemetry.REQUESTS.labels("busy").inc()
            transport.write(_FULL)
            transport.close()
