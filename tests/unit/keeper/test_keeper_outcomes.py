"""An outcome's message becomes one document, whatever is wrong with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.opensearch.mappings import OUTCOME
from services.keeper.outcomes import Document, document_of
from shared.bus import wire
from shared.bus.message import Inbound, Outbound
from shared.contracts import Contract, DeadLetter, HealthEvent, IndexedEvent, Origin, SkipRecord
from shared.subjects import DLQ, INDEXED, SKIPPED, Subject

ACCEPTED = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)
ENDED = ACCEPTED + timedelta(seconds=3.5)


def indexed(**changes: Any) -> IndexedEvent:
    values: dict[str, Any] = {
        "article_id": "a1", "revision_id": "r1", "source": "harbour-post", "action": "new", "version": 1,
        "index": "news-articles-v1-2026.03", "origin": "1:2:0", "headline": "Ferry", "url": "https://harbour.example/1",
        "observed_at": ACCEPTED, "parsed_at": ACCEPTED + timedelta(seconds=1), "trace_id": "ab" * 16,
        "enriched_at": ACCEPTED + timedelta(seconds=3), "indexed_at": ACCEPTED + timedelta(seconds=3),
    }  # fmt: skip
    return IndexedEvent.model_validate(values | changes)


def skipped(**changes: Any) -> SkipRecord:
    values: dict[str, Any] = {
        "stage": "parse", "source": "harbour-post", "reason": "index_page", "detail": "12 links", "attempt": 1,
        "origin": "1:2:0", "observed_at": ACCEPTED, "skipped_at": ENDED,
    }  # fmt: skip
    return SkipRecord.model_validate(values | changes)


def dead() -> DeadLetter:
    return DeadLetter(
        stage="enrich", source="harbour-post", reason="invalid_message", detail="headline: missing", origin="1:2:0",
        subject="news.parsed.harbour-post", stream="PARSED", sequence=9, observed_at=ACCEPTED, failed_at=ENDED,
        attempt=3, trace_id="ab" * 16,
    )  # fmt: skip


def sent(payload: Contract, stage: str, family: Subject, subject: str, retries: int = 0) -> Document | None:
    """The document of an outcome as the bus would send it."""
    if isinstance(payload, DeadLetter):
        return document_of(subject, wire.dead_letter_headers(payload, {}, ENDED, family, retries), b"the original")
    origin = Origin.parse(payload.origin)  # type: ignore[attr-defined] - both outcomes have one
    source = Inbound("x", "harbour-post", b"", {}, origin, ACCEPTED, 1, "ab" * 16, retries)
    headers = wire.envelope(stage, source, Outbound(payload), family, 0, ENDED)
    return document_of(subject, headers, wire.body_of(payload))


def of_source(**headers: str) -> Document | None:
    """The document of a source's trouble."""
    event = HealthEvent(
        event="source.quiet", trouble="quiet", source="harbour-post", at=ENDED, since=ACCEPTED, cause="consent_wall"
    )
    return document_of("news.health.harbour-post", headers or {"ce-id": "health:1"}, wire.body_of(event))


def test_a_sources_trouble_counts_among_no_outcomes() -> None:
    made = of_source()
    assert made == Document(
        "news-pipeline-v1-2026.03",
        "health:1",
        {"ended_at": ENDED.isoformat(), "health": "source.quiet", "trouble": "quiet", "source": "harbour-post",
         "reason": "consent_wall"},
    )  # fmt: skip
    assert of_source(other="x") is None
    assert document_of("news.health.harbour-post", {"ce-id": "health:1"}, b"{}") is None


def test_an_indexed_article_has_the_time_each_stage_took() -> None:
    made = sent(indexed(), "index", INDEXED, "news.indexed.harbour-post", retries=2)
    assert made
    assert (made.month, made.id) == ("news-pipeline-v1-2026.03", "index:1:2:0:0")
    assert made.body["ended_at"] == "2026-03-14T10:00:03.500000+00:00"
    assert {name: made.body[name] for name in ("outcome", "reason", "stage", "retries")} == {
        "outcome": "indexed", "reason": "new", "stage": "index", "retries": 2,
    }  # fmt: skip
    assert [made.body[f"{each}seconds"] for each in ("", "parse_", "enrich_", "index_")] == [3.5, 1.0, 2.0, 0.5]


def test_skips_and_dead_letters_have_their_reasons() -> None:
    skip = sent(skipped(), "parse", SKIPPED, "news.skipped.parse.harbour-post")
    letter = sent(dead(), "enrich", DLQ, "dlq.enrich.harbour-post", retries=2)
    assert skip
    assert letter
    assert [(each.body["outcome"], each.body["stage"], each.body["reason"]) for each in (skip, letter)] == [
        ("skipped", "parse", "index_page"),
        ("dead", "enrich", "invalid_message"),
    ]
    assert (letter.id, letter.body["retries"], letter.body["seconds"]) == ("dlq:enrich:1:2:0", 2, 3.5)
    assert letter.body["detail"] == "headline: missing"


def test_a_replay_has_no_times_because_it_waited_for_a_person() -> None:
    made = sent(indexed(origin="1:2:1"), "index", INDEXED, "news.indexed.harbour-post")
    assert made
    assert not [name for name in made.body if name.endswith("seconds")]


def test_an_event_of_an_older_writer_has_the_whole_time_only() -> None:
    made = sent(indexed(parsed_at=None, enriched_at=None), "index", INDEXED, "news.indexed.harbour-post")
    assert made
    assert [name for name in made.body if name.endswith("seconds")] == ["seconds"]


def test_every_field_is_mapped_and_every_mapped_field_is_written() -> None:
    made = [
        sent(indexed(), "index", INDEXED, "news.indexed.harbour-post"),
        sent(skipped(), "parse", SKIPPED, "news.skipped.parse.harbour-post"),
        sent(dead(), "enrich", DLQ, "dlq.enrich.harbour-post"),
        of_source(),
    ]
    assert {name for each in made if each for name in each.body} == OUTCOME.keys()


@pytest.mark.parametrize(
    "broken",
    [
        {"ce-time": "yesterday"},
        {"ce-time": ""},
        {"ce-time": "2026-03-14T10:00:00"},
        {"ce-time": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_what_is_not_ours_has_no_document(broken: dict[str, str]) -> None:
    body = orjson.dumps(indexed().model_dump(mode="json"))
    whole = {"ce-id": "index:1:2:0:0", "ce-time": ENDED.isoformat()}
    assert document_of("news.indexed.harbour-post", whole, body)
    assert document_of("news.indexed.harbour-post", whole | broken, body) is None
    assert document_of("news.indexed.harbour-post", {"ce-time": ENDED.isoformat()}, body) is None
    assert document_of("news.revised.harbour-post", whole, body) is None
    assert document_of("news.indexed.harbour-post", whole, b"{}") is None


@given(
    st.sampled_from(["news.indexed.a", "news.skipped.parse.a", "dlq.parse.a", "news.raw.a", ""]),
    st.dictionaries(st.sampled_from(["ce-id", "ce-time", wire.DEAD_LETTER, wire.RETRIES]), st.text()),
    st.binary(),
)
def test_it_never_raises(subject: str, headers: dict[str, str], body: bytes) -> None:
    assert document_of(subject, headers, body) is None
