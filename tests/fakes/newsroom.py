"""A publisher for tests: articles that are written, edited and taken away, as a feed and pages of bytes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from xml.sax.saxutils import escape

SENTENCES = (
    "The harbour council voted to rebuild the old lighthouse before the winter storms arrive.",
    "Work begins next week, the mayor said, and the town will pay for half of it from the ferry levy.",
    "Fishermen had asked for the light for years; two boats ran aground on the northern reef last spring.",
    "The keeper's house becomes a museum, and the lamp will be turned by the sun.",
    "Neighbouring villages have promised to lend their cranes, and the school offers its hall as a workshop.",
)


@dataclass
class Article:
    """An article of one publisher; `version` grows with each edit."""

    number: int
    published: datetime
    version: int = 1
    gone: bool = False
    guid: str = ""
    query: str = ""
    """What its address carries that says nothing of it."""

    @property
    def path(self) -> str:
        return f"/news/{self.published.year}/{self.published.month:02}/lighthouse-story-number-{self.number}"

    @property
    def headline(self) -> str:
        return f"Lighthouse story {self.number}" + (f", version {self.version}" if self.version > 1 else "")

    def paragraphs(self) -> list[str]:
        return list(paragraphs(self.number, self.version))


@lru_cache(maxsize=8_192)
def paragraphs(number: int, version: int) -> tuple[str, ...]:
    """What the article says: a token of its version stands in it."""
    token = hashlib.sha256(f"{number} {version}".encode()).hexdigest()[:12]
    return (f"Report {token}, number {number} in its edition {version}.", *SENTENCES)


@lru_cache(maxsize=8_192)
def dated(moment: datetime) -> str:
    """As RSS writes it."""
    return format_datetime(moment)


@dataclass
class Newsroom:
    """A site: `base` is its address. `full`: the feed carries whole texts. `listed`: how many a feed lists."""

    base: str
    articles: list[Article] = field(default_factory=list)
    full: bool = False
    listed: int = 20
    ttl: int = 0

    def write(self, published: datetime, **more: str) -> Article:
        article = Article(len(self.articles) + 1, published, **more)  # type: ignore[arg-type]
        self.articles.append(article)
        return article

    def newest(self) -> list[Article]:
        there = [each for each in self.articles if not each.gone]
        return sorted(there, key=lambda each: each.published, reverse=True)[: self.listed]

    def rss(self) -> bytes:
        ttl = f"<ttl>{self.ttl}</ttl>" if self.ttl else ""
        items = "".join(self._item(each) for each in self.newest())
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>The Lighthouse</title><link>{self.base}/</link>{ttl}{items}</channel></rss>"
        ).encode()

    def _item(self, article: Article) -> str:
        body = "".join(f"<p>{each}</p>" for each in article.paragraphs() * 3)
        content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if self.full else ""
        guid = article.guid or f"lighthouse-{article.number}"
        link = escape(self.base + article.path + article.query)
        return (
            f"<item><title>{escape(article.headline)}</title><link>{link}</link>"
            f'<guid isPermaLink="false">{escape(guid)}</guid><pubDate>{dated(article.published)}</pubDate>'
            f"<description>{escape(article.paragraphs()[0])}</description>{content}</item>"
        )

    def page(self, article: Article) -> bytes:
        body = "".join(f"<p>{each}</p>" for each in article.paragraphs())
        return (
            f"<!doctype html><html lang='en'><head><title>{article.headline}</title>"
            f"<link rel='canonical' href='{self.base}{article.path}'>"
            f"<meta property='og:type' content='article'></head><body><nav>Home News</nav>"
            f"<article><h1>{article.headline}</h1>{body}</article></body></html>"
        ).encode()


def every(hours: float, count: int, last: datetime | None = None) -> Iterable[datetime]:
    """`count` moments, `hours` apart, the last at `last` (now)."""
    end = (last or datetime.now(UTC)).replace(microsecond=0)
    return [end - timedelta(hours=hours * number) for number in reversed(range(count))]
