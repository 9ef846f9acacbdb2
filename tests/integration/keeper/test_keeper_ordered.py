"""Reading in order, whatever happens on the way."""

import asyncio

import pytest
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.bus.ordered import OrderedReader
from tests.integration.keeper.conftest import House


async def read(reader: OrderedReader, after: int, epoch: int) -> list[int]:
    """Sequences until the end."""
    found: list[int] = []
    while True:
        page = await reader.read(epoch, after)
        found += [msg.metadata.sequence.stream for msg in page.messages]
        assert all(msg.data == b"" for msg in page.messages)
        epoch, after = page.epoch, page.sequence
        if page.end:
            return found


@pytest.fixture
async def epoch(house: House) -> int:
    return (await house.origin(1)).epoch


@pytest.fixture
def reader(house: House) -> OrderedReader:
    return OrderedReader(house.js, "reader", "RAW", ("news.raw.a",))


async def names(house: House) -> list[str]:
    return [each.name for each in await house.js.consumers_info("RAW") if not each.config.durable_name]


async def test_from_any_place_on_and_only_what_is_asked_for(house: House, reader: OrderedReader, epoch: int) -> None:
    await house.raw(times=3)
    await house.raw("b", times=2)
    assert await read(reader, 0, epoch) == [1, 2, 3]
    assert await read(reader, 2, epoch) == [3]
    page = await reader.read(epoch, 3)
    assert (page.sequence, page.end) == (5, True)  # read to the end, though the last were not asked for
    await house.raw(times=600)
    assert await read(reader, 5, epoch) == list(range(6, 606))


async def test_messages_that_another_took_are_asked_for_again(house: House, reader: OrderedReader, epoch: int) -> None:
    # given: what the server sent and we never got, in the middle and at the end
    await house.raw(times=2)
    assert await read(reader, 0, epoch) == [1, 2]
    [name] = await names(house)
    thief = await house.js.pull_subscribe_bind(name, "RAW")
    await house.raw(times=4)
    assert len(await thief.fetch(2, timeout=1)) == 2
    assert await read(reader, 2, epoch) == [3, 4, 5, 6]
    [name] = await names(house)
    thief = await house.js.pull_subscribe_bind(name, "RAW")
    await house.raw()
    assert len(await thief.fetch(1, timeout=1)) == 1
    assert await read(reader, 6, epoch) == [7]


async def test_a_consumer_that_is_gone_is_made_again(house: House, reader: OrderedReader, epoch: int) -> None:
    await house.raw(times=2)
    assert await read(reader, 0, epoch) == [1, 2]
    for name in await names(house):
        await house.js.delete_consumer("RAW", name)
    await house.raw(times=2)
    assert await read(reader, 2, epoch) == [3, 4]


async def test_a_stream_made_anew_is_read_from_its_beginning(house: House, reader: OrderedReader, epoch: int) -> None:
    await house.raw(times=2)
    assert await read(reader, 7, epoch - 1) == [1, 2]


async def test_what_is_purged_meanwhile_is_passed_over(house: House, reader: OrderedReader, epoch: int) -> None:
    await house.raw(times=2)
    assert await read(reader, 0, epoch) == [1, 2]
    await house.raw(times=5)
    await house.js.purge_stream("RAW", seq=6)
    assert await asyncio.wait_for(read(reader, 2, epoch), 10) == [6, 7]


async def test_what_a_killed_reader_left_behind_is_replaced(house: House, reader: OrderedReader, epoch: int) -> None:
    await house.raw(times=3)
    killed = OrderedReader(house.js, "reader", "RAW", ("news.raw.a",))
    assert await read(killed, 1, epoch) == [2, 3]
    assert await read(reader, 0, epoch) == [1, 2, 3]
    assert await names(house) == ["reader"]


async def test_two_readers_of_one_name_read_all_each_from_its_own_place(house: House, epoch: int) -> None:
    await house.raw(times=1_200)
    ahead, behind = (OrderedReader(house.js, "reader", "RAW", ("news.raw.a",)) for _ in range(2))
    found: dict[OrderedReader, list[int]] = {ahead: [], behind: []}
    places = {ahead: 600, behind: 0}
    for _ in range(20):  # page by page, each after the other took the consumer away
        for reader in (ahead, behind):
            page = await reader.read(epoch, places[reader])
            found[reader] += [msg.metadata.sequence.stream for msg in page.messages]
            places[reader] = page.sequence
    assert found == {ahead: list(range(601, 1_201)), behind: list(range(1, 1_201))}


async def test_a_page_of_anothers_consumer_is_read_again(
    house: House, reader: OrderedReader, epoch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: another makes the consumer anew, further on, just before our messages are asked for
    await house.raw(times=9)
    fetch, other = JetStreamContext.PullSubscription.fetch, OrderedReader(house.js, "reader", "RAW", ("news.raw.a",))
    calls = 0

    async def late(sub: JetStreamContext.PullSubscription, *args: int, **more: float) -> list[Msg]:
        nonlocal calls
        calls += 1
        if calls == 1:
            await other._consumer(epoch, 5)
        return await fetch(sub, *args, **more)

    monkeypatch.setattr(JetStreamContext.PullSubscription, "fetch", late)
    assert await read(reader, 0, epoch) == list(range(1, 10))
    assert calls > 1
