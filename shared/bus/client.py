"""What commands do with NATS: publish raw articles and watch what becomes of them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

import nats.errors
import zstandard
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from shared.bus import publish, wire
from shared.bus.connection import connect
from shared.bus.events import Outcome, event_of, for_source, from_raw
from shared.contracts import Origin, RevisedEvent
from shared.errors import DependencyDown, Poison
from shared.settings import Settings
from shared.subjects import DLQ, EPOCH_KEY, INDEXED, MAX_MESSAGE, RAW, SKIPPED, stream_of, token

COMPRESS_OVER: Final = 32 * 1024
"""Bytes; a smaller body is published as it is."""
MAX_ARTICLE: Final = MAX_MESSAGE - 16 * 1024
"""Bytes of a body; the rest is room for its headers."""
KEPT_OUTCOMES: Final = 10_000
"""Outcomes of others on the same source that are held while a PubAck is under way."""
HEARD_AT_ONCE: Final = 1_000
"""Messages that a listener may be behind."""
_SLICE: Final = 0.5
"""Seconds between two looks at the connection while waiting."""


@asynccontextmanager
async def session(settings: Settings) -> AsyncGenerator[tuple[Client, JetStreamContext]]:
    """A connection for one command.

    Raises:
        ConnectionError: there is no server; the sentence is for the user.
    """
    client = await connect(settings, "ctl")
    try:
        js: JetStreamContext = cast("Any", client).jetstream(timeout=publish.PUBACK_TIMEOUT)
        yield client, js
    finally:
        await client.close()


async def _subscribe(client: Client, subject: str, arrived: Callable[[Msg], Awaitable[None]]) -> None:
    await cast("Any", client).subscribe(subject, cb=arrived)


def headers_of(found: RawStreamMsg) -> dict[str, str]:
    """The headers of a stored message."""
    return cast("dict[str, str]", cast("Any", found).headers or {})


@contextmanager
def explained(what: str) -> Generator[None]:
    """Faults of the client as sentences.

    Raises:
        DependencyDown: `what` is not there, or NATS did not answer.
    """
    try:
        yield
    except NotFoundError as error:
        raise DependencyDown("dependency_down", f"there is no {what}; run `newswire provision`") from error
    except (nats.errors.Error, TimeoutError) as error:
        fault = type(error).__name__
        raise DependencyDown("dependency_down", f"NATS did not answer about {what} ({fault})") from error


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as it is published. `url` and `content_type` are only stated when known.

    `more`: further headers.
    """

    source: str
    body: bytes
    url: str | None = None
    content_type: str | None = None
    more: Mapping[str, str] = field(default_factory=dict[str, str])


def raw_message(article: RawArticle) -> tuple[str, bytes, dict[str, str]]:
    """Subject, body and headers: nothing but the bytes when nothing else is known and they are few.

    Raises:
        Poison: `too_large`.
    """
    if len(article.body) > MAX_ARTICLE:
        raise Poison("too_large", f"it is larger than an article may be: {MAX_ARTICLE:,} bytes")
    stated = {**article.more, "Newswire-Url": article.url, "Content-Type": article.content_type}
    headers = {name: wire.header_value(value) for name, value in stated.items() if value}
    body = article.body
    if len(body) > COMPRESS_OVER:
        body, headers["Content-Encoding"] = zstandard.compress(body), "zstd"
    return RAW.of(token(article.source)), body, headers


async def epoch_of_raw(js: JetStreamContext) -> int:
    """The epoch of the origins of what is published now.

    Raises:
        DependencyDown: the stream is not there, or was not made by us.
    """
    name = stream_of(RAW).name
    with explained(f"stream {name}"):
        info = await js.stream_info(name)
    text = (info.config.metadata or {}).get(EPOCH_KEY, "")
    if not text.isdigit():
        raise DependencyDown("dependency_down", f"stream {name} carries no epoch; run `newswire provision`")
    return int(text)


async def publish_raw(js: JetStreamContext, article: RawArticle, epoch: int) -> Origin:
    """Publish and return the origin, once the article is stored.

    Raises:
        Poison: `too_large`.
        DependencyDown: the stream is full or missing, or the server did not answer: it may be stored all the same.
    """
    subject, body, headers = raw_message(article)
    ack = await publish.publish(js, subject, body, headers)
    return Origin(epoch, ack.seq)


class Seen(NamedTuple):
    """An outcome and when it came (time.monotonic)."""

    outcome: Outcome
    at: float


class Outcomes:
    """The recorded outcomes of one source's raw articles, or of all, from now on; each for one who asks by its origin.

    Started before publishing: an outcome may come before the PubAck. It rests on a core subscription, so nothing
    is asked of the server but what it publishes anyway.
    """

    def __init__(self, client: Client, source: str | None = None) -> None:
        self._client, self._source = client, token(source) if source else None
        self._seen: OrderedDict[str, Seen] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[Seen]] = {}

    async def start(self) -> None:
        """Return when the server knows of the subscription."""
        with explained("outcomes"):
            for family in (INDEXED, SKIPPED, DLQ):
                subject = for_source(family, self._source) if self._source else family.pattern
                await _subscribe(self._client, subject, self._arrived)
            await self._client.flush()

    async def _arrived(self, msg: Msg) -> None:
        event = event_of(msg.subject, msg.headers or {}, msg.data)
        if event is None or isinstance(event, RevisedEvent) or not from_raw(event):
            return
        seen, waiting = Seen(event, time.monotonic()), self._waiting.get(event.origin)
        if waiting and not waiting.done():
            waiting.set_result(seen)
            return
        self._seen[event.origin] = seen
        if len(self._seen) > KEPT_OUTCOMES:
            self._seen.popitem(last=False)

    async def of(self, origin: Origin, seconds: float) -> Seen | None:
        """The outcome of `origin`, or None when there is none within `seconds`.

        Raises:
            ConnectionError: the server went away meanwhile; the message is safe in its stream.
        """
        key, deadline = str(origin), time.monotonic() + seconds
        if key in self._seen:
            return self._seen.pop(key)
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            while (remaining := deadline - time.monotonic()) > 0 and not waiting.done():
                await asyncio.wait([waiting], timeout=min(remaining, _SLICE))
                if not self._client.is_connected:
                    raise ConnectionError(
                        f"NATS went away before the outcome of {key}, which is not lost: newswire trace {key}"
                    )
            return waiting.result() if waiting.done() else None
        finally:
            self._waiting.pop(key, None)


class Heard(NamedTuple):
    """A message as it passed."""

    subject: str
    headers: Mapping[str, str]
    body: bytes


@asynccontextmanager
async def listening(client: Client, subjects: Sequence[str]) -> AsyncGenerator[AsyncIterator[Heard]]:
    """Everything published on these subjects (wildcards too) from now on; what comes too fast is dropped.

    The iterator raises ConnectionError when the server goes away.

    Raises:
        DependencyDown: NATS did not answer.
    """
    heard: asyncio.Queue[Heard] = asyncio.Queue(HEARD_AT_ONCE)

    async def arrived(msg: Msg) -> None:
        with suppress(asyncio.QueueFull):
            heard.put_nowait(Heard(msg.subject, msg.headers or {}, msg.data))

    with explained("subscriptions"):
        for subject in subjects:
            await _subscribe(client, subject, arrived)
        await client.flush()
    yield _queued(client, heard)


async def _queued(client: Client, heard: asyncio.Queue[Heard]) -> AsyncIterator[Heard]:
    while client.is_connected:
        with suppress(TimeoutError):
            yield await asyncio.wait_for(heard.get(), _SLICE)
    raise ConnectionError("the connection to NATS was lost")
