"""The shipped samples and the table of what became of them."""

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from services.ctl import demo
from services.ctl.demo import Row, cells, play, published, table
from services.ctl.publish import Report
from services.ctl.samples import FOLDER, Sample, samples
from shared.contracts import RawEnvelope
from shared.errors import POISON_REASONS, SKIP_REASONS
from shared.settings import Settings
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
        (ARTICLE, None, None, False),
        (BROKEN, "dead", "invalid_json", True),
        (BROKEN, "dead", "empty_body", False),
        (BROKEN, "skipped", "unchanged", False),
    ],
)
def test_what_a_sample_expects(sample: Sample, outcome: str | None, reason: str | None, *, expected: bool) -> None:
    assert sample.expects(outcome, reason) is expected


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({}, ""),
        ({"published_at": "2024-11-12T09:40:00Z"}, "2024-11-12 09:40Z"),
        (
            {"published_at": "2024-11-12T09:40:00Z", "published_zone": "UTC", "published_zone_source": "assumed_utc"},
            "2024-11-12 09:40Z, zone UTC (assumed_utc)",
        ),
    ],
)
def test_a_published_is_shown_with_its_zone(document: dict[str, str], shown: str) -> None:
    assert published(document) == shown


REPORT = Report("page.txt", "somewhere", "1-1", "t", 1)
INDEXED = replace(REPORT, outcome="indexed", article_id="id", headline="From the event")
FOUND = replace(INDEXED, milliseconds_searchable=812)
STAMP = "2024-11-12 09:40Z, zone +01:00 (stated)"
ZONED = DOCUMENT | {"published_zone": "+01:00", "published_zone_source": "stated"}


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            Row(ARTICLE, FOUND, ZONED),
            ("a page\nsomewhere", f"First light\n{STAMP}", "indexed", "812", "yes"),
        ),
        (
            Row(ARTICLE, INDEXED, {}),
            ("a page\nsomewhere", "From the event", "indexed", "", "no: indexed"),
        ),
        (
            Row(ARTICLE, replace(REPORT, outcome="skipped", reason="unchanged"), ZONED),
            ("a page\nsomewhere", f"First light\n{STAMP}", "skipped\nunchanged", "", "yes"),
        ),
        (
            Row(BROKEN, REPORT, {}),
            ("broken\nsomewhere", "", "no outcome", "", "no: dead: invalid_json"),
        ),
    ],
)
def test_a_line_says_what_became_of_a_sample_and_what_was_expected(row: Row, line: tuple[str, ...]) -> None:
    assert cells(row) == line


def test_a_headline_with_brackets_is_text_and_no_markup() -> None:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table([Row(ARTICLE, FOUND, DOCUMENT | {"headline": "[bold]Strike[/] [/x]"})]))
    assert "[bold]Strike[/] [/x]" in captured.get()


async def test_samples_are_published_together_and_shown_with_their_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    async def publish_and_wait(_settings: object, file: str, _article: object) -> Report:
        return FOUND if file == ARTICLE.file else replace(REPORT, outcome="dead", reason="invalid_json")

    async def ask(*_: object) -> dict[str, Any]:
        return {"hits": {"hits": [{"_id": "id", "_source": DOCUMENT}]}}

    monkeypatch.setattr(demo, "publish_and_wait", publish_and_wait)
    monkeypatch.setattr(demo.opensearch, "ask", ask)
    rows = await play([ARTICLE, BROKEN], Settings())
    assert [(row.document, row.expected) for row in rows] == [(DOCUMENT, True), ({}, True)]
