"""The shipped samples and the table of what became of them."""

import json
from typing import Any

import pytest
from rich.console import Console

from services.ctl import demo
from services.ctl.demo import Row, Told, play, published, table
from services.ctl.samples import FOLDER, Sample, samples
from shared.contracts import RawEnvelope
from shared.errors import POISON_REASONS, SKIP_REASONS
from shared.subjects import RAW

ARTICLE = Sample(file="page.txt", about="a page", source="somewhere", outcome="indexed")
BROKEN = Sample(file="broken.json", about="broken", source="somewhere", outcome="dead", reason="invalid_json")
DOCUMENT = {"headline": "First light", "published_at": "2024-11-12T09:40:00Z"}


def test_every_sample_has_a_file_a_subject_and_a_known_outcome() -> None:
    known = {"indexed": (None,), "skipped": SKIP_REASONS, "dead": POISON_REASONS}
    for sample in samples():
        assert sample.body
        assert RAW.of(sample.source)
        assert sample.reason in known[sample.outcome]
    assert {sample.file for sample in samples()} | {"manifest.json"} == {file.name for file in FOLDER.iterdir()}


def test_the_sample_envelope_keeps_its_contract() -> None:
    RawEnvelope.model_validate_json((FOLDER / "envelope.json").read_bytes())


@pytest.mark.parametrize(
    ("sample", "outcome", "reason", "expected"),
    [
        (ARTICLE, "indexed", None, True),
        (ARTICLE, "skipped", "unchanged", True),
        (ARTICLE, "skipped", "too_short", False),
        (ARTICLE, "no outcome", None, False),
        (BROKEN, "dead", "invalid_json", True),
        (BROKEN, "dead", "empty_body", False),
        (BROKEN, "skipped", "unchanged", False),
    ],
)
def test_what_a_sample_expects(sample: Sample, outcome: str, reason: str | None, *, expected: bool) -> None:
    assert sample.expects(outcome, reason) is expected


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What OpenSearch answers to one search after the other; the last for ever."""
    queue: list[Any] = [None, (503, ""), (200, json.dumps({"hits": {"hits": []}}))]
    monkeypatch.setattr(demo, "ask", lambda *_: queue.pop(0) if len(queue) > 1 else queue[0])
    monkeypatch.setattr(demo, "LOOK_EVERY", 0.001)
    return queue


async def test_an_article_is_timed_until_a_search_finds_it(answers: list[Any]) -> None:
    answers.append((200, json.dumps({"hits": {"hits": [{"_source": DOCUMENT}]}})))
    told = {"page.txt": Told("indexed", None, "id"), "broken.json": Told("dead", "invalid_json")}

    async def publish(sample: Sample) -> Told:
        return told[sample.file]

    rows = await play([ARTICLE, BROKEN], publish, "http://127.0.0.1:9200")
    assert [(row.document, row.expected) for row in rows] == [(DOCUMENT, True), ({}, True)]
    assert rows[0].milliseconds is not None
    assert rows[1].milliseconds is None


async def test_an_article_that_no_search_finds_is_not_as_expected(
    answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answers
    monkeypatch.setattr(demo, "SEARCHABLE_SECONDS", 0.05)

    async def publish(_sample: Sample) -> Told:
        return Told("indexed", None, "id")

    (row,) = await play([ARTICLE], publish, "http://127.0.0.1:9200")
    assert (row.expected, row.milliseconds) == (False, None)


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({}, ""),
        ({"published_at": "2024-11-12T09:40:00Z"}, "2024-11-12T09:40:00Z"),
        (
            {"published_at": "2024-11-12T09:40:00Z", "published_zone": "UTC", "published_zone_source": "assumed_utc"},
            "2024-11-12T09:40:00Z UTC (assumed_utc)",
        ),
    ],
)
def test_a_published_time_is_shown_with_its_zone(document: dict[str, str], shown: str) -> None:
    assert published(document) == shown


def test_the_table_says_what_was_expected_instead() -> None:
    text = Console(width=200)
    with text.capture() as captured:
        text.print(table([Row(ARTICLE, Told("indexed"), DOCUMENT, 812), Row(BROKEN, Told("no outcome"), {}, None)]))
    assert "First light" in captured.get()
    assert "812" in captured.get()
    assert "expected dead invalid_json" in captured.get()
