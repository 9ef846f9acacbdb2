"""The labelled pages, which are read where they are and never copied."""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.quality.metrics import crawled_at

DATA: Final = Path(os.environ.get("NEWSWIRE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "extraction"
SETS: Final = ("zyte", "naeb", "fundusfix", "wcxb_dev")
_NO_LABEL: Final = {"", "N/A", "None"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page as it was fetched, and what people say is in it. A label that is missing is None."""

    collection: str
    name: str
    url: str
    markup: bytes
    fetched_at: datetime
    body: str
    title: str | None
    date: str | None
    authors: str | tuple[str, ...] | None


def labelled(collection: str) -> Iterator[Labelled]:
    """The pages of a set, in the order of its labels.

    Raises:
        FileNotFoundError: the set is not there.
    """
    with (DATA / collection / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield _page(collection, json.loads(line))


def _page(collection: str, truth: dict[str, Any]) -> Labelled:
    crawl = truth.get("crawl")
    return Labelled(
        collection=collection,
        name=truth["page"].partition(".")[0],
        url=truth["url"],
        markup=gzip.decompress((DATA / collection / "pages" / truth["page"]).read_bytes()),
        fetched_at=crawled_at(crawl) if crawl else datetime.now(UTC),
        body=truth["body"],
        title=_label(truth.get("title")),
        date=_label(truth.get("date")),
        authors=_names(truth.get("authors")),
    )


def _label(value: Any) -> str | None:
    return None if value is None or str(value).strip() in _NO_LABEL else str(value)


def _names(value: Any) -> str | tuple[str, ...] | None:
    return (tuple(value) or None) if isinstance(value, list) else _label(value)
