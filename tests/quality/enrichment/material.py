"""Labelled texts for enrichment, read where they are and never copied."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tests.quality.material import DATA as PAGES
from tests.quality.material import SETS

DATA: Final = PAGES.parent / "enrichment"
_HTML_LANGUAGE: Final = re.compile(rb"<html[^>]{0,500}?\slang=[\"']?([A-Za-z]{2,3})", re.IGNORECASE)
_HEAD: Final = 200_000
"""Bytes of a page in which its language is declared."""
LEAST: Final = 20
"""Characters of a body that can have a language."""
MISLABELLED: Final = frozenset({("zyte", "0037"), ("zyte", "0078"), ("fundusfix", "0071"), ("fundusfix", "0118")})
"""Pages that declare another language than they are written in: English as German, Ndebele and Zulu as English."""
TOPICS: Final = ("society", "economy", "technology", "sports", "entertainment", "science")
"""The classes of the set that are topics; `other` and `not_news` are none."""


class Text(NamedTuple):
    """A text and its label: a language, or a topic."""

    collection: str
    language: str
    headline: str
    body: str
    label: str


class Pair(NamedTuple):
    """Two texts that tell the same story, or not."""

    language: str
    first: str
    second: str
    same: bool


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def languages() -> Iterator[Text]:
    """Texts by language: labelled ones, and pages that declare theirs."""
    for row in _rows("topics.jsonl"):
        if len(row["text"]) >= LEAST:
            yield Text("topics", row["lang"], row["title"], row["text"], row["lang"])
    for pair in _rows("story_pairs.jsonl"):
        for row in (pair["a"], pair["b"]):
            yield Text("story pairs", pair["lang"], row["title"], row["text"], pair["lang"])
    for collection in SETS:
        yield from _pages(collection)


def _pages(collection: str) -> Iterator[Text]:
    with (PAGES / collection / "truth.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if (collection, row["page"].partition(".")[0]) in MISLABELLED:
                continue
            with gzip.open(PAGES / collection / "pages" / row["page"]) as page:
                declared = _HTML_LANGUAGE.search(page.read(_HEAD))
            if declared and len(row["body"]) >= LEAST:
                language = declared.group(1).decode().lower()
                yield Text("pages", language, row.get("title") or "", row["body"], language)


def topics() -> list[Text]:
    """Texts by topic, in the order of their file."""
    return [Text("topics", row["lang"], row["title"], row["text"], row["topic"]) for row in _rows("topics.jsonl")
            if row["topic"] in TOPICS]  # fmt: skip


def pairs() -> list[Pair]:
    """Pairs of texts, with whether they tell the same story."""
    return [Pair(row["lang"], row["a"]["text"], row["b"]["text"], row["same"]) for row in _rows("story_pairs.jsonl")]
