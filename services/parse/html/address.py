"""Where the article lives: its address as fetched and as its publisher declares it."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.jsonld import line
from shared.contracts import EvidenceSource
from shared.url import canonical_url, same_place, same_publisher

NAMED: Final = 12
"""Characters of a part of a path that names an article; shorter is a page number, `amp` or `print`."""
LINKS_LIMIT: Final = 500


class Declared(NamedTuple):
    """An address that the page gives as its own; `url` is None when it is none of the web."""

    source: EvidenceSource
    rule: str
    raw: str
    url: str | None


def find_address(draft: Draft, clues: Clues) -> None:
    """Put canonical_url. A declared address counts only where it may be this article's own."""
    page_url = clues.page.url
    declared = list(_declared(clues))
    own = sum(each.url is not None and same_place(each.url, page_url or "") for each in declared)
    for each in declared:
        why = doubt(each.url, page_url, others_agree=own > 1) if each.url else "no address of the web"
        if why:
            draft.refuse("canonical_url", each.source, f"{each.rule}: {why}", each.raw)
        else:
            draft.put("canonical_url", each.url, each.source, each.rule, 0.95 if page_url else 0.7, each.raw)


def doubt(declared: str, page_url: str | None, *, others_agree: bool = False) -> str:
    """Why a declared address is not that of the page; empty when it may be.

    `others_agree`: two more declarations name the address that the page was fetched from.
    """
    if page_url is None or same_place(declared, page_url):
        return ""
    if not same_publisher(declared, page_url):
        return "not an address on the page's site"
    theirs, mine = (urlsplit(url).path.strip("/") for url in (declared, page_url))
    if mine and not theirs and not urlsplit(declared).query:
        return "the front page"
    rest = mine.removeprefix(f"{theirs}/") if mine.startswith(f"{theirs}/") else ""
    if any(len(part) >= NAMED for part in rest.split("/")):
        return "the section that the page is in"
    return "two other declarations name the page's own address" if others_agree else ""


def _declared(clues: Clues) -> Iterator[Declared]:
    links = list(clues.tree.iter("link"))[:LINKS_LIMIT]
    link = next((each for each in links if (each.get("rel") or "").lower() == "canonical" and each.get("href")), None)
    graph = clues.first_meta("og:url")
    found: list[tuple[EvidenceSource, str, str | None]] = [
        ("html", "link[rel=canonical]", link.get("href") if link is not None else None),
        ("meta", "og:url", graph[1] if graph else None),
        ("json-ld", "url", line(clues.linked.get("url")) or line(clues.linked.get("mainEntityOfPage"))),
    ]
    for source, rule, raw in found:
        if raw:
            yield Declared(source, rule, raw, canonical_url(clues.absolute(raw) or ""))
