"""From a raw document to a parsed article."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from services.parse.article import assemble
from services.parse.feed_entry import read_feed_entry
from services.parse.findings import Draft, Page
from services.parse.html import read_html
from services.parse.outside import add_outside
from services.parse.raw.document import RawDocument, read_raw
from services.parse.raw.sniff import Kind
from services.parse.text import read_text
from services.parse.tidy import FEWEST_WORDS, refuse_thin, tidy
from services.parse.withdrawn import read_withdrawn
from shared.contracts import ParsedArticle

READERS: Final[Mapping[Kind, Callable[[Page], Draft]]] = MappingProxyType(
    {"html": read_html, "text": read_text, "feed_entry": read_feed_entry, "withdrawn": read_withdrawn}
)


def parse(raw: RawDocument, *, now: datetime) -> ParsedArticle:
    """The article in a raw document.

    Raises:
        Skip: it holds no article.
        Poison: it cannot be read at all.
    """
    read = READERS[raw.kind]
    draft = read(raw.page)
    add_outside(draft, raw.page)
    tidy(draft, raw.page.observed_at)
    refuse_thin(draft, fewest=0 if raw.kind == "withdrawn" else FEWEST_WORDS)
    return assemble(raw, draft, now)


def parse_bytes(
    body: bytes, headers: Mapping[str, str], source: str, observed_at: datetime, *, now: datetime
) -> ParsedArticle:
    """The article in a raw message as it was published; see `read_raw` and `parse`."""
    return parse(read_raw(body, headers, source, observed_at), now=now)
