"""Contracts hold what they promise: round trips, tolerance of the unknown, refusal of the impossible."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts import EnrichedArticle, FetchJob, Origin, ParsedArticle, RawEnvelope, Source
from shared.contracts.origin import MAX_EPOCH, MAX_GENERATION, MAX_SEQUENCE
from shared.subjects import DLQ, JOBS, PARSED, RAW, Subject, stream_of, token

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=50)
MOMENTS = st.integers(631_152_000, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))
ORIGINS = st.builds(
    Origin, st.integers(0, MAX_EPOCH), st.integers(0, MAX_SEQUENCE), st.integers(0, MAX_GENERATION)
)  # fmt: skip


def values(**changes: object) -> dict[str, object]:
    known: dict[str, object] = {
        "article_id": "a", "revision_id": "r", "source": "x", "headline": "A headline", "body": "A body.",
        "observed_at": NOW, "parsed_at": NOW, "raw_sha256": "0", "raw_bytes": 1, "content_type": "text/html",
        "parser": "html", "parser_version": "1", "extraction_confidence": 0.5, "block_basis": "body",
    }  # fmt: skip
    return known | changes


@given(st.builds(values, headline=TEXT.filter(bool), body=TEXT, published_at=st.none() | MOMENTS))
def test_an_article_survives_its_journey(fields: dict[str, object]) -> None:
    article = EnrichedArticle.model_validate({**fields, "enriched_at": NOW})
    assert EnrichedArticle.model_validate_json(article.model_dump_json(exclude_defaults=True)) == article


def test_unknown_fields_are_ignored() -> None:
    newer = ParsedArticle.model_validate({**values(), "mood": "sunny"}).model_dump_json()
    assert "sunny" not in newer


@pytest.mark.parametrize(
    "wrong",
    [
        {"published_at": "2024-06-07T20:50:00"},  # no zone
        {"published_at": "0001-01-01T00:00:00+10:00"},
        {"extraction_confidence": float("nan")},
        {"extraction_confidence": 1.5},
        {"headline": ""},
        {"body": "x" * 1_000_001},
        {"source": "Not A Token"},
        {"blocks": [{"kind": "paragraph", "start": -1, "end": 2, "rule": "x"}]},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ParsedArticle.model_validate(values(**wrong))


def test_times_are_kept_in_utc() -> None:
    kyiv = datetime(2024, 6, 7, 20, 50, tzinfo=timezone(timedelta(hours=3)))
    article = ParsedArticle.model_validate(values(published_at=kyiv))
    assert article.published_at == kyiv
    assert article.model_dump_json().count("2024-06-07T17:50:00Z") == 1


@pytest.mark.parametrize("body", [b'{"body": NaN}', b'{"body": "\\ud800"}', b"{" * 5_000, b"\xff\xfe{}", b"[]"])
def test_what_is_no_json_is_refused_from_bytes(body: bytes) -> None:
    with pytest.raises(ValidationError):
        RawEnvelope.model_validate_json(body)


def test_an_envelope_and_a_job_need_little() -> None:
    assert RawEnvelope.model_validate_json(b'{"body": "x"}').body == "x"
    assert FetchJob.model_validate_json(b'{"url": "https://example.org"}').url == "https://example.org"


@given(ORIGINS)
def test_an_origin_reads_as_it_is_written(origin: Origin) -> None:
    assert Origin.parse(str(origin)) == origin


@given(ORIGINS, ORIGINS)
def test_newer_is_a_greater_version_that_opensearch_can_hold(one: Origin, other: Origin) -> None:
    assert (one < other) == (one.version < other.version)
    assert 0 <= one.version < 2**63


@pytest.mark.parametrize("text", ["", "1:2", "1:2:3:4", "a:b:c", "-1:2:3", "40000:1:0", "1:1:256", "1:1:0\n", "9" * 99])
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        Origin.parse(text)


def test_a_replay_is_of_the_next_generation() -> None:
    assert Origin(1, 2, 3).next_generation() == Origin(1, 2, 4)
    with pytest.raises(ValueError, match="255 times"):
        Origin(1, 2, 255).next_generation()


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_name_becomes_a_token(name: str) -> None:
    found = token(name)
    assert RAW.of(found) == f"{RAW.pattern[:-1]}{found}"
    assert token(found) == found


@given(st.text(max_size=40), st.text(max_size=40))
def test_two_names_never_share_a_token(one: str, other: str) -> None:
    assert (token(one) == token(other)) == (one == other) or {token(one), token(other)} & {one, other}


@pytest.mark.parametrize("wrong", ["", "a.b", "*", ">", "A", "ü", "x" * 65, "a b", "a\n"])
def test_a_subject_is_made_of_tokens_only(wrong: str) -> None:
    with pytest.raises(ValueError, match="token"):
        PARSED.of(wrong)


def test_a_subject_takes_as_many_tokens_as_its_pattern() -> None:
    assert DLQ.of("parse", "x") == "dlq.parse.x"
    assert JOBS.of("x") == "jobs.fetch.x"
    with pytest.raises(ValueError, match="takes 2 tokens"):
        DLQ.of("parse")


def test_a_subject_without_a_stream_is_noticed() -> None:
    with pytest.raises(LookupError, match=r"news\.lost"):
        stream_of(Subject("news.lost.*", FetchJob, "x", (), (), ""))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"min_interval": 600, "max_interval": 300}, "min_interval is above max_interval"),
        ({"feeds": [{"url": "https://a.example/"}] * 2}, "a feed is named twice"),
        ({"feeds": []}, "at least 1 item"),
        ({"id": "No Token"}, "should match pattern"),
    ],
)
def test_a_source_that_is_not_sound_is_refused(more: dict[str, object], said: str) -> None:
    good = {"id": "gazette", "feeds": [{"url": "https://a.example/"}]}
    assert Source.model_validate(good).max_interval == 86_400

    with pytest.raises(ValidationError, match=said):
        Source.model_validate(good | more)
