"""Streams that fill up, on a real nats-server: what is processed makes room, what is not stays."""

import asyncio

import pytest
from nats.js.errors import APIError

from shared.subjects import MB
from tests.integration.keeper.conftest import House

SMALL = 16 * MB
"""For all streams together; RAW has a quarter of it, less what the others' limits take."""
BODY = b"x" * 20_000
tiny = pytest.mark.parametrize("house", [SMALL], indirect=True)


async def fill_of(house: House, stream: str = "RAW") -> float:
    info = await house.js.stream_info(stream)
    assert info.config.max_bytes
    return info.state.bytes / info.config.max_bytes


async def fill(house: House, upto: float) -> int:
    """Publish until RAW is so full; the number of messages there were."""
    while await fill_of(house) < upto:
        await house.raw(body=BODY, times=5)
    return (await house.js.stream_info("RAW")).state.last_seq


async def processed(house: House, most: int) -> None:
    for _ in range(most // 50 + 1):
        try:
            msgs = await house.take(most=min(most, 50))
        except TimeoutError:
            return
        for msg in msgs:
            await house.told("indexed", await house.origin(msg.metadata.sequence.stream))
            await msg.ack_sync()


@tiny
async def test_what_is_processed_makes_room_and_publishers_go_on(house: House) -> None:
    # when: far more is published than the stream can hold, and all of it is processed
    for _ in range(4):
        await processed(house, await fill(house, 0.75))
        await house.keeper.round()
        # then: it comes down to half, and not much further, because what is kept can be replayed
        assert 0.4 < await fill_of(house) <= 0.5
    last = (await house.js.stream_info("RAW")).state.last_seq
    assert await house.balance() == {"raw": last, "indexed": last}
    assert await house.keeper.measure() == 0


@tiny
async def test_nothing_is_removed_below_the_mark(house: House) -> None:
    await processed(house, await fill(house, 0.6))
    await house.keeper.round()
    assert await fill_of(house) >= 0.6


@tiny
async def test_what_is_not_processed_stays_and_publishers_are_refused(house: House) -> None:
    # given: a parse that is away
    with pytest.raises(APIError) as refused:
        await fill(house, 1.0)
    assert refused.value.err_code == 10077
    accepted = (await house.js.stream_info("RAW")).state.messages
    # when
    for _ in range(3):
        await house.keeper.round()
    # then: nothing is removed, and all is delivered when it is back
    assert (await house.js.stream_info("RAW")).state.messages == accepted
    await processed(house, accepted)
    await house.keeper.round()
    await house.raw()
    await house.keeper.round()
    assert await house.balance() == {"raw": accepted + 1, "indexed": accepted, "in_flight": 1}


@tiny
async def test_one_message_in_hand_holds_all_that_is_newer(house: House) -> None:
    last = await fill(house, 0.8)
    [held, *rest] = await house.take(most=last)
    for msg in rest:
        await msg.ack_sync()
    await house.keeper.round()
    state = (await house.js.stream_info("RAW")).state
    assert state.first_seq == 1 == held.metadata.sequence.stream
    assert state.messages == last


@tiny
async def test_what_has_no_dead_letter_yet_is_not_removed(house: House) -> None:
    # given: a full stream whose first message was given up, while no dead letter can be stored
    last = await fill(house, 0.8)
    first, *rest = await house.take(most=last)
    await house.keeper.round()
    await house.change("DLQ", max_bytes=10)
    await first.term()
    for msg in rest:
        await msg.ack_sync()
    await asyncio.sleep(0.2)
    # when
    with pytest.raises(Exception, match="full"):
        await house.keeper.round()
    assert (await house.js.stream_info("RAW")).state.first_seq == 1
    # then
    await house.change("DLQ", max_bytes=MB)
    await house.keeper.round()
    assert (await house.js.stream_info("RAW")).state.first_seq > 1
    assert [each.data for each in await house.letters()] == [BODY]


@tiny
async def test_somebody_else_s_durable_consumer_holds_too(house: House) -> None:
    await house.js.pull_subscribe("news.raw.*", durable="archive", stream="RAW")
    await processed(house, await fill(house, 0.75))
    await house.keeper.round()
    assert await fill_of(house) >= 0.75
