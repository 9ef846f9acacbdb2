"""The HTTP session under the guarded client: sockets to checked addresses only, each request sent once.

aiohttp sends a GET again, at once, when its connection breaks off. That would be two requests to a server which is to
have one a second, so it is kept from it; who asks is told whether the connection had been kept from an earlier
request, where a second try is what RFC 9112 (9.3.1) advises: in a turn of its own.
"""

import socket
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import aiohttp

from shared.guard import Endpoint, check_address

ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,text/plain;q=0.7,*/*;q=0.1"
)


class BrokenOffError(aiohttp.ClientError):
    """The connection broke off before there was an answer."""


class Patience(NamedTuple):
    """Seconds for a connection, and between two reads."""

    connect: float
    read: float


@dataclass(slots=True)
class Sent:
    """A request. `kept`: it went over a connection that was there before."""

    kept: bool = False


def session(agent: str, allowed: frozenset[Endpoint], patience: Patience) -> aiohttp.ClientSession:
    """A session; its requests take a `Sent` as `trace_request_ctx`.

    Args:
        agent: the User-Agent.
        allowed: endpoints that may be reached though they are not public.
        patience: how long is waited.
    """

    def opened(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        check_address(address[0], address[1], allowed)
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=opened),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent, "Accept": ACCEPT},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=patience.connect, sock_read=patience.read),
        trust_env=False,  # a proxy would be dialled instead of the checked address
        middlewares=(_once,),
        trace_configs=[_traced()],
    )


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """The answer; of what aiohttp would send again, an error that it does not know."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:  # nothing was sent
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise BrokenOffError(f"{type(error).__name__}: {error}") from error


def _traced() -> aiohttp.TraceConfig:
    traced = aiohttp.TraceConfig()
    traced.on_connection_reuseconn.append(_note_kept)
    return traced


async def _note_kept(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceConnectionReuseconnParams
) -> None:
    if isinstance(context.trace_request_ctx, Sent):
        context.trace_request_ctx.kept = True
