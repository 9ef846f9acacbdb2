"""From an answer to what it lists, whatever its content type claims."""

import re
from typing import Final

from services.fetch.feeds import items, jsonfeed, links, sitemap
from services.fetch.feeds.entry import Form, Listing
from services.fetch.feeds.tree import decoded, name, tree_of
from shared.contracts import FeedKind
from shared.errors import Poison

FORMS: Final[dict[str, Form]] = {"rss": "rss", "RDF": "rdf", "feed": "atom"}
_HTML: Final = re.compile(
    r"\s*+(?>(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s{1,20}html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
"""Atomic: a comment ends at its first `-->`, and nothing is read a second way. Otherwise 30 of them take minutes."""
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type names."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def is_html(body: bytes) -> bool:
    """Whether a body begins like a page."""
    return _HTML.match(decoded(body[:4_096]).lstrip("\ufeff")) is not None


def read_listing(body: bytes, content_type: str, base: str, kind: FeedKind = "feed") -> Listing:
    """What `body` lists; `base`: its address.

    Raises:
        Poison: `unsupported_type` when it is no list of any kind, `too_deep`, `invalid_json`.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return jsonfeed.listing_of(body, base)
    text = decoded(body, charset_of(content_type))
    if kind == "page":
        return links.links_of(text, base)
    if _HTML.match(text.lstrip("\ufeff")):
        raise Poison("unsupported_type", "a page, where a feed or a sitemap is expected")
    root = tree_of(text)
    match name(root):
        case "urlset":
            return sitemap.sitemap_of(root, base)
        case "sitemapindex":
            return sitemap.index_of(root, base)
        case known if known in FORMS:
            return items.listing_of(root, FORMS[known], base)
        case other:
            raise Poison("unsupported_type", f"XML, but no feed and no sitemap: it begins with <{other[:40]}>")
