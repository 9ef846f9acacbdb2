"""What commands print, from values alone."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ctl import dlq, output, publish, search, status, tail, trace
from shared.bus.client import MAX_ARTICLE, Heard, RawArticle, raw_message
from shared.bus.events import belongs, event_of, for_source
from shared.bus.journey import Step
from shared.bus.lag import Fill, Lag
from shared.bus.letters import Letter, replayed
from shared.contracts import DeadLetter, IndexedEvent, Origin, RevisedEvent, SkipRecord
from shared.contracts.balance import Balance
from shared.errors import Poison
from shared.subjects import DLQ, INDEXED, SKIPPED

AT = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
INDEXED_EVENT = IndexedEvent(
    article_id="a-1", revision_id="r-1", source="harbour", action="new", index="i", version=1, origin="7:1:0",
    headline="Ferries resume", observed_at=AT, indexed_at=AT,
)  # fmt: skip
REVISED_EVENT = RevisedEvent(
    article_id="a-1", source="harbour", previous_revision_id="r-1", revision_id="r-2", changed=("body",),
    previous_headline="Ferries", headline="Ferries resume", origin="7:2:0", revised_at=AT,
)  # fmt: skip
SKIP = SkipRecord(
    stage="parse", source="harbour", reason="too_short", origin="7:3:0", observed_at=AT, skipped_at=AT, attempt=1
)
DEAD = DeadLetter(
    stage="parse", source="harbour", reason="invalid_json", detail="line 1", origin="7:4:0", subject="news.raw.harbour",
    stream="RAW", sequence=4, observed_at=AT, failed_at=AT, attempt=1,
)  # fmt: skip
REPORT = publish.Report("a.txt", "harbour", "7:1:0", "ab", 10)


@given(st.text(), st.integers(1, 300))
def test_text_from_outside_is_one_bounded_harmless_line(text: str, limit: int) -> None:
    line = output.plain(text, limit)
    assert len(line) <= limit
    assert all(each.isprintable() for each in line)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "250 ms"), (1, "1.0 s"), (59.9, "59.9 s"), (90, "1.5 min"), (5_400, "1.5 h"), (86_400, "1.0 d")],
)
def test_spans(seconds: float, said: str) -> None:
    assert output.span(seconds) == said


def test_columns_are_aligned() -> None:
    assert output.columns(("a", "n"), [("parse", "1"), ("x", "1,000")]) == "a          n\nparse      1\nx      1,000"


@pytest.mark.parametrize(
    ("event", "said", "well"),
    [
        (INDEXED_EVENT, "a.txt: indexed (new) in 5 ms, but not searchable within 60 s: Ferries resume [a-1]", False),
        (SKIP, "a.txt: skipped by parse in 5 ms: too_short", True),
        (DEAD, "a.txt: dead letter of parse in 5 ms: invalid_json: line 1. See `newswire dlq list`", False),
    ],
)
def test_what_publish_says_of_an_outcome(event: publish.Outcome, said: str, *, well: bool) -> None:
    report = publish.replace(publish.told(REPORT, event), milliseconds=5)
    assert publish.sentence(report, 60) == said
    assert report.well is well


def test_what_publish_says_without_an_outcome_and_when_it_is_searchable() -> None:
    assert "Nothing is lost" in publish.sentence(REPORT, 60)
    assert "newswire trace 7:1:0" in publish.sentence(REPORT, 60)
    found = publish.replace(publish.told(REPORT, INDEXED_EVENT), milliseconds=5, milliseconds_searchable=90)
    assert "searchable in 90 ms" in publish.sentence(found, 60)
    assert found.well


def test_raw_messages_are_bare_stated_or_compressed() -> None:
    assert raw_message(RawArticle("harbour", b"x")) == ("news.raw.harbour", b"x", {})
    _, body, headers = raw_message(RawArticle("harbour", b"x" * 40_000, "https://a/\r\n", "text/html"))
    assert len(body) < 100
    assert headers == {"Newswire-Url": "https://a/%0D%0A", "Content-Type": "text/html", "Content-Encoding": "zstd"}
    with pytest.raises(Poison, match="larger than an article may be"):
        raw_message(RawArticle("harbour", b"x" * (MAX_ARTICLE + 1)))


def test_events_are_told_by_their_subject() -> None:
    assert for_source(SKIPPED, "harbour") == "news.skipped.*.harbour"
    assert belongs("news.indexed.harbour", INDEXED)
    assert not belongs("news.indexed.harbour.more", INDEXED)
    assert event_of(INDEXED.of("harbour"), {}, INDEXED_EVENT.model_dump_json().encode()) == INDEXED_EVENT
    assert event_of(DLQ.of("parse", "harbour"), {"Newswire-Dead-Letter": DEAD.model_dump_json()}, b"") == DEAD
    assert event_of(INDEXED.of("harbour"), {}, b"{}") is None
    assert event_of(DLQ.of("parse", "harbour"), {}, b"") is None
    assert event_of("news.raw.harbour", {}, b"{}") is None


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (INDEXED_EVENT, "2026-03-14 09:30:00 UTC  indexed (new)  harbour  Ferries resume  7:1:0"),
        (REVISED_EVENT, "2026-03-14 09:30:00 UTC  revised  harbour  Ferries resume  changed: body  7:2:0"),
        (SKIP, "2026-03-14 09:30:00 UTC  skipped by parse  harbour  too_short  7:3:0"),
        (DEAD, "2026-03-14 09:30:00 UTC  dead letter of parse  harbour  invalid_json: line 1  7:4:0"),
        (None, "s.t  3 bytes"),
    ],
)
def test_the_live_wire_line_by_line(event: tail.Event | None, said: str) -> None:
    assert tail.line(Heard("s.t", {}, b"abc"), event) == said


def _step(event: tail.Event | None, stream: str = "EVENTS") -> Step:
    return Step(AT, stream, 9, "news.parsed.harbour", Origin(7, 1), 10, event)


@pytest.mark.parametrize(
    ("steps", "documents", "said"),
    [
        ([_step(None, "PARSED")], [], "under way: PARSED keeps it for enrich"),
        ([_step(INDEXED_EVENT)], [{}], "in the index"),
        ([_step(REVISED_EVENT)], [], "not found there now"),
        ([_step(SKIP)], [], "skipped by parse: too_short"),
        ([_step(DEAD, "DLQ")], [], "a dead letter of parse, number 9: invalid_json: line 1"),
        ([], [{}], "in the index"),
    ],
)
def test_where_an_article_is(steps: list[Step], documents: list[dict[str, object]], said: str) -> None:
    assert said in trace.place(trace.Story(Origin(7, 1), steps, documents))


@pytest.mark.parametrize("event", [INDEXED_EVENT, REVISED_EVENT, SKIP, DEAD, None])
def test_a_story_is_told_to_people_and_programs(event: tail.Event | None) -> None:
    document = {"article_id": "a-1", "index": "i", "origin": "7:1:0", "headline": "Ferries"}
    story = trace.Story(Origin(7, 1), [_step(event)], [document], [{"revision_id": "r-1", "origin": "7:1:0"}])
    assert "EVENTS 9" in trace.text(story)
    assert [each["kind"] for each in trace.as_objects(story)] == ["place", "message", "document", "revision"]


def test_status_names_what_is_wrong() -> None:
    report = status.Report(
        [Lag("parse", 1_000, 2, 3, 90.0), Lag("index", trouble="consumer index of ENRICHED is missing")],
        [Fill("RAW", 5, 2 * status.MB, 10 * status.MB), Fill("DLQ", trouble="stream DLQ is missing")],
        [Balance(source="harbour", raw=3, indexed=1, in_flight=1), Balance(source="pier", raw=1, replayed=1, dead=2)],
        Counter({"empty_body": 2}),
    )
    assert len(list(status.troubles(report))) == 3
    assert any("harbour is unbalanced: +1" in each for each in status.troubles(report))
    text = status.text(report)
    for said in ("1,000", "1.5 min", "20%", "empty_body 2"):
        assert said in text
    kinds = [each["kind"] for each in status.objects(report)]
    assert kinds == ["stage", "stage", "stream", "stream", "source", "source", "dead_letters"]


def test_status_of_a_new_installation() -> None:
    text = status.text(status.Report([], [], [], Counter()))
    assert "no balances yet" in text
    assert "no dead letters" in text


@given(st.binary(max_size=600))
def test_any_bytes_can_be_shown(body: bytes) -> None:
    shown = dlq.readable(body)
    assert all(each.isprintable() or each in "\n\t" for each in shown)


def test_text_is_shown_as_text_though_its_last_character_is_cut() -> None:
    assert dlq.readable("Fähre".encode()[:2]) == "F"
    assert dlq.readable(b"\xff\x00AB").startswith("00000000  ff 00 41 42")


def test_a_compressed_body_is_shown_as_its_publisher_had_it() -> None:
    import zstandard

    packed = zstandard.compress(b"<p>Ferries resume")
    assert "<p>Ferries resume" in dlq.described(Letter(1, DEAD, {"content-encoding": "zstd"}, packed))
    assert "6e 6f" in dlq.described(Letter(1, DEAD, {"content-encoding": "zstd"}, b"no\x00"))


def test_replays_keep_the_origin_and_grow_its_generation() -> None:
    subject, headers = replayed(Letter(1, DEAD, {"content-type": "text/html"}, b""))
    assert subject == "news.replay.parse.harbour"
    assert headers["Newswire-Origin"] == "7:4:1"
    assert "traceparent" not in headers
    with pytest.raises(Poison, match="255"):
        replayed(Letter(1, DEAD.model_copy(update={"origin": "7:4:255"}), {}, b""))


def test_a_search_is_bounded_and_names_its_fields() -> None:
    body = search.request("ferry", "Harbour Post", 5)
    words = body["query"]["bool"]["must"][0]["simple_query_string"]
    assert "PREFIX" not in words["flags"]
    assert "FUZZY" not in words["flags"]
    assert "headline^3" in words["fields"]
    assert body["query"]["bool"]["filter"][0]["term"]["source"].startswith("harbour-post-")
    assert (body["size"], body["timeout"]) == (5, "10s")


def test_a_hit_for_people() -> None:
    source = {"headline": "Ferries\x1b[2J", "source": "harbour", "article_id": "a-1", "url": "https://harbour.example",
              "published_at": "2026-03-14T09:00:00Z", "published_zone": "Europe/London",
              "published_zone_source": "assumed_utc", "language": "en"}  # fmt: skip
    snippet = f"the {search.OPENED}ferries{search.CLOSED} resume"
    hit = {"_index": "i", "_score": 2.5, "_source": source, "highlight": {"body": [snippet]}}
    text = search.lines(search.found(hit)).plain
    assert "\x1b" not in text
    assert "2026-03-14T09:00:00Z (Europe/London, assumed utc)" in text
    assert "the ferries resume" in text
    assert "score 2.50" in text
    assert search.published({}) == "no published time"
    assert search.published({"published_at": "2026"}) == "2026"
