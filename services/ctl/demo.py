"""Publishes the samples and tells what became of each."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Column, Table
from rich.text import Text

from services.ctl.publish import Report, publish_and_wait
from services.ctl.samples import Sample
from shared import opensearch
from shared.bus.client import RawArticle
from shared.indices import ARTICLES_ALIAS
from shared.settings import Settings

_SHOWN: Final = ("headline", "published_at", "published_zone", "published_zone_source")

NEXT: Final = (
    'newswire search "electric ferry"',
    "newswire status",
    "newswire dlq list",
    "newswire tail",
    "newswire publish --source my-source --wait FILE",
    "curl '{opensearch}/news/_search?pretty&q=headline:observatory'",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One sample, what is known of it, and its document in the index; empty when it has none."""

    sample: Sample
    report: Report
    document: dict[str, Any]

    @property
    def expected(self) -> bool:
        """Whether it ended as the manifest says, and a search finds it when it was indexed."""
        lost = self.report.outcome == "indexed" and self.report.milliseconds_searchable is None
        return self.sample.expects(self.report.outcome, self.report.reason) and not lost


async def play(samples: Sequence[Sample], settings: Settings) -> list[Row]:
    """Publish all samples at once and wait for their outcomes, and until what is indexed can be found.

    Raises:
        ConnectionError: NATS does not answer.
        DependencyDown: a sample could not be stored, or OpenSearch does not answer.
    """
    reports = await asyncio.gather(*(_publish(sample, settings) for sample in samples))
    documents = await _documents(settings, [report.article_id for report in reports if report.article_id])
    return [
        Row(sample, report, documents.get(report.article_id or "", {}))
        for sample, report in zip(samples, reports, strict=True)
    ]


async def _publish(sample: Sample, settings: Settings) -> Report:
    article = RawArticle(sample.source, sample.body, sample.url, sample.content_type)
    return await publish_and_wait(settings, sample.file, article)


async def _documents(settings: Settings, ids: list[str]) -> dict[str, dict[str, Any]]:
    client = opensearch.connect_as(settings)
    query = {"query": {"ids": {"values": ids}}, "_source": _SHOWN, "size": max(len(ids), 1)}
    try:
        answer = await opensearch.ask(client, "POST", f"/{ARTICLES_ALIAS}/_search", query)
    finally:
        await client.close()
    return {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]} if answer else {}


def published(document: dict[str, Any]) -> str:
    """The published time in UTC, to the minute, with the zone it was read in and where that is from."""
    if not document.get("published_at"):
        return ""
    zone, source = document.get("published_zone"), document.get("published_zone_source")
    told = f", zone {zone} ({source})" if zone else ""
    return f"{document['published_at'][:16].replace('T', ' ')}Z{told}"


def table(rows: Iterable[Row]) -> Table:
    """The rows for a person, two lines each, to fit a terminal of 80 columns."""
    milliseconds = Column("ms to\nsearch", justify="right")
    heads = ("sample\nsource", "headline\npublished", "outcome\nreason", milliseconds, "as\nexpected")
    made = Table(*heads, title="What became of the samples", show_lines=True)
    for row in rows:
        made.add_row(*(Text(cell) for cell in cells(row)))
    return made


def cells(row: Row) -> tuple[str, ...]:
    """One row of the table: sample and source, headline and time, outcome and reason, milliseconds, verdict."""
    sample, report = row.sample, row.report
    headline = row.document.get("headline") or report.headline or ""
    wanted = ": ".join(word for word in (sample.outcome, sample.reason) if word)
    searchable = "" if report.milliseconds_searchable is None else str(report.milliseconds_searchable)
    return (
        f"{sample.about}\n{sample.source}",
        f"{headline}\n{published(row.document)}".strip(),
        f"{report.outcome or 'no outcome'}\n{report.reason or ''}".strip(),
        searchable,
        "yes" if row.expected else f"no: {wanted}",
    )
