"""Outcomes are copied to OpenSearch: once, in spite of everything, and without holding the ledger up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from opensearchpy import AsyncOpenSearch
from prometheus_client import REGISTRY

from deploy.opensearch.provision import provision
from services.keeper.charting import CHARTED, Charting
from shared.bus import publish, store, wire
from shared.bus.message import Inbound, Outbound
from shared.contracts import IndexedEvent, SkipRecord
from shared.errors import DependencyDown
from shared.indices import PIPELINE_PATTERN, pipeline_index
from shared.opensearch import ask, connect
from shared.subjects import INDEXED, LEDGER, SKIPPED
from tests.emptied import remove_indices
from tests.integration.keeper.conftest import House

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def search(opensearch_url: str) -> AsyncIterator[AsyncOpenSearch]:
    client = connect(opensearch_url)
    await remove_indices(client)
    await provision(client, NOW, dry_run=False)
    yield client
    await remove_indices(client)
    await client.close()


@pytest.fixture
async def charting(house: House, search: AsyncOpenSearch) -> AsyncIterator[Charting]:
    made = Charting(house.js, search)
    yield made
    await made.close()


async def stored(client: AsyncOpenSearch) -> dict[str, dict[str, Any]]:
    await ask(client, "POST", f"/{PIPELINE_PATTERN}/_refresh")
    answer = await ask(client, "POST", f"/{PIPELINE_PATTERN}/_search", {"size": 5_000})
    return {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}


async def tell(house: House, sequence: int, *, skip: bool = False, **changes: Any) -> None:
    """Publish an outcome as the bus does."""
    origin = await house.origin(sequence)
    values: dict[str, Any] = {"source": "a", "origin": str(origin), "observed_at": NOW} | changes
    payload = (
        SkipRecord(stage="parse", reason="too_short", skipped_at=NOW, attempt=1, **values)
        if skip
        else IndexedEvent(
            article_id=f"a{sequence}", revision_id="r", action="new", index="i", version=1, headline="Ferry",
            parsed_at=NOW, enriched_at=NOW, indexed_at=NOW, **values,
        )
    )  # fmt: skip
    stage, family = ("parse", SKIPPED) if skip else ("index", INDEXED)
    inbound = Inbound("x", "a", b"", {}, origin, NOW, 1, "0" * 32)
    headers = wire.envelope(stage, inbound, Outbound(payload), family, 0, NOW)
    subject = SKIPPED.of("parse", "a") if skip else INDEXED.of("a")
    await publish.publish(house.js, subject, wire.body_of(payload), headers)


async def test_each_outcome_is_a_document(house: House, charting: Charting, search: AsyncOpenSearch) -> None:
    await house.raw(times=3)
    await tell(house, 1)
    await tell(house, 2, skip=True)
    (_, _, third) = await house.take(most=3)
    await house.buried(third)
    await house.told("indexed", await house.origin(9))  # not one of ours: its body says nothing
    await charting.copy()
    found = await stored(search)
    assert sorted((each["outcome"], each["reason"]) for each in found.values()) == [
        ("dead", "invalid_json"),
        ("indexed", "new"),
        ("skipped", "too_short"),
    ]


async def test_restarts_repetitions_and_a_second_keeper_change_nothing(
    house: House, charting: Charting, search: AsyncOpenSearch
) -> None:
    for sequence in range(1, 5):
        await tell(house, sequence)
    await charting.copy()
    before = await stored(search)
    other = Charting(house.js, search)
    await other.copy()
    await tell(house, 5, skip=True)
    await other.copy()
    await charting.copy()  # somebody else moved the places on; it looks again
    await charting.copy()
    await other.close()
    revision = (await store.get(house.js, LEDGER.name, CHARTED) or store.Value(b"", 0)).revision
    await store.put(house.js, LEDGER.name, CHARTED, b"not ours", revision)
    again = Charting(house.js, search)
    await again.copy()
    await again.close()
    after = await stored(search)
    assert len(after) == 5
    assert {id_: after[id_] for id_ in before} == before


async def test_while_opensearch_is_away_the_ledger_goes_on_and_afterwards_nothing_is_missing(
    house: House, search: AsyncOpenSearch
) -> None:
    away = connect("http://127.0.0.1:1", seconds=1)
    charting = Charting(house.js, away)
    await house.raw(times=2)
    await tell(house, 1)
    with pytest.raises(DependencyDown, match="OpenSearch is not there"):
        await charting.copy()
    told = REGISTRY.get_sample_value("newswire_charted_timestamp_seconds")
    await house.keeper.round()
    assert await house.balance() == {"raw": 2, "indexed": 1, "in_flight": 1}
    await charting.close()
    await away.close()
    back = Charting(house.js, search)
    await tell(house, 2)
    await back.copy()
    await back.close()
    assert (REGISTRY.get_sample_value("newswire_charted_timestamp_seconds") or 0) > (told or 0)
    assert len(await stored(search)) == 2


async def test_a_document_that_can_never_be_taken_does_not_hold_the_others_up(
    house: House, charting: Charting, search: AsyncOpenSearch
) -> None:
    await ask(search, "PUT", f"/{pipeline_index(NOW)}")
    await tell(house, 1, trace_id="ok")
    await tell(house, 2, detail="д" * 2_000, skip=True)  # the longest there can be
    await charting.copy()
    await ask(search, "DELETE", f"/{pipeline_index(NOW)}")
    await ask(search, "PUT", f"/{pipeline_index(NOW)}", {"mappings": {"properties": {"headline": {"type": "date"}}}})
    await tell(house, 3)
    await tell(house, 4, skip=True)
    await charting.copy()
    assert [each["reason"] for each in (await stored(search)).values()] == ["too_short"]


async def test_an_index_that_was_removed_is_made_again(
    house: House, charting: Charting, search: AsyncOpenSearch
) -> None:
    await tell(house, 1)
    await charting.copy()
    await ask(search, "DELETE", f"/{pipeline_index(NOW)}")
    await tell(house, 2)
    with pytest.raises(DependencyDown, match="404"):
        await charting.copy()
    await charting.copy()
    assert [each["article_id"] for each in (await stored(search)).values()] == ["a2"]
