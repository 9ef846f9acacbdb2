"""Who signs an article."""

import re
from collections.abc import Iterator
from typing import Any, Final

from services.parse.clean import clean_line
from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import items, line, node
from services.parse.url import web_url
from shared.contracts import Author, EvidenceSource

AUTHORS_LIMIT: Final = 20
NAME_LIMIT: Final = 120
"""Characters of a name; longer is a sentence."""
_BY: Final = re.compile(
    r"^(?:written by|by|von|par|por|de|di|door|av|af|автор|автори|авторы|текст)\b[:\s]+", re.IGNORECASE
)
_AND: Final = re.compile(r"\s*(?:[,;|&/]|\b(?:and|und|et|y|та|и)\b)\s*", re.IGNORECASE)
_META: Final = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "dcterms.creator")
_PRINTED: Final = "//*[@itemprop='author' or @rel='author' or contains(@class,'author-name')][not(self::meta)]"
_BYLINE: Final = "//*[contains(concat(' ',normalize-space(@class),' '),' byline ')]"


def find_people(draft: Draft, clues: Clues) -> None:
    """Put authors and byline: JSON-LD, then meta, then what the page prints."""
    _put_authors(draft, list(_linked(clues.linked.get("author"))), "json-ld", "author", 0.9)
    for name in _META:
        _put_authors(draft, [each for raw in clues.meta.get(name, []) for each in _split(raw)], "meta", name, 0.8)
    _put_authors(draft, _printed(clues), "html", "author elements", 0.6)
    for element in clues.select(_BYLINE)[:1]:
        if 0 < len(byline := text_of(element)) <= 2 * NAME_LIMIT:
            draft.put("byline", byline, "html", "class byline", 0.6)


def _put_authors(draft: Draft, found: list[Author], source: EvidenceSource, rule: str, sure: float) -> None:
    if authors := _distinct(found):
        draft.put("authors", authors, source, rule, sure, ", ".join(each.name for each in authors))


def _linked(value: Any) -> Iterator[Author]:
    for item in items(value)[:AUTHORS_LIMIT]:
        if known := node(item):
            address = web_url(line(known.get("url")))
            for name in items(known.get("name"))[:AUTHORS_LIMIT]:
                yield from (author.model_copy(update={"url": address}) for author in _split(line(name) or ""))
        else:
            yield from _split(line(item) or "")


def _printed(clues: Clues) -> list[Author]:
    return [author for element in clues.select(_PRINTED)[:AUTHORS_LIMIT] for author in _split(text_of(element))]


def _split(text: str) -> list[Author]:
    if "://" in text:
        return []
    names = (clean_line(_BY.sub("", each.strip()), NAME_LIMIT + 1) for each in _AND.split(_BY.sub("", text.strip())))
    return [Author(name=name) for name in names if _is_name(name)]


def _is_name(name: str) -> bool:
    return 1 < len(name) <= NAME_LIMIT and "://" not in name and "@" not in name and any(map(str.isalpha, name))


def _distinct(authors: list[Author]) -> tuple[Author, ...]:
    known: dict[str, Author] = {}
    for author in authors:
        known.setdefault(author.name.casefold(), author)
    return tuple(known.values())[:AUTHORS_LIMIT]
