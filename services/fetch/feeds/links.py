"""A page as a list of articles: the links whose text and address look like an article's."""

import re
from typing import Final
from urllib.parse import urlsplit

from services.fetch.feeds.entry import MAX_ENTRIES, Entry, Listing, names_of, plain
from services.fetch.feeds.markup import tags, title
from shared.url import same_publisher, web_url

FEWEST_WORDS: Final = 4
"""Words of a headline; sections have fewer."""
_ARTICLE_PATH: Final = re.compile(r"\d{4,}|(?<![^\W_])(?:[^\W_]++-){3,}[^\W_]|\.html?$", re.IGNORECASE)
"""A number, a slug of some words, or a file: sections have none of them."""
_END: Final = re.compile(r"</a\s{0,20}>", re.IGNORECASE)
_LONGEST: Final = 3_000


def links_of(page: str, base: str) -> Listing:
    """The articles that a page links to, in its order; each once, by the longest of its texts."""
    texts: dict[str, str] = {}
    for _, given, end in tags(page, "a"):
        url = web_url(given.get("href"), base)
        if url and is_article(url, base):
            closing = _END.search(page, end, end + _LONGEST)
            text = plain(page[end : closing.start()] if closing else "")[:2_000]
            key = url.partition("#")[0]
            texts[key] = max(texts.get(key, ""), text, key=len)
    listed = [(url, text) for url, text in texts.items() if len(text.split()) >= FEWEST_WORDS]
    entries = tuple(Entry(names_of(url, None), url, headline) for url, headline in listed[:MAX_ENTRIES])
    return Listing("page", entries, title=title(page), total=len(listed))


def is_article(url: str, base: str) -> bool:
    """An address on the same site that looks like an article's."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return same_publisher(url, base) and bool(_ARTICLE_PATH.search(path + (f"?{parts.query}" if parts.query else "")))
