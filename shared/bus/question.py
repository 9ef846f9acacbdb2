"""Questions of one service to another, answered by whichever replica is free. In no stream: who asks, waits."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import nats.errors
import zstandard
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.inflate import inflate


class NobodyAnswersError(Exception):
    """No service listens where the question was asked."""


async def ask(js: JetStreamContext, subject: str, body: bytes, wait: float) -> bytes:
    """The answer to a question, within `wait` seconds.

    Raises:
        NobodyAnswersError: nobody listens there.
        TimeoutError, nats.errors.Error: there was no answer in time, or NATS is away.
        Poison: the answer is larger than it may be, or broken.
    """
    try:
        answer = await _client(js).request(subject, body, timeout=wait)
    except nats.errors.NoRespondersError as error:
        raise NobodyAnswersError(subject) from error
    return inflate(answer.data, "zstd")


@asynccontextmanager
async def answering(
    js: JetStreamContext, subject: str, group: str, answer: Callable[[bytes], Awaitable[bytes]]
) -> AsyncGenerator[None]:
    """Answer questions while inside; `group`: the replicas, one of which is asked. `answer` raises nothing."""
    under_way: set[asyncio.Task[None]] = set()

    async def respond(msg: Msg) -> None:
        body = zstandard.compress(await answer(msg.data))
        with suppress(nats.errors.Error):  # who asked waits no longer, or asks again
            await msg.respond(body)

    async def arrived(msg: Msg) -> None:
        task = asyncio.create_task(respond(msg))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    listening = await cast("Any", _client(js)).subscribe(subject, queue=group, cb=arrived)
    try:
        yield
    finally:
        with suppress(nats.errors.Error):
            await listening.unsubscribe()
        tasks = list(under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _client(js: JetStreamContext) -> Client:
    return js._nc  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - a question goes to no stream
