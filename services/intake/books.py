"""What the intake reads and writes on NATS: tokens, raw articles, WebSub subscriptions and what hubs push."""

import asyncio
import secrets
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, TypeVar

import zstandard
from pydantic import ValidationError

from services.intake.access import Register
from services.intake.core import Article, problem_of
from services.intake.problems import Problem
from shared.bus import JetStreamContext, NatsError, store
from shared.bus.client import RawArticle, epoch_of_raw, publish_raw
from shared.contracts import Access, Confirmation, Contract, Origin, Push, Source, Subscription
from shared.errors import DependencyDown, Poison
from shared.subjects import ASKED, CONFIRMED, PUSHES, SOURCES, TOKENS, WEBSUB

C = TypeVar("C", bound=Contract)
FULL_WAIT, AWAY_WAIT = 30.0, 5.0
"""Seconds after which a publisher may try again: a stage has to catch up, or NATS has to come back."""
AT_ONCE: Final = 50
"""Articles of one request whose PubAcks are awaited."""


def unavailable(down: DependencyDown, accepted: Sequence[Origin] = ()) -> Problem:
    """What a fault of NATS means for a request, some articles of which may be stored already."""
    more = {"accepted": [str(each) for each in accepted]} if accepted else {}
    if down.reason == "stream_full":
        return Problem(
            "stream_full", "the stream of raw articles is full; send it again later", wait=FULL_WAIT, more=more
        )
    detail = "no answer from NATS; the article may have been stored all the same: sent again it does no harm"
    return Problem("unavailable", detail, wait=AWAY_WAIT, more=more)


def _valid(contract: type[C], body: bytes | None) -> C | None:
    """None when it was removed, or is none."""
    try:
        return contract.model_validate_json(body) if body else None
    except ValidationError:
        return None


async def _kept(js: JetStreamContext, bucket: str, key: str, contract: type[C]) -> C | None:
    found = await store.get(js, bucket, key)
    return _valid(contract, found.body if found else None)


class Tokens:
    """Keeps a register as the bucket `tokens` is."""

    def __init__(self, js: JetStreamContext, register: Register) -> None:
        self._js, self._register, self._place = js, register, 0

    async def follow(self) -> None:
        """Read what changed since the last time; all of it in the first.

        Raises:
            NatsError, TimeoutError: NATS does not answer, or was never provisioned.
        """
        async for change in store.changed_since(self._js, TOKENS.name, self._place):
            self._register.put(change.key, _valid(Access, change.body))  # what is none opens nothing
            self._place = change.sequence
        self._register.loaded = True


class Raw:
    """The stream of raw articles."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._epoch: int | None = None
        self._highest = 0

    async def look(self) -> None:
        """See that the stream is there, and which epoch its origins are of.

        Raises:
            DependencyDown: it is not, or NATS does not answer.
        """
        self._epoch = await epoch_of_raw(self._js)

    async def publish(self, source: str, listed: Sequence[Article]) -> list[Origin]:
        """Publish all, in their order; the origins, once all are stored.

        Raises:
            Problem: `stream_full` or `unavailable`, with those that were stored; `too_large`.
        """
        stored: list[Origin] = []
        for start in range(0, len(listed), AT_ONCE):
            some = (self._one(source, each) for each in listed[start : start + AT_ONCE])
            done = await asyncio.gather(*some, return_exceptions=True)
            stored += [each for each in done if isinstance(each, Origin)]
            for each in done:
                if isinstance(each, DependencyDown):
                    raise unavailable(each, stored) from each
                if isinstance(each, Poison):
                    raise problem_of(each) from each
                if isinstance(each, BaseException):
                    raise each
        return stored

    async def _one(self, source: str, article: Article) -> Origin:
        if self._epoch is None:
            await self.look()
        raw = RawArticle(source, article.body, article.url, article.content_type, article.headers)
        origin = await publish_raw(self._js, raw, self._epoch or 0)
        if origin.sequence <= self._highest:  # of another request; or the stream was made anew
            await self.look()
        self._highest = origin.sequence
        return Origin(self._epoch or 0, origin.sequence)


@asynccontextmanager
async def _asked() -> AsyncGenerator[None]:
    try:
        yield
    except (NatsError, TimeoutError, OSError) as error:
        raise Problem("unavailable", f"no answer from NATS ({type(error).__name__})", wait=AWAY_WAIT) from error


class Subscriptions:
    """WebSub subscriptions, as fetch asked for them and hubs confirm them; and what hubs push."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def asked(self, identity: str) -> Subscription | None:
        """The subscription whose callback that is; None when there is none any more, or its source is gone or pauses.

        One that is being ended is there until its hub confirms that.

        Raises:
            Problem: `unavailable`.
        """
        async with _asked():
            asked = await _kept(self._js, WEBSUB.name, f"{ASKED}.{identity}", Subscription)
            if asked is None or asked.leaving:
                return asked
            source = await _kept(self._js, SOURCES.name, asked.source, Source)
        return asked if source and not source.paused else None

    async def confirm(self, identity: str, confirmation: Confirmation) -> None:
        """Keep what a hub said, for fetch.

        Raises:
            Problem: `unavailable`.
        """
        key = f"{CONFIRMED}.{identity}"
        async with _asked():
            found = await store.get(self._js, WEBSUB.name, key)
        await self._put(WEBSUB.name, key, confirmation, found.revision if found else 0)

    async def push(self, asked: Subscription, content_type: str, body: bytes) -> None:
        """Keep what a hub pushed, until fetch has read it.

        Raises:
            Problem: `unavailable`.
        """
        push = Push(
            feed=asked.feed, content_type=content_type[:200], received_at=datetime.now(UTC), body=b64encode(body)
        )
        await self._put(PUSHES.name, f"{asked.source}.{asked.id}-{time.time_ns():016x}{secrets.token_hex(4)}", push, 0)

    async def _put(self, bucket: str, key: str, value: Contract, revision: int) -> None:
        body = value.model_dump_json(exclude_defaults=True).encode()
        async with _asked():
            try:
                await store.put(
                    self._js, bucket, key, zstandard.compress(body) if bucket == PUSHES.name else body, revision
                )
            except store.Conflict:  # of two answers to one question either will do
                return
