"""Other parsers, with the options that their documentation names for news. Installed by `make quality` alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import newspaper
from lxml import html
from newsplease import NewsPlease
from readability import Document

from services.parse.html.clues import read_clues
from services.parse.html.jsonld import items, line
from services.parse.raw.document import read_raw
from tests.quality.material import Labelled
from tests.quality.readers import Found, Reader, day_of

_TAG: Final = re.compile(r"<[^<>]{0,300}>")


def guarded(read: Reader) -> Reader:
    """The same, but a page that the parser breaks on counts as one where it finds nothing."""

    def attempt(page: Labelled) -> Found:
        try:
            return read(page)
        except Exception as error:  # noqa: BLE001 - whatever they raise
            return Found(refused=f"{type(error).__name__}: {str(error)[:100]}")

    return attempt


def newspaper4k(page: Labelled) -> Found:
    """newspaper4k."""
    article = newspaper.Article(str(page.url), fetch_images=False)
    article.download(input_html=_text(page))
    article.parse()
    return Found(article.text or "", article.title, _moment(article.publish_date), tuple(article.authors))


def news_please(page: Labelled) -> Found:
    """news-please."""
    article = NewsPlease.from_html(_text(page), url=page.url, fetch_images=False)
    return Found(article.maintext or "", article.title, _moment(article.date_publish), tuple(article.authors or ()))


def readability(page: Labelled) -> Found:
    """readability-lxml: its summary as text, a line for each element."""
    document = Document(_text(page))
    body = html.fromstring(document.summary())
    return Found("\n".join(str(part) for part in body.itertext()), document.short_title())


def json_ld(page: Labelled) -> Found:
    """What the page declares in its JSON-LD, and nothing else."""
    source = read_raw(page.markup, {"content-type": "text/html"}, "quality", page.fetched_at).page
    node = read_clues(source).linked
    authors = tuple(name for each in items(node.get("author")) if (name := line(each)))
    declared = node.get("articleBody")
    body = _TAG.sub("\n", declared) if isinstance(declared, str) else ""
    return Found(body, line(node.get("headline")), day_of(line(node.get("datePublished"))), authors)


def _text(page: Labelled) -> str:
    return page.markup.decode("utf-8", "replace")


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        return day_of(value)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)) if isinstance(value, datetime) else None


_ALL: Final[dict[str, Callable[[Labelled], Found]]] = {
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "readability-lxml": readability,
    "json-ld alone": json_ld,
}
PEERS: Final[dict[str, Reader]] = {name: guarded(read) for name, read in _ALL.items()}
