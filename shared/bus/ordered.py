"""Reads a stream in its order from any place on, without acknowledgements: the reader keeps its own place.

A durable consumer cannot give that: what was delivered and not acknowledged comes again after what is newer. This is
what NATS calls an ordered consumer; nats-py has it for push only, and for one filter.

Its consumer has a name, since rights on NATS are by names. Two processes may use one name: each makes the consumer anew
when it finds the other's, and what it got from the other's it reads again.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus import topology

PAGE = 500
"""Messages at once."""
_ANSWER_WITHIN = 2.0
_KEPT_IDLE = 60.0
"""Seconds that the server keeps a consumer which nobody pulls from."""


class Page(NamedTuple):
    """The next messages, the place up to which all is read then, and whether that is the end."""

    messages: Sequence[Msg]
    epoch: int
    sequence: int
    end: bool


class OrderedReader:
    """Reads a stream's messages on some subjects: their headers, and with `bodies` all of them."""

    def __init__(
        self, js: JetStreamContext, name: str, stream: str, filters: Sequence[str], *, bodies: bool = False
    ) -> None:
        self._js, self._name, self._stream, self._filters, self._bodies = js, name, stream, sorted(filters), bodies
        self._sub: JetStreamContext.PullSubscription | None = None
        self._next = (0, 0)  # epoch and sequence that the consumer has been read to
        self._received = 0
        self._made: datetime | None = None  # tells our consumer from another of its name

    async def read(self, epoch: int, sequence: int) -> Page:
        """What follows this place. A stream made anew since is read from its beginning.

        Raises:
            nats.errors.Error: the server does not answer, or there is no such stream.
            TopologyError: the stream carries no epoch.
        """
        info = await self._js.stream_info(self._stream)
        now, last = topology.epoch_of_stream(info), info.state.last_seq
        start = sequence if epoch == now else 0
        if last <= start:
            return Page((), now, start, end=True)
        try:
            page = await self._page(now, start, last)
        except BaseException:
            await self.close()
            raise
        self._next = page.epoch, page.sequence
        return page

    async def close(self) -> None:
        """Remove the consumer; the next read makes another."""
        sub, self._sub = self._sub, None
        if sub:
            with suppress(nats.errors.Error, TimeoutError):  # the server forgets it by itself, later
                await sub.unsubscribe()
                await self._delete()

    async def _page(self, epoch: int, start: int, last: int) -> Page:
        sub, info = await self._consumer(epoch, start)
        if not info.num_pending and info.delivered and info.delivered.consumer_seq == self._received:
            return Page((), epoch, last, end=True)
        try:
            found = await sub.fetch(PAGE, timeout=_ANSWER_WITHIN)
        except TimeoutError:
            found = []
        good = self._unbroken(found) if await self._ours(sub) else ()
        if not good or len(good) < len(found):  # something was lost on its way: ask for it again
            await self.close()
        return Page(good, epoch, good[-1].metadata.sequence.stream if good else start, end=False)

    def _unbroken(self, found: Sequence[Msg]) -> Sequence[Msg]:
        for number, msg in enumerate(found):
            if msg.metadata.sequence.consumer != self._received + 1:
                return found[:number]
            self._received += 1
        return found

    async def _consumer(self, epoch: int, start: int) -> tuple[JetStreamContext.PullSubscription, ConsumerInfo]:
        if self._sub and self._next == (epoch, start) and (there := await self._ours(self._sub)):
            return self._sub, there
        await self.close()
        await self._delete()  # what a reader that was killed left behind
        config = ConsumerConfig(
            name=self._name,
            filter_subjects=self._filters,
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=start + 1,
            headers_only=not self._bodies,
            inactive_threshold=_KEPT_IDLE,
            mem_storage=True,
            num_replicas=1,
        )
        info = await self._js.add_consumer(self._stream, config)  # pyright: ignore[reportUnknownMemberType] - **params
        self._sub = await self._js.pull_subscribe_bind(self._name, self._stream)
        self._received, self._made, self._next = 0, info.created, (epoch, start)
        return self._sub, info

    async def _ours(self, sub: JetStreamContext.PullSubscription) -> ConsumerInfo | None:
        """None when the server removed it because nobody pulled, or somebody else made it anew."""
        try:
            info = await sub.consumer_info()
        except NotFoundError:
            return None
        return info if info.created == self._made else None

    async def _delete(self) -> None:
        with suppress(NotFoundError):
            await self._js.delete_consumer(self._stream, self._name)
