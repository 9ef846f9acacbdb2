"""Where the article lives: its address as fetched and as its publisher declares it."""

from urllib.parse import urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.jsonld import line
from services.parse.url import canonical_url, same_publisher
from shared.contracts import EvidenceSource


def find_address(draft: Draft, clues: Clues) -> None:
    """Put canonical_url. A declared address counts only on the page's own site."""
    page_url = clues.page.url
    for source, rule, raw in _declared(clues):
        declared = canonical_url(clues.absolute(raw) or "")
        if declared is None or not trusted(declared, page_url):
            draft.refuse("canonical_url", source, f"{rule}: not an address on the page's site", raw)
        else:
            draft.put("canonical_url", declared, source, rule, 0.95 if page_url else 0.7, raw)


def trusted(declared: str, page_url: str | None) -> bool:
    """A declared address may stand for the page: same site, and not the front page for every article."""
    if page_url is None:
        return True
    is_front = urlsplit(declared).path in {"", "/"} and not urlsplit(declared).query
    return same_publisher(declared, page_url) and (not is_front or urlsplit(page_url).path in {"", "/"})


def _declared(clues: Clues) -> list[tuple[EvidenceSource, str, str]]:
    link = next(iter(clues.select("//link[translate(@rel,'CANONICAL','canonical')='canonical' and @href]")), None)
    graph = clues.first_meta("og:url")
    found: list[tuple[EvidenceSource, str, str | None]] = [
        ("html", "link[rel=canonical]", link.get("href") if link is not None else None),
        ("meta", "og:url", graph[1] if graph else None),
        ("json-ld", "url", line(clues.linked.get("url")) or line(clues.linked.get("mainEntityOfPage"))),
    ]
    return [(source, rule, raw) for source, rule, raw in found if raw]
