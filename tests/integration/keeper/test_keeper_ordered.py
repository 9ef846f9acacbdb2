"""Reading in order, whatever happens on the way."""

import asyncio

import pytest

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
    return OrderedReader(house.js, "RAW", ("news.raw.a",))


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
