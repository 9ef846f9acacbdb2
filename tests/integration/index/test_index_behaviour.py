"""What the stage does with articles, on the fake and on the real OpenSearch alike."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.index.bulk import Operation
from shared.bus.message import Outbound, Result
from shared.contracts import IndexedEvent, RevisedEvent
from shared.errors import DependencyDown, Poison, Skip
from shared.opensearch import ask
from tests.fakes.enriched import OBSERVED, article, inbound, whole_article, with_unknown


def events(result: Result) -> list[Any]:
    assert isinstance(result, tuple), result
    assert all(isinstance(each, Outbound) for each in result)
    return [each.payload for each in result]


def action(result: Result) -> str:
    """`new`, `revised`, `improved`, or the reason of whatever else it is."""
    return events(result)[0].action if isinstance(result, tuple) else result.reason


async def test_a_new_article_is_stored_whole_in_the_month_it_was_first_seen(bench: Any) -> None:
    result = (await bench.indexer.handle([inbound(whole_article(), 7)]))[0]

    (event,) = events(result)
    assert isinstance(event, IndexedEvent)
    assert (event.action, event.index, event.origin) == ("new", "news-articles-v1-2026.03", "1:7:0")
    stored = (await bench.stored())["article-1"]
    assert stored["headline"] == "Harbour agreement signed, part 1"
    assert stored["headline_in"] == {"en": stored["headline"]}
    assert stored["body"].startswith("The ministers signed")
    assert datetime.fromisoformat(stored["first_seen_at"]) == OBSERVED
    assert [each["origin"] for each in (await bench.revisions()).values()] == ["1:7:0"]


async def test_the_same_article_again_is_unchanged_and_still_one_document(bench: Any) -> None:
    await bench.indexer.handle([inbound(article(), 1)])

    result = (await bench.indexer.handle([inbound(article(raw_sha256="f" * 64), 2)]))[0]

    assert isinstance(result, Skip)
    assert result.reason == "unchanged"
    assert result.facts == {
        "article_id": "article-1",
        "headline": "Harbour agreement signed, part 1",
        "url": "https://harbour.example/1",
    }
    assert len(await bench.stored()) == len(await bench.revisions()) == 1


async def test_new_content_is_a_revision_and_better_metadata_an_improvement(bench: Any) -> None:
    await bench.indexer.handle([inbound(article(), 1)])

    revised = (await bench.indexer.handle([inbound(article(body="No ferries."), 2)]))[0]
    improved = (await bench.indexer.handle([inbound(article(body="No ferries.", section="Sea"), 3)]))[0]

    indexed, revision = events(revised)
    assert indexed.action == "revised"
    assert isinstance(revision, RevisedEvent)
    assert revision.changed == ("body",)
    assert revision.previous_headline == "Harbour agreement signed, part 1"
    assert action(improved) == "improved"
    assert (await bench.stored())["article-1"]["section"] == "Sea"
    assert len(await bench.revisions()) == 2


async def test_an_older_version_is_stale_but_its_content_is_kept_in_the_history(bench: Any) -> None:
    await bench.indexer.handle([inbound(article(body="Second."), 2)])

    result = (await bench.indexer.handle([inbound(article(body="First."), 1)]))[0]

    assert action(result) == "stale"
    assert (await bench.stored())["article-1"]["body"] == "Second."
    assert {each["body"] for each in (await bench.revisions()).values()} == {"First.", "Second."}


async def test_a_redelivery_after_the_bulk_has_the_same_outcome_again(bench: Any) -> None:
    await bench.indexer.handle([inbound(article(), 1)])
    first = (await bench.indexer.handle([inbound(article(body="Second."), 2)]))[0]

    again = (await bench.indexer.handle([inbound(article(body="Second."), 2)]))[0]

    assert [each.model_dump() for each in events(again)] == [each.model_dump() for each in events(first)]


async def test_versions_of_one_article_in_one_batch_each_have_their_outcome(bench: Any) -> None:
    batch = [inbound(article(body=text), number) for number, text in ((1, "a"), (2, "b"), (3, "b"), (2, "b"))]

    results = await bench.indexer.handle(batch)

    assert [action(result) for result in results] == ["new", "revised", "unchanged", "stale"]
    assert (await bench.stored())["article-1"]["origin"] == "1:3:0"


async def test_one_document_that_the_mapping_refuses_leaves_its_neighbours_alone(bench: Any) -> None:
    batch = [inbound(article(n, read_minutes=10**12 if n == 25 else 2), n) for n in range(1, 51)]

    results = await bench.indexer.handle(batch)

    assert [n for n, result in enumerate(results, 1) if not isinstance(result, tuple)] == [25]
    refused = results[24]
    assert isinstance(refused, Poison)
    assert refused.reason == "refused_by_mapping"
    assert "read_minutes" in refused.detail
    assert len(await bench.stored()) == 49


async def test_bad_messages_end_by_themselves(bench: Any) -> None:
    bodies = [b"", b"{", b'{"headline":"\\ud800"}', article(2).model_dump_json().encode()]
    bodies.append(article(3, read_minutes=10**30).model_dump_json().encode())
    bodies.append(article(4, article_id="x" * 600).model_dump_json().encode())

    results = await bench.indexer.handle([inbound(body, n) for n, body in enumerate(bodies, 1)])

    reasons = [action(result) for result in results]
    assert reasons == [*["invalid_message"] * 3, "new", "refused_by_mapping", "refused_by_mapping"]


async def test_unknown_fields_are_kept_aside_and_never_become_fields(bench: Any) -> None:
    unknown = {"mood": {"calm": 0.9, "list": [1, None, {"a.b": "c"}]}, "": "empty name", "none": None}
    many = with_unknown(article(2), **{f"field_{n}": n for n in range(3_000)})

    results = await bench.indexer.handle([inbound(with_unknown(article(1), **unknown), 1), inbound(many, 2)])

    assert [action(result) for result in results] == ["new", "new"]
    stored = await bench.stored()
    assert stored["article-1"]["extra"]["mood"]["calm"] == 0.9
    assert stored["article-2"]["extra"].keys() == {"dropped_bytes"}


async def test_a_field_cannot_smuggle_an_action_into_the_bulk(bench: Any) -> None:
    hostile = 'x\n{"delete":{"_index":"news-revisions","_id":"1"}}\n\u2028\r\n'

    results = await bench.indexer.handle([inbound(article(headline=hostile, body=hostile), 1)])

    assert action(results[0]) == "new"
    assert (await bench.stored())["article-1"]["headline"] == hostile


async def test_writing_to_a_month_that_is_missing_halts_and_makes_nothing(bench: Any) -> None:
    operation = Operation("news-articles-v1-1999.01", "a", 1, b"{}")

    with pytest.raises(DependencyDown, match="newswire provision"):
        await bench.writer.write([operation])

    assert not await bench.stored()


async def test_an_article_of_an_older_month_is_found_and_stays_there(bench: Any, monkeypatch: Any) -> None:
    await bench.indexer.handle([inbound(article(), 1)])
    await bench.stored()  # refreshes
    later = datetime(2026, 6, 2, tzinfo=UTC)
    await bench.open_months(later)
    monkeypatch.setattr(bench.indexer, "_clock", lambda: later)

    result = (await bench.indexer.handle([inbound(article(body="Later."), 2, observed_at=later)]))[0]

    assert action(result) == "revised"
    assert events(result)[0].index == "news-articles-v1-2026.03"
    assert len(await bench.stored()) == 1


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
async def test_a_blocked_index_stops_the_stage_until_the_block_is_gone(real: Any, block: str) -> None:
    settings, batch = "/news-articles-v1-2026.03/_settings", [inbound(article(n), n) for n in (1, 2)]
    await ask(real.client, "PUT", settings, {f"index.blocks.{block}": True})

    with pytest.raises(DependencyDown, match="cluster_block_exception"):
        await real.indexer.handle(batch)

    await ask(real.client, "PUT", settings, {f"index.blocks.{block}": None})
    assert [action(result) for result in await real.indexer.handle(batch)] == ["new", "new"]


async def test_a_closed_index_stops_the_stage_until_it_is_open(real: Any) -> None:
    await ask(real.client, "POST", "/news-revisions/_close")

    with pytest.raises(DependencyDown, match="closed"):
        await real.indexer.handle([inbound(article(1), 1)])

    await ask(real.client, "POST", "/news-revisions/_open", wait_for_active_shards="1")
    assert [action(result) for result in await real.indexer.handle([inbound(article(1), 1)])] == ["new"]
