"""Sitemaps, with Google's news extension, and indexes of them: https://www.sitemaps.org/protocol.html."""

from datetime import UTC, datetime
from heapq import nlargest
from itertools import islice
from typing import Final

from services.fetch.feeds.entry import LANGUAGE, LINE, MAX_ENTRIES, Entry, Listing, date_of, names_of, plain
from services.fetch.feeds.tree import Element, Parts, first, named, parts_of
from shared.url import web_url

MOST: Final = 50_000
"""Addresses of a sitemap, as its protocol has it."""
INDEXED: Final = 5
"""Sitemaps of an index that are looked at: those that changed last."""
_OLD: Final = datetime(1970, 1, 1, tzinfo=UTC)


def sitemap_of(root: Element, base: str) -> Listing:
    """The articles of a sitemap, newest first."""
    listed = [parts_of(each) for each in islice(named(parts_of(root), "url"), MOST)]
    newest = nlargest(MAX_ENTRIES, listed, key=_when)
    entries = tuple(entry for parts in newest if (entry := entry_of(parts, base)).url)
    news = any(each.headline for each in entries)
    return Listing("news-sitemap" if news else "sitemap", entries, total=len(listed))


def _news(parts: Parts) -> Parts:
    inner = next(named(parts, "news"), None)
    return parts_of(inner) if inner is not None else {}


def _when(parts: Parts) -> datetime:
    return date_of(first(_news(parts), "publication_date") or first(parts, "lastmod")) or _OLD


def entry_of(parts: Parts, base: str) -> Entry:
    """One `url` of a sitemap, by its parts."""
    url, news = web_url(first(parts, "loc"), base), _news(parts)
    publication = next(named(news, "publication"), None)
    published = first(news, "publication_date") or None
    return Entry(
        names=names_of(url, None),
        url=url,
        headline=plain(first(news, "title")[:LINE]),
        published=published[:LINE] if published else None,
        published_at=date_of(published),
        modified=first(parts, "lastmod")[:LINE],
        keywords=tuple(each.strip()[:200] for each in first(news, "keywords").split(",") if each.strip())[:50],
        language=(first(parts_of(publication), "language")[:LANGUAGE] or None) if publication is not None else None,
    )


def index_of(root: Element, base: str) -> Listing:
    """The sitemaps that an index names, those that changed last first; news sitemaps before all others."""
    listed = [parts_of(each) for each in named(parts_of(root), "sitemap")]
    found = [(web_url(first(each, "loc"), base), first(each, "lastmod")) for each in listed]
    maps = [(url, changed) for url, changed in found if url]
    maps.sort(key=lambda pair: ("news" in pair[0].lower(), date_of(pair[1]) or _OLD), reverse=True)
    return Listing("sitemap-index", more=tuple(maps[:INDEXED]), total=len(maps))
