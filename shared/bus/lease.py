"""Keeps what is being worked on from being delivered to somebody else."""

import asyncio
import time
from contextlib import suppress

import nats.errors
from nats.aio.msg import Msg


class Leases:
    """The messages in hand. Each gets an in-progress beat every third of `ack_wait` (seconds) until released."""

    def __init__(self, ack_wait: float) -> None:
        self._interval = ack_wait / 3
        self._held: dict[str, tuple[Msg, float]] = {}  # by acknowledgement subject: a Msg has no hash

    def take(self, msg: Msg) -> None:
        """Begin to beat for `msg`."""
        self._held[msg.reply] = msg, time.monotonic() + self._interval

    def release(self, msg: Msg) -> None:
        """Stop beating for `msg`."""
        self._held.pop(msg.reply, None)

    async def beat(self) -> None:
        """Run for ever; one task for all messages, since a task for each would cost more than most handlers."""
        while True:
            await asyncio.sleep(self._interval / 4)
            now = time.monotonic()
            for msg in [each for each, due in self._held.values() if due <= now]:
                with suppress(nats.errors.Error):  # the connection is away: the lease may run out, and that is safe
                    await msg.in_progress()
                if msg.reply in self._held:
                    self.take(msg)
