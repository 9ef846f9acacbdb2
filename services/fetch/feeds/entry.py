"""An article as a feed lists it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from shared.characters import unescaped
from shared.url import canonical_url

MAX_ENTRIES: Final = 1_000
"""Of one answer; the newest feeds list has some hundreds."""
LINE, TEXT, LANGUAGE = 2_000, 500_000, 100
"""Characters of a title, of a content and of the name of a language."""
YEARS: Final = (1990, 2100)
"""Between which a date can be an article's."""
Form = Literal["rss", "rdf", "atom", "json", "news-sitemap", "sitemap", "sitemap-index", "page"]
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Entry:
    """`names`: what it may be known by, address first. `published`: as written; `published_at`: if that can be read.

    `text`: the content as the feed has it, markup and all. `item`: the entry itself as XML, where it is a feed's.
    `modified`: what else tells a new version, as written.
    """

    names: tuple[str, ...]
    url: str | None = None
    headline: str = ""
    summary: str = ""
    text: str = ""
    published: str | None = None
    published_at: datetime | None = None
    modified: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str | None = None
    item: str = ""

    @property
    def version(self) -> str:
        """Changes when what a reader sees does: not with ids, links, dates of a feed, or white space."""
        seen = "\n".join(plain(part) for part in (self.headline, self.summary, self.text))
        return digest(f"{seen}\n{self.modified}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What an answer lists. `more`: sitemaps that an index names, newest first, with their dates as written.

    `ttl`: seconds, as the feed itself says. `total`: entries there were, of which at most MAX_ENTRIES are given.
    """

    form: Form
    entries: tuple[Entry, ...] = ()
    title: str = ""
    language: str | None = None
    ttl: float = 0.0
    more: tuple[tuple[str, str], ...] = ()
    hub: str | None = None
    """The WebSub hub it names."""
    self_url: str | None = None
    total: int = field(default=0)


def digest(text: str) -> str:
    """16 hexadecimal digits of SHA-256: enough for the articles of one source."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def plain(text: str) -> str:
    """`text` without markup, entities and runs of white space."""
    return " ".join(unicodedata.normalize("NFC", unescaped(_TAG.sub(" ", text))).split())


def name_of(url: str | None) -> str | None:
    """The name of an article by its address: one for all its spellings and tracking parameters."""
    known = canonical_url(url) if url else None
    if known is None:
        return None
    parts = urlsplit(known)
    path = parts.path.rstrip("/") or "/"
    return digest(f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}")


def names_of(url: str | None, guid: str | None) -> tuple[str, ...]:
    """What an entry is known by: its address, then its id."""
    found = (name_of(url), digest(f"id {guid.strip()}") if guid and guid.strip() else None)
    return tuple(dict.fromkeys(name for name in found if name))


def date_of(text: str | None) -> datetime | None:
    """A feed's date: RFC 822 or ISO 8601, without a zone UTC; None for anything else."""
    written = (text or "").strip()[:100]
    if not written:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
            aware = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return aware if YEARS[0] <= aware.year <= YEARS[1] else None
    return None
