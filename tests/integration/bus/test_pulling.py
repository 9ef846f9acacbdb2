"""A pull: bounded in messages and bytes, quick when something is there, patient when nothing is."""

import asyncio
import time
from contextlib import suppress
from typing import Any

import nats.errors
import pytest

from shared.bus import pull
from tests.wire import Wire


@pytest.fixture
async def subscription(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("nats.js.client.JetStreamContext.PullSubscription.fetch", pull.fetch)
    return await wire.js.pull_subscribe_bind("enrich", stream="PARSED")


async def test_what_is_there_comes_at_once(wire: Wire, subscription: Any) -> None:
    for number in range(7):
        await wire.send(b"x", number)
    begun = time.monotonic()
    assert len(await subscription.fetch(5, timeout=5)) == 5
    assert len(await subscription.fetch(5, timeout=5)) == 2
    assert time.monotonic() - begun < 1


async def test_a_lone_message_is_not_held_back_for_others(wire: Wire, subscription: Any) -> None:
    waiting = asyncio.create_task(subscription.fetch(100, timeout=5))
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    await wire.send(b"x")
    assert len(await waiting) == 1
    assert time.monotonic() - begun < 1


async def test_who_waits_for_less_than_a_second_gets_all_that_comes_by_then(wire: Wire, subscription: Any) -> None:
    filling = asyncio.create_task(subscription.fetch(100, timeout=0.9))
    for number in range(5):
        await asyncio.sleep(0.05)
        await wire.send(b"x", number)
    assert len(await filling) == 5


async def test_a_filled_batch_does_not_wait(wire: Wire, subscription: Any) -> None:
    for number in range(7):
        await wire.send(b"x", number)
    begun = time.monotonic()
    assert len(await subscription.fetch(5, timeout=0.9)) == 5
    assert time.monotonic() - begun < 0.8


async def test_what_comes_too_late_for_a_batch_is_in_a_later_one(wire: Wire, subscription: Any) -> None:
    sending = asyncio.create_task(_send_slowly(wire, 60))
    got = 0
    deadline = time.monotonic() + 20
    while got < 60:
        assert time.monotonic() < deadline
        with suppress(nats.errors.TimeoutError):
            got += len(await subscription.fetch(100, timeout=0.05))
    await sending
    assert got == 60


async def test_an_answer_to_an_earlier_request_does_not_end_a_batch(wire: Wire, subscription: Any) -> None:
    asked = await _counted(wire)
    begun = time.monotonic()
    while time.monotonic() - begun < 3:
        with pytest.raises(nats.errors.TimeoutError):
            await subscription.fetch(500, timeout=0.3)
    assert len(asked) <= 3 / 0.3 + 2


async def test_after_a_pause_no_more_comes_than_was_asked_for(wire: Wire, subscription: Any) -> None:
    for _ in range(4):
        with pytest.raises(nats.errors.TimeoutError):
            await subscription.fetch(50, timeout=0.3)
    for number in range(120):
        await wire.send(b"x", number)
    assert len(await subscription.fetch(50, timeout=0.9)) == 50
    await asyncio.sleep(0.3)
    waiting = await wire.js.consumer_info("PARSED", "enrich")
    assert waiting.num_ack_pending == 50


async def test_a_batch_with_as_many_bytes_as_it_may_have_is_ended(wire: Wire, subscription: Any) -> None:
    for number in range(20):
        await wire.send(b"x" * 1_000_000, number)
    batch = await subscription.fetch(500, timeout=0.9)
    with pytest.raises(nats.errors.TimeoutError):
        await subscription.fetch(500 - len(batch), timeout=0.8)
    assert 0 < sum(len(msg.data) for msg in batch) <= pull.MAX_BYTES
    assert len(await subscription.fetch(500, timeout=0.9)) > 0


async def test_what_a_stopped_pull_holds_is_handed_back(wire: Wire, subscription: Any) -> None:
    filling = asyncio.create_task(subscription.fetch(500, timeout=0.9))
    await asyncio.sleep(0.2)
    await wire.send(b"x")
    await asyncio.sleep(0.3)
    filling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filling
    assert len(await subscription.fetch(1, timeout=5)) == 1  # long before its lease is over


async def _counted(wire: Wire) -> list[str]:
    """The requests that are made from now on."""
    asked: list[str] = []

    async def hear(msg: Any) -> None:
        asked.append(msg.subject)

    await wire.client.subscribe("$JS.API.CONSUMER.MSG.NEXT.PARSED.enrich", cb=hear)
    await wire.client.flush()
    return asked


async def _send_slowly(wire: Wire, count: int) -> None:
    for number in range(count):
        await wire.send(b"x", number)
        await asyncio.sleep(0.01)


async def test_nothing_is_a_timeout_that_the_framework_knows(subscription: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(nats.errors.TimeoutError):
        await subscription.fetch(10, timeout=1)
    assert 0.9 < time.monotonic() - begun < 3


async def test_no_more_is_asked_for_than_fits_in_memory(wire: Wire, subscription: Any) -> None:
    for number in range(40):
        await wire.send(b"x" * 1_000_000, number)
    got: list[int] = []
    begun = time.monotonic()
    while sum(got) < 40:
        batch = await subscription.fetch(500, timeout=5)
        assert sum(len(msg.data) for msg in batch) <= pull.MAX_BYTES
        got.append(len(batch))
    assert len(got) == 10
    assert time.monotonic() - begun < 5
