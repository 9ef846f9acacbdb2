"""RSS 0.9 to 2.0, RDF and Atom (RFC 4287): their items, told by name and not by namespace."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from lxml import etree

from services.fetch.feeds.entry import LANGUAGE, LINE, MAX_ENTRIES, TEXT, Entry, Form, Listing, date_of, names_of, plain
from services.fetch.feeds.tree import Element, Parts, content, first, name, named, parts_of
from shared.url import web_url

ITEMS: Final = ("item", "entry")
LOOKED_THROUGH: Final = 50_000
"""Elements of a feed that has none by its right name."""
_PERIODS: Final = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0}
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTED: Final = 50
"""Authors and keywords of an entry."""


def listing_of(root: Element, form: Form, base: str) -> Listing:
    """What a feed lists. `base`: its address."""
    whole = parts_of(root)
    channel = parts_of(next(named(whole, "channel"), root))
    found = list(islice(_items(root), MAX_ENTRIES))
    links = [*named(channel, "link"), *named(whole, "link")]
    return Listing(
        form,
        tuple(entry_of(each, base) for each in found),
        title=plain(first(channel, "title")[:LINE]),
        language=(first(channel, "language") or root.get(_LANGUAGE) or "")[:LANGUAGE] or None,
        ttl=_ttl(channel),
        hub=next((web_url(each.get("href"), base) for each in links if each.get("rel") == "hub"), None),
        self_url=next((web_url(each.get("href"), base) for each in links if each.get("rel") == "self"), None),
        total=len(found),
    )


def _items(root: Element) -> Iterator[Element]:
    """The items, wherever they stand; those of undeclared namespaces only where there are no others."""
    known = root.iter(*(f"{{*}}{each}" for each in ITEMS))
    first_one = next(known, None)
    if first_one is not None:
        return chain((first_one,), known)
    return (each for each in islice(root.iter(etree.Element), LOOKED_THROUGH) if name(each) in ITEMS)


def _ttl(channel: Parts) -> float:
    """Seconds: RSS says minutes, and the syndication module a period and how often in it."""
    minutes = first(channel, "ttl")
    if minutes.isascii() and minutes.isdigit():
        return float(minutes[:9]) * 60
    period, often = _PERIODS.get(first(channel, "updatePeriod").lower(), 0.0), first(channel, "updateFrequency")
    return period / max(float(often[:4]) if often.isascii() and often.isdigit() else 1.0, 1.0)


def entry_of(item: Element, base: str) -> Entry:
    """One item or entry."""
    parts = parts_of(item)
    url = _address(parts, base)
    guid = first(parts, "guid", "id") or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    published = first(parts, "pubDate", "published", "date", "issued", "created", "updated", "modified") or None
    text = max((content(each) for each in named(parts, "encoded", "content")), key=len, default="")
    summary = first(parts, "description", "summary", "subtitle")
    return Entry(
        names=names_of(url, guid),
        url=url,
        headline=plain(first(parts, "title")[:LINE]),
        summary=summary[:TEXT],
        text=text[:TEXT],
        published=published[:LINE] if published else None,
        published_at=date_of(published),
        authors=_authors(parts),
        keywords=_keywords(parts),
        language=(first(parts, "language") or item.get(_LANGUAGE) or "")[:LANGUAGE] or None,
        item=_xml(item),
    )


def _address(item: Parts, base: str) -> str | None:
    for link in named(item, "origLink", "link"):
        if link.get("rel", "alternate") == "alternate" and (found := web_url(link.get("href") or link.text, base)):
            return found
    for guid in named(item, "guid", "id"):
        if guid.get("isPermaLink", "true") == "true" and (found := web_url(guid.text)):
            return found
    return None


def _authors(item: Parts) -> tuple[str, ...]:
    names = [plain(content(each)) for each in named(item, "creator")]
    if not names:
        people = [each for author in named(item, "author") for each in named(parts_of(author), "name")]
        names = [plain(content(each)) for each in (people or list(named(item, "author")))]
    return tuple(dict.fromkeys(each[:200] for each in names if each))[:_LISTED]


def _keywords(item: Parts) -> tuple[str, ...]:
    found = (plain(each.get("term") or content(each)) for each in named(item, "category", "subject"))
    return tuple(dict.fromkeys(each[:200] for each in found if each))[:_LISTED]


def _xml(item: Element) -> str:
    tail, item.tail = item.tail, None
    text = etree.tostring(item, encoding="unicode")
    item.tail = tail
    return text
