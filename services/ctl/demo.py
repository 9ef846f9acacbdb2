"""Publishes the samples and tells what became of each."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from rich.table import Table

from deploy.local.http import ask
from services.ctl.samples import Sample

SEARCHABLE_SECONDS: Final = 30.0
LOOK_EVERY: Final = 0.05
_SHOWN: Final = ["headline", "source", "published_at", "published_zone", "published_zone_source"]

NEXT: Final = (
    'newswire search "electric ferry"',
    "newswire status",
    "newswire dlq list",
    "newswire tail",
    "newswire publish --source my-source --wait FILE",
    "curl '{opensearch}/news/_search?pretty&q=headline:observatory'",
)


@dataclass(frozen=True, slots=True)
class Told:
    """The recorded outcome of one message: `indexed`, `skipped`, `dead`, or `no outcome` in time."""

    outcome: str
    reason: str | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One sample's line. `milliseconds`: from publish until a search finds it."""

    sample: Sample
    told: Told
    document: dict[str, Any]
    milliseconds: int | None

    @property
    def expected(self) -> bool:
        """Whether it ended as the manifest says, and can be found when it should be."""
        found = bool(self.document) or self.sample.outcome != "indexed"
        return found and self.sample.expects(self.told.outcome, self.told.reason)


Publish = Callable[[Sample], Awaitable[Told]]
"""Publishes one sample and waits for its outcome."""


async def play(samples: Iterable[Sample], publish: Publish, opensearch_url: str) -> list[Row]:
    """Publish all samples at once and wait until each has its outcome and what is indexed can be found."""
    port = urlsplit(opensearch_url).port or 0
    return list(await asyncio.gather(*(_one(sample, publish, port) for sample in samples)))


async def _one(sample: Sample, publish: Publish, port: int) -> Row:
    start = monotonic()
    told = await publish(sample)
    if told.article_id is None or (told.outcome, told.reason) not in {("indexed", None), ("skipped", "unchanged")}:
        return Row(sample, told, {}, None)
    document = await _found(port, told.article_id)
    return Row(sample, told, document, round((monotonic() - start) * 1000) if document else None)


async def _found(port: int, article_id: str) -> dict[str, Any]:
    """The document as a search gives it, once it does; empty when it does not in time."""
    query = json.dumps({"query": {"ids": {"values": [article_id]}}, "_source": _SHOWN})
    deadline = monotonic() + SEARCHABLE_SECONDS
    while monotonic() < deadline:
        answer = await asyncio.to_thread(ask, port, "/news/_search", "POST", query)
        hits: list[dict[str, Any]] = (
            json.loads(answer[1])["hits"]["hits"] if answer and answer[0] == 200 else []  # noqa: PLR2004 - HTTP OK
        )
        if hits:
            document: dict[str, Any] = hits[0]["_source"]
            return document
        await asyncio.sleep(LOOK_EVERY)
    return {}


def published(document: dict[str, Any]) -> str:
    """The published time with its zone and where the zone is from."""
    if not document.get("published_at"):
        return ""
    zone = f" {document['published_zone']}" if document.get("published_zone") else ""
    source = f" ({document['published_zone_source']})" if document.get("published_zone_source") else ""
    return f"{document['published_at']}{zone}{source}"


def table(rows: Iterable[Row]) -> Table:
    """The rows for a person."""
    made = Table("sample", "headline", "source", "published", "outcome", "ms to searchable", "", title="The samples")
    for row in rows:
        outcome = f"{row.told.outcome}: {row.told.reason}" if row.told.reason else row.told.outcome
        milliseconds = "" if row.milliseconds is None else str(row.milliseconds)
        mark = "as expected" if row.expected else f"expected {row.sample.outcome} {row.sample.reason or ''}".strip()
        headline = str(row.document.get("headline", ""))
        made.add_row(
            row.sample.about, headline, row.sample.source, published(row.document), outcome, milliseconds, mark
        )
    return made
