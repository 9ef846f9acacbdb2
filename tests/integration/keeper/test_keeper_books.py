"""The ledger on a real nats-server."""

import asyncio
from itertools import count

import pytest

from deploy.nats.provision import Sizing, provision
from services.keeper import measuring
from services.keeper.books import Books
from services.keeper.core import Place, Record
from services.keeper.service import Keeper
from shared.bus import store
from shared.errors import DependencyDown
from tests.integration.keeper.conftest import House


async def test_every_raw_message_is_in_one_state(house: House) -> None:
    # given: five messages, of which three are ended, one of them told twice
    await house.raw(times=5)
    await house.told("indexed", await house.origin(1))
    await house.told("indexed", await house.origin(1), "a")
    await house.told("skipped", await house.origin(2))
    await house.buried((await house.take(most=3))[2])
    # when
    await house.keeper.round()
    # then
    assert await house.balance() == {"raw": 5, "indexed": 1, "skipped": 1, "dead": 1, "in_flight": 2}


async def test_replays_are_entries_of_their_own(house: House) -> None:
    await house.raw()
    await house.buried((await house.take())[0])
    again = await house.origin(1, 1)
    for stage, origin in (("parse", again), ("enrich", await house.origin(1, 2))):
        await house.js.publish(f"news.replay.{stage}.a", b"news", headers={"Newswire-Origin": str(origin)})
    await house.told("indexed", again)
    await house.keeper.round()
    assert await house.balance() == {"raw": 1, "replayed": 2, "dead": 1, "indexed": 1, "in_flight": 1}


async def test_a_restart_from_an_older_place_changes_nothing(house: House) -> None:
    # given: a ledger whose places were lost in a crash
    await house.raw(times=3)
    await house.told("indexed", await house.origin(2))
    await house.keeper.round()
    before = await house.balance()
    found = await store.get(house.js, "ledger", "places")
    assert found
    await store.put(house.js, "ledger", "places", b"{}", found.revision)
    # when
    again = Keeper(house.js)
    await again.round()
    await again.close()
    # then
    assert await house.balance() == before == {"raw": 3, "indexed": 1, "in_flight": 2}


async def test_two_keepers_do_not_count_twice(house: House) -> None:
    other = Keeper(house.js)
    for number in range(1, 11):
        await house.raw(source="ab"[number % 2])
        await asyncio.gather(house.keeper.round(), other.round())
    await house.keeper.round()
    await other.round()
    await other.close()
    assert await house.balance("a") == await house.balance("b") == {"raw": 5, "in_flight": 5}


async def test_a_keeper_that_is_behind_cannot_overwrite_one_that_is_ahead(house: House) -> None:
    ahead, behind = Books(house.js), Books(house.js)
    newer, older = await ahead.load(), await behind.load()
    for number in (1, 2):
        newer.post(Record("RAW", Place(1, number), "news.raw.a", {}))
    older.post(Record("RAW", Place(1, 1), "news.raw.a", {}))
    await ahead.commit(newer)
    with pytest.raises(store.Conflict):
        await behind.commit(older)
    assert (await behind.load()).balances() == newer.balances()


async def test_a_backlog_longer_than_a_round_is_read(house: House) -> None:
    await asyncio.gather(*(house.raw(source=f"s{n}", times=300) for n in range(5)))
    await house.keeper.round()
    assert [(await house.balance(f"s{n}"))["raw"] for n in range(5)] == [300] * 5


async def test_what_was_open_when_raw_is_made_anew_is_lost(house: House) -> None:
    await house.raw(times=2)
    await house.keeper.round()
    await house.js.delete_stream("RAW")
    await provision(house.js, Sizing(), dry_run=False)
    await house.raw()
    await house.keeper.round()
    assert await house.balance() == {"raw": 3, "lost": 2, "in_flight": 1}


async def test_the_check_finds_a_message_that_vanished(house: House) -> None:
    # given: one message waits, one is in hand
    await house.raw(times=3)
    [held, vanishing] = await house.take(most=2)
    assert await house.keeper.measure() == 0
    # when: one is acknowledged without an outcome
    await vanishing.ack_sync()
    # then
    assert await house.keeper.measure() == 1
    # and when the other ends as it should
    await house.told("skipped", await house.origin(held.metadata.sequence.stream))
    await held.ack_sync()
    assert await house.keeper.measure() == 1


async def test_a_lasting_imbalance_is_warned_of_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(measuring.telemetry, "warn", lambda event, **_: warned.append(event))
    monkeypatch.setattr(measuring, "LONGER_THAN", 0.0)
    await house.raw()
    await (await house.take())[0].ack_sync()
    for _ in range(4):
        assert await house.keeper.measure() == 1
    assert warned == ["keeper.imbalance"]


async def test_the_check_finds_still_moments_in_a_day_s_work(house: House) -> None:
    """News comes in bursts: the check waits for what is between two of them, and is not misled by one."""
    found: list[int | None] = []

    async def work() -> None:
        for number in count(1):
            await house.raw()
            [msg] = await house.take()
            await house.told("indexed", await house.origin(number))
            await msg.ack()
            await asyncio.sleep(0.005 if number % 20 else 0.5)
            if number >= 200 and any(each is not None for each in found):
                return

    async with asyncio.timeout(180), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(work())
        while not working.done():
            found.append(await house.keeper.measure())
            await asyncio.sleep(0.1)
    assert {each for each in found if each is not None} <= {0, -1}
    assert await house.keeper.measure() == 0


@pytest.mark.parametrize("key", ["places", "source.a"])
@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"raw": 1}'])
async def test_a_value_that_is_not_ours_is_refused_with_a_way_out(house: House, key: str, body: bytes) -> None:
    if (key, body) == ("places", b'{"raw": 1}'):
        body = b'{"RAW": 1}'
    await store.put(house.js, "ledger", key, body, 0)
    with pytest.raises(DependencyDown, match=f"key {key} of bucket ledger .*newswire provision"):
        await house.keeper.round()


async def test_a_lost_bucket_is_counted_anew(house: House) -> None:
    await house.raw(times=2)
    await house.keeper.round()
    await house.js.delete_key_value("ledger")
    await provision(house.js, Sizing(), dry_run=False)
    await house.raw()
    for _ in range(2):
        await house.keeper.round()
    assert await house.balance() == {"raw": 3, "in_flight": 3}


async def test_the_check_finds_an_outcome_without_an_acknowledgement(house: House) -> None:
    await house.raw()
    await house.take()
    await house.told("indexed", await house.origin(1))
    assert await house.keeper.measure() == -1


async def test_the_check_does_not_tell_while_it_cannot_read(house: House) -> None:
    await house.keeper.round()
    await house.js.delete_stream("EVENTS")
    with pytest.raises(Exception, match="stream not found"):
        await house.keeper.measure()
    await provision(house.js, Sizing(), dry_run=False)
    assert await house.keeper.measure() == 0
