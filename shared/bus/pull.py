# ruff: noqa: SLF001 - the fault is inside the library, and so is its cure
# pyright: reportPrivateUsage=false
"""A pull that neither loses what it holds nor asks for more than it can work on.

Cures two faults of nats-py 2.16 under FastStream 0.7:

- `fetch` raises a bare `asyncio.TimeoutError`, which FastStream does not catch: its loop dies and a batch in hand
  is lost until `ack_wait` (https://github.com/nats-io/nats.py/pull/1008).
- a lingering request for n messages stays open after its first message, and waits for the rest: more arrives than
  was asked for (https://github.com/ag2ai/faststream/issues/2563), and a lone message waits for the whole time-out.

Here a request either takes what is there (no_wait) or waits for exactly one message; only who waits less than a second
at a time gets as many as come by then, by one request, which its bytes bound. And a message counts as one by
its reply subject, not by its headers: a publisher's own `Status: 404` header hides nothing.

What is there is only asked for while the last delivery said that more was pending. At 50 messages a second, where each
comes alone, that halves the requests.
"""

import asyncio
import json
import time
from typing import Final, Literal
from weakref import WeakSet

import nats.errors
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext

from shared.subjects import MB

_ACK_PREFIX: Final = "$JS.ACK."
_ANSWER_WITHIN: Final = 2.0
"""Seconds for the server to answer a no_wait request; a lost answer costs no more."""
MAX_BYTES: Final = 4 * MB
"""Of one pull: five hundred of the largest messages would not fit in any service's memory. One fits always."""
SHORT: Final = 1.0
"""Seconds; who waits less is after many messages, and not after the first."""
_AFTER_FAULT: Final = 1.0
"""Seconds to wait after an answer that says the consumer is gone, so that the loop does not spin."""
_NO_WAIT: Final = 0.01
"""Seconds; a shorter wait is none."""
_full: Final[WeakSet[JetStreamContext.PullSubscription]] = WeakSet()
"""Those whose batch has as many bytes as it may: FastStream asks again until its time is over."""
_caught_up: Final[WeakSet[JetStreamContext.PullSubscription]] = WeakSet()
"""Those whose last delivery left nothing pending. What is delivered again is not counted as pending, and waited for."""


async def fetch(
    self: JetStreamContext.PullSubscription,
    batch: int = 1,
    timeout: float | None = 5,  # noqa: ASYNC109 - the signature is nats-py's
    heartbeat: float | None = None,
) -> list[Msg]:
    """Up to `batch` messages that are there, or else the first that comes within `timeout` seconds.

    A `timeout` of less than a second is for filling the batch: all that come within it.

    Raises:
        nats.errors.TimeoutError: none came.
    """
    del heartbeat
    deadline = time.monotonic() + (timeout or 5)
    filling = (timeout or 5) < SHORT
    if filling and self in _full:
        _full.discard(self)
        raise nats.errors.TimeoutError
    found = _buffered(self, batch)
    if filling:
        found += await _fill(self, batch - len(found), deadline)
    elif len(found) < batch and self not in _caught_up:
        await _request(self, {"batch": batch - len(found), "no_wait": True, "max_bytes": MAX_BYTES})
        found += await _until_status(self, batch - len(found), min(deadline, time.monotonic() + _ANSWER_WITHIN))
    if not found:
        found = await _first(self, deadline)
    if not found:
        raise nats.errors.TimeoutError
    _note(self, found[-1])
    return found


async def _fill(self: JetStreamContext.PullSubscription, wanted: int, deadline: float) -> list[Msg]:
    """What comes until the deadline. What is under way then is found in the buffer by the next pull."""
    if wanted <= 0 or (remaining := deadline - time.monotonic()) <= _NO_WAIT:
        return []
    await _request(self, {"batch": wanted, "expires": int(remaining * 1e9), "max_bytes": MAX_BYTES})
    return await _until_status(self, wanted, deadline, filling=True)


async def _first(self: JetStreamContext.PullSubscription, deadline: float) -> list[Msg]:
    if (remaining := deadline - time.monotonic()) <= _NO_WAIT:
        return []
    await _request(self, {"batch": 1, "expires": int(remaining * 1e9)})
    return await _until_status(self, 1, deadline)


def _note(self: JetStreamContext.PullSubscription, last: Msg) -> None:
    (_caught_up.discard if last.metadata.num_pending else _caught_up.add)(self)


def _buffered(self: JetStreamContext.PullSubscription, batch: int) -> list[Msg]:
    queue = self._sub._pending_queue
    found: list[Msg] = []
    while len(found) < batch and not queue.empty():
        msg = queue.get_nowait()
        self._sub._pending_size -= len(msg.data)
        if msg.reply.startswith(_ACK_PREFIX):
            found.append(msg)
    return found


async def _request(self: JetStreamContext.PullSubscription, wanted: dict[str, object]) -> None:
    await self._nc.publish(self._nms, json.dumps(wanted).encode(), self._deliver)


async def _until_status(
    self: JetStreamContext.PullSubscription, wanted: int, deadline: float, *, filling: bool = False
) -> list[Msg]:
    """Messages until there are `wanted`, the server says that there are no more, or the deadline passes.

    When the service stops meanwhile, they are handed back: another replica need not wait until their leases are over.
    """
    found: list[Msg] = []
    try:
        while len(found) < wanted and (remaining := deadline - time.monotonic()) > 0:
            msg = await self._sub.next_msg(timeout=remaining)
            if msg.reply.startswith(_ACK_PREFIX):
                found.append(msg)
            elif await _ends(self, msg, filling=filling):
                break
    except TimeoutError:
        return found
    except asyncio.CancelledError:
        for msg in found:
            await msg.nak()
        raise
    return found


async def _ends(self: JetStreamContext.PullSubscription, msg: Msg, *, filling: bool) -> bool:
    """Whether an answer without a message ends the request. One that belongs to an earlier request does no harm.

    Such a one may come while a batch is filled, for the server's clock begins later: that is ended by its deadline
    alone, or by as many bytes as it may have.
    """
    said = _said(msg)
    if said == "full" and filling:
        _full.add(self)
    elif said == "fault":
        await asyncio.sleep(_AFTER_FAULT)
    return said != "over" or not filling


def _said(msg: Msg) -> Literal["over", "full", "fault"]:
    """What an answer without a message says of its request: it is over, its bytes are reached, or it cannot be."""
    headers = msg.headers or {}
    described = headers.get("Description", "")
    if "MaxBytes" in described:
        return "full"
    return "over" if headers.get("Status") in {"404", "408"} or "Batch Completed" in described else "fault"
