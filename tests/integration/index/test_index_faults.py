"""Faults F34 to F45 as far as the stage itself goes: nothing lost, nothing doubled, nobody dead-lettered for them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.index import service as service_module
from services.index import writer as writer_module
from shared.errors import DependencyDown, Poison, Transient
from shared.indices import REVISIONS
from tests.fakes.enriched import article, inbound

BATCH = [inbound(article(n), n) for n in range(1, 11)]


async def all_new(bench: Any) -> None:
    results = await bench.indexer.handle(BATCH)
    assert [result[0].payload.action for result in results] == ["new"] * len(BATCH)
    assert len(await bench.stored()) == len(BATCH)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("reset", "connection_failed"),
        ("hang", "timeout"),
        ("whole_503", "server_error"),
        ("apply_then_drop", "connection_failed"),
        ("apply_then_503", "server_error"),
        ("flood_stage", "server_error"),
        ("read_only", "server_error"),
        ("security_401", "server_error"),
        ("security_403", "server_error"),
        ("item_forbidden", "server_error"),
    ],
)
async def test_trouble_of_the_server_stops_the_stage_and_the_same_batch_succeeds_later(
    faulty: Any, fault: Any, reason: str
) -> None:
    faulty.fake.faults.append(fault)

    with pytest.raises(DependencyDown) as raised:
        await faulty.indexer.handle(BATCH)

    assert raised.value.reason == reason
    await all_new(faulty)


@pytest.mark.parametrize(
    "fault", ["whole_429", "items_429", "items_503", "first_item_429", "truncated", "html", "one_item_short", "swapped"]
)
async def test_what_may_work_in_a_moment_is_sent_again_and_slower(faulty: Any, fault: Any) -> None:
    faulty.fake.faults.append(fault)

    await all_new(faulty)

    assert len(faulty.fake.bulks) > 1
    assert faulty.writer.slots.limit < 2


async def test_only_refused_items_are_sent_again(faulty: Any) -> None:
    faulty.fake.faults.append("first_item_429")

    await faulty.indexer.handle(BATCH)

    assert faulty.fake.bulks[:2] == [20, 1]


async def test_a_cluster_without_room_stops_the_stage(faulty: Any) -> None:
    faulty.fake.faults.extend(["items_429"] * writer_module.TRIES)

    with pytest.raises(DependencyDown, match="no room"):
        await faulty.indexer.handle(BATCH)

    await all_new(faulty)


async def test_a_cluster_without_room_for_one_hands_that_one_back(faulty: Any) -> None:
    faulty.fake.faults.extend(["first_item_429"] * writer_module.TRIES)

    results = await faulty.indexer.handle(BATCH)

    assert isinstance(results[0], Transient)
    assert all(isinstance(result, tuple) for result in results[1:])
    await all_new(faulty)


async def test_a_server_that_refuses_connections_stops_the_stage(faulty: Any) -> None:
    await faulty.fake.stop()

    with pytest.raises(DependencyDown, match="not there"):
        await faulty.indexer.handle(BATCH)

    await faulty.fake.start()
    await all_new(faulty)


async def test_too_large_a_bulk_is_split_and_a_single_one_too_large_is_refused(faulty: Any) -> None:
    faulty.fake.max_bytes = 3_000
    batch = [*BATCH, inbound(article(11, body="long " * 1_000), 11)]

    results = await faulty.indexer.handle(batch)

    assert all(isinstance(result, tuple) for result in results[:-1])
    assert isinstance(results[-1], Poison)
    assert "413" in results[-1].detail


async def test_a_bulk_refused_as_a_whole_is_split_to_find_the_one_at_fault(faulty: Any) -> None:
    faulty.fake.faults.extend(["whole_400", "whole_400"])

    await all_new(faulty)


async def test_a_missing_index_stops_the_stage_and_is_not_made(faulty: Any) -> None:
    faulty.fake.indices.remove(REVISIONS)

    with pytest.raises(DependencyDown, match="newswire provision"):
        await faulty.indexer.handle(BATCH)

    faulty.fake.indices.add(REVISIONS)
    await all_new(faulty)


async def test_whoever_loses_a_race_looks_again(faulty: Any, monkeypatch: Any) -> None:
    other = [inbound(article(body="Newer."), 9)]
    read = faulty.indexer._reader.previous

    async def read_too_early(arrivals: Any, now: datetime) -> Any:
        found = await read(arrivals, now)
        monkeypatch.setattr(faulty.indexer._reader, "previous", read)
        await faulty.indexer.handle(other)
        return found

    monkeypatch.setattr(faulty.indexer._reader, "previous", read_too_early)

    (result,) = await faulty.indexer.handle([inbound(article(body="Older."), 8)])

    assert result.reason == "stale"
    assert len(await faulty.revisions()) == 2


async def test_a_message_from_a_month_that_is_closed_counts_as_first_seen_now(faulty: Any) -> None:
    old = inbound(article(), 1, observed_at=datetime(2025, 1, 31, tzinfo=UTC))

    (result,) = await faulty.indexer.handle([old])

    assert result[0].payload.index == "news-articles-v1-2026.03"


async def test_a_missing_month_stops_the_stage_before_anything_is_written(faulty: Any) -> None:
    faulty.fake.indices.remove("news-articles-v1-2026.03")

    with pytest.raises(DependencyDown, match=r"no index news-articles-v1-2026\.03; run `newswire provision`"):
        await faulty.indexer.handle(BATCH)

    assert not faulty.fake.bulks


async def test_an_older_month_that_was_never_made_holds_nothing(faulty: Any) -> None:
    faulty.fake.indices.remove("news-articles-v1-2026.02")

    await all_new(faulty)


async def test_a_batch_of_large_articles_is_worked_on_in_parts(faulty: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(service_module, "MOST_BYTES", 3_000)

    await all_new(faulty)

    assert len(faulty.fake.bulks) > 2


@pytest.mark.parametrize("kind", ["no_shard_available_action_exception", "security_exception"])
async def test_what_cannot_be_read_is_not_taken_for_new(faulty: Any, kind: str) -> None:
    faulty.fake.read_error = kind

    with pytest.raises(DependencyDown, match=f"cannot read .* {kind}"):
        await faulty.indexer.handle(BATCH)

    assert not faulty.fake.bulks
    faulty.fake.read_error = ""
    await all_new(faulty)
